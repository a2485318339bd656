# hotpix fix: which files appear, and what is said of those that do not.
load helpers

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    photos photos
    list photos/defects.json jpeg list.csv
    export PHOTOS=$BATS_FILE_TMPDIR/photos LIST=$BATS_FILE_TMPDIR/list.csv
}

@test "copies are not replaced without --force" {
    "$HOTPIX" fix -d "$LIST" -o out "$PHOTOS"
    cp out/photo-0001.jpg before
    echo other >out/photo-0002.jpg
    run -1 "$HOTPIX" fix -d "$LIST" -o out "$PHOTOS"
    has "photo-0001.jpg and 1 other: its copy exists already; --force replaces it; skipped"
    [ "$(cat out/photo-0002.jpg)" = other ]
    "$HOTPIX" fix -d "$LIST" -o out --force "$PHOTOS"
    cmp out/photo-0001.jpg before
    [ "$(wc -c <out/photo-0002.jpg)" -gt 1000 ]
}

@test "a list without any bad pixel says so, and the copy is the photo" {
    echo '{"cameras": [{"width": 333, "height": 250, "source": "jpeg", "defects": []}]}' >none.json
    run -0 "$HOTPIX" fix -d none.json -o out "$PHOTOS/photo-0001.jpg"
    has "the list has no bad pixel for it, nothing changed"
    cmp out/photo-0001.jpg "$PHOTOS/photo-0001.jpg"
}

@test "a photo without a camera's name is repaired by the list without one, where there are others" {
    photos plain --no-exif
    "$PYTHON" - "$LIST" <<'P'
import json, sys
places = [row.split(",")[:2] for row in open(sys.argv[1])][1:]
defects = [{"x": int(x), "y": int(y)} for x, y in places]
frame = {"width": 333, "height": 250, "source": "jpeg"}
named = dict(frame, make="HOTPIX", model="CAMSIM", defects=defects[:1])
json.dump({"cameras": [named, dict(frame, defects=defects)]}, open("two.json", "w"))
P
    run -0 "$HOTPIX" fix -d two.json -o out plain/photo-0001.jpg
    run -0 "$HOTPIX" fix -d "$LIST" -o alone plain/photo-0001.jpg
    cmp out/photo-0001.jpg alone/photo-0001.jpg
}

@test "in place: the photo is kept as .orig, its permissions and with --keep-time its time stay" {
    cp "$PHOTOS/photo-0001.jpg" a.jpg
    cp a.jpg before.jpg
    chmod 640 a.jpg
    touch -d '2001-02-03 04:05:06.789' a.jpg
    "$HOTPIX" fix -d "$LIST" --in-place --keep-time a.jpg
    cmp a.jpg.orig before.jpg
    run ! cmp -s a.jpg before.jpg
    [ "$(stat -c %a a.jpg)" = 640 ]
    [ "$(stat -c %.9Y a.jpg)" = "$(stat -c %.9Y a.jpg.orig)" ]
    if [ "$(id -u)" = 0 ]; then # whoever repairs it, it stays its owner's
        cp before.jpg theirs.jpg
        chown 65534:65533 theirs.jpg
        "$HOTPIX" fix -d "$LIST" --in-place theirs.jpg
        [ "$(stat -c %u:%g theirs.jpg theirs.jpg.orig | xargs)" = "65534:65533 65534:65533" ]
    fi
    cp a.jpg once.jpg
    "$HOTPIX" fix -d "$LIST" --in-place --no-original before.jpg
    [ ! -e before.jpg.orig ]
    [ "$(ls | grep -c '[.][A-Za-z0-9]\{6\}$')" = 0 ]
}

@test "a photo repaired in place is repaired from its original again, which no option replaces" {
    before=$PHOTOS/photo-0001.jpg
    head -n 6 "$LIST" >few.csv
    head -n 1 "$LIST" >none.csv
    tail -n 1 "$LIST" | sed 's/^[0-9]*,[0-9]*/5,5/' >>none.csv
    for list in few "$LIST" none; do
        "$HOTPIX" fix -d "${list%.csv}.csv" -o "copies-$(basename "${list%.csv}")" "$before"
    done
    cp "$before" a.jpg
    run -0 "$HOTPIX" fix -d few.csv --in-place a.jpg
    cmp a.jpg copies-few/photo-0001.jpg
    run -0 "$HOTPIX" fix -d few.csv --in-place a.jpg
    [[ $output =~ repaired\ already.*,\ nothing\ changed$ ]]
    run -1 "$HOTPIX" fix -d "$LIST" --in-place a.jpg
    has "a.jpg: its .orig gives another photo with this list; --force puts that in its place"
    cmp a.jpg copies-few/photo-0001.jpg
    run -0 "$HOTPIX" fix -d "$LIST" --in-place --force a.jpg
    has "repaired from its .orig"
    cmp a.jpg copies-list/photo-0001.jpg
    run -0 "$HOTPIX" fix -d none.csv --in-place --force a.jpg
    has "no bad pixel to repair, as its .orig again"
    cmp a.jpg "$before"
    cmp a.jpg.orig "$before"
    for name in a.jpg.orig './a*.orig'; do
        run -1 "$HOTPIX" fix -d "$LIST" --in-place --force "$name"
        has "a.jpg.orig: is the original of a photo that was repaired: that one is repaired in its place"
    done
    cmp a.jpg.orig "$before"
    [ "$(find . -maxdepth 1 -name 'a.jpg*' | wc -l)" -eq 2 ]
}

