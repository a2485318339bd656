# JPEG: what changes, what stays, compared by coefficients and bytes without hotpix.
load helpers

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    photos photos --quality 90 --subsampling 420
    list photos/defects.json jpeg list.csv
    export SHARED=$BATS_FILE_TMPDIR PHOTO=$BATS_FILE_TMPDIR/photos/photo-0001.jpg LIST=$BATS_FILE_TMPDIR/list.csv
}

# fix_recoded WIDTH HEIGHT PHOTO: repaired into out; its MCUs are WIDTH x HEIGHT
fix_recoded() {
    local width=$1 height=$2 photo=$3
    "$HOTPIX" fix -d "$LIST" -o out "$photo"
    only_footprints "$LIST" "$width" "$height" "$photo" "out/$(basename "$photo")"
    diff <("$PYTHON" "$HERE/segments.py" list "$photo") <("$PYTHON" "$HERE/segments.py" list "out/$(basename "$photo")")
}

@test "a camera's JPEG: only MCUs with a footprint change, and it comes closer to the photo without bad pixels" {
    fix_recoded 16 16 "$PHOTO"
    closer "$SHARED/photos-twins/photo-0001.jpg" "$PHOTO" out/photo-0001.jpg 6
    [ "$(exiftool -s3 -Orientation -n out/photo-0001.jpg)" != 1 ]
}

