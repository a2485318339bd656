load ../cli/helpers

# The sets that these tests share: raw photos of a mosaic and of a monochrome sensor, and JPEGs, all of one size.
setup_file() {
    export SETS=$BATS_FILE_TMPDIR
    camera "$SETS/jpg" --number 8
    camera "$SETS/dng" --number 8 --format dng --compress ljpeg --margins 4,2,3,5
    camera "$SETS/mono" --number 8 --format dng --cfa MONO --seed 4
    camera "$SETS/dark" --number 10 --format dng --scene dark --size 800x600
}

convert() {
    "$PYTHON" "$HERE/convert.py" "$@"
}

scan() {
    run --separate-stderr "-${1:-0}" "$HOTPIX" scan -q --force -o list.json "${@:2}"
}

# found TRUTH: how many of the planted bad pixels that no photo can hide are found at their place: stuck, dead, strong
found() {
    "$PYTHON" - "$1" list.json <<'PYTHON'
import json, sys
planted, scanned = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
found = {(d["x"], d["y"]) for d in scanned["cameras"][0]["defects"]}
sure = [d for d in planted["defects"] if d["class"] == "dead" or (d["class"] in ("stuck", "hot-offset") and d["strength"] >= 512)]
print(f"{sum((d['x'], d['y']) in found for d in sure)} of {len(sure)}")
PYTHON
}

@test "every kind of file is read, and is a group of its own" {
    for kind in tif png fits fz; do
        convert $kind "$SETS/mono" set/$kind
    done
    convert heic "$SETS/jpg" set/heic
    cp -r "$SETS/jpg" "$SETS/dng" set
    scan 0 set
    run json list.json 'sorted((c["source"], c["photos"]["used"]) for c in d["cameras"])'
    # the compressed FITS show the same scenes as the others
    has "[('fits', 8), ('heic', 8), ('jpeg', 8), ('png', 8), ('raw', 8), ('tiff', 8)]"
}

@test "what cannot hide is found at its place in every kind" {
    for kind in tif png fits fz; do
        convert $kind "$SETS/mono" $kind
        scan 0 $kind
        run found "$SETS/mono/defects.json"
        echo "$kind: $output"
        [[ $output =~ ^([0-9]+)\ of\ ([0-9]+)$ ]] && [ "${BASH_REMATCH[1]}" -ge $((BASH_REMATCH[2] - 1)) ]
    done
    scan 0 "$SETS/dng"
    run found "$SETS/dng/defects.json"
    [[ $output =~ ^([0-9]+)\ of\ ([0-9]+)$ ]] && [ "${BASH_REMATCH[1]}" -ge $((BASH_REMATCH[2] - 1)) ]
}

@test "a RAW's list has its CFA, depth and serial" {
    scan 0 "$SETS/dng"
    run json list.json '[d["cameras"][0][k] for k in ("source", "cfa", "bits", "width", "height", "serial")]'
    [ "$output" = "['raw', 'RGGB', 12, 320, 240, 'S0000003']" ] || { echo "$output"; return 1; }
}

@test "the content of a file decides, not its name" {
    mkdir mixed
    for i in 1 2 3 4 5 6; do
        cp "$SETS/dng/photo-000$i.dng" mixed/raw-$i.jpg
        cp "$SETS/jpg/photo-000$i.jpg" mixed/picture-$i.dng
    done
    scan 0 mixed
    run json list.json 'sorted((c["source"], c["photos"]["used"]) for c in d["cameras"])'
    [ "$output" = "[('jpeg', 6), ('raw', 6)]" ]
}

@test "RAW and JPEG of one camera are two groups, and that is said once" {
    scan 0 "$SETS/dng" "$SETS/jpg"
    [ "$(grep -c 'there are photos of this camera as' <<<"$stderr")" = 1 ]
    says "as jpeg and as raw"
    run json list.json 'sum("own" in w for c in d["cameras"] for w in c["warnings"])'
    [ "$output" = 2 ]
}

@test "the orientation of a RAW is ignored: one group, one frame" {
    for turn in 1 3 6 8; do
        camera turned/$turn --format dng --number 2 --first $((2 * turn)) --orientation $turn
    done
    scan 0 turned
    run json list.json '[(c["width"], c["photos"]["used"]) for c in d["cameras"]]'
    [ "$output" = "[(320, 8)]" ]
}

