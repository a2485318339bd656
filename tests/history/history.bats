#!/usr/bin/env bats
# Since when pixels are bad, as planted; and what is no photo, no date, no list.
load helpers

setup_file() {
    export JPEGS=$BATS_FILE_TMPDIR/jpegs RAWS=$BATS_FILE_TMPDIR/raws
    dated "$JPEGS"
    dated "$RAWS" --format dng
}

expected() {
    cat <<'P'
40,40 always: 1 to 36, - to -
100,50 began: 12 to 36, 1714597200 to -
200,60 ended: 1 to 17, - to 1714618800
60,120 began and ended: 9 to 24, 1714586400 to 1714644000
260,130 intermittent: 4 to 30, 1714568400 to 1714665600
160,200 not seen: - to -, - to -
P
}

@test "what was planted is found in JPEGs: always, began, ended, both, by turns, and never" {
    list jpeg bad.csv
    history -d bad.csv -o out.json "$JPEGS"
    diff <(expected | sort) <(courses out.json | sort)
}

@test "what was planted is found in RAWs" {
    list raw bad.csv
    history -d bad.csv -o out.json "$RAWS"
    diff <(expected | sort) <(courses out.json | sort)
}

@test "the table says what was before the first photo, and what is still bad" {
    list jpeg bad.csv
    run --separate-stderr history -d bad.csv "$JPEGS"
    [ "$status" -eq 0 ]
    has "36 photos with a date, 2024-05-01 10:00 to 2024-05-02 21:00"
    has "before the first photo  still bad"
    has "2024-05-01 21:00        still bad         photo-0012.jpg to photo-0036.jpg"
    has "6 bad pixels: 1 not seen, 1 always, 1 began, 1 ended, 1 began and ended, 1 intermittent."
    [ -z "$stderr" ]
}

@test "scan --history dates what it finds, and prints both tables" {
    run --separate-stderr "$HOTPIX" scan --history -o out.json "$RAWS"
    [ "$status" -eq 0 ]
    has "kind   grade"
    has "kind   verdict"
    diff <(expected | grep -v seen | sort) <(courses out.json | sort)
}

@test "the JSON holds a value for every photo: the difference, the noise, what is expected, how likely" {
    list jpeg bad.csv
    history -d bad.csv -o out.json "$JPEGS" >/dev/null
    run json out.json '[len(d["cameras"][0]["history"]["photos"])] + sorted({len(x["history"][k]) for x in d["cameras"][0]["defects"] for k in ("residual", "noise", "expected", "badness")})'
    [ "$output" = "[36, 36]" ]
    run json out.json '[d["history"]["badness"][i] > 0.9 for c in d["cameras"] for d in c["defects"] if d["x"] == 100 for i in (10, 11)]'
    [ "$output" = "[False, True]" ]
    # JPEG: the residual of photo 12 is that of the plane, by the ring of docs/method.md.
    run json out.json '[d["history"]["residual"][11] for c in d["cameras"] for d in c["defects"] if d["x"] == 100][0]'
    [ "$output" = "$("$PYTHON" "$HERE/residual.py" "$JPEGS/photo-0012.jpg" 100 50)" ]
}

@test "CSV and the list of dcraw carry the dates" {
    list raw bad.csv
    history -d bad.csv -o out.csv -o out.badpixels "$RAWS" >/dev/null
    grep -q '^HOTPIX,CAMSIM,.*,100,50,.*,1714597200,,.*,began,1.000,.*photo-0012.dng,.*photo-0036.dng$' out.csv
    grep -q '^100 50 1714597200 ' out.badpixels
    grep -q '^40 40 0 ' out.badpixels
    # What is written is read again.
    "$HOTPIX" convert out.csv -o again.badpixels >/dev/null
    cmp out.badpixels again.badpixels
}

@test "dcraw repairs a pixel from the photo on that the history says, and not before" {
    need dcraw
    list raw bad.csv
    history -d bad.csv -o out.badpixels "$RAWS" >/dev/null
    fixed() { dcraw -v -D -4 -j -t 0 -P out.badpixels -c "$RAWS/photo-00$1.dng" 2>&1 >/dev/null | sed -n 's/^Fixed dead pixels at: //p'; }
    [[ $(fixed 11) != *100,50* ]]
    [[ $(fixed 12) == *100,50* ]]
    [[ $(fixed 08) != *60,120* ]]
    [[ $(fixed 09) == *60,120* ]]
    [[ $(fixed 01) == *40,40* ]]
}

