# The sensor map alone, as a picture and as a drawing.
bats_require_minimum_version 1.5.0
load ../need

setup_file() {
    need_python PIL || return
    export SET=$BATS_FILE_TMPDIR/set OUT=$BATS_FILE_TMPDIR
    "$CAMSIM" --size 640x400 --number 8 --seed 3 --defects-per-class 1 "$SET" >/dev/null
    "$HOTPIX" scan -q "$SET" -o "$OUT/map.png" -o "$OUT/map.svg" -o "$OUT/found.json" -o "$OUT/mask.png" \
        -o "$OUT/report.html" >/dev/null
    "$HOTPIX" convert "$OUT/found.json" -o "$OUT/list.html" >/dev/null
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

@test "the report tells the thresholds of all maps, and of no others, among the technical details" {
    run sed -n '/<details class="technical">/,/<\/details>/ s/.*<dt>[0-9.]*<.dt>.*(<i>\(.*\)<.i>).*/\1/p' "$OUT/report.html"
    [ "$output" = $'z\nzt\nzg\nen' ]
}

commands() { sed -n 's/.*<pre><code>\(.*\)<.code><.pre>.*/\1/p' "$1"; }

@test "the report's commands are those of the run: they can be copied, and repair its photos" {
    cp -r "$SET" "$BATS_TEST_TMPDIR/it's mine"
    cd "$BATS_TEST_TMPDIR"
    "$HOTPIX" scan -q "it's mine" -o report.html -o "bad list.json" >/dev/null
    [ "$(commands report.html)" = "hotpix fix -d &#39;bad list.json&#39; -o repaired &#39;it&#39;\&#39;&#39;s mine&#39;" ]
    command=$(commands report.html | sed "s/&#39;/'/g")
    eval "\"\$HOTPIX\" ${command#hotpix}"
    [ "$(find repaired -name '*.jpg' | wc -l)" = 8 ]
}

@test "where no list is written beside the report it names the one that is saved from it, or was converted" {
    [ "$(commands "$OUT/list.html")" = "hotpix fix -d $OUT/found.json -o repaired <i>FOLDER</i>" ]
    "$HOTPIX" scan -q "$SET" -o "$BATS_TEST_TMPDIR/only.html" >/dev/null
    [ "$(commands "$BATS_TEST_TMPDIR/only.html")" = "hotpix fix -d badpixels-CAMSIM.json -o repaired $SET" ]
    grep -q 'data-saved="badpixels-CAMSIM"' "$BATS_TEST_TMPDIR/only.html"
}

@test "what to do with raws is to give the list to a raw converter, or to repair DNGs" {
    "$CAMSIM" --size 320x240 --number 6 --seed 4 --defects-per-class 1 --format dng "$BATS_TEST_TMPDIR/raw" >/dev/null
    "$HOTPIX" scan -q "$BATS_TEST_TMPDIR/raw" -o "$BATS_TEST_TMPDIR/raw.html" -o "$BATS_TEST_TMPDIR/raw.json" >/dev/null
    run commands "$BATS_TEST_TMPDIR/raw.html"
    [ "${lines[0]}" = "hotpix convert $BATS_TEST_TMPDIR/raw.json -o rawtherapee:<i>FOLDER</i>" ]
    [ "${lines[1]}" = "hotpix convert $BATS_TEST_TMPDIR/raw.json -o bad.badpixels" ]
    [ "${lines[2]}" = "hotpix fix -d $BATS_TEST_TMPDIR/raw.json -o repaired $BATS_TEST_TMPDIR/raw" ]
}

@test "a report without bad pixels says that there is nothing to do, or to scan more where that is not sure" {
    "$CAMSIM" --size 320x240 --number 8 --seed 5 --defects-per-class 0 "$BATS_TEST_TMPDIR/clean" >/dev/null
    "$HOTPIX" scan -q "$BATS_TEST_TMPDIR/clean" -o "$BATS_TEST_TMPDIR/clean.html" >/dev/null
    grep -q "Nothing: there is no bad pixel to repair" "$BATS_TEST_TMPDIR/clean.html"
    one=$(find "$BATS_TEST_TMPDIR/clean" -name '*.jpg' | head -n 1)
    "$HOTPIX" scan -q "$one" -o "$BATS_TEST_TMPDIR/one.html" >/dev/null 2>&1
    grep -q "Scan more photos, of different scenes" "$BATS_TEST_TMPDIR/one.html"
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
