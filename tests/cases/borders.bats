# Borders, and pictures that are too small.
load helpers

# put_border FOLDER WIDTH GREY
put_border() {
    "$PYTHON" - "$@" <<'PY'
import glob, sys
from PIL import Image, ImageDraw
width, grey = int(sys.argv[2]), int(sys.argv[3])
for name in glob.glob(sys.argv[1] + "/*.jpg"):
    with Image.open(name) as image:
        image.load()
        ImageDraw.Draw(image).rectangle((0, 0, image.width - 1, image.height - 1), outline=(grey,) * 3, width=width)
        image.save(name, quality=95, exif=image.info["exif"])
PY
}

@test "the corners and edges of narrow borders are no pixels and no lines, and a warning tells of them" {
    local set
    for set in 2002:6:128 2006:4:128 2004:5:60; do
        IFS=: read -r seed width grey <<<"$set"
        "$CAMSIM" --size 640x448 --number $((10 + (seed == 2006 ? 15 : seed == 2004 ? 0 : 5))) --seed "$seed" --defects-per-class 1 "$seed"
        put_border "$seed" "$width" "$grey"
        scanned "$seed"
        run -0 judge "$seed" '[len(false()), any("a border?" in w for w in camera["warnings"])]'
        [ "$output" = "[0, true]" ]
    done
}

@test "of JPEGs of a few thousand px nothing is listed, and a warning says why" {
    "$CAMSIM" --size 48x32 --number 10 --seed 2000 --defects-per-class 0 small
    scanned small
    run -0 judge small '[len(found), [w for w in camera["warnings"] if "48 x 32 px are too small" in w] != []]'
    [ "$output" = "[0, true]" ]
}
