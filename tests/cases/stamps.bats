# Date stamps whose digits are others in every photo.
load helpers

# put_stamps FOLDER SIZE: date and time in seven strokes a digit, SIZE px wide, two px thick
put_stamps() {
    "$PYTHON" - "$@" <<'PY'
import datetime, glob, random, sys
from PIL import Image, ImageDraw

STROKES = ("012456", "25", "02346", "02356", "1235", "01356", "013456", "025", "0123456", "012356")
size, chance, start = int(sys.argv[2]), random.Random(7), datetime.datetime(2011, 7, 15)
places = ((0, 0, 1, 0), (0, 0, 0, 1), (1, 0, 1, 1), (0, 1, 1, 1), (0, 1, 0, 2), (1, 1, 1, 2), (0, 2, 1, 2))
for name in sorted(glob.glob(sys.argv[1] + "/*.jpg")):
    text = (start + datetime.timedelta(minutes=chance.randrange(600000))).strftime("%Y%m%d %H%M")
    with Image.open(name) as image:
        image.load()
        draw, x, y = ImageDraw.Draw(image), 40, image.height - 3 * size
        for letter in text:
            for stroke in STROKES[int(letter)] if letter != " " else ():
                draw.line([v * size + (y if i % 2 else x) for i, v in enumerate(places[int(stroke)])], fill=(255, 160, 40), width=2)
            x += size + 6
        image.save(name, quality=95, exif=image.info["exif"])
PY
}

# 24 and 14 parts of digits stood in the lists of these two.
@test "parts of changing digits are no pixels and no lines, and a warning tells of them" {
    "$CAMSIM" --size 480x360 --number 12 --seed 2003 --defects-per-class 1 small
    "$CAMSIM" --size 480x360 --number 12 --seed 2004 --defects-per-class 1 large
    put_stamps small 8
    put_stamps large 14
    for set in small large; do
        scanned "$set"
        run -0 judge "$set" '[len(false()) <= 1, sum(len(hits(p)) > 0 for p in planted) >= 12]'
        [ "$output" = "[true, true]" ]
        run -0 judge "$set" 'any("date stamp" in w for w in camera["warnings"])'
        [ "$output" = True ]
    done
}
