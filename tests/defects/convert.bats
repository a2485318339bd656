# hotpix convert: lists from one form into others, safely.
load ../cli/helpers

setup_file() {
    export RAW=$BATS_FILE_TMPDIR/raw/photo-0001.dng
    camera "$BATS_FILE_TMPDIR/raw" --number 1 --format dng --margins 8,4,6,2
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    cat >list.csv <<'L'
make,model,serial,x,y,kind,grade,width,height,source
HOTPIX,CAMSIM,S0000003,30,10,hot,certain,320,240,raw
HOTPIX,CAMSIM,S0000003,5,70,dead,certain,320,240,raw
HOTPIX,CAMSIM,S0000003,319,239,weak,probable,320,240,raw
L
}

convert() {
    "$HOTPIX" convert "$@"
}

# places FILE [OPTION]...: "x y" of every pixel of a list, on one line
places() {
    rm -f places.csv
    convert "$@" -o places.csv >/dev/null && tail -n +2 places.csv | cut -d, -f4,5 | tr ',\n' ' ;'
}

@test "a list goes through every kind and comes back with the same pixels" {
    for kind in json csv dcraw rawtherapee jpegpixi siril iraf ds9 lsst fits png phd2; do
        convert list.csv -o "$kind:file.any" --force
        [ "$(places "$kind:file.any")" = "30 10;5 70;319 239;" ]
        [ "$(cut -d, -f15-17 places.csv | tail -n 1)" = 320,240,raw ]
        cut -d, -f1-3 places.csv | tail -n +2 | grep -qvx HOTPIX,CAMSIM,S0000003 && false
    done
    convert list.csv --like "$RAW" -o opcode:copy.dng
    [ "$(places copy.dng)" = "30 10;5 70;319 239;" ]
}

@test "what a list says of kind, grade and time comes back from the kinds that hold it" {
    sed -i '1s/$/,since,until/; 2,$s/$/,1400000000,1500000000/' list.csv
    convert list.csv -o a.csv
    for kind in json csv dcraw rawtherapee jpegpixi siril iraf ds9; do
        convert list.csv -o "$kind:file.any" --force
        convert "$kind:file.any" -o b.csv --force
        cmp a.csv b.csv
    done
}

@test "the content tells the kind of a list, whatever its name is" {
    for kind in json csv dcraw rawtherapee jpegpixi siril iraf ds9 lsst fits png phd2; do
        convert list.csv -o "$kind:file.any" --force
        [ "$(places file.any)" = "30 10;5 70;319 239;" ]
    done
}

@test "a list whose kind nothing tells is refused, and the kinds are named" {
    echo "1 2" >list
    run -2 convert list --size 9x9 -o a.json
    has "the name 'list' does not tell the kind of list"
    has "opcode (.dng)"
    run -2 convert nonsense:list -o a.json
    has "'nonsense' in 'nonsense:list' is no kind of list"
}

@test "a list that does not tell the size needs --size" {
    echo "30 10 0" >list.badpixels
    run -2 convert list.badpixels -o a.json
    has "list.badpixels: does not tell the size of the photos; --size WxH does"
    run -0 convert list.badpixels --size 320x240 -o a.json
    [ "$(json a.json 'd["cameras"][0]["width"], d["cameras"][0]["source"]')" = "(320, 'raw')" ]
    for size in 320 0x5 5x 320x240x1 -3x4 99999999999x2; do
        run -2 convert list.badpixels --size "$size" -o b.json
        has "--size takes the width and height of a photo"
    done
}

@test "a list for another size is refused, and both are named" {
    run -1 convert list.csv --size 640x480 -o a.json
    has "is for photos of 320x240, not of 640x480"
    camera big --number 1 --size 640x480
    run -1 convert list.csv --like big/photo-0001.jpg -o a.json
    has "is for photos of 320x240, not of 640x480"
    [ ! -e a.json ]
}

@test "a list for another camera is refused, and both are named" {
    camera other --number 1 --model Other --serial 9
    run -1 convert list.csv --like other/photo-0001.jpg -o a.json
    has "is for HOTPIX CAMSIM, serial S0000003, not for HOTPIX Other, serial 9"
    run -1 convert list.csv --camera D80 -o a.json
    has "holds a list for HOTPIX CAMSIM, serial S0000003, none for D80"
    sed 's/S0000003/9/' list.csv >other.csv
    run -1 convert list.csv other.csv --union -o a.json
    has "one list is for HOTPIX CAMSIM, serial S0000003, another for HOTPIX CAMSIM, serial 9"
    sed 's/320,240/640,480/' list.csv >other.csv
    run -1 convert list.csv other.csv --union -o a.json
    has "one list is for photos of 320x240, another for 640x480"
}

