load helpers

setup_file() {
    :
}

@test "the three bad pixels of a real camera are found within 2 px, the first without ghosts" {
    need_data caliterra
    run -0 "$HOTPIX" scan -q "$HOTPIX_DATA/caliterra" -o list.json
    has "4000x3000 JPEG, 15 photos used"
    run -0 "$PYTHON" - list.json <<'P'
import json, sys
at = [(p["x"], p["y"]) for p in json.load(open(sys.argv[1]))["cameras"][0]["defects"]]
def near(x, y, distance):
    return [p for p in at if max(abs(p[0] - x), abs(p[1] - y)) <= distance]
for x, y in ((3635, 2137), (3363, 1324), (1322, 1751)):
    assert near(x, y, 2), (x, y, at)
assert len(near(3635, 2137, 16)) == 1, at
print("found")
P
    [ "$output" = found ]
}
