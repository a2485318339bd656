load helpers

# A copy of the good photos with a bad one among them: used and named.
with_bad() {
    cp -n "$PHOTOS"/*.jpg .
    run --separate-stderr -3 "$HOTPIX" scan -q . -o list.json --force
    has "12 photos used"
    says "$1"
    rm -f list.json
}

@test "a file that does not exist is named" {
    run --separate-stderr -3 "$HOTPIX" scan "$PHOTOS" nothing.jpg
    says "nothing.jpg: does not exist"
}

@test "only files that do not exist: exit 1" {
    for command in scan variance; do
        run --separate-stderr -1 "$HOTPIX" "$command" nothing.jpg
        [ -z "$output" ]
        says "nothing.jpg"
    done
}

@test "a single file that is of no use is named once" {
    : >empty.jpg
    for command in scan selftest; do
        run --separate-stderr -1 "$HOTPIX" "$command" empty.jpg
        [ "$stderr" = "hotpix: the only file could not be used: empty.jpg: is empty" ]
    done
}

@test "an empty file is named" {
    : >empty.jpg
    with_bad "empty.jpg: is empty"
}

@test "a text called .jpg is named, other files of a folder are passed over" {
    echo "not a photo" >text.jpg
    echo "nor this" >notes.txt
    with_bad "text.jpg"
    [[ $stderr != *notes.txt* ]]
}

@test "a file that is not a photo is named when it was asked for by name" {
    echo "not a photo" >notes.txt
    run --separate-stderr -3 "$HOTPIX" scan -q "$PHOTOS" notes.txt
    says "notes.txt"
}

@test "a photo truncated at any byte is skipped by name" {
    cp "$PHOTOS"/*.jpg .
    size=$(stat -c %s photo-0005.jpg)
    for keep in 1 2 3 4 20 100 300 600 700 $((size / 4)) $((size / 2)) $((size - 1000)) $((size - 3)) $((size - 2)) $((size - 1)); do
        make_bad truncated photo-0005.jpg "cut-$keep.jpg" "$keep"
    done
    rm photo-0005.jpg
    run --separate-stderr -3 "$HOTPIX" scan -q .
    has "11 photos used"
    for cut in cut-*.jpg; do says "$cut"; done
}

@test "a progressive photo truncated at any byte is skipped by name" {
    camera . --progressive
    size=$(stat -c %s photo-0005.jpg)
    for keep in 700 $((size / 4)) $((size / 2)) $((size - 1000)) $((size - 3)) $((size - 2)); do
        make_bad truncated photo-0005.jpg "cut-$keep.jpg" "$keep"
    done
    run --separate-stderr -3 "$HOTPIX" scan -q --similar keep .
    has "12 photos used"
    for cut in cut-*.jpg; do says "$cut"; done
}

@test "damage in the middle drops the whole photo" {
    for kind in early_end zeros stray_marker; do
        make_bad "$kind" "$PHOTOS/photo-0005.jpg" "$kind.jpg"
    done
    with_bad "zeros.jpg"
    says "early_end.jpg"
    says "stray_marker.jpg"
}

@test "a damaged photo leaves no trace in the result" {
    mkdir good
    cp "$PHOTOS"/*.jpg good
    "$HOTPIX" scan -q good >clean.txt
    make_bad early_end "$PHOTOS/photo-0005.jpg" good/bad.jpg
    "$HOTPIX" scan -q good >damaged.txt 2>/dev/null || [ $? = 3 ]
    cmp <(grep -v photos clean.txt) <(grep -v photos damaged.txt)
}

@test "what a camera writes behind the photo is no damage" {
    mkdir all
    for photo in "$PHOTOS"/*.jpg; do make_bad trailing "$photo" "all/${photo##*/}"; done
    run --separate-stderr -0 "$HOTPIX" scan -q all
    has "12 photos used"
}

@test "a CMYK photo is named as such" {
    make_bad cmyk "$PHOTOS/photo-0005.jpg" cmyk.jpg
    with_bad "cmyk.jpg"
    says "CMYK"
}

@test "a JPEG of 12 bits is skipped by name" {
    make_bad twelve_bits "$PHOTOS/photo-0005.jpg" twelve.jpg
    with_bad "twelve.jpg"
}

@test "a JPEG that says it is arithmetic coded, and is not, is skipped by name" {
    make_bad arithmetic "$PHOTOS/photo-0005.jpg" arithmetic.jpg
    with_bad "arithmetic.jpg"
}