@test "a pixel outside the frame is refused in every kind, and named" {
    echo "320 10 0" >a.badpixels
    echo "30 240" >b.rt
    echo "30,238,1,3" >c.pixi
    echo "P 30 240 H" >d.lst
    echo "321 10" >e.iraf
    printf '# Region file format: DS9\nimage\npoint(30,241)\n' >f.reg
    printf 'x,y\n320,1\n' >g.csv
    echo '{"cameras": [{"defects": [{"x": 320, "y": 1}]}]}' >h.json
    echo "0 240" >i.phd2
    for list in dcraw:a.badpixels rawtherapee:b.rt jpegpixi:c.pixi siril:d.lst iraf:e.iraf ds9:f.reg csv:g.csv json:h.json phd2:i.phd2; do
        run -1 convert "$list" --size 320x240 --source "$([[ $list = jpegpixi* ]] && echo jpeg || echo raw)" -o x.json
        has "frame of 320x240"
    done
    [ ! -e x.json ]
}

@test "a CSV that names x twice and y never is refused" {
    printf 'x,x\n30,10\n' >twice.csv
    run -1 convert twice.csv --size 320x240 --source raw -o a.json
    has "twice.csv: line 1: names no columns x and y"
}

@test "numbers below 0, broken and huge ones are refused with the line they stand in" {
    for number in -1 1.5 4294967296 99999999999999999999 0x10 1e3 ""; do
        printf '# a comment\n\n30 10 0\n%s 10 0\n' "$number" >list.badpixels
        run -1 convert list.badpixels --size 320x240 -o a.json
        has "list.badpixels: line 4: is not \"x y time\""
    done
}

@test "a CSV that a spreadsheet saved: a byte order mark is no part of it, other separators are named" {
    { printf '\xef\xbb\xbf'; cat list.csv; } >marked.csv
    [ "$(places marked.csv)" = "$(places list.csv)" ]
    convert marked.csv -o marked.json --force
    grep -q '"make": "HOTPIX"' marked.json
    sed 's/,/;/g' list.csv >semicolons.csv
    run -1 convert semicolons.csv -o x.json
    has "semicolons.csv: line 1: has ';' between the columns, where commas should be"
    tr , '\t' <list.csv >tabs.csv
    run -1 convert tabs.csv -o x.json
    has "tabs.csv: line 1: has tabulators between the columns"
}

@test "a line that dcraw would pass over in silence is a fault" {
    printf '30 10\n' >list.badpixels
    run -1 convert list.badpixels --size 320x240 -o a.json
    has 'line 1: is not "x y time": the time is missing'
    has "rawtherapee:FILE"
    run -0 convert rawtherapee:list.badpixels --size 320x240 -o a.json
}

@test "RawTherapee's first line of one number is an offset, and hotpix never begins with one" {
    printf '4\n26 6\n1 66 0\n' >list.badpixels
    [ "$(places rawtherapee:list.badpixels --size 320x240)" = "30 10;5 70;" ]
    convert list.csv -o rawtherapee:made.txt
    [ "$(head -c 1 made.txt)" = "#" ]
}

@test "y is turned round for Siril and DS9 where the photos are FITS, and only there" {
    convert list.csv -o raw.lst -o raw.reg
    sed 's/,raw$/,fits/' list.csv >fits.csv
    convert fits.csv -o fits.lst -o fits.reg
    grep -q '^P 30 10 H' raw.lst
    grep -q '^P 30 229 H' fits.lst
    grep -q '^P 5 169 C' fits.lst
    grep -q '^point(31,230)' raw.reg
    grep -q '^point(31,11)' fits.reg
    [ "$(places fits.lst)" = "30 10;5 70;319 239;" ]
}

@test "a list of Siril's own needs to be told what photos it is for" {
    echo "P 30 10 H" >own.lst
    run -2 convert own.lst --size 320x240 -o a.csv
    has "does not tell whether it is for FITS"
    [ "$(places own.lst --size 320x240 --source fits)" = "30 229;" ]
    [ "$(places own.lst --size 320x240 --source raw)" = "30 10;" ]
    run -1 convert list.csv --source fits -o a.csv
    has "is for raw photos, not for fits"
}

