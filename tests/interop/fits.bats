# Programs of astronomers: pixels, a whole row and a whole column of a FITS frame, whose first row is row 0 of the array.
load helpers

# A frame of noise with half a row, a column, a box and three pixels at 60000; and its list.
setup_file() {
    need_python astropy || return 0
    cd "$BATS_FILE_TMPDIR" || return
    export FRAME=$BATS_FILE_TMPDIR/frame.fits LIST=$BATS_FILE_TMPDIR/list.csv EXPECTED=$BATS_FILE_TMPDIR/expected
    cat >list.csv <<'L'
x,y,kind,grade,width,height,source,box_x,box_y,box_width,box_height
30,10,hot,certain,80,100,fits,30,10,1,1
5,70,dead,certain,80,100,fits,5,70,1,1
60,60,weak,probable,80,100,fits,60,60,1,1
20,20,hot,certain,80,100,fits,0,20,40,1
50,49,hot,certain,80,100,fits,50,0,1,100
11,86,stuck,certain,80,100,fits,10,85,3,4
L
    "$PYTHON" - <<'P'
import csv
import numpy as np
from astropy.io import fits
frame = np.random.default_rng(1).normal(1000, 20, (100, 80)).astype("f4")
bad = np.zeros(frame.shape, bool)
for d in csv.DictReader(open("list.csv")):
    x, y, w, h = (int(d["box_" + k]) for k in ("x", "y", "width", "height"))
    bad[y:y + h, x:x + w] = True
frame[bad] = 60000
fits.writeto("frame.fits", frame)
np.savetxt("expected", [(x, y) for y, x in np.argwhere(bad)], "%d")
P
}

@test "IRAF's fixpix repairs exactly the pixels of the list" {
    need irafcl
    need_python astropy
    cp "$FRAME" after.fits
    "$HOTPIX" convert "$LIST" -o iraf:list.txt
    printf 'proto\nfixpix("after.fits","list.txt",verbose=yes,pixels=yes)\nlogout\n' | irafcl >said 2>&1
    diff "$EXPECTED" <(changed "$FRAME" after.fits)
}

@test "IRAF's fixpix takes the FITS mask and repairs exactly its pixels" {
    need irafcl
    need_python astropy
    cp "$FRAME" after.fits
    "$HOTPIX" convert "$LIST" -o mask.fits
    printf 'proto\nfixpix("after.fits","mask.fits[0]")\nlogout\n' | irafcl >said 2>&1
    diff "$EXPECTED" <(changed "$FRAME" after.fits)
}

@test "Siril's cosme repairs exactly the pixels of the list, whatever ROWORDER says" {
    need siril-cli
    need_python astropy
    "$HOTPIX" convert "$LIST" -o list.lst
    for order in "" TOP-DOWN BOTTOM-UP; do
        "$PYTHON" -c 'import sys
from astropy.io import fits
fits.writeto("frame.fit", fits.getdata(sys.argv[1]), fits.Header({"ROWORDER": sys.argv[2]} if sys.argv[2] else {}), overwrite=True)' "$FRAME" "$order"
        printf 'requires 1.0.0\nload frame.fit\nsave before\ncosme list.lst\nsave after\n' >script
        siril-cli -d "$PWD" -s "$PWD/script" >said 2>&1
        diff "$EXPECTED" <(changed before.fit after.fit)
    done
}

@test "Siril's cosme repairs a whole row where it is" {
    need siril-cli
    need_python astropy
    printf 'x,y,width,height,source,box_x,box_y,box_width,box_height\n40,30,80,100,fits,0,30,80,1\n' >row.csv
    "$HOTPIX" convert row.csv -o row.lst
    grep -qx 'L 69 0 H # hot, certain' row.lst
    cp "$FRAME" frame.fit
    printf 'requires 1.0.0\nload frame.fit\nsave before\ncosme row.lst\nsave after\n' >script
    siril-cli -d "$PWD" -s "$PWD/script" >said 2>&1
    diff <(seq -f '%g 30' 0 79) <(changed before.fit after.fit)
}

