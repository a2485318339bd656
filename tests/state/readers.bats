# States are FITS that others read: astropy, CFITSIO's tools, fpack.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos STATE=$BATS_FILE_TMPDIR/s.fits
    camera "$PHOTOS" --number 12
    "$HOTPIX" scan -q --similar keep "$PHOTOS" --state "$STATE" >/dev/null
}

@test "astropy reads states, and mean and M2 follow from them as from the photos" {
    "$HOTPIX" variance -q "$PHOTOS" --state v.fits >/dev/null
    run "$PYTHON" "$HERE/recompute.py" "$STATE" v.fits "$PHOTOS"/*.jpg
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "fitsverify finds nothing to say" {
    need fitsverify
    run -0 fitsverify "$STATE"
    has "Verification found 0 warning(s) and 0 error(s)."
}

@test "states, masks and maps among the photos are no photos" {
    mkdir set
    cp "$PHOTOS"/*.jpg set
    "$HOTPIX" scan -q set --state set/s.fits -o set/mask.fits -o set/mask.png -o set/map.png -o first.json >/dev/null
    run --separate-stderr -0 "$HOTPIX" scan -q set -o second.json
    cmp first.json second.json
    run --separate-stderr -1 "$HOTPIX" scan set/s.fits
    says "set/s.fits: is a state or a mask of hotpix, no photo"
    run --separate-stderr -1 "$HOTPIX" scan set/mask.png
    says "set/mask.png: is a mask of hotpix, no photo"
    run --separate-stderr -1 "$HOTPIX" scan set/map.png
    says "set/map.png: is a PNG of 8 bits with a palette, no photo"
}

@test "fpack packs a state without loss; unpacked it is as good" {
    need fpack funpack
    cp "$STATE" s.fits
    fpack -r s.fits
    [ "$(stat -c %s s.fits.fz)" -lt "$(stat -c %s s.fits)" ]
    funpack -O back.fits s.fits.fz
    cmp <("$HOTPIX" detect "$STATE") <("$HOTPIX" detect back.fits)
}

@test "info names what a state, a photo and a list are" {
    run -0 "$HOTPIX" info "$STATE" "$PHOTOS/photo-0001.jpg"
    has "s.fits: state of a scan"
    has "HOTPIX CAMSIM, serial S0000003"
    has "320x240"
    has "12 counted"
    has "2024-05-01 10:00:00 to 2024-05-01 21:00:00"
    has "photo-0001.jpg: photo"
    has "ISO"
    "$HOTPIX" detect "$STATE" -o list.json >/dev/null
    run -0 "$HOTPIX" info list.json
    has "list.json: list of bad pixels"
    has "pixels   "
    "$HOTPIX" convert list.json -o list.badpixels >/dev/null
    run -0 "$HOTPIX" info list.badpixels
    has "frame    320x240 jpeg"
    has_not "0 bit"
    run --separate-stderr -1 "$HOTPIX" info "$PHOTOS"
    says "$PHOTOS: is a folder, where one file is meant"
    run -0 "$HOTPIX" info "$PHOTOS/photo-0001.jpg"
    [[ $output =~ photo-0001.jpg:\ photo,\ [1-9][0-9]*\ kB ]]
    echo nothing >text
    run --separate-stderr -1 "$HOTPIX" info text "$STATE"
    says "text: "
    has "12 counted"
}

@test "a state that is given as a list is told to be one, with what makes a list of it" {
    for command in "convert -o x.csv $STATE" "fix -o out -d $STATE $PHOTOS" "history -d fits:$STATE $PHOTOS"; do
        run --separate-stderr -1 "$HOTPIX" $command
        says "s.fits: is a state, and no list: hotpix detect STATE -o FILE.json makes one"
    done
}

@test "info shows a list that does not tell its frame, and what is wrong with a broken one" {
    printf '30 10 0\n40 50 0\n' >hand.badpixels
    run -0 "$HOTPIX" info hand.badpixels rawtherapee:hand.badpixels
    [ "$(grep -c 'list of bad pixels' <<<"$output")" -eq 2 ]
    has "frame    not told"
    has "pixels   2"
    printf 'P 30 10 H\n' >siril.lst
    printf 'model,x,y\nD80,1,2\n' >table.csv
    run -0 "$HOTPIX" info siril.lst table.csv
    [ "$(grep -c 'pixels   1' <<<"$output")" -eq 2 ]
    has "camera   D80"
    printf '30 a 0\n' >broken.badpixels
    run --separate-stderr -1 "$HOTPIX" info broken.badpixels
    says 'broken.badpixels: line 1: is not "x y time"'
}

@test "a path of any bytes comes back from a state" {
    mkdir p
    odd=$'p/a \\ b\n\xff \xc3\xa9 .jpg'
    cp "$PHOTOS/photo-0001.jpg" "$odd"
    cp "$PHOTOS"/photo-000[2-5].jpg p
    head -c 3000 "$PHOTOS/photo-0006.jpg" >$'p/bad \'quote\'.jpg'
    run -3 scan p --state s.fits
    run -3 scan p --state s.fits -o s.json
    "$HOTPIX" detect s.fits -o d.json >/dev/null
    cmp s.json d.json
    cp "$odd" "$odd.2.jpg"
    run --separate-stderr -3 "$HOTPIX" scan p --state s.fits
    says 'is the same photo as p/a \ b\x0a\xff é .jpg'
}

@test "the example of docs/state.md runs, and its numbers are those of the photos" {
    sed -n '/^```python$/,/^```$/p' "$BATS_TEST_DIRNAME/../../docs/state.md" | sed "/^\`\`\`/d" >example.py
    run -0 "$PYTHON" -W error example.py "$STATE"
    [ "$(grep -c '^x ' <<<"$output")" -eq 10 ]
    has "photo-0001.jpg taken"
    "$HOTPIX" detect -o s.json "$STATE" >/dev/null
    "$PYTHON" - "$output" <<'P'
import json, re, sys
found = {(int(x), int(y)) for x, y in re.findall(r"^x (\d+) y (\d+):", sys.argv[1], re.M)}
defects = json.load(open("s.json"))["cameras"][0]["defects"]
assert any((d["x"], d["y"]) in found for d in defects), (found, defects)
P
}

@test "docs/state.md names every keyword, image and column of a state" {
    "$HOTPIX" variance -q "$PHOTOS" --state v.fits >/dev/null
    "$PYTHON" - "$STATE" v.fits "$BATS_TEST_DIRNAME/../../docs/state.md" <<'P'
import re, sys
from astropy.io import fits
*states, page = sys.argv[1:]
with open(page, encoding="utf-8") as file:
    words = set(re.findall(r"\w+", " ".join(line.split("|")[1] for line in file if line.startswith("| "))))
for name in states:
    with fits.open(name) as state:
        wanted = [key for key in state[0].header if key not in ("SIMPLE", "BITPIX", "NAXIS", "EXTEND")]
        wanted += [part.name for part in state[1:-1]] + list(state["PHOTOS"].columns.names)
    missing = [word for word in wanted if word not in words]
    assert not missing, missing
P
}