@test "single pixels stand for the smear of a JPEG, and every pixel for a bad column" {
    printf 'x,y,width,height,source,box_x,box_y,box_width,box_height\n30,10,320,240,%s,29,9,3,3\n' jpeg >jpeg.csv
    printf 'x,y,width,height,source,box_x,box_y,box_width,box_height\n30,10,320,240,%s,30,9,1,3\n' raw >raw.csv
    convert jpeg.csv -o jpeg.badpixels -o jpegpixi:jpeg.txt
    convert raw.csv -o raw.badpixels -o iraf:raw.txt
    [ "$(grep -v '^#' jpeg.badpixels | cut -d' ' -f1,2)" = "30 10" ]
    grep -q '^29,9,3,3 ' jpeg.txt
    [ "$(grep -v '^#' raw.badpixels | cut -d' ' -f1,2 | tr '\n' ';')" = "30 9;30 10;30 11;" ]
    grep -q '^31 31 10 12 ' raw.txt
}

@test "what convert and info count is told: a column is no pixel" {
    printf 'P 5 5 H\nC 9 0 H\nL 7 0 H\nL 8 0 H\n' >lines.lst
    run -0 convert lines.lst --size 320x240 --source raw -o lines.json
    [ "$output" = "unknown camera, 320x240: 1 bad pixel, 1 bad column, 2 bad rows" ]
    run -0 "$HOTPIX" info lines.json
    has "  pixels   1 bad pixel, 1 bad column, 2 bad rows"
}

@test "lists are united, intersected and subtracted" {
    printf '30 10 0\n100 100 0\n' >b.badpixels
    [ "$(places list.csv b.badpixels --size 320x240 --union)" = "30 10;5 70;100 100;319 239;" ]
    [ "$(places list.csv b.badpixels --size 320x240 --intersect)" = "30 10;" ]
    [ "$(places list.csv b.badpixels --size 320x240 --subtract)" = "5 70;319 239;" ]
    [ "$(places list.csv b.badpixels list.csv --size 320x240 --subtract)" = "" ]
}

@test "a smear of a JPEG becomes one pixel where it is united with a list of raws of the same size" {
    printf 'model,x,y,width,height,source\nA,10,10,320,240,raw\nA,70,80,320,240,raw\n' >raw.csv
    printf 'model,x,y,box_x,box_y,box_width,box_height,width,height,source\nA,50,60,48,58,5,5,320,240,jpeg\nA,70,80,69,79,3,3,320,240,jpeg\n' >jpeg.csv
    convert raw.csv jpeg.csv --union -o both.badpixels
    [ "$(grep -c '^[0-9]' both.badpixels)" = 3 ]
    grep -q '^50 60 ' both.badpixels
    [ "$(places jpeg.csv raw.csv --union)" = "10 10;50 60;70 80;" ]
    [ "$(cut -d, -f11-14 places.csv | sed -n 3p)" = 48,58,5,5 ]
}

@test "of a pixel in both lists the first list's word counts" {
    printf 'x,y,kind,width,height,source\n30,10,stuck,320,240,raw\n' >b.csv
    convert b.csv list.csv --union -o a.json
    [ "$(json a.json '[p["kind"] for p in d["cameras"][0]["defects"]]')" = "['stuck', 'dead', 'weak']" ]
    [ "$(json a.json 'd["cameras"][0]["serial"]')" = S0000003 ]
}

@test "a column less one pixel is the rest of its pixels" {
    printf 'x,y,width,height,source,box_x,box_y,box_width,box_height\n30,10,320,240,raw,30,9,1,3\n' >column.csv
    [ "$(places column.csv list.csv --subtract)" = "30 9;30 11;" ]
    [ "$(places list.csv column.csv --intersect)" = "30 10;" ]
}

@test "--camera chooses among the lists of a file" {
    sed -n '1p; 2p; 3s/S0000003/9/p' list.csv >two.csv
    convert two.csv -o two.json
    [ "$(json two.json 'len(d["cameras"])')" = 2 ]
    [ "$(places two.json --camera 9)" = "5 70;" ]
    [ "$(places two.json --camera S0000003)" = "30 10;" ]
    [ "$(places two.json --camera CAMSIM)" = "30 10;5 70;" ]
    [ "$(places two.json --camera "HOTPIX CAMSIM, serial 9")" = "5 70;" ]
    [ "$(places two.json --camera "Hotpix Camsim")" = "30 10;5 70;" ]
    run -1 convert two.json --camera D80 -o a.json
    has "two.json: holds a list for HOTPIX CAMSIM, serial S0000003, none for D80; of its 2 lists none is for what is wanted"
    sed '3s/^HOTPIX,CAMSIM,9/,,/' two.csv >named.csv
    [ "$(places named.csv)" = "30 10;5 70;" ]
    [ "$(places named.csv --camera CAMSIM)" = "30 10;" ]
    convert two.json -o two.badpixels
    [ -s two-CAMSIM-9.badpixels ]
    echo "1 1 0" >b.badpixels
    run -2 convert two.json b.badpixels --size 320x240 --union -o a.json
    has "there are 2 lists that one for a camera without a name could belong to; --camera chooses"
}