@test "integers and floating point of one camera are not added up" {
    convert fits "$SETS/mono" set
    "$PYTHON" - <<'PYTHON'
import glob
from astropy.io import fits
for path in sorted(glob.glob("set/*.fits"))[:3]:
    with fits.open(path) as file:
        fits.writeto(path[:-5] + "-float.fits", (file[0].data / 65535).astype("f4"), file[0].header)
PYTHON
    scan 0 set
    run json list.json 'sorted(c["photos"]["used"] for c in d["cameras"])'
    [ "$output" = "[3, 8]" ]
}

@test "photos without metadata are one camera, and a warning says so" {
    convert tif "$SETS/mono" bare-tif
    scan 0 bare-tif
    says "name no camera"
}

@test "X-Trans and monochrome are scanned" {
    camera xtrans --number 8 --format dng --cfa XTRANS --bits 14
    scan 0 xtrans
    run json list.json 'len(d["cameras"][0]["cfa"]), d["cameras"][0]["bits"], len(d["cameras"][0]["defects"]) > 8'
    [ "$output" = "(36, 14, True)" ]
    scan 0 "$SETS/mono"
    run json list.json 'd["cameras"][0]["cfa"], len(d["cameras"][0]["defects"]) > 8'
    [ "$output" = "(None, True)" ]
}

@test "ten darks alone give the hot pixels and their dark current" {
    scan 0 "$SETS/dark"
    [ -z "$stderr" ]
    has "mean +- deviation     dark DN/s  box"
    has "  $(json list.json 'format(d["cameras"][0]["defects"][0]["dark_current"], ".3f")')  "
    run json list.json 'd["cameras"][0]["photos"]["used"], len(d["cameras"][0]["photos"]["skipped"])'
    [ "$output" = "(10, 0)" ]
    "$PYTHON" - "$SETS/dark/defects.json" list.json <<'PYTHON'
import json, sys
planted, scanned = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
found = {(d["x"], d["y"]): d for d in scanned["cameras"][0]["defects"]}
hot = [d for d in planted["defects"] if d["kind"] == "hot" and d["strength"] >= 16]
missing = [d for d in hot if (d["x"], d["y"]) not in found]
assert not missing, missing
for d in hot:
    if d["class"] == "hot-dark" and 1000 <= d["strength"] <= 10000:
        current = found[d["x"], d["y"]]["dark_current"]
        assert 0.8 < current / d["strength"] < 1.25, (d, current)
assert len(found) <= len(planted["defects"])
PYTHON
    "$HOTPIX" convert list.json -o list.csv
    "$HOTPIX" convert list.csv -o back.json
    run json list.json '[x.get("dark_current") for x in d["cameras"][0]["defects"]]'
    [ "$output" = "$(json back.json '[x.get("dark_current") for x in d["cameras"][0]["defects"]]')" ]
}

@test "what gives one value whatever the time has no dark current" {
    scan 0 "$SETS/dark"
    has "       -  "
    run json list.json 'sorted({(e["kind"] in ("stuck", "dead"), "dark_current" in e) for e in d["cameras"][0]["defects"]})'
    [ "$output" = "[(False, True), (True, False)]" ]
}

@test "12 bits left as they are in 16 have the kinds of the RAW they were made of" {
    "$PYTHON" -c 'import json, sys
grid = [(x, y) for y in range(40, 440, 80) for x in range(40, 640, 120)]
kinds = [("stuck", 400), ("dead", 0), ("stuck", 2000), ("hot-offset", 512), ("weak", 0.5)]
json.dump({"defects": [{"x": x, "y": y, "class": kinds[i % 5][0], "strength": kinds[i % 5][1]} for i, (x, y) in enumerate(grid)]}, sys.stdout)' >planted.json
    camera raw --number 10 --format dng --cfa MONO --size 640x480 --seed 8 --defects planted.json
    scan 0 raw
    "$PYTHON" -c 'import json; print(sorted((d["x"], d["y"], d["kind"]) for d in json.load(open("list.json"))["cameras"][0]["defects"]))' >kinds.raw
    grep -q stuck kinds.raw && grep -q dead kinds.raw
    for kind in tif png fits; do
        convert $kind raw $kind
        scan 0 $kind
        "$PYTHON" - list.json kinds.raw <<'PYTHON'
import ast, json, sys
found = {(d["x"], d["y"]): d["kind"] for d in json.load(open(sys.argv[1]))["cameras"][0]["defects"]}
raw = ast.literal_eval(open(sys.argv[2]).read())
wrong = [(x, y, kind, found[x, y]) for x, y, kind in raw if found.get((x, y), kind) != kind]
assert not wrong and len(found) >= len(raw) - 1, (wrong, len(found), len(raw))
PYTHON
    done
}

