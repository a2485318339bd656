# Each command once under valgrind: no access to memory that is not its own or was not written, nothing lost; in the
# processes that decode too, which do not end by themselves: what they lose is not seen here (make sanitize sees it).
load ../cli/helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos RAW=$BATS_FILE_TMPDIR/raw
    camera "$PHOTOS" --number 5
    camera "$RAW" --number 5 --format dng --compress ljpeg
    cd "$BATS_FILE_TMPDIR" || return
    "$HOTPIX" scan -q --similar keep "$PHOTOS"/photo-000[123].jpg --state a.fits -o list.json >/dev/null
    "$HOTPIX" scan -q --similar keep "$PHOTOS"/photo-000[45].jpg --state b.fits >/dev/null
}

# checked ARGUMENT...: hotpix under valgrind, which finds nothing
checked() {
    need valgrind
    valgrind -q --leak-check=full --show-leak-kinds=definite,possible --num-callers=25 \
        --suppressions="$HERE/valgrind.supp" --log-file="$BATS_TEST_TMPDIR/log.%p" "$HOTPIX" "$@" >out 2>err ||
        { cat err; return 1; }
    [ -e out ]
    ! cat "$BATS_TEST_TMPDIR"/log.* | grep .
}

@test "scan of JPEGs, with a state and every kind of result" {
    checked scan -q --no-sandbox "$PHOTOS" --state s.fits -o r.json -o r.csv -o r.html -o r.png -o map:m.svg -o r.reg
    [ -s r.html ]
}

@test "scan of RAWs by threads of the program itself" {
    checked scan -q --no-isolation "$RAW" -o r.json -o r.fits -o r.badpixels
    [ -s r.fits ]
}

@test "variance" {
    checked variance -q --no-sandbox "$PHOTOS" --state v.fits -o v.json
}

@test "detect, merge and forget" {
    cp "$BATS_FILE_TMPDIR"/[ab].fits .
    checked merge a.fits b.fits -o ab.fits
    checked detect ab.fits -o r.json
    checked forget --no-sandbox ab.fits "$PHOTOS/photo-0001.jpg"
}

@test "convert, into every kind and back" {
    local outputs=()
    for kind in json csv dcraw jpegpixi siril iraf ds9 fits png lsst phd2; do
        outputs+=(-o "$kind:l.$kind")
    done
    checked convert "$BATS_FILE_TMPDIR/list.json" "${outputs[@]}"
    checked convert l.fits -o again.json
}

@test "fix" {
    checked fix --no-sandbox -d "$BATS_FILE_TMPDIR/list.json" -o fixed "$PHOTOS/photo-0001.jpg"
    [ -s fixed/photo-0001.jpg ]
    cp "$PHOTOS/photo-0001.jpg" again.jpg
    checked fix --no-sandbox -d "$BATS_FILE_TMPDIR/list.json" --in-place again.jpg
    checked fix --no-sandbox -d "$BATS_FILE_TMPDIR/list.json" --in-place again.jpg
    cmp again.jpg.orig "$PHOTOS/photo-0001.jpg"
}

@test "history" {
    checked history -q --no-sandbox -d "$BATS_FILE_TMPDIR/list.json" "$PHOTOS" -o h.json
}

@test "info of a photo, a state and a list" {
    checked info --no-sandbox "$PHOTOS/photo-0001.jpg" "$BATS_FILE_TMPDIR/a.fits" "$BATS_FILE_TMPDIR/list.json"
}

@test "selftest" {
    checked selftest -q --no-sandbox "$PHOTOS"
}

@test "help, in words and for completions" {
    checked help scan
    checked help --dump
    checked --version
}

@test "no command is left out here" {
    for command in $("$HOTPIX" help --dump | awk -F'\t' '$1 == "command" { print $2 }'); do
        grep -q "^    checked $command " "$BATS_TEST_FILENAME" || { echo "$command was not checked"; false; }
    done
}

@test "wrong usage, and a photo that ends early" {
    head -c 2000 "$PHOTOS/photo-0001.jpg" >short.jpg
    run ! checked scan -q --no-sandbox short.jpg
    run ! checked scan --no-such-option
    ! cat log.* | grep .
}
