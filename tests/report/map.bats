# The sensor map alone, as a picture and as a drawing.
bats_require_minimum_version 1.5.0
load ../need

setup_file() {
    need_python PIL || return
    export SET=$BATS_FILE_TMPDIR/set OUT=$BATS_FILE_TMPDIR
    "$CAMSIM" --size 640x400 --number 8 --seed 3 --defects-per-class 1 "$SET" >/dev/null
    "$HOTPIX" scan -q "$SET" -o "$OUT/map.png" -o "$OUT/map.svg" -o "$OUT/found.json" -o "$OUT/mask.png" \
        -o "$OUT/report.html" >/dev/null
    python() { "${PYTHON:-/usr/bin/python3}" "$@"; }
    export -f python
}

@test "map.png has a sign in the colour of its kind around every bad pixel, and none where there is none" {
    python - "$OUT" <<'END'
import json, sys
from PIL import Image
d = json.load(open(sys.argv[1] + "/found.json"))["cameras"][0]
picture = Image.open(sys.argv[1] + "/map.png")
assert picture.width >= 1000 and picture.width % 640 == 0, picture.size
scale = picture.width // 640
assert picture.size == (640 * scale, 400 * scale), picture.size
colour = {"hot": (255, 190, 92), "stuck": (255, 118, 118), "dead": (205, 170, 255), "weak": (106, 208, 255)}
pixels = picture.convert("RGB").load()
coloured = {(x, y): kind for x in range(picture.width) for y in range(picture.height)
            for kind, c in colour.items() if pixels[x, y] == c}
assert d["defects"]
near = set()
for defect in d["defects"]:
    x, y = (defect["x"] + .5) * scale, (defect["y"] + .5) * scale
    own = {p for p, kind in coloured.items() if abs(p[0] - x) <= 12 and abs(p[1] - y) <= 12 and kind == defect["kind"]}
    assert len(own) >= 20, defect
    near |= {p for p in coloured if abs(p[0] - x) <= 12 and abs(p[1] - y) <= 12}
assert near == set(coloured), "a sign where no bad pixel is"
END
}

@test "map.svg has every bad pixel at its place, and is well-formed" {
    python - "$OUT" <<'END'
import json, sys
import xml.etree.ElementTree as tree
d = json.load(open(sys.argv[1] + "/found.json"))["cameras"][0]
svg = tree.parse(sys.argv[1] + "/map.svg").getroot()
space = "{http://www.w3.org/2000/svg}"
assert svg.get("viewBox") == "0 0 640 400"
uses = [(use.get("href"), use.get("x"), use.get("y")) for use in svg.iter(space + "use")]
expected = [(f"#map-{k['kind']}-{k['grade']}", f"{k['x']}.5", f"{k['y']}.5") for k in d["defects"]]
assert uses == expected, (uses, expected)
assert {u[0][1:] for u in uses} <= {g.get("id") for g in svg.iter(space + "g")}
assert svg.find(space + "image").get("href").startswith("data:image/png;base64,")
END
}

@test "another .png is a mask as before, and map: takes any name" {
    python - "$OUT" <<'END'
import sys
from PIL import Image
assert Image.open(sys.argv[1] + "/mask.png").size == (640, 400)
END
    "$HOTPIX" convert "$OUT/found.json" -o "$BATS_TEST_TMPDIR/bitmap.png" -o "map:$BATS_TEST_TMPDIR/any" \
        -o "$BATS_TEST_TMPDIR/my-map.png" -o "$BATS_TEST_TMPDIR/my-map.svg"
    python -c 'import sys; from PIL import Image; assert Image.open(sys.argv[1]).mode == "L"' "$BATS_TEST_TMPDIR/bitmap.png"
    cmp "$BATS_TEST_TMPDIR/any" "$BATS_TEST_TMPDIR/my-map.png"
    python -c 'import sys; from PIL import Image; assert Image.open(sys.argv[1]).mode == "P"' "$BATS_TEST_TMPDIR/any"
}

@test "the report tells the thresholds of all maps, and of no others" {
    run grep -o "Thresholds of the four maps: .*sigma\." "$OUT/report.html"
    [[ $output =~ ^"Thresholds of the four maps: z "[0-9.]+", zt "[0-9.]+", zg "[0-9.]+", en "[0-9.]+" sigma."$ ]]
}

@test "a report is the same bytes for any number of threads, and from a saved state" {
    "$HOTPIX" scan -q -j 1 "$SET" -o "$BATS_TEST_TMPDIR/one.html" --state "$BATS_TEST_TMPDIR/s.fits" >/dev/null
    "$HOTPIX" scan -q -j 3 "$SET" -o "$BATS_TEST_TMPDIR/three.html" >/dev/null
    "$HOTPIX" detect -q "$BATS_TEST_TMPDIR/s.fits" -o "$BATS_TEST_TMPDIR/state.html" >/dev/null
    cmp "$BATS_TEST_TMPDIR/one.html" "$BATS_TEST_TMPDIR/three.html"
    cmp "$BATS_TEST_TMPDIR/one.html" "$BATS_TEST_TMPDIR/state.html"
}

@test "info says that a report is one, of which camera and how many bad pixels" {
    run -0 "$HOTPIX" info "$OUT/report.html"
    [[ $output == *"report.html: report page"*"camera   HOTPIX CAMSIM, serial S0000003"*"frame    640x400 jpeg"* ]]
    [[ $output == *"pixels   $(grep -c '"kind"' "$OUT/found.json")"$'\n'*"no list"* ]]
    head -c 3000 "$OUT/report.html" >"$BATS_TEST_TMPDIR/cut.html"
    run -1 "$HOTPIX" info "$BATS_TEST_TMPDIR/cut.html"
    [[ $output == *"cut.html: is a damaged report: the list in it is missing"* ]]
}

@test "a report is not read, replaced without --force, or half written" {
    run -1 "$HOTPIX" convert "$OUT/report.html" -o "$BATS_TEST_TMPDIR/a.json"
    [[ $output == *'report.html: is a page to look at, and no list: its "Save the list" makes one'* ]]
    run "$HOTPIX" convert "$OUT/found.json" -o "$OUT/report.html"
    [ "$status" -ne 0 ]
    [[ $output == *"--force"* ]]
    if [ -e /dev/full ]; then
        run "$HOTPIX" convert "$OUT/found.json" -o html:/dev/full
        [ "$status" -ne 0 ]
    fi
}