@test "every subsampling, with an odd size" {
    need djpeg cjpeg
    for sampling in 1x1 2x1 1x2 2x2 4x1; do
        djpeg "$PHOTO" | cjpeg -quality 85 -sample "$sampling" >"$sampling.jpg"
        fix_recoded $((8 * ${sampling%x*})) $((8 * ${sampling#*x})) "$sampling.jpg"
    done
}

@test "grey, whatever sampling it claims" {
    need djpeg cjpeg
    djpeg -grayscale "$PHOTO" | cjpeg -grayscale -sample 2x2 >grey.jpg
    fix_recoded 8 8 grey.jpg
}

@test "progressive stays progressive, scan by scan" {
    need jpegtran
    printf '0,1,2: 0-0, 0, 0;\n0: 1-9, 0, 2;\n2: 1-63, 0, 0;\n1: 1-63, 0, 0;\n0: 10-63, 0, 2;\n0: 1-63, 2, 1;\n0: 1-63, 1, 0;\n' >script
    jpegtran -copy all -progressive "$PHOTO" >progressive.jpg
    jpegtran -copy all -scans script "$PHOTO" >scans.jpg
    # an interval in rows is another number in each scan
    jpegtran -copy all -progressive -restart 1 "$PHOTO" >rows.jpg
    jpegtran -copy all -progressive -restart 7B "$PHOTO" >blocks.jpg
    for photo in progressive.jpg scans.jpg rows.jpg blocks.jpg; do
        fix_recoded 16 16 "$photo"
        djpeg -strict "out/$photo" >decoded 2>said || { cat said; return 1; }
        diff <("$PYTHON" "$HERE/segments.py" scans "$photo") <("$PYTHON" "$HERE/segments.py" scans "out/$photo")
    done
}

@test "restart intervals, shortest Huffman tables, several scans, arithmetic coding" {
    need jpegtran
    printf '0;\n1;\n2;\n' >script
    jpegtran -copy all -restart 1 "$PHOTO" >rows.jpg
    jpegtran -copy all -restart 3B "$PHOTO" >blocks.jpg
    jpegtran -copy all -optimize "$PHOTO" >optimised.jpg
    jpegtran -copy all -scans script "$PHOTO" >scans.jpg
    jpegtran -copy all -arithmetic "$PHOTO" >arithmetic.jpg
    for photo in rows blocks optimised scans arithmetic; do
        "$HOTPIX" fix -d "$LIST" -o out "$photo.jpg"
        only_footprints "$LIST" 16 16 "$photo.jpg" "out/$photo.jpg"
    done
    # a camera's own tables stay as they are
    "$HOTPIX" fix -d "$LIST" -o out "$PHOTO"
    "$PYTHON" - "$PHOTO" out/photo-0001.jpg <<'P'
import sys
head = [open(p, "rb").read() for p in sys.argv[1:]]
cut = [d[:d.index(b"\xff\xda")] for d in head]
sys.exit(cut[0] != cut[1])
P
}

# rich PHOTO: with many segments and a second picture, repaired
fix_rich() {
    "$PYTHON" "$HERE/segments.py" rich "$1" rich.jpg
    "$HOTPIX" fix -d "$LIST" -o out --force rich.jpg
    only_footprints "$LIST" 16 16 rich.jpg out/rich.jpg
    exiftool -b -MPImage2 out/rich.jpg | cmp - "$1"
    [ "$("$PYTHON" "$HERE/segments.py" second rich.jpg)" = "$("$PYTHON" "$HERE/segments.py" second out/rich.jpg)" ]
}

@test "every segment and the second picture behind the end stay, byte for byte and in their places" {
    need exiftool
    fix_rich "$PHOTO"
    [ "$(stat -c %s rich.jpg)" = "$(stat -c %s out/rich.jpg)" ]
    diff <("$PYTHON" "$HERE/segments.py" list rich.jpg) <("$PYTHON" "$HERE/segments.py" list out/rich.jpg)
    diff <(exiftool -a -G -x File:all -x System:all rich.jpg) <(exiftool -a -G -x File:all -x System:all out/rich.jpg)
}

@test "where the scans become longer the index of pictures follows" {
    need exiftool jpegtran
    # a photo without bad pixels, coded as short as can be, and a list of good ones that are made worse by a planted bar
    "$PYTHON" - <<'P'
from PIL import Image
import numpy as np
v = np.full((250, 333), 120, np.uint8)
v[:, ::7] = 30
v[96:112, 96:112] = 120
Image.fromarray(v).save("smooth.jpg", quality=95)
P
    jpegtran -optimize smooth.jpg >short.jpg
    "$PYTHON" "$HERE/segments.py" rich short.jpg rich.jpg
    printf 'x,y,width,height,source,box_x,box_y,box_width,box_height\n104,104,333,250,jpeg,97,97,14,14\n' >list.csv
    "$HOTPIX" fix -d list.csv -o out rich.jpg
    [ "$(stat -c %s out/rich.jpg)" -gt "$(stat -c %s rich.jpg)" ]
    exiftool -b -MPImage2 out/rich.jpg | cmp - short.jpg
    [ "$(exiftool -s3 -MPImage1:MPImageLength out/rich.jpg)" = $(($(stat -c %s out/rich.jpg) - $(stat -c %s short.jpg))) ]
}

@test "a photo without a bad pixel is copied byte for byte" {
    echo x,y,width,height,source >none.csv
    "$HOTPIX" fix -d none.csv --size 333x250 --source jpeg -o out "$PHOTO"
    cmp "$PHOTO" out/photo-0001.jpg
    printf 'x,y,width,height,source,since\n100,100,333,250,jpeg,4000000000\n' >later.csv
    run -0 "$HOTPIX" fix -d later.csv -o later "$PHOTO"
    has "nothing changed"
    cmp "$PHOTO" later/photo-0001.jpg
}

@test "pixels that are right in a photo are left: the photo without bad pixels stays nearly as it is" {
    run -0 "$HOTPIX" fix -d "$LIST" -o out "$SHARED/photos-twins/photo-0001.jpg"
    has "right in this photo"
    "$PYTHON" - "$SHARED/photos-twins/photo-0001.jpg" "$PHOTO" out/photo-0001.jpg <<'P'
import sys
import numpy as np
from PIL import Image
twin, bad, fixed = (np.asarray(Image.open(p)).astype(float) for p in sys.argv[1:])
share = ((fixed - twin) ** 2).sum() / ((bad - twin) ** 2).sum()
print(share)
sys.exit(bool(share > 0.15))
P
}

@test "bad pixels at the corners and edges, beside each other, and a bad column" {
    printf 'x,y,width,height,source,box_x,box_y,box_width,box_height\n0,0,333,250,jpeg,0,0,1,1\n332,249,333,250,jpeg,332,249,1,1\n332,0,333,250,jpeg,330,0,3,3\n0,120,333,250,jpeg,0,120,1,1\n100,100,333,250,jpeg,98,98,5,5\n103,101,333,250,jpeg,101,99,5,5\n200,60,333,250,jpeg,200,10,1,100\n' >list.csv
    "$HOTPIX" fix -d list.csv -o out "$PHOTO"
    "$COEFFICIENTS" "$PHOTO" out/photo-0001.jpg >compared
    # MCUs 16x16 that hold the footprints: of the column those from 8 to 112 down
    printf 'mcu 0 0\nmcu 20 15\nmcu 20 0\nmcu 0 7\nmcu 6 6\n' >may
    for y in 0 1 2 3 4 5 6; do printf 'mcu 12 %d\n' $y; done >>may
    [ -z "$(comm -23 <(sort compared) <(sort may))" ]
}

@test "of bad pixels in one block each is counted, and so is each that is right" {
    "$PYTHON" - <<'P'
import numpy as np
from PIL import Image
y, x = np.mgrid[0:240, 0:320]
clean = 100 + 40 * np.sin(x / 40) + 30 * np.cos(y / 30) + np.random.default_rng(1).normal(0, 2, (240, 320))
bad = clean.copy()
bad[20:220, 150] = 250
bad[98, 50] = 255
for name, samples in ("clean", clean), ("bad", bad):
    Image.fromarray(np.clip(samples, 0, 255).astype("u1")).save(name + ".jpg", quality=95)
P
    # A column of 200 px, and two in one block, of which the second is right.
    printf 'x,y,box_x,box_y,box_width,box_height,width,height,source\n150,100,150,20,1,200,320,240,jpeg\n50,98,50,98,1,1,320,240,jpeg\n53,101,53,101,1,1,320,240,jpeg\n' >list.csv
    run -0 "$HOTPIX" fix -d list.csv -o out bad.jpg
    [ "$output" = "bad.jpg: 201 bad pixels repaired, 1 right in this photo" ]
    run -0 "$HOTPIX" fix -d list.csv -o out clean.jpg
    [ "$output" = "clean.jpg: 202 bad pixels, right in this photo, nothing changed" ]
}

@test "any number of threads gives the same bytes" {
    "$HOTPIX" fix -d "$LIST" -o one -j 1 "$SHARED/photos"
    "$HOTPIX" fix -d "$LIST" -o four -j 4 "$SHARED/photos"
    diff -r one four
}