@test "any number of threads gives the same bytes" {
    list jpeg bad.csv
    history -j 1 -d bad.csv -o one.json "$JPEGS" >one.txt
    history -j 2 -d bad.csv -o two.json "$JPEGS" >two.txt
    history -j 7 -d bad.csv -o seven.json "$JPEGS" >seven.txt
    cmp one.json two.json
    cmp one.json seven.json
    cmp one.txt two.txt
}

@test "photos without a date, or with an impossible one, are set aside and named" {
    dated photos --number 30
    dated none --number 1 --no-exif
    dated early --number 1 --start 1980-01-01T00:00:00
    dated late --number 1 --start 2094-01-01T00:00:00
    for kind in none early late; do mv "$kind/photo-0001.jpg" "photos/$kind.jpg"; done
    list jpeg bad.csv
    run --separate-stderr history -d bad.csv -o out.json photos
    [ "$status" -eq 3 ]
    says "none.jpg: has no date; skipped"
    says "early.jpg: has a date before 1990"
    says "late.jpg: has a date in the future"
    has "30 photos with a date"
    has "3 set aside"
    run json out.json 'sorted(s["path"] for s in d["cameras"][0]["history"]["set_aside"])'
    [ "$output" = "['photos/early.jpg', 'photos/late.jpg', 'photos/none.jpg']" ]
    run history --strict -d bad.csv photos
    [ "$status" -eq 1 ]
    run history -d bad.csv photos/none.jpg
    [ "$status" -eq 1 ]
    has "could not be used"
}

