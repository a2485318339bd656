# Photos that a program turned, resized or edited.
load helpers

setup_file() {
    export SET=$BATS_FILE_TMPDIR/set SQUARE=$BATS_FILE_TMPDIR/square
    shopt -s nullglob
    "$CAMSIM" --size 800x600 --number 12 --seed 31 --defects-per-class 1 "$SET"
    "$CAMSIM" --size 600x600 --number 12 --seed 32 --defects-per-class 1 "$SQUARE"
}

# turn FOLDER HOW EVERY: every so-many-th photo, by Pillow's word
turn() {
    "$PYTHON" - "$@" <<'PY'
import glob, sys
from PIL import Image
folder, how, every = sys.argv[1], sys.argv[2], int(sys.argv[3])
for name in sorted(glob.glob(f"{folder}/*.jpg"))[::every]:
    with Image.open(name) as image:
        image.load()
        image.transpose(Image.Transpose[how]).save(name, quality=95, exif=image.info["exif"])
PY
}

# the photos that a scan left out as turned
turned() {
    json "$1/scan.json" '[[s["path"][-8:-4], s["reason"].split()[3]] for s in d["cameras"][0]["photos"]["skipped"] if "turned" in s["reason"]]'
}

@test "photos turned by 180 degrees are left out, and no others" {
    cp -r "$SET" half
    turn half ROTATE_180 4
    scanned half
    run -0 turned half
    [ "$output" = "[['0001', '180'], ['0005', '180'], ['0009', '180']]" ]
    grep -q '3 photos were turned against the others by a program; they are left out' half/said
    run -0 judge half 'len(false())'
    [ "$output" = 0 ]
}

@test "the progress counts the photos that are looked at once more" {
    cp -r "$SET" more
    turn more ROTATE_180 4
    [ "$(progress more)" = "33 photos, looking at the" ] # 12, the same again, and the 9 that count
}

