load helpers

@test "scan and detect warn of a list for raws that was found in JPEGs" {
    run --separate-stderr -0 "$HOTPIX" scan -q "$PHOTOS" --state s.fits -o a.badpixels
    says "warning: a.badpixels is a list for raws, found in developed photos"
    run --separate-stderr -0 "$HOTPIX" detect -q s.fits -o rawtherapee:b.txt
    says "warning: rawtherapee:b.txt is a list for raws, found in developed photos"
}

@test "one scan writes every kind asked for, by the ending of the name" {
    run -0 "$HOTPIX" scan -q "$PHOTOS" -o a.json -o b.csv --output=c.badpixels --output d.txt -oE.JSON
    run -0 "$PYTHON" -m json.tool a.json
    cmp a.json E.JSON
    [ "$(head -n 1 b.csv)" = make,model,serial,x,y,kind,grade,score,mean,deviation,box_x,box_y,box_width,box_height,width,height,source,since,until,shape,expected_false,dark_current ]
    cmp c.badpixels d.txt
}

@test "KIND:FILE writes that kind whatever the name is" {
    run -0 "$HOTPIX" scan -q "$PHOTOS" -o json:list.txt -o dcraw:.badpixels -o csv:a:b
    run -0 json list.txt 'd["hotpix"]'
    grep -q '^[0-9]* [0-9]* 0 #' .badpixels
    grep -q '^make,' a:b
}

@test "an ending or a kind that is not known is refused before the work, and the kinds are named" {
    for target in list.xyz list jsn:list.json "" json:; do
        run -2 "$HOTPIX" scan "$PHOTOS" -o "$target"
        has_not "photos used"
    done
    run -2 "$HOTPIX" scan "$PHOTOS" -o list.xyz
    has "json (.json), csv (.csv), dcraw (.badpixels .txt)"
}

@test "the JSON has the keys of the schema" {
    "$HOTPIX" scan -q "$PHOTOS" -o a.json >/dev/null
    [ "$(json a.json 'list(d)')" = "['hotpix', 'cameras', 'skipped']" ]
    for key in make model serial width height source cfa bits photos defects negative warnings; do
        [ "$(json a.json "'$key' in d['cameras'][0]")" = True ]
    done
    for key in x y kind grade score mean deviation box; do
        [ "$(json a.json "'$key' in d['cameras'][0]['defects'][0]")" = True ]
    done
    [ "$(json a.json 'd["cameras"][0]["photos"]["used"]')" = 12 ]
}

@test "table, JSON, CSV and dcraw list hold the same pixels" {
    "$HOTPIX" scan -q "$PHOTOS" -o a.json -o a.csv -o a.badpixels >a.table
    json a.json '"\n".join("%d %d" % (p["x"], p["y"]) for p in d["cameras"][0]["defects"])' >expected
    tail -n +2 a.csv | cut -d, -f4,5 | tr , ' ' | diff expected -
    grep -v '^#' a.badpixels | cut -d' ' -f1,2 | diff expected -
    grep -E '^ +[0-9]+ +[0-9]+  ' a.table | awk '{ print $1, $2 }' | diff expected -
}

@test "every box lies inside the frame and holds its pixel" {
    "$HOTPIX" scan -q "$PHOTOS" -o a.json >/dev/null
    run -0 json a.json 'all(b[0] <= p["x"] < b[0] + b[2] <= 320 and b[1] <= p["y"] < b[1] + b[3] <= 240 for c in d["cameras"] for p in c["defects"] for b in [p["box"]])'
    [ "$output" = True ]
}

@test "a list for dcraw has short lines, comments behind #, and never a lone number" {
    "$HOTPIX" scan -q "$PHOTOS" -o list.badpixels >/dev/null
    [ "$(wc -L <list.badpixels)" -lt 127 ]
    run -1 grep -vE '^(#|[0-9]+ [0-9]+ 0 #)' list.badpixels
}

@test "several cameras for a list of one camera go to one file each" {
    camera all/a --serial A/1 --number 6
    camera all/b --serial B2 --number 6 --seed 4
    run -0 "$HOTPIX" scan all -o list.badpixels -o list.csv
    has "hotpix: wrote list-CAMSIM-A_1.badpixels"
    has "hotpix: wrote list-CAMSIM-B2.badpixels"
    has_not "wrote list.csv"
    [ -s list-CAMSIM-A_1.badpixels ]
    [ -s list-CAMSIM-B2.badpixels ]
    [ ! -e list.badpixels ]
    [ "$(tail -n +2 list.csv | cut -d, -f3 | sort -u | tr '\n' ' ')" = "A/1 B2 " ]
}

