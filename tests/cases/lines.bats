# Bad columns and rows, pairs and clusters.
load helpers

setup_file() {
    export JPEG=$BATS_FILE_TMPDIR/jpeg RAW=$BATS_FILE_TMPDIR/raw
    shopt -s nullglob
    "$CAMSIM" --size 640x480 --number 10 --seed 5 --defects-per-class 1 --columns 3 --rows 3 "$JPEG"
    "$CAMSIM" --size 640x480 --number 10 --seed 6 --defects-per-class 1 --columns 3 --rows 3 --pairs 5 --clusters 5 \
        --format dng "$RAW"
    scanned "$JPEG"
    scanned "$RAW"
}

@test "bad columns and rows are found, each as one" {
    for set in "$JPEG" "$RAW"; do
        run -0 judge "$set" '[len(hits(p)) for p in lines(planted)] == [1] * 6 and len(lines(found)) == 6'
        [ "$output" = True ]
    done
}

@test "a line begins and ends where it was planted, to 4 px" {
    for set in "$JPEG" "$RAW"; do
        run -0 judge "$set" 'max(abs(a - b) for p in lines(planted) for f in hits(p) for a, b in [(p["y" if p["height"] > p["width"] else "x"], f["box"][1 if p["height"] > p["width"] else 0]), (max(p["width"], p["height"]), max(f["box"][2:]))]) <= 4'
        [ "$output" = True ]
    done
}

@test "a column of raw samples is one px wide" {
    run -0 judge "$RAW" 'max(min(f["box"][2:]) for f in lines(found))'
    [ "$output" = 1 ]
}

@test "a line is not reported as pixels too" {
    for set in "$JPEG" "$RAW"; do
        run -0 judge "$set" 'len(false())'
        [ "$output" = 0 ]
    done
}

@test "pixels beside lines are still found" {
    run -0 judge "$RAW" 'sum(len(hits(p)) == 1 for p in planted if (p["class"] == "dead" or p["strength"] >= 2000) and p["width"] == p["height"] == 1)'
    [ "$output" -ge 3 ]
}

@test "a pair and a square of four are one defect each, with its box" {
    run -0 judge "$RAW" 'all([[f["shape"], f["box"]] for f in hits(p)] == [["cluster", [p[k] for k in ("x", "y", "width", "height")]]] for p in pixels(planted) if p["width"] * p["height"] > 1)'
    [ "$output" = True ]
}

@test "lists hold a column as a box, Siril's whole ones as C and L" {
    run -0 "$HOTPIX" convert "$RAW/scan.json" -o siril:list.lst -o ds9:list.reg -o iraf:list.txt -o list.csv -o mask.png
    run -0 judge "$RAW" 'sum(max(p["width"], p["height"]) in (480, 640) for p in lines(planted))'
    [ "$(grep -c '^[CL] ' list.lst)" -eq "$output" ]
    [ "$(grep -c '^box' list.reg)" -ge 6 ]
    [ "$(wc -l <list.txt)" -lt 100 ]
    run -0 "$HOTPIX" convert list.csv -o back.json
    run -0 json back.json 'sorted(p["shape"] for p in d["cameras"][0]["defects"]).count("column")'
    [ "$output" = 3 ]
    run -0 "$HOTPIX" convert mask.png --source raw -o mask.json
    run -0 json mask.json 'sum(p["shape"] == "column" for p in d["cameras"][0]["defects"]) >= 3'
    [ "$output" = True ]
}

@test "a mast that stands in one photo of five is no column" {
    "$CAMSIM" --size 480x360 --number 5 --seed 8 --defects-per-class 0 mast
    "$PYTHON" - <<'PY'
from PIL import Image, ImageDraw
with Image.open("mast/photo-0003.jpg") as image:
    image.load()
    ImageDraw.Draw(image).line((200, 0, 200, 359), fill=(255, 255, 255))
    image.save("mast/photo-0003.jpg", quality=95, exif=image.info["exif"])
PY
    scanned mast
    run -0 judge mast 'len(lines(found))'
    [ "$output" = 0 ]
}

@test "scenes that are all one make no lines" {
    "$CAMSIM" --size 480x360 --number 8 --seed 9 --scene fixed --defects-per-class 0 fixed
    "$PYTHON" - <<'PY'
import glob
from PIL import Image, ImageDraw
for name in glob.glob("fixed/*.jpg"):
    with Image.open(name) as image:
        image.load()
        ImageDraw.Draw(image).line((200, 0, 200, 359), fill=(255, 255, 255))
        image.save(name, quality=95, exif=image.info["exif"])
PY
    scanned fixed
    run -0 judge fixed 'len(lines(found))'
    [ "$output" = 0 ]
}