@test "what a scan left out is named by a history of these files, and by no other" {
    mkdir -p all/good
    cp "$RAWS"/*.dng all/good
    echo nothing >all/none.jpg
    head -c 9000 "$RAWS/photo-0001.dng" >all/cut.dng
    run -3 "$HOTPIX" scan -q all -o bad.json
    run --separate-stderr -0 history -d bad.json -o good.json all/good
    [ -z "$stderr" ]
    run json good.json 'd["skipped"]'
    [ "$output" = "[]" ]
    run --separate-stderr -3 history -d bad.json all
    says "all/none.jpg: is not a photo of a kind that hotpix reads; skipped"
    says "all/cut.dng: "
    run --separate-stderr -3 "$HOTPIX" scan --history all
    [ "$(grep -c "none.jpg" <<<"$stderr")" -eq 1 ]
    [ "$(grep -c "cut.dng" <<<"$stderr")" -eq 1 ]
}

@test "the order is that of the dates, not of the names; the same photo counts once" {
    mkdir photos
    for k in $(seq 1 36); do cp "$JPEGS/photo-00$(printf %02d "$k").jpg" "photos/$((99 - k)).jpg"; done
    cp photos/80.jpg photos/again.jpg
    list jpeg bad.csv
    run --separate-stderr history -d bad.csv -o out.json photos
    [ "$status" -eq 0 ]
    says "again.jpg: is the same as photos/80.jpg; skipped"
    diff <(expected | sort) <(courses out.json | sort)
}

@test "a list for another camera, size or kind of photo is refused, and both are named" {
    list jpeg bad.csv
    sed 's/,320,240/,640,480/' bad.csv >large.csv
    sed 's/$/,OTHER/; 1s/OTHER/model/' bad.csv >other.csv
    list raw raw.csv
    for bad in large other raw; do
        run history -d $bad.csv -o out.json "$JPEGS"
        [ "$status" -eq 1 ]
        has "the list is for"
        has "the photos are of HOTPIX CAMSIM, serial S0000003, 320x240 jpeg"
        [ ! -e out.json ]
    done
}

@test "a list without a name is not held against photos of two bodies" {
    camera others --seed 8 --defects-per-class 0 --number 3
    list jpeg bad.csv
    run history -d bad.csv "$JPEGS" others
    [ "$status" -eq 1 ]
    has "serial S0000003 and HOTPIX CAMSIM, serial S0000008"
    sed 's/$/,S0000003/; 1s/S0000003/serial/' bad.csv >named.csv
    run --separate-stderr history -d named.csv "$JPEGS" others
    [ "$status" -eq 0 ]
    says "3 of 39 photos were passed over"
}

@test "a list that does not tell its size takes that of the photo" {
    printf '100 50 0\n' >bad.badpixels
    history -d bad.badpixels -o out.json "$RAWS"/*.dng
    [ "$(courses out.json)" = "100,50 began: 12 to 36, 1714597200 to -" ]
    run history -d bad.badpixels "$RAWS"
    [ "$status" -eq 2 ]
    has "size"
}

@test "damaged photos, places at the edge and odd names do no harm" {
    dated photos --number 8
    head -c 2000 "$JPEGS/photo-0009.jpg" >photos/cut.jpg
    : >photos/empty.jpg
    mv photos/photo-0003.jpg "photos/$(printf 'a\033[31m\nb').jpg"
    printf 'x,y,width,height,source\n0,0,320,240,jpeg\n319,239,320,240,jpeg\n319,0,320,240,jpeg\n0,120,320,240,jpeg\n' >bad.csv
    run --separate-stderr history -d bad.csv -o out.json -o out.csv photos
    [ "$status" -eq 3 ]
    says "cut.jpg: is a damaged JPEG"
    says "empty.jpg: is empty"
    has "8 photos with a date"
    [[ $output$stderr != *$'\033'* ]]
    run json out.json '[d["history"]["verdict"] for c in d["cameras"] for d in c["defects"]]'
    [ "$output" = "['not seen', 'not seen', 'not seen', 'not seen']" ]
}

@test "a place outside the frame, an empty list and one photo alone" {
    printf 'x,y,width,height,source\n320,10,320,240,jpeg\n' >outside.csv
    run history -d outside.csv "$JPEGS"
    [ "$status" -eq 1 ]
    has "320,10 lies outside the frame"
    printf '{"cameras": [{"width": 320, "height": 240, "source": "jpeg", "defects": []}]}' >empty.json
    run history -d empty.json "$JPEGS"
    [ "$status" -eq 0 ]
    list jpeg bad.csv
    run history -d bad.csv -o out.json "$JPEGS/photo-0020.jpg"
    grep -qE '^1 photo with a date, [-0-9]{10} [0-9:]{5}$' <<<"$output"
    run courses out.json
    has "40,40 always: 1 to 1"
    has "200,60 not seen: - to -"
}

@test "wrong usage is told" {
    run history "$JPEGS"
    [ "$status" -eq 2 ]
    has "-d LIST is missing"
    run history -d bad.csv
    [ "$status" -eq 2 ]
    run history -d missing.csv "$JPEGS"
    [ "$status" -eq 1 ]
    list jpeg bad.csv
    echo old >out.json
    run history -d bad.csv -o out.json "$JPEGS"
    [ "$status" -eq 1 ]
    [ "$(cat out.json)" = old ]
    run history -d bad.csv "$HERE/helpers.bash"
    [ "$status" -eq 1 ]
    has "could not be used"
}

@test "a faint column is dated by its length, where one of its pixels would not be" {
    "$PYTHON" - <<'P'
import json
column = [{"x": 150, "y": y, "class": "hot-offset", "kind": "hot", "strength": 20, "since": "2024-05-01T20:30:00", "until": None} for y in range(24, 216)]
json.dump({"defects": column}, open("planted.json", "w"))
frame = {"make": "HOTPIX", "model": "CAMSIM", "serial": "S0000003", "width": 320, "height": 240, "source": "raw"}
for name, box in (("column", [150, 24, 1, 192]), ("pixel", [150, 120, 1, 1])):
    defect = {"x": 150, "y": 120, "kind": "hot", "shape": name, "box": box}
    json.dump({"hotpix": "0", "cameras": [dict(frame, defects=[defect])]}, open(name + ".json", "w"))
P
    "$CAMSIM" --size 320x240 --number 36 --seed 3 --defects planted.json --format dng photos >/dev/null
    run -0 --separate-stderr history -d column.json -o long.json photos
    has "0 bad pixels, 1 bad column: 1 began."
    history -d pixel.json -o short.json photos >/dev/null
    run json long.json '[(d["history"]["verdict"], abs(d["history"]["first"] - 11) <= 1) for c in d["cameras"] for d in c["defects"]]'
    [ "$output" = "[('began', True)]" ]
    run json short.json '[d["history"]["confidence"] for c in d["cameras"] for d in c["defects"]][0] < [d["history"]["confidence"] for c in json.load(open("long.json"))["cameras"] for d in c["defects"]][0]'
    [ "$output" = True ]
}

@test "a list without a camera's name takes no photo that another list is for" {
    cat >two.json <<'P'
{"cameras": [
{"width": 320, "height": 240, "source": "jpeg", "defects": [{"x": 160, "y": 200}]},
{"make": "HOTPIX", "model": "CAMSIM", "width": 320, "height": 240, "source": "jpeg", "defects": [{"x": 100, "y": 50}]}]}
P
    run -0 --separate-stderr history -d two.json -o out.json "$JPEGS"
    [ "$(grep -c "HOTPIX CAMSIM" <<<"$output")" -eq 1 ]
    run -0 json out.json '[(c["model"], len(c.get("history", {}).get("photos", []))) for c in d["cameras"]]'
    [ "$output" = "[('', 0), ('CAMSIM', 36)]" ]
}

@test "of a single file that tells nothing the reason is given once" {
    list jpeg bad.csv
    echo no photo >a.jpg
    run --separate-stderr history -d bad.csv a.jpg
    [ "$status" -eq 1 ]
    [ "$stderr" = "hotpix: the only file could not be used: a.jpg: is not a photo of a kind that hotpix reads" ]
}

@test "a list that tells neither size nor kind is for those that are given, also where the photos are in a folder" {
    printf 'x,y\n40,40\n' >bare.csv
    run --separate-stderr history -d bare.csv "$JPEGS"
    [ "$status" -eq 2 ]
    [[ $stderr == *"--size WxH does" ]]
    run --separate-stderr history -d bare.csv --size 320x240 --source jpeg "$JPEGS"
    [ "$status" -eq 0 ]
    has "    40     40  "
}

@test "FITS of 12 bits in 16 has black and white of the set: what a defect shows ends at white, as in the raws" {
    need dcraw exiftool
    need_python astropy
    (cd "$HERE/../formats" && "$PYTHON" convert.py fits "$RAWS" "$BATS_TEST_TMPDIR/fits" BAYERPAT=RGGB)
    "$PYTHON" - "$RAWS" <<'P'
import glob, os, subprocess, sys
from astropy.io import fits
for path in glob.glob("fits/*.fits"):
    raw = os.path.join(sys.argv[1], os.path.basename(path).replace(".fits", ".dng"))
    told = subprocess.run(["exiftool", "-s3", "-d", "%Y-%m-%dT%H:%M:%S", "-DateTimeOriginal", "-ISO", raw], capture_output=True, text=True)
    date, iso = told.stdout.split()
    fits.setval(path, "DATE-OBS", value=date)
    fits.setval(path, "ISO", value=int(iso))
P
    list raw raw.csv
    list fits fits.csv
    history -d raw.csv -o raw.json "$RAWS" >/dev/null
    history -j 2 -d fits.csv -o fits.json fits >/dev/null
    diff <(expected | sort) <(courses fits.json | sort)
    run -0 "$PYTHON" - <<'P'
import json
raw, fits = ({(d["x"], d["y"]): d["history"]["expected"] for c in json.load(open(name))["cameras"] for d in c["defects"]} for name in ("raw.json", "fits.json"))
for place in ((40, 40), (100, 50), (60, 120), (260, 130)):
    print(place, max(abs(a - b) for a, b in zip(raw[place], fits[place])) < 5)
P
    [ "$(grep -c True <<<"$output")" -eq 4 ]
}

@test "a black level that TIFFs tell is taken away once: what a weak pixel shows goes by the light above it" {
    need_python numpy PIL
    "$PYTHON" - <<'P'
import numpy as np
from PIL import Image, TiffImagePlugin
BLACK, BLACK_LEVEL, SHORT = 400, 50714, 3
random = np.random.default_rng(3)
y, x = np.mgrid[:160, :200]
for i in range(20):
    light = random.uniform(100, 3000) * (0.6 + 0.4 * np.sin(x / 17 + i) * np.cos(y / 13 + i * 2))
    light[:, :20] = 0
    if i >= 8:
        light[80, 100] *= 0.7
    frame = np.clip(np.rint(BLACK + light + random.normal(0, 6, light.shape)), 0, 4095)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[306] = f"2024:05:{i + 1:02} 10:00:00"
    tags[BLACK_LEVEL] = BLACK
    tags.tagtype[BLACK_LEVEL] = SHORT
    Image.fromarray(frame.astype(np.uint16)).save(f"{i:02}.tif", tiffinfo=tags)
P
    printf 'x,y\n100,80\n' >list.csv
    history -d list.csv --size 200x160 -o out.json ./*.tif >/dev/null
    run -0 json out.json '(lambda h: (h["verdict"], h["first"], max(abs(r - e) for r, e in list(zip(h["residual"], h["expected"]))[8:]) < 30))(d["cameras"][0]["defects"][0]["history"])'
    [ "$output" = "('began', 8, True)" ]
}
