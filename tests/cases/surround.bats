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

# put_circle FOLDER: a fisheye's, with the noise of the sensor around it
put_circle() {
    "$PYTHON" - "$1" <<'PY'
import glob, sys
import numpy as np
from PIL import Image
random = np.random.default_rng(1)
for name in glob.glob(sys.argv[1] + "/*.jpg"):
    with Image.open(name) as image:
        pixels, exif = np.asarray(image).astype(float), image.info["exif"]
    height, width = pixels.shape[:2]
    y, x = np.mgrid[:height, :width]
    light = np.clip((0.47 * height - np.hypot(x - width / 2, y - height / 2)) / 6, 0, 1)[..., None]
    dark = random.normal(1.2, 0.8, pixels.shape)
    Image.fromarray(np.clip(pixels * light + dark * (1 - light), 0, 255).astype("u1")).save(name, quality=95, exif=exif)
PY
}

@test "different scenes between black bars are no near-duplicates, and the bars are told" {
    "$CAMSIM" --size 480x360 --number 10 --seed 2001 --defects-per-class 1 bars
    put_bars bars
    scanned bars
    run -0 judge bars '[camera["photos"]["used"], len(camera["photos"]["skipped"]), len(found) >= 8, len(false())]'
    [ "$output" = "[10, 0, true, 0]" ]
    run -0 judge bars '[w for w in camera["warnings"]]'
    [[ $output == *"a border?"* ]]
    [[ $output != *"one scene"* ]]
}

@test "different scenes in a circle are no near-duplicates, and what is around it is told" {
    "$CAMSIM" --size 480x360 --number 10 --seed 2001 --defects-per-class 1 circle
    put_circle circle
    scanned circle
    run -0 judge circle '[camera["photos"]["used"], len(camera["photos"]["skipped"]), len(found) >= 8, len(false())]'
    [ "$output" = "[10, 0, true, 0]" ]
    run -0 judge circle '[w for w in camera["warnings"]]'
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
