load helpers

@test "names with blanks, quotes, newline, ESC and invalid UTF-8 are read" {
    i=0
    for name in 'with blank' "quote'\"" $'new\nline' $'\e[31mred' $'invalid\xff' '日本' '$(touch x)' '%s%n'; do
        i=$((i + 1))
        cp "$PHOTOS/photo-000$i.jpg" "$name.jpg"
    done
    run --separate-stderr -0 "$HOTPIX" scan -q .
    has "8 photos used"
    [ ! -e x ]
}

@test "bad names reach the terminal harmlessly" {
    cp "$PHOTOS"/*.jpg .
    : >$'new\nline.jpg'
    : >$'\e[31mred.jpg'
    : >$'invalid\xff.jpg'
    run --separate-stderr -3 "$HOTPIX" scan .
    says 'new\x0aline.jpg'
    says '\x1b[31mred.jpg'
    says 'invalid\xff.jpg'
    [[ $stderr != *$'\e'* ]]
    [ "${#stderr_lines[@]}" -eq 3 ]
}

@test "names of 255 bytes are written, and longer ones refused before the work is done" {
    local long
    long=$(printf 'ä%.0s' {1..125})
    for name in "$long" "a${long%ä}b"; do
        run --separate-stderr -0 "$HOTPIX" scan -q "$PHOTOS" --state "$name.fits" -o "$name.json"
        run --separate-stderr -0 "$HOTPIX" merge "$name.fits" -o "$name.fits" --force
        cp "$PHOTOS/photo-0001.jpg" "$name.jpg2"
        run --separate-stderr -0 "$HOTPIX" fix -d "$name.json" -o copies "$name.jpg2"
        [ "$(ls copies)" = "$name.jpg2" ]
        rm -r copies
    done
    [ "$(ls -I "separate-stderr-*" | wc -l)" -eq 6 ]
    for option in --state -o; do
        run --separate-stderr -1 "$HOTPIX" scan -q "$PHOTOS" $option "$long-.json"
        says "File name too long"
        [ -z "$output" ]
    done
    [ "$(ls -I "separate-stderr-*" | wc -l)" -eq 6 ]
}

@test "names that are not UTF-8 leave the JSON valid" {
    cp "$PHOTOS"/*.jpg .
    : >$'invalid\xff.jpg'
    : >$'new\nline.jpg'
    run -3 "$HOTPIX" scan -q . -o list.json
    run -0 json list.json 'sorted(s["path"] for s in d["skipped"])'
    [ "$output" = "['./invalid\\\\xff.jpg', './new\\nline.jpg']" ]
}

@test "a camera's name with control characters does no harm in table, CSV and dcraw list" {
    camera all --model $'Evil\e[2J,"x"\nModel' --number 6
    run -0 "$HOTPIX" scan -q all -o list.csv -o list.badpixels
    has_not $'\e'
    run -1 grep -q $'\e' list.csv list.badpixels
    run -0 "$PYTHON" -c 'import csv; print({len(row) for row in csv.reader(open("list.csv"))})'
    [ "$output" = "{22}" ]
}

@test "patterns are expanded by the program when the shell did not" {
    run -0 "$HOTPIX" scan -q "$PHOTOS/photo-00*.jpg"
    has "12 photos used"
    run -0 "$HOTPIX" scan -q "$PHOTOS/photo-000[1-6].jpg"
    has "6 photos used"
    run -0 "$HOTPIX" variance -q "$PHOTOS/photo-000?.jpg"
    has "9 photos used"
}

@test "a pattern that matches folders walks them" {
    camera all/one --number 6
    camera all/two --number 6 --first 7
    run -0 "$HOTPIX" scan -q 'all/*'
    has "12 photos used"
}

@test "a pattern that matches nothing is named" {
    run --separate-stderr -3 "$HOTPIX" scan -q "$PHOTOS" '*.jpeg'
    says "*.jpeg: matches no file"
}

@test "a file whose name looks like a pattern is that file" {
    cp "$PHOTOS/photo-0001.jpg" '[12].jpg'
    cp "$PHOTOS/photo-0002.jpg" 1.jpg
    run -0 "$HOTPIX" variance -q '[12].jpg'
    has "1 photo used"
}

@test "the ending of a photo's name does not matter when it is named, nor its case in a folder" {
    cp "$PHOTOS"/*.jpg .
    mv photo-0001.jpg photo-0001.JPG
    mv photo-0002.jpg photo-0002.JPEG
    mv photo-0003.jpg photo-without-ending
    run --separate-stderr -0 "$HOTPIX" scan -q . photo-without-ending
    has "12 photos used"
}
