# The simulated camera, which all accuracy figures rest on. CAMSIM names the program.
load ../need

setup_file() {
    export SIZE=360x280 A=$BATS_FILE_TMPDIR/a
    "$CAMSIM" --size $SIZE --number 4 --seed 9 --defects-per-class 1 --threads 1 --twins "$A-twins" "$A" >/dev/null
}

@test "the same seed gives the same bytes, for any number of threads" {
    "$CAMSIM" --size $SIZE --number 4 --seed 9 --defects-per-class 1 --threads 3 "$BATS_TEST_TMPDIR/b"
    diff -r "$A" "$BATS_TEST_TMPDIR/b"
}

# Functions whose arguments were random draws gave gcc and clang other skies.
@test "gcc and clang build the same camera: every kind of scene, byte for byte" {
    need gcc clang-14 pkg-config
    local compiler scene libraries
    libraries=$(pkg-config --cflags --libs libjpeg libexif jansson libtiff-4)
    for compiler in gcc clang-14; do
        # shellcheck disable=SC2086
        "$compiler" -std=c11 -O0 -D_POSIX_C_SOURCE=200809L -ffp-contract=off -Isrc -o "$BATS_TEST_TMPDIR/$compiler" \
            tools/camsim/*.c src/repair/ljpeg.c $libraries -lm -lpthread
    done
    for scene in leaves gradient sky fixed dark; do
        for compiler in gcc clang-14; do
            mkdir -p "$BATS_TEST_TMPDIR/$scene/$compiler"
            "$BATS_TEST_TMPDIR/$compiler" --size 160x120 --number 2 --seed 9 --defects-per-class 1 --edge --onsets \
                --scene $scene --also format=dng,dir="$BATS_TEST_TMPDIR/$scene/$compiler/raw" "$BATS_TEST_TMPDIR/$scene/$compiler"
        done
        diff -r "$BATS_TEST_TMPDIR/$scene/gcc" "$BATS_TEST_TMPDIR/$scene/clang-14"
    done
}

@test "another seed gives another sensor and other photos" {
    "$CAMSIM" --size $SIZE --number 1 --seed 10 --defects-per-class 1 "$BATS_TEST_TMPDIR/b"
    run cmp -s "$A/photo-0001.jpg" "$BATS_TEST_TMPDIR/b/photo-0001.jpg"
    [ "$status" -eq 1 ]
    run cmp -s "$A/defects.json" "$BATS_TEST_TMPDIR/b/defects.json"
    [ "$status" -eq 1 ]
}

@test "a photo is the same whatever the number of photos" {
    "$CAMSIM" --size $SIZE --number 1 --first 3 --seed 9 --defects-per-class 1 "$BATS_TEST_TMPDIR/b"
    /usr/bin/python3 - "$A/photo-0003.jpg" "$BATS_TEST_TMPDIR/b/photo-0003.jpg" <<'PY'
import sys
from PIL import Image
one, two = (Image.open(name).tobytes() for name in sys.argv[1:])
assert one == two
PY
}

@test "a photo differs from its twin around the planted pixels and nowhere else" {
    /usr/bin/python3 - "$A" "$A-twins" <<'PY'
import json, sys, numpy as np
from PIL import Image
photos, twins = sys.argv[1:]
defects = json.load(open(f"{photos}/defects.json"))["defects"]
assert len(defects) == 24, len(defects)
near = np.zeros((280, 360), bool)
for d in defects:
    near[max(0, d["y"] - 24):d["y"] + 25, max(0, d["x"] - 24):d["x"] + 25] = True
strong = [d for d in defects if d["kind"] == "stuck" and d["strength"] == 4095]
for k in range(1, 5):
    a, b = (np.asarray(Image.open(f"{f}/photo-{k:04d}.jpg").convert("L")).astype(int) for f in (photos, twins))
    assert np.abs(a - b)[~near].max() == 0
    for d in strong:
        assert np.abs(a - b)[d["y"], d["x"]] == np.abs(a - b)[d["y"] - 3:d["y"] + 4, d["x"] - 3:d["x"] + 4].max() or a[d["y"], d["x"]] > 240
PY
}

@test "EXIF names camera, serial, exposure, sensitivity, date and orientation, as defects.json does" {
    need exiftool
    "$CAMSIM" --size $SIZE --number 1 --seed 9 --defects-per-class 1 --make ACME --model "One Two" --serial 42 --orientation 6 "$BATS_TEST_TMPDIR/b"
    run exiftool -s3 -n -Make -Model -SerialNumber -Orientation -ExifImageWidth "$BATS_TEST_TMPDIR/b/photo-0001.jpg"
    [ "$output" = $'ACME\nOne Two\n42\n6\n360' ]
    exiftool -json -n "$BATS_TEST_TMPDIR/b/photo-0001.jpg" >"$BATS_TEST_TMPDIR/exif.json"
    /usr/bin/python3 - "$BATS_TEST_TMPDIR/exif.json" "$BATS_TEST_TMPDIR/b/defects.json" <<'PY'
import json, sys
exif, truth = json.load(open(sys.argv[1]))[0], json.load(open(sys.argv[2]))["photos"][0]
assert abs(exif["ExposureTime"] / truth["exposure_s"] - 1) < 1e-3
assert exif["ISO"] == truth["iso"]
assert exif["DateTimeOriginal"].replace(":", "-", 2).replace(" ", "T") == truth["date"]
PY
}

@test "progressive, restart intervals and subsampling are as asked" {
    "$CAMSIM" --size $SIZE --number 1 --seed 9 --defects-per-class 1 --progressive --restart 2 --subsampling 444 "$BATS_TEST_TMPDIR/b"
    /usr/bin/python3 - "$BATS_TEST_TMPDIR/b/photo-0001.jpg" <<'PY'
import sys
from PIL import Image
data = open(sys.argv[1], "rb").read()
image = Image.open(sys.argv[1])
assert image.info.get("progressive") and b"\xff\xdd\x00\x04" in data and b"\xff\xd0" in data
assert all(part[1:3] == (1, 1) for part in image.layer)
PY
}

@test "dcraw, LibRaw and exiftool open a DNG of every CFA, depth and compression without complaint" {
    need dcraw dcraw_emu exiftool
    local folder=$BATS_TEST_TMPDIR/b photo=$BATS_TEST_TMPDIR/b/photo-0001.dng orientation=0 cfa bits compression
    for cfa in RGGB BGGR GRBG GBRG XTRANS MONO; do
        for bits in 12 14 16; do
            for compression in none ljpeg; do
                orientation=$((orientation % 8 + 1))
                "$CAMSIM" --size 322x242 --number 1 --defects-per-class 1 --format dng --cfa $cfa --bits $bits \
                    --compress $compression --orientation $orientation --margins 8,4,2,6 "$folder" >/dev/null
                echo "$cfa, $bits bits, $compression, orientation $orientation"
                run exiftool -s3 -a -validate -warning -error "$photo"
                [ "$output" = OK ] || { echo "exiftool: $output"; return 1; }
                run bash -c "dcraw -D -4 -c '$photo' 2>&1 >/dev/null; dcraw_emu -4 -disinterp -Z - '$photo' 2>&1 >/dev/null"
                [ "$status" -eq 0 ] && [ -z "$output" ] || { echo "dcraw, LibRaw: $output"; return 1; }
                rm -r "$folder"
            done
        done
    done
}

@test "photos in several kinds at once are those of single runs" {
    "$CAMSIM" --size $SIZE --number 1 --seed 9 --defects-per-class 1 --also format=dng,dir="$BATS_TEST_TMPDIR/dng" \
        --also quality=80,subsampling=420,noise-reduction=on,dir="$BATS_TEST_TMPDIR/nr" "$BATS_TEST_TMPDIR/main"
    "$CAMSIM" --size $SIZE --number 1 --seed 9 --defects-per-class 1 "$BATS_TEST_TMPDIR/single"
    "$CAMSIM" --size $SIZE --number 1 --seed 9 --defects-per-class 1 --format dng "$BATS_TEST_TMPDIR/single-dng"
    "$CAMSIM" --size $SIZE --number 1 --seed 9 --defects-per-class 1 --quality 80 --subsampling 420 \
        --noise-reduction on "$BATS_TEST_TMPDIR/single-nr"
    diff -r "$BATS_TEST_TMPDIR/single" "$BATS_TEST_TMPDIR/main"
    diff -r "$BATS_TEST_TMPDIR/single-dng" "$BATS_TEST_TMPDIR/dng"
    diff -r "$BATS_TEST_TMPDIR/single-nr" "$BATS_TEST_TMPDIR/nr"
}

@test "noise reduction is the formula that its header gives" {
    local kind=(--size $SIZE --number 1 --seed 9 --defects-per-class 1 --cfa MONO --sharpen 0 --quality 100)
    "$CAMSIM" "${kind[@]}" "$BATS_TEST_TMPDIR/plain"
    "$CAMSIM" "${kind[@]}" --noise-reduction on "$BATS_TEST_TMPDIR/nr"
    /usr/bin/python3 - "$BATS_TEST_TMPDIR" <<'PY'
import json, sys, numpy as np
from PIL import Image
plain, reduced = (np.asarray(Image.open(f"{sys.argv[1]}/{kind}/photo-0001.jpg")).astype(float) for kind in ("plain", "nr"))
iso = json.load(open(f"{sys.argv[1]}/nr/defects.json"))["photos"][0]["iso"]
median = np.median([np.roll(plain, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)], 0)
d = plain - median
expected = median + d * d**2 / (d**2 + 9 * iso / 100)
off, changed = (np.abs(reduced - other)[1:-1, 1:-1].mean() for other in (expected, plain))
assert off < 0.28 < 0.5 * changed, (off, changed)
PY
}

@test "a kind of file without a folder of its own, or with a wrong setting, is refused" {
    local wrong
    for wrong in "quality=80" "quality=101,dir=x" "colour=1,dir=x" "dir=" "dir=$BATS_TEST_TMPDIR/b"; do
        run "$CAMSIM" --size $SIZE --number 1 --also "$wrong" "$BATS_TEST_TMPDIR/b"
        [ "$status" -eq 2 ] || { echo "$wrong: $status"; return 1; }
    done
}

@test "onsets lie within the series, and real photos serve as scenes" {
    "$CAMSIM" --size $SIZE --number 3 --seed 9 --defects-per-class 1 --onsets --scenes "$A" "$BATS_TEST_TMPDIR/b"
    /usr/bin/python3 - "$BATS_TEST_TMPDIR/b/defects.json" <<'PY'
import json, sys
truth = json.load(open(sys.argv[1]))
dates = [p["date"] for p in truth["photos"]]
since = [d["since"] for d in truth["defects"] if d["since"]]
assert since and all(min(dates) <= s <= max(dates) for s in since)
PY
}

@test "the bench runs: a small one" {
    "$CAMSIM" --help >/dev/null
    run /usr/bin/python3 bench/bench.py --build "$HOTPIX_BUILD" --quick --photos "$BATS_TEST_TMPDIR/photos" --svg "$BATS_TEST_TMPDIR/f.svg"
    [ "$status" -eq 0 ]
    [[ "$output" == *"hotpix scan"* ]]
    grep -q "<svg" "$BATS_TEST_TMPDIR/f.svg"
}

@test "recall is counted: a small set" {
    run /usr/bin/python3 bench/accuracy.py --build "$HOTPIX_BUILD" --sensors 1 --size 640x520 --rows q95,q90-422-nr,rggb12-real --scenes "$A" --numbers 5,10 --defects-per-class 1
    [ "$status" -eq 0 ]
    [[ "$output" == *"| JPEG q95 | JPEG q90 4:2:2 NR | RAW RGGB 12 bit real scenes |"* ]]
}

@test "without noise a sensor gives the mean, and noise and pattern are of the size that camera.h says" {
    need_python numpy PIL
    local kind=(--size $SIZE --number 1 --seed 9 --format dng --defects-per-class 0)
    "$CAMSIM" "${kind[@]}" "$BATS_TEST_TMPDIR/noisy"
    "$CAMSIM" "${kind[@]}" --noise off "$BATS_TEST_TMPDIR/true"
    PYTHONPATH=bench /usr/bin/python3 - "$BATS_TEST_TMPDIR" <<'PY'
import json, sys, numpy as np
from accuracy_pixels import mosaic
noisy, true = (mosaic(f"{sys.argv[1]}/{kind}/photo-0001.dng").astype(float) for kind in ("noisy", "true"))
gain = json.load(open(f"{sys.argv[1]}/true/defects.json"))["photos"][0]["iso"] / 100
light = true - 128
variance = light * gain / 6 + (4 * gain / 6) ** 2 + 1 + (0.008 * light) ** 2 + 0.4**2 + 2 / 12
z = ((noisy - true) / np.sqrt(variance))[(light > 100) & (light < 3000)]
assert z.size > 30000 and abs(z.mean()) < 0.02 and abs(z.std() - 1) < 0.02, (z.size, z.mean(), z.std())
PY
}

@test "rivals are ranked beside hotpix, and an oracle that knows the scene finds no less: a small set" {
    need jpeghotp
    need_python numpy PIL
    run /usr/bin/python3 bench/rivals.py --build "$HOTPIX_BUILD" --sensors 1 --size 480x400 --numbers 5 --defects-per-class 2 \
        --cache "$BATS_TEST_TMPDIR/cache"
    [ "$status" -eq 0 ]
    echo "$output" | /usr/bin/python3 -c '
import sys
lines = (line.strip("| ").split(" | ") for line in sys.stdin.read().splitlines())
ways = {cells[0]: [float(cell.split(" / ")[0]) for cell in cells[1:]] for cells in lines if len(cells) == 3 and " / " in cells[1]}
assert {"lowest M2", "vote", "mean residual", "hotpix", "oracle"} <= ways.keys(), ways
assert all(a > b + 0.1 for a, b in zip(ways["hotpix"], ways["lowest M2"])), ways
assert all(a >= b for a, b in zip(ways["oracle"], ways["hotpix"])), ways
'
}