@test "an existing file is kept without --force, and that is said before the work" {
    echo precious >list.json
    run -1 "$HOTPIX" scan -q "$PHOTOS" -o list.json
    has "list.json: exists already; --force replaces it"
    has_not "photos used"
    [ "$(cat list.json)" = precious ]
    run -0 "$HOTPIX" scan -q "$PHOTOS" -o list.json --force
    run -0 json list.json 'd["hotpix"]'
}

@test "a folder that does not exist is named before the work" {
    run -1 "$HOTPIX" scan -q "$PHOTOS" -o nowhere/list.json
    has "nowhere/list.json: cannot be written: its folder is not there"
    has_not "photos used"
}

@test "a folder that may not be written is named before the work" {
    open_folder
    cp "$PHOTOS"/*.jpg "$OPEN"
    chmod 555 "$OPEN"
    run -1 as_nobody "$HOTPIX" scan -q "$OPEN" -o "$OPEN/list.json"
    has "list.json: cannot be written: Permission denied"
}

@test "a device is not replaced by a file" {
    run -1 "$HOTPIX" scan -q "$PHOTOS" -o json:/dev/null --force
    has "/dev/null: is not a regular file"
    [ -c /dev/null ]
}

@test "a link to a device or a folder is not replaced, one to a file is, and the file stays" {
    ln -s /dev/null device.json
    ln -s / folder.json
    echo old >old.json
    ln -s old.json link.json
    run -1 "$HOTPIX" scan -q "$PHOTOS" -o device.json --force
    has "device.json: is not a regular file"
    run -1 "$HOTPIX" scan -q "$PHOTOS" -o folder.json --force
    has "folder.json: is a folder"
    [ -L device.json ] && [ -L folder.json ]
    run -0 "$HOTPIX" scan -q "$PHOTOS" -o link.json --force
    [ ! -L link.json ] && [ "$(cat old.json)" = old ]
}

@test "the link of standard output, /dev/stdout, is not replaced, wherever that goes" {
    ln -s /proc/self/fd/1 stdout.json
    ln -s "$PWD/stdout.json" twice.json
    for name in stdout twice; do
        for force in --force ""; do
            run -1 bash -c '"$1" scan -q "$2" -o "$3.json" $4 >said' - "$HOTPIX" "$PHOTOS" "$name" "$force"
            has "$name.json: is a stream of a program, and no file to replace"
            [ -L "$name.json" ]
        done
    done
}

# spared FILE WORDS [KIND]: neither a scan nor convert puts a list in its place
spared() {
    cp "$1" before
    for force in --force ""; do
        run -1 "$HOTPIX" scan -q "$PHOTOS" -o "${3-}$1" $force
        has "$1: is $2, which no result replaces"
        has_not "photos used"
        run -1 "$HOTPIX" convert list.json -o "${3-}$1" $force
        has "$1: is $2, which no result replaces"
    done
    cmp before "$1"
}

@test "no photo and no state is replaced by a result, whatever --force says; masks and maps are" {
    "$HOTPIX" scan -q "$PHOTOS" --state s.fits -o list.json -o mask.png -o mask.fits -o map.png >/dev/null
    cp "$PHOTOS/photo-0001.jpg" a.csv
    spared a.csv "a photo"
    spared a.csv "a photo" csv:
    printf '\0MRM, a raw of Minolta' >b.csv
    spared b.csv "a photo"
    spared s.fits "a state"
    camera raw --format dng --number 1
    spared raw/photo-0001.dng "a photo" json:
    "$PYTHON" -c 'from PIL import Image; Image.new("L", (320, 240)).save("other.png")'
    spared other.png "a picture that hotpix did not write"
    run -1 "$HOTPIX" variance -q "$PHOTOS" -o json:a.csv --force
    has "a.csv: is a photo, which no result replaces"
    run -1 "$HOTPIX" detect s.fits -o ./s.fits --force
    has "./s.fits: is a state, which no result replaces"
    run -0 "$HOTPIX" detect s.fits -o list.json -o mask.png -o mask.fits -o map.png --force
}

@test "a folder in place of a file is told what is meant" {
    mkdir lists
    for folder in lists lists/ new/; do
        run -2 "$HOTPIX" scan -q "$PHOTOS" -o "$folder"
        has "$folder is a folder; the result is a file, as ${folder%/}/bad.json"
    done
}

@test "a checkpoint without a state is refused, not passed over" {
    for command in scan variance; do
        run -2 "$HOTPIX" $command -q "$PHOTOS" --checkpoint 60
        has "--checkpoint goes with --state FILE, which is missing"
    done
}

@test "the state is no place for a list, and - none for any" {
    for target in both.fits fits:both.fits ./both.fits "fits:$PWD/both.fits"; do
        run -2 "$HOTPIX" scan -q "$PHOTOS" --state both.fits -o "$target" --force
        has "both.fits is the state and cannot be the result of -o too"
    done
    run -2 "$HOTPIX" scan -q "$PHOTOS" -o json:-
    has "'json:-': results go to files"
    run -2 "$HOTPIX" scan -q "$PHOTOS" -o -
    has "'-': results go to files"
    [ ! -e both.fits ] && [ ! -e ./- ]
}

@test "a full disk leaves no file and exit 1, the table is printed all the same" {
    small_disk 4k
    run -1 "$HOTPIX" scan -q "$PHOTOS" -o disk/list.fits
    has "list.fits: cannot be written: No space left on device"
    has "12 photos used"
    [ -z "$(ls -A disk)" ]
}

@test "a full disk does not harm the file that was there" {
    small_disk 8k
    echo precious >disk/list.fits
    run -1 "$HOTPIX" scan -q "$PHOTOS" -o disk/list.fits --force
    [ "$(cat disk/list.fits)" = precious ]
    [ "$(ls -A disk)" = list.fits ]
}

@test "one output that fails does not keep the others from being written" {
    camera two --number 6 --serial 2
    : >list-CAMSIM-2.badpixels
    run -1 "$HOTPIX" scan -q "$PHOTOS" two -o list.badpixels -o list.json
    has "list-CAMSIM-2.badpixels: exists already"
    [ -s list.json ]
    [ ! -s list-CAMSIM-2.badpixels ]
}

@test "two results for one file are refused before the work, whatever the way there" {
    mkdir lists
    ln -s lists same
    for two in "a.json a.json" "a.json ./a.json" "a.txt dcraw:$PWD/a.txt" "json:lists/a csv:same/../lists/a" \
        "rawtherapee:lists rawtherapee:same/"; do
        run -2 "$HOTPIX" scan "$PHOTOS" -o ${two% *} -o ${two#* } --force
        has "-o ${two% *} and -o ${two#* } would be one file"
        has_not "photos used"
    done
    run -2 "$HOTPIX" variance "$PHOTOS" -o a.json -o ./a.json
    run -0 "$HOTPIX" scan -q "$PHOTOS" -o a.json -o lists/a.json
    ln -f a.json b.json
    run -0 "$HOTPIX" scan -q "$PHOTOS" -o a.json -o csv:b.json --force
    run -0 json a.json 'd["hotpix"]'
    grep -q '^make,' b.json
}

@test "a standard output that is full or closed is a failure with a message" {
    run -1 bash -c '"$@" >/dev/full' - "$HOTPIX" scan -q "$PHOTOS"
    has "standard output: No space left on device"
    run -1 bash -c '"$@" >&-' - "$HOTPIX" scan -q "$PHOTOS"
    has "could not be written to standard output"
    run -1 bash -c '"$@" >/dev/full' - "$HOTPIX" --help
    has "could not be written to standard output"
}

@test "a closed standard output does not end up in a file" {
    run -1 bash -c '"$@" >&- 2>&-' - "$HOTPIX" scan -q "$PHOTOS" -o list.json
    run -0 json list.json 'len(d["cameras"])'
}

@test "a reader that goes away is no fault to speak of, and the files are written" {
    run bash -c '"$@" | true; exit ${PIPESTATUS[0]}' - "$HOTPIX" scan -q "$PHOTOS" -o list.json
    [ "$status" -eq 141 ] || [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ -s list.json ]
}

@test "a result is an ordinary file, readable by others as the umask says" {
    (umask 022 && "$HOTPIX" scan -q "$PHOTOS" -o list.json >/dev/null)
    [ "$(stat -c %a list.json)" = 644 ]
}