@test "wrong usage is told apart from wrong lists" {
    run -2 convert list.csv
    has "-o FILE is missing"
    run -2 convert list.csv list.csv -o a.json
    has "--union, --intersect or --subtract"
    run -2 convert list.csv --union -o a.json
    has "one list only"
    run -2 convert list.csv list.csv --union --subtract -o a.json
    has "only one of"
    run -1 convert missing.csv -o a.json
    has "missing.csv: cannot be opened"
}

@test "JSON into JSON keeps every number of a pixel" {
    cat >all.json <<'J'
{"cameras": [{"width": 320, "height": 240, "source": "fits", "defects": [{"x": 30, "y": 10, "kind": "hot",
 "grade": "certain", "score": 2.5, "expected_false": 0.001, "mean": 19.25, "deviation": 10.75, "dark_current": 0.125,
 "box": [29, 9, 3, 3], "since": 1714557600, "until": 1714644000}]}]}
J
    convert all.json -o again.json
    run json again.json 'all(d["cameras"][0]["defects"][0][k] == v for k, v in __import__("json").load(open("all.json"))["cameras"][0]["defects"][0].items())'
    [ "$output" = True ]
}

@test "JSON into JSON keeps dust and checks, and a report shows them" {
    cat >set.json <<'J'
{"cameras": [{"width": 320, "height": 240, "source": "raw", "photos": {"used": 30}, "defects": [{"x": 30, "y": 10}],
 "dust": [{"x": 100, "y": 80, "diameter": 14, "mean": -6.1}, {"x": 7, "y": 9, "diameter": 3, "mean": -2.25}],
 "checks": {"pixels": 25, "phase_share": 0.75, "phase_x": 1, "phase_y": 0, "block_share": 0.2, "kept_share": 0.9,
            "kept_count": 31, "turned_sigmas": 0.4, "weak_share": 0.05, "unsteady_share": 0.4}}]}
J
    convert set.json -o again.json -o report.html
    run json again.json 'all(d["cameras"][0][k] == __import__("json").load(open("set.json"))["cameras"][0][k] for k in ("dust", "checks"))'
    [ "$output" = True ]
    grep -q "2 soft dark spots, dust on the sensor" report.html
    grep -q "they keep 90 % of their strength in the other half" report.html
    sed -i 's/"kept_share": 0.9/"kept_share": null/' set.json
    convert set.json -o again.json --force
    grep -q '"kept_share": null' again.json
    sed 's/"diameter": 14/"diameter": "wide"/' set.json >bad.json
    run -1 convert bad.json -o c.json
    has 'camera 1: "diameter" is not a whole number'
}

@test "a number too large for all its decimals keeps its size in CSV" {
    echo '{"cameras": [{"width": 64, "height": 48, "source": "raw",
        "defects": [{"x": 3, "y": 4, "expected_false": 1e12}]}]}' >large.json
    convert large.json -o large.csv
    [[ "$(tail -n 1 large.csv)" == *,1000000000000.000000,* ]]
}

@test "an existing file is kept without --force" {
    echo precious >a.json
    run -1 convert list.csv -o a.json
    has "a.json: exists already; --force replaces it"
    [ "$(cat a.json)" = precious ]
    run -0 convert list.csv -o a.json --force
}

@test "RawTherapee's file is named after the camera, in a folder" {
    mkdir lists
    run -0 convert list.csv -o rawtherapee:lists
    has "hotpix: wrote lists/HOTPIX CAMSIM S0000003.badpixels"
    [ -s "lists/HOTPIX CAMSIM S0000003.badpixels" ]
    run -1 convert list.csv -o rawtherapee:lists
    has "exists already"
    printf 'x,y,width,height,source\n1,1,320,240,raw\n' >nameless.csv
    run -2 convert nameless.csv -o rawtherapee:lists
    has "the file's name is made of the camera's make and model, which are not both known"
    run -0 convert nameless.csv --like "$RAW" -o rawtherapee:lists --force
    echo precious >file
    for folder in nowhere/ nowhere file; do
        run -1 "$HOTPIX" scan -q "$RAW" -o "rawtherapee:$folder"
        has "folder for the list, whose name is the camera's"
        has_not "photo used"
        run -1 convert list.csv -o "rawtherapee:$folder"
        has "folder for the list, whose name is the camera's"
        has_not "bad pixels"
    done
    [ "$(ls -d nowhere file)" = file ]
    run -0 convert list.csv -o rawtherapee:lists/own.txt
    [ -s lists/own.txt ]
}