# 64 files and planes at once to look at them, but few planes to count them: 335 MiB and 325 MiB
@test "photos for which there is no memory to look at them once more do not count" {
    cp -r "$SET" large
    turn large ROTATE_180 4
    truncate -s 5000000 large/*.jpg
    run -1 --separate-stderr "$HOTPIX" scan --no-isolation -j 64 --memory 330M -o large.json large
    [[ $stderr == *"the photos need 335 MiB of memory with 64 threads, the limit is 330 MiB"* ]]
    [ ! -e large.json ]
    run -0 "$HOTPIX" scan --quiet --no-isolation -j 64 --memory 340M -o large.json large
}

@test "in square frames by 90 degrees, either way" {
    for way in "ROTATE_90 270" "ROTATE_270 90"; do
        set -- $way
        cp -r "$SQUARE" "$1"
        turn "$1" "$1" 4
        scanned "$1"
        run -0 turned "$1"
        [ "$output" = "[['0001', '$2'], ['0005', '$2'], ['0009', '$2']]" ]
    done
}

@test "what a scan leaves out as turned or resized is left out of the history too" {
    cp -r "$SET" dated
    turn dated ROTATE_180 4
    mkdir dated/resized
    mv dated/photo-0002.jpg dated/resized
    edit dated/resized 1 1.0 1600x1200
    aside='sorted(s["path"][-8:-4] for s in d["cameras"][0]["history"]["set_aside"])'
    "$HOTPIX" scan -q --history dated -o at-once.json
    run -0 json at-once.json "$aside"
    [ "$output" = "['0001', '0002', '0005', '0009']" ]
    "$HOTPIX" scan -q dated -o list.json
    run --separate-stderr -0 "$HOTPIX" history -d list.json dated -o later.json
    [[ $stderr == *"photo-0005.jpg: is turned by 180 degrees against the others; skipped"* ]]
    run -0 json later.json "$aside"
    [ "$output" = "['0001', '0002', '0005', '0009']" ]
}

@test "photos as the camera made them are not looked at twice" {
    scanned "$SET"
    run -0 turned "$SET"
    [ "$output" = "[]" ]
    [ "$(progress "$SET")" = "12 photos, looking at the" ]
}

@test "with a state turned photos are told of, and stay" {
    cp -r "$SET" kept
    turn kept ROTATE_180 4
    scanned kept --state state.fits
    run -0 turned kept
    [ "$output" = "[]" ]
    grep -q '3 photos were turned against the others by a program; a scan without --state leaves them out' kept/said
}

@test "upright photos that were turned are told of" {
    mkdir both
    cp "$SET"/*.jpg both
    mkdir upright
    "$CAMSIM" --size 800x600 --number 10 --first 13 --seed 31 --defects-per-class 1 upright
    turn upright ROTATE_270 1
    cp upright/*.jpg both
    run -0 --separate-stderr "$HOTPIX" scan --quiet both
    says 'turned by 90 degrees'
}

# edit FOLDER EVERY SOFTWARE [SIZE]: saves photos anew, as from another size or by this program
edit() {
    "$PYTHON" - "$@" <<'PY'
import glob, sys
from PIL import Image
folder, every, software = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for name in sorted(glob.glob(f"{folder}/*.jpg"))[::every]:
    with Image.open(name) as image:
        image.load()
        exif = image.getexif()
        exif[0x0131] = software
        if len(sys.argv) > 4:
            exif.get_ifd(0x8769)[0xA002], exif.get_ifd(0x8769)[0xA003] = (int(side) for side in sys.argv[4].split("x"))
        image.save(name, quality=95, exif=exif)
PY
}

@test "photos that were resized to the size of the others are left out" {
    cp -r "$SET" some
    edit some 4 1.0 1600x1200
    scanned some
    run -0 json some/scan.json '[s["path"][-8:-4] + " " + s["reason"] for s in d["cameras"][0]["photos"]["skipped"] if "resized" in s["reason"]]'
    [ "$output" = "['0001 was taken in 1600 x 1200 px and resized or cropped afterwards', '0005 was taken in 1600 x 1200 px and resized or cropped afterwards', '0009 was taken in 1600 x 1200 px and resized or cropped afterwards']" ]
    run -0 json some/scan.json 'd["cameras"][0]["photos"]["used"]'
    [ "$output" = 9 ]
    [ "$(progress some)" = "12 photos, looking at the" ]
}

@test "when all were resized they are used, with a warning" {
    cp -r "$SET" all
    edit all 1 1.0 1600x1200
    scanned all
    run -0 json all/scan.json 'd["cameras"][0]["photos"]["used"]'
    [ "$output" = 12 ]
    grep -q '12 of 12 photos were resized or cropped after being taken (1600 x 1200 px, says EXIF)' all/said
}

@test "edited photos are told of, a camera's own version is not" {
    cp -r "$SET" edited
    edit edited 3 'GIMP 2.10.34'
    scanned edited
    grep -q '4 of 12 photos were saved by a program for editing (GIMP 2.10.34)' edited/said
    cp -r "$SET" firmware
    edit firmware 1 'Ver.1.01 '
    scanned firmware
    run grep 'program for editing' firmware/said
    [ "$status" -eq 1 ]
}

@test "of an original and its edited copies the original counts, whatever their names, and that is nothing to warn of" {
    mkdir copies
    for i in 1 2 3; do cp "$SET/photo-000$i.jpg" copies/0-export$i.jpg; done
    cp "$SET/photo-0004.jpg" copies/photo-0004_fixed.jpg
    edit copies 1 'Adobe Lightroom 7.1'
    cp "$SET"/*.jpg "$SET"/*.json copies
    for options in "" "-j 1 --batch 1" "-j 3 --batch 2"; do
        rm -f s.fits
        # shellcheck disable=SC2086
        scanned copies --state s.fits $options
        run -0 json copies/scan.json 'sorted(s["path"][7:] + " " + s["reason"] for s in d["cameras"][0]["photos"]["skipped"])'
        [ "$(grep -o 'shows nearly the same scene as copies/photo-00[0-9]*.jpg' <<<"$output" | wc -l)" -eq 4 ]
        [[ $output == "['0-export1.jpg shows"*"'photo-0004_fixed.jpg shows"* ]]
        run -1 grep 'program for editing' copies/said
        [ -e first.fits ] || mv s.fits first.fits
        [ ! -e s.fits ] || cmp s.fits first.fits
    done
    "$HOTPIX" scan -q "$SET" --state plain.fits -o plain.json >/dev/null
    run -0 json copies/scan.json '[[p["x"], p["y"], p["score"]] for p in d["cameras"][0]["defects"]]'
    [ "$output" = "$(json plain.json '[[p["x"], p["y"], p["score"]] for p in d["cameras"][0]["defects"]]')" ]
    "$PYTHON" - "$BATS_TEST_DIRNAME/../golden" copies/*.jpg <<'P'
import sys
sys.path.insert(0, sys.argv[1])
from method import photo, similar
photos = photo.read_all(sys.argv[2:])
taken = similar.choose([similar.thumbnail(p.plane()) for p in photos])
assert [photos[i].path[-15:] for i in taken] == ["/photo-%04d.jpg" % i for i in range(1, 13)], taken
P
}