@test "CCDData of astropy reads the mask with its kinds, and ccdproc chooses among them" {
    need_python astropy
    need_python ccdproc
    "$HOTPIX" convert "$LIST" -o mask.fits
    run -0 "$PYTHON" - "$EXPECTED" <<'P'
import sys
import numpy as np
from astropy.io import fits
from astropy.nddata import CCDData
from ccdproc import bitfield_to_boolean_mask
ccd = CCDData.read("mask.fits")
expected = {tuple(map(int, line.split())) for line in open(sys.argv[1])}
assert {(x, y) for y, x in np.argwhere(ccd.mask)} == expected
assert ((ccd.data != 0) == ccd.mask).all()
bits = ccd.data
assert (bits[10, 30], bits[70, 5], bits[60, 60], bits[86, 11], bits[20, 50]) == (1, 4, 128, 2, 1)
sure = bitfield_to_boolean_mask(bits, ignore_bits=16 | 32 | 64 | 128)
assert sure.sum() == ccd.mask.sum() - 1 and not sure[60, 60]
print("ROWORDER" in fits.getheader("mask.fits"))
P
    [ "$output" = False ]
}

@test "a photo whose first row is at the top gives a mask that says so" {
    need_python astropy
    printf 'x,y,width,height,source\n7,0,80,100,tiff\n' >list.csv
    "$HOTPIX" convert list.csv -o mask.fits
    run -0 "$PYTHON" -c 'from astropy.io import fits
print(fits.getheader("mask.fits")["ROWORDER"], fits.getdata("mask.fits")[0, 7])'
    [ "$output" = "TOP-DOWN 1" ]
}

@test "DS9 regions hold the pixels of the list, as python3-regions reads them" {
    need_python regions
    "$HOTPIX" convert "$LIST" -o list.reg
    run -0 "$PYTHON" - "$EXPECTED" <<'P'
import sys
import numpy as np
from regions import PointPixelRegion, Regions
mask = np.zeros((100, 80), bool)
for region in Regions.read("list.reg", format="ds9"):
    if isinstance(region, PointPixelRegion):
        mask[int(region.center.y), int(region.center.x)] = True
    else:
        box = region.to_mask(mode="center")
        mask |= box.to_image(mask.shape) > 0
expected = {tuple(map(int, line.split())) for line in open(sys.argv[1])}
found = {(x, y) for y, x in np.argwhere(mask)}
assert found == expected, found ^ expected
P
}

@test "the LSST-like table holds the pixels of the list, as astropy reads it" {
    need_python astropy
    "$HOTPIX" convert "$LIST" -o lsst:list.fits
    run -0 "$PYTHON" - "$EXPECTED" <<'P'
import sys
import numpy as np
from astropy.table import Table
table = Table.read("list.fits")
assert table.meta["OBSTYPE"] == "defects", table.meta
assert list(table["COMPONENT"]) == list(range(len(table)))
mask = np.zeros((100, 80), bool)
for row in table:
    width, height = row["R"]
    assert (row["SHAPE"].strip() == "POINT") == (width == height == 1) and row["ROTANG"] == 0
    left, top = round(row["X"] - 1 - (width - 1) / 2), round(row["Y"] - 1 - (height - 1) / 2)
    mask[top:top + int(height), left:left + int(width)] = True
expected = {tuple(map(int, line.split())) for line in open(sys.argv[1])}
assert {(x, y) for y, x in np.argwhere(mask)} == expected
P
}

@test "the PNG mask has the photo's size, 255 at the pixels of the list and 0 elsewhere" {
    "$HOTPIX" convert "$LIST" -o mask.png
    run -0 "$PYTHON" - "$EXPECTED" <<'P'
import sys
import numpy as np
from PIL import Image
picture = Image.open("mask.png")
mask = np.asarray(picture)
assert picture.mode == "L" and mask.shape == (100, 80) and set(np.unique(mask)) == {0, 255}
expected = {tuple(map(int, line.split())) for line in open(sys.argv[1])}
assert {(x, y) for y, x in np.argwhere(mask)} == expected
P
}