@test "a photo of another size in the original's place is neither replaced nor repaired" {
    "$CAMSIM" --size 64x64 --number 1 --seed 12 --defects-per-class 0 other >/dev/null
    mkdir a
    cp "$PHOTOS/photo-0001.jpg" a/a.jpg
    cp other/photo-0001.jpg a/a.jpg.orig
    run -1 "$HOTPIX" fix -d "$LIST" --in-place --force a
    has "a/a.jpg: its .orig is a photo, but not of its camera and size: --no-original goes without"
    cp other/photo-0001.jpg a/a.jpg
    cp "$PHOTOS/photo-0001.jpg" a/a.jpg.orig
    run -1 "$HOTPIX" fix -d "$LIST" --in-place --force a
    cmp a/a.jpg.orig "$PHOTOS/photo-0001.jpg"
    [ "$(ls a)" = $'a.jpg\na.jpg.orig' ]
}

@test "in place a photo that is named twice, or through a link, is repaired once, and its original is never lost" {
    for i in 1 2 3 4 5; do
        rm -rf set && mkdir set
        cp "$PHOTOS/photo-0001.jpg" set/a.jpg
        ln -s a.jpg set/b.jpg
        ln -s "$PWD/set/a.jpg" set/c.jpg
        run -0 "$HOTPIX" fix -j 4 -d "$LIST" --in-place --force set ./set/a.jpg "$PWD/set/c.jpg"
        [ "$output" = "${output%%$'\n'*}" ] # a single line
        cmp set/a.jpg.orig "$PHOTOS/photo-0001.jpg"
        [ -L set/b.jpg ] && [ -L set/c.jpg ]
    done
}

