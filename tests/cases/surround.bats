# Black bars, and the circle of a fisheye: not part of the scenes.
load helpers

# put_bars FOLDER: an eighth of the frame above and below; scenes of little contrast between
put_bars() {
    "$PYTHON" - "$1" <<'PY'
import glob, sys
from PIL import Image, ImageDraw
for name in glob.glob(sys.argv[1] + "/*.jpg"):
    with Image.open(name) as image:
        image.load()
        image = image.point(lambda v: 70 + v // 2)
        bar, draw = image.height // 8, ImageDraw.Draw(image)
        draw.rectangle((0, 0, image.width, bar - 1), fill=(0, 0, 0))
        draw.rectangle((0, image.height - bar, image.width, image.height), fill=(0, 0, 0))
        image.save(name, quality=95, exif=Image.open(name).info["exif"])
PY
}

@test "different scenes between black bars are no near-duplicates, and the bars are told" {
    "$CAMSIM" --size 480x360 --number 10 --seed 2001 --defects-per-class 1 bars
    put_bars bars
    scanned bars
    run -0 judge bars '[camera["photos"]["used"], len(camera["photos"]["skipped"]), len(found) >= 8, len(false())]'
    [ "$output" = "[10, 0, true, 0]" ]
    run -0 judge bars '[w for w in camera["warnings"]]'
    [[ $output == *" of the frame is black in all photos"* ]]
    [[ $output != *"one scene"* ]]
}

@test "one scene between black bars is one" {
    "$CAMSIM" --size 480x360 --number 8 --seed 2002 --scene fixed --defects-per-class 0 fixed
    put_bars fixed
    scanned fixed
    run -0 judge fixed 'any("nearly all photos show one scene" in w for w in camera["warnings"])'
    [ "$output" = True ]
}