@test "a header of 65500 x 65500 on a small file costs neither memory nor time" {
    make_bad huge "$PHOTOS/photo-0005.jpg" huge.jpg
    cp "$PHOTOS"/*.jpg .
    (
        # a sanitizer's build cannot even start with so little
        [ -n "${SANITIZER:-}" ] || ulimit -v 2000000
        timeout 10 "$HOTPIX" scan -q -j 2 . >out 2>err || [ $? = 3 ]
    )
    grep "12 photos used" out
    grep "huge.jpg" err
}

@test "a picture of a kind that is not read is named, not mistaken" {
    make_bad gif "$PHOTOS/photo-0005.jpg" picture.jpg
    with_bad "picture.jpg"
}

@test "content decides: a PNG named as a JPEG is a group of its own" {
    make_bad png "$PHOTOS/photo-0005.jpg" picture.jpg
    run --separate-stderr "$HOTPIX" scan .
    [ "$status" -eq 0 ]
    [[ "$output" == *"PNG, 1 photo used"* ]]
}

@test "no usable photo among many: exit 1, each named, nothing on stdout, nothing written" {
    : >a.jpg
    make_bad early_end "$PHOTOS/photo-0005.jpg" b.jpg
    for command in scan variance; do
        run --separate-stderr -1 "$HOTPIX" "$command" . -o out.json
        [ -z "$output" ]
        says "a.jpg"
        says "b.jpg"
        [ ! -e out.json ]
    done
}

@test "a folder without photos: exit 1, and what would have been one" {
    mkdir empty
    : >empty/notes.txt
    for command in scan variance selftest; do
        run --separate-stderr -1 "$HOTPIX" "$command" empty
        says "no photo was found: what was given holds no JPEG, RAW, TIFF, PNG, FITS or HEIC"
    done
}

@test "an unreadable folder and an unreadable photo are named, the rest is used" {
    open_folder
    cp "$PHOTOS"/*.jpg "$OPEN"
    mkdir "$OPEN/locked"
    cp "$PHOTOS/photo-0001.jpg" "$OPEN/mine.jpg"
    chmod 000 "$OPEN/locked" "$OPEN/mine.jpg"
    run --separate-stderr -3 as_nobody "$HOTPIX" scan -q "$OPEN"
    has "12 photos used"
    says "locked: cannot be opened: Permission denied"
    says "mine.jpg: cannot be opened: Permission denied"
}

@test "a FIFO, a device and a dangling link do not hang or count" {
    cp "$PHOTOS"/*.jpg .
    mkfifo fifo.jpg
    ln -s nowhere dangling.jpg
    run --separate-stderr -3 timeout 20 "$HOTPIX" scan -q . fifo.jpg dangling.jpg /dev/null
    has "12 photos used"
    says "fifo.jpg: is not a regular file"
    says "dangling.jpg"
    says "/dev/null"
}

@test "a link that leads back to its folder does not loop" {
    cp "$PHOTOS"/*.jpg .
    ln -s . loop
    run --separate-stderr -0 timeout 20 "$HOTPIX" scan -q .
    has "12 photos used"
}

@test "--strict makes a skipped photo a failure, with the result printed all the same" {
    : >empty.jpg
    cp "$PHOTOS"/*.jpg .
    run --separate-stderr -1 "$HOTPIX" scan -q --strict . -o list.json
    has "12 photos used"
    [ -s list.json ]
    run --separate-stderr -1 "$HOTPIX" variance -q --strict .
    has "12 photos used"
}

@test "what is wrong with a single file is said once" {
    echo text >notes.jpg
    echo 'x,y' >none.csv
    for command in scan variance "fix -d none.csv --size 320x240 --source jpeg -o fixed"; do
        run --separate-stderr -1 "$HOTPIX" $command notes.jpg
        [ "$stderr" = "hotpix: the only file could not be used: notes.jpg: is not a photo of a kind that hotpix reads" ]
    done
}

@test "where none of several cameras' photos can be used the first one is named, and all are counted" {
    camera a --number 2
    camera b --number 2 --seed 4
    for photo in a/*.jpg b/*.jpg; do
        truncate -s $(($(wc -c <"$photo") * 6 / 10)) "$photo"
    done
    for command in scan selftest; do
        run -1 --separate-stderr "$HOTPIX" $command a b
        [[ $stderr == *"none of 4 files could be used; the first, a/photo-0001.jpg: is a damaged JPEG"* ]]
    done
}
