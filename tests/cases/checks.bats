# Dust, and what tells real detections from false ones without knowing the truth.
load helpers

setup_file() {
    export SET=$BATS_FILE_TMPDIR/set CLEAN=$BATS_FILE_TMPDIR/clean
    shopt -s nullglob
    "$CAMSIM" --size 640x480 --number 16 --seed 11 --defects-per-class 1 "$SET"
    "$CAMSIM" --size 640x480 --number 12 --seed 12 --defects-per-class 0 "$CLEAN"
    scanned "$SET"
}

# spot FOLDER SIGMA DEPTH: the shadow of dust at 300,200 in all photos of a folder
spot() {
    "$PYTHON" - "$@" <<'PY'
import glob, sys
import numpy as np
from PIL import Image
folder, sigma, depth = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
for name in glob.glob(f"{folder}/*.jpg"):
    with Image.open(name) as image:
        pixels, exif = np.asarray(image.convert("RGB")).astype(float), image.info["exif"]
    y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    shadow = 1 - depth * np.exp(-((x - 300) ** 2 + (y - 200) ** 2) / (2 * sigma**2))
    Image.fromarray((pixels * shadow[..., None]).round().astype("uint8")).save(name, quality=95, exif=exif)
PY
}

@test "dust is listed apart, and not as a pixel" {
    cp -r "$CLEAN" dust
    spot dust 3 0.5
    scanned dust
    run -0 judge dust '[[abs(s["x"] - 300) <= 2 and abs(s["y"] - 200) <= 2, 4 <= s["diameter"] <= 10, s["mean"] < -5] for s in camera["dust"]]'
    [ "$output" = '[[true, true, true]]' ]
    run -0 judge dust 'sum(abs(f["x"] - 300) < 12 and abs(f["y"] - 200) < 12 for f in found)'
    [ "$output" = 0 ]
    grep -q 'dust, a soft dark spot [0-9]* px wide, no bad pixel' dust/table
}

@test "a dark pixel as narrow as a pixel is no dust" {
    cp -r "$CLEAN" pixel
    spot pixel 0.7 0.5
    scanned pixel
    run -0 judge pixel '[len(camera["dust"]), [f["kind"] for f in found if abs(f["x"] - 300) <= 1 and abs(f["y"] - 200) <= 1]]'
    [ "$output" = '[0, ["weak"]]' ]
}

# border FOLDER PX LEVEL: a border around all photos of a folder
border() {
    "$PYTHON" - "$@" <<'PY'
import glob, sys
from PIL import Image, ImageDraw
folder, wide, level = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for name in glob.glob(f"{folder}/*.jpg"):
    with Image.open(name) as image:
        image.load()
        exif, draw = image.info["exif"], ImageDraw.Draw(image)
        draw.rectangle((0, 0, image.width - 1, image.height - 1), outline=(level, level, level), width=wide)
        image.save(name, quality=95, exif=exif)
PY
}

@test "the corners of a picture in a black border are no pixels" {
    cp -r "$CLEAN" border
    border border 20 0
    scanned border
    run -0 judge border '[[f["x"], f["y"]] for f in found if min(abs(f["x"] - 20), abs(f["x"] - 619)) < 3 and min(abs(f["y"] - 20), abs(f["y"] - 459)) < 3]'
    [ "$output" = '[]' ]
}

@test "the edges of a border of a few pixels are no columns and rows" {
    for level in 0 255; do
        for wide in 1 3; do
            cp -r "$CLEAN" border
            border border $wide $level
            scanned border
            run -0 judge border '[[f["x"], f["y"], f["shape"]] for f in lines(found)]'
            echo "$wide px of $level: $output"
            [ "$output" = '[]' ]
            rm -r border
        done
    done
}

@test "a bad column beside the frame's edge is one" {
    echo '{"defects": [
        {"x": 3, "y": 0, "width": 1, "height": 480, "class": "hot-offset", "strength": 64},
        {"x": 0, "y": 476, "width": 640, "height": 1, "class": "weak", "strength": 0.7}]}' >lines.json
    for format in jpeg dng; do
        "$CAMSIM" --size 640x480 --number 12 --seed 12 --format $format --defects lines.json edge
        scanned edge
        run -0 judge edge '[[f["shape"], f["x"] if f["shape"] == "column" else f["y"]] for f in found]'
        [ "$output" = '[["column", 3], ["row", 476]]' ]
        rm -r edge
    done
}

@test "planted pixels keep their strength in the other half of the photos" {
    run -0 judge "$SET" 'camera["checks"]["kept_share"] > 0.8 and camera["checks"]["kept_count"] >= 10'
    [ "$output" = True ]
    grep -q 'keeps [0-9]* % of its strength in the other' "$SET/table"
}

@test "the checks count pixels by their place" {
    run -0 judge "$SET" 'camera["checks"]["pixels"] == len(pixels(found)) and camera["checks"]["phase_share"] == round(max(sum(p["x"] % 2 == x and p["y"] % 2 == y for p in pixels(found)) for x in (0, 1) for y in (0, 1)) / len(pixels(found)), 3)'
    [ "$output" = True ]
}

@test "most bad pixels of a warm sensor are of one colour, and it is said" {
    need_data sequoia-rgb
    run -0 "$HOTPIX" scan --quiet -o warm.json "$HOTPIX_DATA/sequoia-rgb"
    has '% of them are on one of the four CFA positions (x odd, y odd'
    run -0 json warm.json 'd["cameras"][0]["checks"]["phase_share"] >= 0.85 and d["cameras"][0]["checks"]["weak_share"] < 0.05'
    [ "$output" = True ]
}