@test "to a selftest the pedestal of FITS darks is no light" {
    convert fits "$SETS/dark" darks IMAGETYP='Dark Frame'
    run -0 "$HOTPIX" selftest -q -o test.json darks
    run json test.json '[(s["kind"], s["found"]) for s in d["cameras"][0]["steps"] if s["kind"] in ("dead", "weak") and s["found"]]'
    [ "$output" = "[]" ] || { echo "$output"; return 1; }
    run json test.json 'd["cameras"][0]["hot_from"] > 0, {s["found"] == s["planted"] for s in d["cameras"][0]["steps"] if s["kind"] == "stuck"}'
    [ "$output" = "(True, {True})" ]
}

@test "lights and darks of one detector are given together" {
    camera lights --number 6 --format dng --size 800x600
    scan 0 "$SETS/dark" lights
    run json list.json '[(c["photos"]["used"], "dark_current" in c["defects"][0]) for c in d["cameras"]]'
    [ "$output" = "[(16, False)]" ]
}

@test "frames that call themselves flats are all counted, alike as they are" {
    camera tripod --format dng --cfa MONO --scene fixed --number 7
    convert fits tripod lights
    convert fits tripod flats IMAGETYP='Flat Field'
    scan 0 flats
    [[ $stderr != *"one scene"* ]]
    run json list.json 'd["cameras"][0]["photos"]["used"]'
    [ "$output" = 7 ]
    for set in lights "--similar skip flats"; do
        # shellcheck disable=SC2086
        run --separate-stderr "$HOTPIX" scan -q --force -o list.json $set
        says "one scene"
    done
}

@test "variance of RAW is that of the samples, one a site" {
    run --separate-stderr -0 "$HOTPIX" variance -q -o variance.json "$SETS/dng"
    "$PYTHON" - "$HERE" "$SETS/dng" <<'PYTHON'
import glob, json, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from convert import mosaic
photos = np.stack([mosaic(path) for path in sorted(glob.glob(sys.argv[2] + "/*.dng"))]).astype("f8")
m2 = ((photos - photos.mean(0)) ** 2).sum(0)
got = json.load(open("variance.json"))
assert got["channels"] == 1 and got["photos"]["used"] == 8, got
assert abs(got["mean_m2"] / m2.mean() - 1) < 1e-9 and got["min"]["value"] == m2.min()
PYTHON
}

@test "every kind has its variance" {
    convert fits "$SETS/mono" fits
    convert heic "$SETS/jpg" heic
    for set in fits heic; do
        run --separate-stderr -0 "$HOTPIX" variance -q $set
        has "8 photos"
    done
}

@test "the two pixels on the maker's list are ranks 1 and 2 of real TIFFs" {
    need_data sequoia-red
    scan 0 "$HOTPIX_DATA/sequoia-red"
    run json list.json '[(e["x"], e["y"]) for e in sorted(d["cameras"][0]["defects"], key=lambda e: -e["score"])[:2]]'
    [ "$output" = "[(245, 743), (634, 88)]" ]
    run json list.json '[d["cameras"][0][k] for k in ("source", "bits", "cfa")]'
    [ "$output" = "['tiff', 10, None]" ]
}

@test "a CRW and a DNG of real cameras count as one photo each" {
    need_data raw
    scan 0 "$HOTPIX_DATA/raw"
    run json list.json 'sorted((c["model"], c["photos"]["used"]) for c in d["cameras"])'
    [ "$output" = "[('Canon EOS Kiss X4', 1), ('EOS D30', 1)]" ]
}

@test "samples that a file stores in its high bits are said to be" {
    "$PYTHON" -c 'from PIL import Image; import numpy as np
for bits in 10, 12:
    for i in range(2):
        samples = np.random.default_rng(i).integers(0, 1 << bits, (64, 64)) << 16 - bits
        Image.fromarray(samples.astype("<u2")).save(f"{bits}-{i}.png")'
    scan 0 10-*.png --state s.fits
    scan 1 12-*.png --state s.fits
    says "a camera without a name, 64 x 64 png of 10 bit (stored times 64), these are of a camera without a name, 64 x 64 png of 12 bit (stored times 16)"
}