@test "a list for raws that was found in JPEGs is warned of; not so others, nor where there is one of the raws" {
    sed 's/,raw$/,jpeg/' list.csv >jpeg.csv
    tail -n +2 jpeg.csv | cat list.csv - >both.csv
    mkdir lists
    for target in a.badpixels a.txt rawtherapee:lists; do
        run --separate-stderr -0 convert jpeg.csv -o "$target" -o jpegpixi:b.txt -o c.json --force
        [ "$(grep -v "^hotpix: wrote " <<<"$stderr")" = "hotpix: warning: $target is a list for raws, found in developed photos, whose frame may be another: better scan the raws" ]
        for list in list.csv both.csv; do
            run --separate-stderr -0 convert $list -o "$target" --force
            [ -z "$(grep -v "^hotpix: wrote " <<<"$stderr")" ]
        done
    done
    run --separate-stderr -0 convert jpeg.csv --like "$RAW" -o opcode:copy.dng
    says "warning: opcode:copy.dng is a list for raws, found in developed photos"
}

@test "a list for raws that was found in FITS files, whose rows may begin at the bottom, is warned of" {
    sed 's/,raw$/,fits/' list.csv >fits.csv
    for target in a.badpixels rawtherapee:b.txt; do
        run --separate-stderr -0 convert fits.csv -o "$target"
        [ "$stderr" = "hotpix: warning: $target is a list for raws, found in FITS files, where the rows of a raw may be upside down: better scan the raws" ]
    done
    run --separate-stderr -0 convert fits.csv --like "$RAW" -o opcode:copy.dng
    says "warning: opcode:copy.dng is a list for raws, found in FITS files"
    run --separate-stderr -0 convert fits.csv -o a.lst -o a.reg -o phd2:a.txt -o a.fits
    [ -z "$stderr" ]
}

