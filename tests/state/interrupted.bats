# Runs that are killed, stopped, or meet another one.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos
    camera "$PHOTOS" --size 640x480 --number 60
}

# Starts a scan, in PID, that waits in the middle: 29 photos were taken, the 30th is about to be decoded.
start_held() {
    prepare_hold photo-0030.jpg
    # a background process of a shell without job control ignores SIGINT, and so may all that CI starts
    env --default-signal=INT "$HELD" "$HOTPIX" scan -j 1 --batch 1 "$@" "$PHOTOS" >out 2>err &
    PID=$!
    wait_until_held
}

@test "10 runs killed at random moments end as an undisturbed one" {
    run "$PYTHON" "$HERE/kill.py" "$PHOTOS" 10
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "SIGTERM and SIGINT keep what was done, and the program ends by the signal" {
    scan "$PHOTOS" --state whole.fits >/dev/null
    for signal in TERM INT; do
        rm -f s.fits
        start_held --state s.fits
        kill -"$signal" "$PID"
        let_go
        code=0
        wait "$PID" || code=$?
        [ "$code" -eq $((128 + $(kill -l "$signal"))) ]
        grep -q "interrupted; what was done is in the state" err
        [ "$(photos_in s.fits)" -eq 29 ]
        scan "$PHOTOS" --state s.fits >/dev/null
        cmp s.fits whole.fits
    done
}

@test "a second run on a state is refused, and the first one ends well" {
    start_held --state s.fits
    run --separate-stderr -1 scan "$PHOTOS" --state s.fits
    says "s.fits: is being worked on by another hotpix"
    run --separate-stderr -1 "$HOTPIX" merge --force -o s.fits s.fits
    says "is being worked on by another hotpix"
    run --separate-stderr -1 "$HOTPIX" forget s.fits "$PHOTOS/photo-0001.jpg"
    says "is being worked on by another hotpix"
    let_go
    wait "$PID"
    [ "$(photos_in s.fits)" -eq 60 ]
}

@test "no lock outlives its process, and a checkpoint is a whole state" {
    scan "$PHOTOS" --state whole.fits >/dev/null
    start_held --state s.fits --checkpoint 0
    kill -9 "$PID"
    wait "$PID" || true
    [ -e s.fits.lock ]
    [ "$(photos_in s.fits)" -ge 1 ]
    [ "$(photos_in s.fits)" -le 29 ]
    "$HOTPIX" detect s.fits >/dev/null
    scan "$PHOTOS" --state s.fits >/dev/null
    cmp s.fits whole.fits
    [ "$(ls)" = "$(printf 'err\nout\ns.fits\nwhole.fits')" ]
}

@test "what a killed run left half written is written over" {
    head -c 100000 /dev/urandom >s.fits.unfinished
    scan "$PHOTOS" --state s.fits >/dev/null
    [ "$(ls)" = s.fits ]
    "$HOTPIX" detect s.fits >/dev/null
}

@test "what a killed run left is written over where it was only to be read, too, and leads nowhere" {
    scan "$PHOTOS"/photo-000?.jpg --state s.fits >/dev/null
    open_folder
    cp s.fits "$OPEN/s.fits"
    chmod 444 "$OPEN/s.fits"
    cp -p "$OPEN/s.fits" "$OPEN/s.fits.unfinished"
    cp -r "$PHOTOS" "$OPEN/p"
    chmod -R a+rX "$OPEN/p"
    [ "$(id -u)" != 0 ] || chown -R 65534:65534 "$OPEN"
    : >"$OPEN/s.fits.lock"
    chmod 444 "$OPEN/s.fits.lock"
    as_nobody "$HOTPIX" scan -q "$OPEN/p" --state "$OPEN/s.fits" >/dev/null
    [ "$(photos_in "$OPEN/s.fits")" -eq 60 ]
    [ "$(stat -c %a "$OPEN/s.fits")" = 444 ]
    [ ! -e "$OPEN/s.fits.lock" ]
    echo precious >other
    ln -s other t.fits.unfinished
    scan "$PHOTOS"/photo-000?.jpg --state t.fits >/dev/null
    [ "$(cat other)" = precious ]
    [ ! -L t.fits ]
    cmp s.fits t.fits
}

# A running scan puts another file in its place; one of the two is read, and not some of each.
@test "a state that is replaced while it is opened is read all the same" {
    scan "$PHOTOS"/photo-000?.jpg --state one.fits >/dev/null
    scan "$PHOTOS" --state two.fits >/dev/null
    cp one.fits s.fits
    prepare_hold s.fits 2
    env "$HELD" "$HOTPIX" detect "$PWD/s.fits" >table &
    wait_until_held
    mv two.fits s.fits
    let_go
    wait $!
    "$HOTPIX" detect s.fits | cmp table
}

@test "the link to a state stays, and the file behind it grows" {
    mkdir far
    scan "$PHOTOS"/photo-000?.jpg --state far/s.fits >/dev/null
    chmod 640 far/s.fits
    ln -s far/s.fits near.fits
    scan "$PHOTOS" --state near.fits >/dev/null
    [ -L near.fits ]
    [ "$(photos_in far/s.fits)" -eq 60 ]
    [ "$(stat -c %a far/s.fits)" = 640 ]
}

@test "a link to a state that is yet to be made stays, and the state is made where it leads" {
    mkdir far between
    ln -s ../far/s.fits between/s.fits
    ln -s between/s.fits near.fits
    scan "$PHOTOS"/photo-000?.jpg --state near.fits >/dev/null
    [ -L near.fits ] && [ -L between/s.fits ]
    [ "$(photos_in far/s.fits)" -eq 9 ]
    [ "$(ls far between)" = "$(printf 'between:\ns.fits\n\nfar:\ns.fits')" ]
    ln -s circle.fits circle.fits
    run --separate-stderr -1 scan "$PHOTOS" --state circle.fits
    says "circle.fits: cannot be examined: Too many levels of symbolic links"
}

@test "a state that cannot be written is named before the work" {
    run --separate-stderr -1 scan "$PHOTOS" --state nowhere/s.fits
    says "nowhere/s.fits"
    mkfifo pipe
    run --separate-stderr -1 scan "$PHOTOS" --state pipe
    says "pipe: is not a regular file"
    run --separate-stderr -1 "$HOTPIX" variance -q "$PHOTOS" --state .
    says "is a folder"
}

@test "a state larger than a file may be leaves the old one as it was" {
    scan "$PHOTOS"/photo-000?.jpg --state s.fits >/dev/null
    cp s.fits before.fits
    run --separate-stderr -1 bash -c "trap '' XFSZ; ulimit -f 1000; '$HOTPIX' scan -q '$PHOTOS' --state s.fits"
    says "s.fits: cannot be written: File too large"
    cmp s.fits before.fits
    [ ! -e s.fits.unfinished ]
}

@test "the soak runs: a small one" {
    run "$PYTHON" "$HERE/soak.py" 200 5
    echo "$output"
    [ "$status" -eq 0 ]
    has "200 photos and 2 damaged files"
}