@test "of a photo repaired in place the original is looked at, and is never repaired itself" {
    cp -r "$PHOTOS" a
    "$HOTPIX" scan --similar keep a --state s.fits -o before.json
    "$HOTPIX" fix -d "$LIST" --in-place a
    files=$(ls a)
    sums=$(md5sum a/*)
    for way in a 'a/*' "$(echo a/*)"; do
        # shellcheck disable=SC2086 # the last is several
        "$HOTPIX" fix -d "$LIST" --in-place $way || true
        [ "$(ls a)" = "$files" ]
        [ "$(md5sum a/*)" = "$sums" ]
    done
    "$HOTPIX" scan --similar keep a -o after.json
    cmp <(sed 's/[.]orig//' after.json) before.json
    run -0 "$HOTPIX" scan --similar keep a --state s.fits
    has "0 photos new, 2 known to the state"
    "$HOTPIX" fix -d "$LIST" -o copies a
    [ "$(ls copies)" = $'photo-0001.jpg\nphoto-0002.jpg' ]
    cp a/photo-0001.jpg.orig alone.orig
    run -0 "$HOTPIX" info alone.orig a/photo-0001.jpg
    run -0 "$HOTPIX" fix -d "$LIST" -o copies alone.orig
}

@test "a photo whose name is too long for .orig stays as it is, and is named with the reason" {
    printf -v long '%246s.jpg' ''
    long=${long// /n}
    printf -v fits '%245s.jpg' ''
    fits=${fits// /n}
    cp "$PHOTOS/photo-0001.jpg" "n$long"
    cp "$PHOTOS/photo-0001.jpg" "$long"
    cp "$PHOTOS/photo-0001.jpg" "$fits"
    run -3 "$HOTPIX" fix -d "$LIST" --in-place .
    has "$long: its name is too long to keep it: with .orig behind it has 256 bytes; --no-original goes without; skipped"
    cmp "n$long" "$PHOTOS/photo-0001.jpg"
    [ "$(ls | wc -l)" -eq 5 ]
    cmp "$long.orig" "$PHOTOS/photo-0001.jpg"
    run -0 "$HOTPIX" fix -d "$LIST" --in-place --no-original "n$long"
    run ! cmp -s "n$long" "$PHOTOS/photo-0001.jpg"
}

@test "a link in the original's place stays, wherever it leads, and with --force the original replaces it" {
    for to in nowhere a.jpg; do
        cp "$PHOTOS/photo-0001.jpg" a.jpg
        ln -s $to a.jpg.orig
        run -1 "$HOTPIX" fix -d "$LIST" --in-place a.jpg
        has "its .orig exists already"
        [ "$(readlink a.jpg.orig)" = $to ]
        cmp a.jpg "$PHOTOS/photo-0001.jpg"
        "$HOTPIX" fix -q -d "$LIST" --in-place --force a.jpg
        [ ! -L a.jpg.orig ]
        cmp a.jpg.orig "$PHOTOS/photo-0001.jpg"
        rm a.jpg.orig
    done
}

@test "a photo of another camera or size is refused, naming both, and nothing is written" {
    sed 's/,333,250,/,334,250,/' "$LIST" >wide.csv
    run -1 "$HOTPIX" fix -d wide.csv -o out "$PHOTOS/photo-0001.jpg"
    has "the list is for photos of 334x250, the photo has 333x250"
    sed 's/source$/source,model/; s/jpeg$/jpeg,OTHER 3/' "$LIST" >other.csv
    run -1 "$HOTPIX" fix -d other.csv -o out "$PHOTOS/photo-0001.jpg"
    has "the list is for OTHER 3, the photo of HOTPIX CAMSIM, serial S0000011"
    sed 's/jpeg$/raw/' "$LIST" >raw.csv
    run -1 "$HOTPIX" fix -d raw.csv -o out "$PHOTOS/photo-0001.jpg"
    has "the list is for raw photos"
    [ ! -e out ]
}

@test "a damaged photo is named, leaves nothing behind, and does not keep the others" {
    mkdir some
    cp "$PHOTOS"/*.jpg some
    head -c 9000 "$PHOTOS/photo-0001.jpg" >some/cut.jpg
    run -3 "$HOTPIX" fix -d "$LIST" -o out some
    has "cut.jpg: is a damaged JPEG"
    [ "$(ls out)" = $'photo-0001.jpg\nphoto-0002.jpg' ]
    run -1 "$HOTPIX" fix -d "$LIST" -o out --force --strict some
}

@test "of lists for one camera the one of the photo's colours and depth is taken: rows may be stored in another order" {
    need_python astropy
    "$PYTHON" - <<'P'
import os
import numpy as np
from astropy.io import fits
noise = np.random.default_rng(1)
for order in "TOP-DOWN", "BOTTOM-UP":
    os.mkdir(order)
    for i in range(6):
        dark = noise.normal(1000, 12, (240, 320))
        dark[7, 5] = dark[50, 100] = dark[200, 300] = 20000
        dark = dark[:: -1 if order == "BOTTOM-UP" else 1]
        head = {"INSTRUME": "Camera", "EXPTIME": 60.0, "IMAGETYP": "Dark", "BAYERPAT": "RGGB", "ROWORDER": order, "DATE-OBS": f"2024-05-0{i + 1 + (i > 5)}T10:00:00"}
        fits.writeto(f"{order}/{i}.fits", dark.astype("u2"), fits.Header(head))
P
    "$HOTPIX" scan -q TOP-DOWN -o top.json >/dev/null
    "$HOTPIX" scan -q TOP-DOWN BOTTOM-UP -o both.json >/dev/null
    run -0 "$HOTPIX" fix -d both.json -o out TOP-DOWN
    [ "$(grep -c ': 3 bad pixels repaired$' <<<"$output")" = 6 ]
    run -0 "$HOTPIX" fix -d both.json -o out --force BOTTOM-UP
    [ "$(grep -c ': 3 bad pixels repaired$' <<<"$output")" = 6 ]
    run -1 "$HOTPIX" fix -d top.json -o none BOTTOM-UP
    has "the list is for photos with colours RGGB, the photo has GBRG: its rows are stored in another order, or begin elsewhere"
    run -0 --separate-stderr "$HOTPIX" history -d both.json TOP-DOWN BOTTOM-UP
    [ "$(grep -c '^3 bad pixels: 3 always[.]$' <<<"$output")" = 2 ]
    run -1 "$HOTPIX" history -d top.json BOTTOM-UP
    has "the list is for Camera, 320x240 fits, colours RGGB; the photos are of Camera, 320x240 fits, colours GBRG"
    "$HOTPIX" convert top.json -o top.csv >/dev/null
    run -1 "$HOTPIX" history -d top.csv TOP-DOWN BOTTOM-UP
    has "as where rows are stored in two orders, and the list does not say which"
    "$HOTPIX" convert both.json -o both.lst >/dev/null
    [ "$(echo both-*)" = "both-Camera-GBRG.lst both-Camera-RGGB.lst" ]
    # One camera's photos of two depths.
    "$PYTHON" - <<'P'
import json
lists = []
for bits, x in (12, 30), (8, 40):
    camera = {"width": 320, "height": 240, "source": "png", "bits": bits, "model": "Camera", "serial": "1", "defects": [{"x": x, "y": 20}]}
    lists.append(camera)
json.dump({"cameras": lists}, open("depths.json", "w"))
import numpy as np
from PIL import Image
picture = np.random.default_rng(1).integers(90, 110, (240, 320)).astype("u1")
picture[20, 40] = 255
Image.fromarray(picture).save("depth.png")
P
    run -0 "$HOTPIX" fix -d depths.json -o out depth.png
    [ "$output" = "depth.png: 1 bad pixel repaired" ]
}

@test "that --mask did nothing, as for photos that are no FITS, is said" {
    run -0 --separate-stderr "$HOTPIX" fix -d "$LIST" --mask -o out "$PHOTOS/photo-0001.jpg"
    [ "$stderr" = "hotpix: warning: no photo got a mask: FITS files alone do, where the list has pixels for them" ]
}

@test "a photo that is named twice has one copy, and that is no fault" {
    cp -r "$PHOTOS" set
    run -0 --separate-stderr "$HOTPIX" fix -d "$LIST" -o out set ./set/photo-0001.jpg
    [ -z "$stderr" ] && [ "$(ls out)" = "$(cd set && ls *.jpg)" ] && [ "${#lines[@]}" = "$(ls out | wc -l)" ]
}

@test "two photos of one name: the second is refused, not lost" {
    mkdir a b
    cp "$PHOTOS/photo-0001.jpg" a
    cp "$PHOTOS/photo-0002.jpg" b/photo-0001.jpg
    run -3 "$HOTPIX" fix -d "$LIST" -o out a b
    has "b/photo-0001.jpg: its copy would have the name of that of a/photo-0001.jpg: give each"
}

@test "copies of a folder's photos stand in folders as they do there" {
    mkdir -p all/a all/b/c
    cp "$PHOTOS/photo-0001.jpg" all/a
    cp "$PHOTOS/photo-0002.jpg" all/b/c/photo-0001.jpg
    for folder in all all/ ./all; do
        rm -rf out
        run -0 "$HOTPIX" fix -d "$LIST" -o out "$folder"
        [ "$(cd out && find . -type f | sort | xargs)" = "./a/photo-0001.jpg ./b/c/photo-0001.jpg" ]
    done
    run -3 "$HOTPIX" fix -d "$LIST" -o flat all/a all/b/c
    has "all/b/c/photo-0001.jpg: its copy would have the name of that of all/a/photo-0001.jpg: give each"
}

@test "copies among the photos are not copied again" {
    cp "$PHOTOS"/*.jpg .
    run -0 "$HOTPIX" fix -d "$LIST" -o repaired .
    run -3 "$HOTPIX" fix -d "$LIST" -o repaired --force .
    has "repaired/photo-0001.jpg and 1 other: stands in the folder of the copies; skipped"
    [ ! -e repaired/repaired ]
    mkdir sub && mv photo-0001.jpg sub
    run -0 "$HOTPIX" fix -d "$LIST" -o . sub
    [ -e photo-0001.jpg ]
}

@test "a copy never replaces its photo" {
    cp "$PHOTOS/photo-0001.jpg" a.jpg
    run -1 "$HOTPIX" fix -d "$LIST" -o . --force a.jpg
    has "its copy would replace it"
    cmp a.jpg "$PHOTOS/photo-0001.jpg"
}

@test "a warning of several lists is given once, for all their cameras" {
    mkdir mix
    cp "$PHOTOS"/*.jpg mix
    "$CAMSIM" --size 333x250 --number 2 --seed 11 --defects-per-class 1 --format dng mix/raw >/dev/null
    "$CAMSIM" --size 333x250 --number 2 --seed 12 --defects-per-class 1 --model OTHER mix/other >/dev/null
    rm mix/*/*.json
    "$HOTPIX" scan -q mix -o mix.json >/dev/null 2>&1
    run --separate-stderr -0 "$HOTPIX" fix -d mix.json -o out mix
    [ "$(grep -c 'only 2 photos could be used' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *"and 1 other camera: only 2 photos could be used"* ]]
    [ "$(grep -c warning <<<"$stderr")" -eq "$(grep warning <<<"$stderr" | sed 's/.*camera: //; s/.*S[0-9]*: //' | sort -u | wc -l)" ]
}

@test "photos that the list is not for are counted, and are no fault; of no others it is told why" {
    mkdir mix mix/b
    cp "$PHOTOS"/*.jpg mix
    "$CAMSIM" --size 333x250 --number 2 --seed 11 --defects-per-class 1 --format dng mix/raw >/dev/null
    "$CAMSIM" --size 64x64 --number 2 --seed 12 --defects-per-class 0 mix/other >/dev/null
    rm mix/*/*.json
    cp mix/other/photo-0001.jpg mix/b/photo-0001.jpg
    run --separate-stderr -0 "$HOTPIX" fix -d "$LIST" -o out mix
    [ "$stderr" = "hotpix: 5 photos of other cameras, sizes or kinds passed over" ]
    [ "$(cd out && find . -type f | sort | xargs)" = "./photo-0001.jpg ./photo-0002.jpg" ]
    run --separate-stderr -0 "$HOTPIX" fix -q --strict -d "$LIST" -o flat mix/*.jpg mix/b/*.jpg mix/other/*.jpg
    [ -z "$stderr" ]
    run --separate-stderr -1 "$HOTPIX" fix -d "$LIST" -o raws mix/raw
    [[ $stderr == *"none of 2 files could be used; the first, mix/raw/photo-0001.dng: the list is for jpeg photos, the photo"* ]] ||
        [[ $stderr == *"none of 2 files could be used; the first, mix/raw/photo-0001.dng: the list is for jpeg photos of"* ]]
}

@test "a list written by hand for raws, as dcraw's kind is, is for JPEGs where it is said" {
    printf '10 20 0\n30 40 0\n' >hand.txt
    run -1 "$HOTPIX" fix -d hand.txt --size 333x250 -o out "$PHOTOS"
    has "the list is for raw photos of a camera without a name, the photo is jpeg; if its places are those of such photos, say so by --source jpeg"
    run -0 "$HOTPIX" fix -d hand.txt --size 333x250 --source jpeg -o out "$PHOTOS"
}

@test "the folder of the copies is not there where there are no copies" {
    sed 's/,333,250,/,334,250,/' "$LIST" >wide.csv
    run -1 "$HOTPIX" fix -d wide.csv -o out "$PHOTOS"
    run -1 "$HOTPIX" fix -d "$LIST" -o out "$LIST"
    [ ! -e out ]
    mkdir out
    run -1 "$HOTPIX" fix -d wide.csv -o out "$PHOTOS"
    [ -d out ]
}

@test "copies go to a folder, which is not called as photos are" {
    run -2 "$HOTPIX" fix -d "$LIST" -o out.jpg "$PHOTOS/photo-0001.jpg"
    [ "$output" = "hotpix: out.jpg: is called as photos are, and copies go to a folder, as -o repaired" ]
    [ ! -e out.jpg ]
    mkdir out.jpg
    run -0 "$HOTPIX" fix -d "$LIST" -o out.jpg "$PHOTOS/photo-0001.jpg"
}

@test "why no copy can be written into a folder is said once" {
    ln -s nowhere link
    run -1 "$HOTPIX" fix -d "$LIST" -o link "$PHOTOS"
    [ "$output" = "hotpix: link: cannot be made: a link of this name leads nowhere" ]
    run -1 "$HOTPIX" fix -d "$LIST" -o no/folder "$PHOTOS"
    [ "$output" = "hotpix: no/folder: cannot be made: its folder is not there" ]
}

@test "wrong usage" {
    run -2 "$HOTPIX" fix -o out "$PHOTOS"
    has "-d LIST is missing"
    run -2 "$HOTPIX" fix -d "$LIST" "$PHOTOS"
    has "nowhere to write to"
    run -2 "$HOTPIX" fix -d "$LIST" -o out --in-place "$PHOTOS"
    run -2 "$HOTPIX" fix -d "$LIST" -o out --no-original "$PHOTOS"
    run -1 "$HOTPIX" fix -d "$LIST" -o "$LIST" "$PHOTOS"
    [ "$output" = "hotpix: $LIST: is a file, and no folder for copies" ]
    run -2 "$HOTPIX" fix -d "$LIST" -d "$LIST" -o out "$PHOTOS"
    has "hotpix fix: -d is given twice; it takes one LIST"
    run -1 "$HOTPIX" fix -d missing.csv -o out "$PHOTOS"
    [ ! -e out ]
}