@test "the lists of a RAW and of its JPEG are told apart by their names" {
    sed 's/,raw$/,jpeg/' list.csv | tail -n +2 | cat list.csv - >both.csv
    run -0 convert both.csv -o both.badpixels
    [ "$(echo both-*)" = "both-CAMSIM-S0000003-jpeg.badpixels both-CAMSIM-S0000003-raw.badpixels" ]
    grep -q "of jpeg photos" both-CAMSIM-S0000003-jpeg.badpixels
    mkdir lists
    run -0 convert both.csv -o rawtherapee:lists
    [ "$(ls lists)" = "HOTPIX CAMSIM S0000003.badpixels" ]
    grep -q "of raw photos" lists/*
    sed 's/,raw$/,fits/' both.csv >neither.csv
    run -2 convert neither.csv -o rawtherapee:lists --force
    has "two lists would be 'HOTPIX CAMSIM S0000003.badpixels': hotpix convert LIST.json --source fits, or jpeg, chooses"
    run -0 convert neither.csv --source fits -o rawtherapee:lists --force
    run -2 convert both.csv --like "$RAW" -o opcode:copy.dng
    has "there are lists for 2 cameras or kinds of photos, and a photo is of one: --camera, --source or --size chooses"
    run -0 convert both.csv --source raw --like "$RAW" -o opcode:copy.dng
}

@test "lists for several sizes of a camera's photos, as thumbnails have, are told apart by their names: each tells its size" {
    sed '1d; s/,320,240,/,640,480,/' list.csv | cat list.csv - >sizes.csv
    run -0 convert sizes.csv -o sizes.badpixels
    [ "$(echo sizes-*)" = "sizes-CAMSIM-S0000003-320x240.badpixels sizes-CAMSIM-S0000003-640x480.badpixels" ]
    grep -q 640x480 sizes-CAMSIM-S0000003-640x480.badpixels
    mkdir lists
    run -2 convert sizes.csv -o rawtherapee:lists
    has "two lists would be 'HOTPIX CAMSIM S0000003.badpixels': hotpix convert LIST.json --size 320x240, or 640x480, chooses"
    run -0 convert sizes.csv --size 640x480 -o rawtherapee:lists
    grep -q 640x480 lists/*
}

@test "an opcode needs a DNG of the list's camera and size, and leaves nothing when it is not" {
    run -2 convert list.csv -o opcode:copy.dng
    has "--like PHOTO"
    run -2 "$HOTPIX" scan "$RAW" -o opcode:copy.dng
    has "is written into a copy of a photo"
    camera jpeg --number 1
    run -1 convert list.csv --like jpeg/photo-0001.jpg -o opcode:copy.dng
    has "is no DNG"
    [ ! -e copy.dng ]
    head -c 3000 "$RAW" >cut.dng
    run -1 convert list.csv --like cut.dng -o opcode:copy.dng
    [ ! -e copy.dng ]
    run -1 convert "$RAW" -o a.json
    has "is a DNG without a list of bad pixels"
}

@test "of a photo given for a list it is said what it is, and what makes a list" {
    camera jpeg --number 1
    cp jpeg/photo-0001.jpg noending
    "$PYTHON" -c 'from PIL import Image; Image.open("noending").save("a.tif")'
    for photo in jpeg/photo-0001.jpg noending a.tif "$RAW"; do
        run -1 convert "$photo" -o a.json
        has "$photo: is a "
        has "hotpix scan PHOTO... -o bad.json makes one"
        run -1 "$HOTPIX" fix -d "$photo" -o out "$RAW"
        has "hotpix scan PHOTO... -o bad.json makes one"
    done
    run -1 convert noending -o a.json
    [ "$output" = "hotpix: noending: is a photo, no list of bad pixels; hotpix scan PHOTO... -o bad.json makes one" ]
}

@test "what else hotpix writes is not read as a list without a pixel, which would repair nothing" {
    camera jpeg --number 1
    for command in selftest variance; do
        "$HOTPIX" $command -q jpeg -o $command.json >/dev/null
        for use in "convert -o a.csv" "fix -o out jpeg -d" info; do
            # shellcheck disable=SC2086 # words
            run -1 "$HOTPIX" $use $command.json
            has "$command.json: is what hotpix $command found out, no list of bad pixels: hotpix scan makes one"
        done
    done
    "$HOTPIX" convert list.csv -o map.svg
    run -1 "$HOTPIX" info map.svg
    has "map.svg: is a picture to look at, no list of bad pixels"
    echo '{"cameras": [{"width": 320, "height": 240}]}' >bare.json
    run -1 convert bare.json -o a.csv
    has 'bare.json: camera 1: holds no "defects"'
}

@test "a list in a DNG takes the place of no other photo, whatever --force says" {
    camera two --number 2 --format dng --margins 8,4,6,2
    cp two/photo-0002.dng before.dng
    for force in --force ""; do
        run -1 convert list.csv --like two/photo-0001.dng -o two/photo-0002.dng $force
        has "two/photo-0002.dng: is a photo, which no result replaces"
        cmp two/photo-0002.dng before.dng
    done
    # A copy with a list, and the photo itself, are replaced with --force.
    convert list.csv --like two/photo-0001.dng -o copy.dng
    run -1 convert list.csv --like two/photo-0001.dng -o copy.dng
    has "exists already; --force replaces it"
    printf 'x,y,width,height,source\n3,3,320,240,raw\n' >other.csv
    convert other.csv --like two/photo-0001.dng -o copy.dng --force
    [ "$(places copy.dng)" = "3 3;" ]
    convert list.csv --like two/photo-0001.dng -o two/photo-0001.dng --force
    [ "$(places two/photo-0001.dng)" = "30 10;5 70;319 239;" ]
}

@test "a second list in a DNG stands behind the first" {
    convert list.csv --like "$RAW" -o opcode:one.dng
    printf 'x,y,width,height,source\n1,1,320,240,raw\n' >b.csv
    convert b.csv --like one.dng -o opcode:two.dng
    [ "$(places two.dng)" = "1 1;30 10;5 70;319 239;" ]
}

@test "bad pixels in the masked border of a DNG are left out, and that is said" {
    convert list.csv --like "$RAW" -o opcode:one.dng
    # the first point is that of row 10 + 4, column 30 + 8
    "$PYTHON" -c 'data = open("one.dng", "rb").read(); old = bytes((0, 0, 0, 14, 0, 0, 0, 38)); assert data.count(old) == 1
open("two.dng", "wb").write(data.replace(old, bytes((0, 0, 0, 2, 0, 0, 0, 38))))
open("bad.dng", "wb").write(data.replace(old, bytes((0, 0, 1, 200, 0, 0, 0, 38))))'
    run --separate-stderr -0 convert two.dng -o a.csv
    says "1 bad pixels outside the active area are left out"
    [ "$(places two.dng)" = "5 70;319 239;" ]
    run -1 convert bad.dng -o b.csv
    has "row 456, column 38 lies outside the raw frame"
}

@test "CSV is known by its columns' names, in any order, with quotes" {
    printf 'y,note,x,"model",width,height\r\n10,"a ""b"", c",30,"D80 ""black""",320,240\r\n' >other.csv
    [ "$(places other.csv)" = "30 10;" ]
    grep -q '^,"D80 ""black""",,30,10,hot,certain' places.csv
    printf 'x\n3\n' >bad.csv
    run -1 convert bad.csv --size 9x9 -o a.json
    has "line 1: names no columns x and y"
    printf '3,4\n5,6\n' >bare.csv
    run -1 convert bare.csv --size 9x9 -o a.json
    has "line 1: names no columns x and y, as the first line of a CSV must"
    printf 'x,y\n3,4\n5\n' >short.csv
    run -1 convert short.csv --size 9x9 -o a.json
    has "line 3: has no x and y"
}

@test "a CSV that pandas or a spreadsheet wrote: small numbers as powers, many digits, whole numbers with a point" {
    printf 'x,y,width,height,source,score,mean,expected_false,since\n30,10,320.0,240.0,raw,0.30000000000000004,-1.25E+2,1e-09,1393063200.0\n31,10,320.0,240.0,raw,3,0,0.00000012345678901234567890,\n' >pandas.csv
    convert pandas.csv -o a.csv
    grep -q '^,,,30,10,hot,certain,0.300,-125.00,0.00,30,10,1,1,320,240,raw,1393063200,,pixel,0.000000001,$' a.csv
    grep -q '^,,,31,10,hot,certain,3.000,0.00,0.00,31,10,1,1,320,240,raw,,,pixel,0.000000123,$' a.csv
    for wrong in "30.5,1,1" "30,1.0e0,1" "30,1,1e" "30,1,1e400" "30,1,e5" "30,1,1e99999999999999999999"; do
        printf 'x,y,score\n%s\n' "$wrong" >wrong.csv
        run -1 convert wrong.csv --size 320x240 -o b.csv
        has "wrong.csv: line 2: "
    done
}

@test "a list in a file with others that does not tell its size is not lost in silence" {
    echo '{"cameras": [{"model": "A", "width": 9, "height": 9, "defects": [{"x": 1, "y": 1}]},
                       {"model": "B", "defects": [{"x": 2, "y": 2}]}]}' >two.json
    printf 'model,x,y,width,height\nA,1,1,9,9\nB,2,2,,\n' >two.csv
    for file in two.json two.csv; do
        run -1 convert "$file" -o a.json
        has "$file: one of its 2 lists does not tell the size of the photos; --size WxH does"
        run -1 "$HOTPIX" info "$file"
        has "one of its 2 lists does not tell the size"
        [ "$(places "$file" --size 9x9)" = "1 1;2 2;" ]
        [ "$(places "$file" --camera A)" = "1 1;" ]
    done
}

@test "a mask of a frame that no camera has is refused, and fills neither memory nor disk" {
    printf 'x,y,source\n1,2,fits\n' >one.csv
    for kind in fits png; do
        run -1 timeout 20 "$HOTPIX" convert one.csv --size 1000000x1000000 -o "mask.$kind"
        has "mask.$kind: photos of 1000000x1000000 are too large for a mask"
        [ ! -e "mask.$kind" ]
    done
    run -0 convert one.csv --size 1000000x1000000 -o a.reg -o a.svg -o a.html
}

@test "any colour but black is bad in a PNG mask, and 16 bits are read" {
    "$PYTHON" - <<'P'
import numpy as np
from PIL import Image
rgb = np.zeros((240, 320, 3), "u1"); rgb[10, 30] = 0, 0, 1; rgb[70:72, 5] = 255
Image.fromarray(rgb).save("rgb.png")
Image.fromarray(rgb.any(2)).save("bit.png")
Image.fromarray((rgb.any(2) * 60000).astype("u2")).save("deep.png")
Image.fromarray(rgb.any(2).astype("u2")).save("ones.png")
P
    for mask in rgb bit deep ones; do [ "$(places $mask.png)" = "30 10;5 70;" ]; done
    [ "$(cut -d, -f11-14 places.csv | tail -n 1)" = 5,70,1,2 ]
}

@test "a mask of another program is bad where it is not 0" {
    need_python astropy
    "$PYTHON" - <<'P'
import numpy as np
from astropy.io import fits
for kind in "u1", "i2", "i4", "f4":
    mask = np.zeros((240, 320), kind); mask[10, 30] = 1; mask[70, 5] = 100
    fits.writeto(kind + ".fits", mask)
fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(mask, name="DQ")]).writeto("extension.fits")
mask[10, 30] = np.nan; fits.writeto("nan.fits", mask)
P
    for mask in u1 i2 i4 f4 extension nan; do [ "$(places $mask.fits)" = "30 10;5 70;" ]; done
    tail -n 1 places.csv | grep -q ',fits,,,pixel,,$'
}

# CFITSIO reads on behind the last byte of such a tile, whatever is there.
@test "a compressed mask whose tiles are cut short is refused before it is unpacked" {
    need_python numpy astropy
    "$PYTHON" - <<'P'
import struct
import numpy
from astropy.io import fits
mask = numpy.random.default_rng(1).integers(0, 255, (64, 64)).astype(numpy.uint8)
mask[:58] = 0
fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(mask, compression_type="RICE_1")]).writeto("mask.fits")
with fits.open("mask.fits", disable_image_compression=True) as file:
    header, at = file[1].header, file[1].fileinfo()["datLoc"]
data = bytearray(open("mask.fits", "rb").read())
for row in range(header["NAXIS2"]):  # each tile: the last three bytes of all
    data[at + row * header["NAXIS1"]:at + row * header["NAXIS1"] + 8] = struct.pack(">II", 3, header["PCOUNT"] - 3)
open("short.fits", "wb").write(data)
P
    run -0 convert mask.fits -o mask.csv
    run -1 convert short.fits -o short.csv
    has "the bits of a tile end too early"
}

@test "a photo is not taken for a mask" {
    "$PYTHON" -c 'import numpy as np
from PIL import Image
Image.fromarray(np.random.default_rng(1).integers(1, 255, (240, 320), "u1")).save("photo.png")'
    run -1 convert photo.png -o a.json
    has "photo.png: is no mask of bad pixels: 100 % of it are not 0"
}

@test "a photo that is mostly black, as of the moon, or a dark less its bias, is not taken for a mask" {
    need_python astropy
    "$PYTHON" - <<'P'
import numpy as np
from PIL import Image
from astropy.io import fits
y, x = np.mgrid[0:240, 0:320]
noise = np.random.default_rng(1).normal(0, 10, (240, 320))
Image.fromarray(np.where((x - 160) ** 2 + (y - 120) ** 2 < 4900, 150 + noise, 0).astype("u1")).save("moon.png")
fits.writeto("dark.fits", np.clip(noise - 3, 0, None).astype("u2"), fits.Header({"EXPTIME": 60.0}))
fits.writeto("border.fits", (np.where((x < 40) | (y < 40), 1 + x % 4, 0)).astype("u1"))
P
    for photo in moon.png dark.fits; do
        run -1 convert $photo -o a.json
        has "$photo: is no mask of bad pixels: "
        has "% of it are not 0, but of many values; of a photo, hotpix scan makes a list"
        run -0 "$HOTPIX" info $photo
        has "$photo: photo"
    done
    run -0 convert border.fits -o a.json # 27 % of four values
}

@test "names from a list reach neither terminal nor lines as control characters" {
    printf '# model: \e[2JEvil\r\n# serial: a\x01b\n30 10 0\n' >evil.badpixels
    run -0 convert evil.badpixels --size 320x240 -o a.json -o b.badpixels -o c.csv -o d.fits -o e.png -o f.reg
    has_not $'\e'
    run -1 grep -q $'\e\|\x01' a.json b.badpixels c.csv f.reg
}

@test "colours from a list reach neither terminal nor report" {
    for cfa in '<!--' '\u001b[1m'; do
        echo "{\"cameras\": [{\"width\": 64, \"height\": 48, \"source\": \"raw\", \"cfa\": \"$cfa\", \"defects\": []}]}" >cfa.json
        run -1 convert cfa.json -o report.html
        has '"cfa" is not a row of letters'
    done
}

@test "a scan writes every kind" {
    camera jpegs --number 6
    run -0 "$HOTPIX" scan -q jpegs -o a.lst -o a.reg -o a.fits -o a.png -o jpegpixi:a.txt -o lsst:b.fits -o phd2:c.txt -o iraf:d.txt
    "$HOTPIX" scan -q jpegs -o a.csv >/dev/null
    [ "$(places a.lst)" = "$(places a.csv)" ]
    grep -q '^[0-9]*,[0-9]*,[0-9]*,[0-9]* #' a.txt
}

@test "a table with a column whose name fills its line is refused before CFITSIO copies it" {
    "$PYTHON" -c '
cards = ["SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "END"], ["XTENSION= \x27BINTABLE\x27", "BITPIX  = 8", "NAXIS   = 2",
         "NAXIS1  = 4", "NAXIS2  = 1", "PCOUNT  = 0", "GCOUNT  = 1", "TFIELDS = 1", "TTYPE1  = " + 70 * "z", "TFORM1  = \x27J\x27", "END"]
text = "".join("".join(card.ljust(80) for card in header).ljust(2880) for header in cards)
open("long.fits", "wb").write(text.encode() + bytes(2880))'
    run --separate-stderr -1 "$HOTPIX" convert long.fits --size 64x48 -o x.csv
    says "long.fits: is a damaged FITS file: its TTYPE1 is too long for a value without quotes"
    [ ! -e x.csv ]
}
