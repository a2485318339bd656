# Disks, memory, descriptors and clocks that fail. strace makes system calls fail; shim.c what strace cannot.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos
    camera "$PHOTOS" --number 6
    cd "$BATS_FILE_TMPDIR" || return
    "$HOTPIX" scan -q "$PHOTOS" --state new.fits -o new.json >new.txt
    "$HOTPIX" scan -q --similar keep "$PHOTOS"/photo-000[1-4].jpg --state old.fits >/dev/null
    mkdir without
    cp "$PHOTOS"/photo-000[^3].jpg without
    "$HOTPIX" scan -q without -o without.json >/dev/null
}

# The folder holds what it held before, or what it should hold then; and nothing else. whole KEPT...
whole() {
    same old.fits s.fits || same new.fits s.fits || { echo "the state is neither the old one nor the new one"; return 1; }
    [ "$(cat r.json)" = old ] || same new.json r.json || { echo "the list is neither the old one nor the new one"; return 1; }
    local left
    left=$(ls | grep -v -x -e s.fits -e s.fits.lock -e r.json -e said -e calls) || return 0
    echo "left behind: $left"
    return 1
}

# Runs the job with the system call failing the nth time, and says whether it did; all must be whole after it.
job() {
    rm -f ./*
    cp "$BATS_FILE_TMPDIR/old.fits" s.fits
    echo old >r.json
    JOB=0
    "$@" "$HOTPIX" scan -q -j 1 "$PHOTOS" --state s.fits -o r.json --force >said 2>&1 || JOB=$?
    [ "$JOB" -lt 128 ] || { echo "ended with $JOB"; cat said; return 1; }
}

# fail_each CALL ERROR WORDS: the call fails the first time, the second ... as often as the job calls it
fail_each() {
    need strace
    local n=0 times
    job strace -f -qq -o calls -e trace="$1"
    times=$(grep -c "$1(" calls)
    [ "$times" -gt 0 ]
    while [ $((n += 1)) -le "$times" ]; do
        job strace -f -qq -o calls -e trace="$1" -e inject="$1:error=$2:when=$n"
        grep -q INJECTED calls
        echo "$1 $n of $times: exit $JOB: $(grep -v '^[ H0-9]' said)"
        whole
        # The folder is synced at the end of all, when the file is in place already: the only one that may fail unsaid.
        [ "$JOB" -eq 1 ] && grep -q "$3" said && continue
        same new.fits s.fits && same new.json r.json && [ "$JOB" -eq 0 ]
    done
}

@test "whichever write fails, the old files or the new ones are there, and why is said" {
    fail_each pwrite64 ENOSPC "s.fits: cannot be written: No space left on device"
    fail_each write ENOSPC "No space left on device"
}

@test "whichever fsync or rename fails, the old files or the new ones are there, and why is said" {
    fail_each fsync EIO "cannot be written: Input/output error"
    fail_each rename EACCES "cannot be put in place: Permission denied"
}

@test "whichever call fails, a list of any kind is the old one or the new one" {
    for kind in json csv dcraw jpegpixi siril iraf ds9 fits png lsst phd2; do
        replace_each $kind: "$HOTPIX" convert "$BATS_FILE_TMPDIR/new.json"
    done
}

@test "whichever call fails, a merged state is the old one or the new one" {
    "$HOTPIX" scan -q --similar keep "$PHOTOS"/photo-000[56].jpg --state more.fits >/dev/null
    OLD=$BATS_FILE_TMPDIR/old.fits replace_each "" "$HOTPIX" merge "$BATS_FILE_TMPDIR/old.fits" "$PWD/more.fits"
}

@test "a disk of any size, small to large: nothing half written" {
    small_disk 3M
    for size in 3300 3400 4500 6500 6600 6700; do
        mount -o remount,size=${size}k disk
        cd disk
        job
        cd ..
        (cd disk && whole)
        echo "$size KiB: exit $JOB: $(grep -v '^[ H0-9]' disk/said)"
        ENDS="$ENDS $JOB"
    done
    [ "$ENDS" = " 1 1 1 1 0 0" ] || [ "$ENDS" = " 1 1 1 0 0 0" ] || { echo "$ENDS"; false; }
}

@test "a limit for the size of files is told with the file's name, and nothing is half written" {
    cp "$BATS_FILE_TMPDIR/old.fits" s.fits
    run -1 bash -c 'ulimit -f 2000; "$0" scan -q "$1" --state s.fits -o r.json' "$HOTPIX" "$PHOTOS"
    has "s.fits: cannot be written: File too large"
    same old.fits s.fits
    [ ! -e r.json ] && [ -z "$(ls | grep -v -x -e s.fits -e s.fits.lock)" ]
    run -1 bash -c 'ulimit -f 1; "$0" convert "$1" -o r.html' "$HOTPIX" "$BATS_FILE_TMPDIR/new.json"
    has "r.html: cannot be written: File too large"
    [ ! -e r.html ]
}

@test "a photo that cannot be read, shrinks or vanishes while it is read costs itself alone" {
    for how in fail shrink; do
        cp -r "$PHOTOS" photos
        run -3 with_shim SHIM_HOW=$how SHIM_CHANGE=photo-0003.jpg -- "$HOTPIX" scan -q photos -o r.json
        has "photo-0003.jpg"
        [ $how = shrink ] || has "cannot be read: Input/output error"
        [ "$(defects r.json)" = "$(defects "$BATS_FILE_TMPDIR/without.json")" ]
        rm -r photos r.json
    done
}

# Holes take no room on the disk. The limit: what reads them would take memory until nothing is left.
@test "a file that claims more bytes than there is memory costs itself alone" {
    need_no_sanitizer "they take more address space than the limit"
    cp -r "$PHOTOS" photos
    cp photos/photo-0003.jpg photos/z.jpg
    truncate -s 4T photos/z.jpg # the metadata of one are at its beginning, of the other behind the holes
    printf 'II*\0\0\0\0\360' >photos/z.tif
    truncate -s 4T photos/z.tif
    for how in "" --no-isolation; do
        # shellcheck disable=SC2016
        run -3 bash -c 'ulimit -v 8000000; "$0" scan -q $1 photos -o r.json --force' "$HOTPIX" "$how"
        has "z.jpg: has 4194304 MiB, for which there is no memory; skipped"
        has "z.tif: has 4194304 MiB, more than half of the memory of this machine; skipped"
        [ "$(defects r.json)" = "$(defects "$BATS_FILE_TMPDIR/new.json")" ]
    done
}

@test "what convert writes is written to its end, though it be told to stop" {
    need strace
    for signal in INT TERM HUP; do
        strace -f -qq -o calls -e trace=fsync -e inject=fsync:signal=$signal:when=1 \
            "$HOTPIX" convert "$BATS_FILE_TMPDIR/new.json" -o bad.csv
        grep -q "SIG$signal" calls
        [ "$(ls)" = "$(printf 'bad.csv\ncalls')" ]
        "$HOTPIX" convert bad.csv --like "$PHOTOS/photo-0001.jpg" -o again.json
        [ "$(defects again.json | wc -l)" = "$(defects "$BATS_FILE_TMPDIR/new.json" | wc -l)" ]
        rm bad.csv again.json calls
    done
}

@test "a photo that is unlinked or grows after it was opened is read as it was" {
    for how in vanish grow; do
        cp -r "$PHOTOS" photos
        with_shim SHIM_HOW=$how SHIM_CHANGE=photo-0003.jpg -- "$HOTPIX" scan -q photos -o r.json >out 2>err || [ $? -eq 3 ]
        cat err
        [ "$(defects r.json)" = "$(defects "$BATS_FILE_TMPDIR/new.json")" ] ||
            { grep -q photo-0003.jpg err && [ "$(defects r.json)" = "$(defects "$BATS_FILE_TMPDIR/without.json")" ]; }
        rm -r photos r.json
    done
}

@test "reads that give a few bytes at a time give the same" {
    with_shim SHIM_SHORT=1 -- "$HOTPIX" scan -q "$PHOTOS" --state s.fits -o r.json >/dev/null
    same new.fits s.fits
    with_shim SHIM_SHORT=1 -- "$HOTPIX" detect s.fits -o again.json >/dev/null
    cmp r.json again.json
}

@test "reads that are interrupted by signals go on" {
    need strace
    strace -f -qq -o calls -e trace=read -P "$PHOTOS/photo-0002.jpg" -e inject=read:error=EINTR:when=1+2 \
        "$HOTPIX" scan -q "$PHOTOS" -o r.json >/dev/null
    grep -q INJECTED calls
    same new.json r.json
}

@test "a clock that runs backwards changes nothing and stops nothing" {
    with_shim SHIM_CLOCK=1 -- timeout 60 "$HOTPIX" scan --progress always --checkpoint 1 "$PHOTOS" --state s.fits -o r.json >/dev/null 2>err
    same new.fits s.fits
    same new.json r.json
    run ! grep -q -e '-[0-9]' <(tr '\r' '\n' <err | grep photos/s)
    run ! grep -q -E '[0-9]{3,} h' err
}

# kept_when STEP: how often a run puts its state in place, whose clock makes two steps of STEP s a photo
kept_when() {
    rm -f s.fits
    strace -f -qq -o calls -e trace=rename,renameat,renameat2 env LD_PRELOAD="$SHIM" SHIM_HASTE="$1" \
        "$HOTPIX" scan -q -j 1 --batch 1 --no-isolation "$PHOTOS" --state s.fits >/dev/null
    same new.fits s.fits
    grep -c 's.fits.unfinished.* = 0' calls
}

@test "a folder that cannot be read to its end is named" {
    need strace
    run -3 strace -f -qq -o calls -e trace=getdents64 -P "$PHOTOS" -e inject=getdents64:error=EIO:when=2 \
        "$HOTPIX" scan -q "$PHOTOS"
    grep -q INJECTED calls
    has "$PHOTOS: cannot be opened: Input/output error; skipped"
}

@test "what stands in a folder that may be listed and not entered is named" {
    open_folder
    cp -r "$PHOTOS" "$OPEN/p"
    chmod 444 "$OPEN/p"
    run -1 as_nobody "$HOTPIX" scan -q "$OPEN/p"
    has "photo-0001.jpg: cannot be opened: Permission denied; skipped"
}

@test "without --checkpoint a state is kept every minute" {
    need_no_sanitizer "they look at the clock too"
    need strace
    [ "$(kept_when 4)" -eq 1 ] # it looks last after 52 s
    [ "$(kept_when 7)" -eq 2 ] # after 60 s and in the end
}

@test "a limit of file descriptors that may be raised is raised: many threads take three each" {
    (ulimit -Sn 16 && exec "$HOTPIX" scan -q -j 12 "$PHOTOS" --state s.fits -o r.json >out)
    same new.fits s.fits
    same new.json r.json
}

@test "too few file descriptors: a clear error or the whole result" {
    for most in 4 5 6 7 8 10 12 16 24; do
        rm -f s.fits* r.json
        JOB=0
        (ulimit -n $most && exec "$HOTPIX" scan -q -j 2 "$PHOTOS" --state s.fits -o r.json) >out 2>err || JOB=$?
        echo "$most: exit $JOB: $(head -n 3 err)"
        [ "$JOB" -eq 0 ] && same new.fits s.fits && same new.json r.json && continue
        [ "$JOB" -eq 127 ] && grep -q "shared" err && continue # the program itself did not load
        [ "$JOB" -eq 1 ] || [ "$JOB" -eq 3 ]
        grep -q -e "Too many open files" -e "Resource temporarily unavailable" -e "could not be started" err
    done
    [ "$JOB" -eq 0 ]
}

@test "too little address space: a clear error or the whole result, never a crash" {
    need_no_sanitizer "it limits the address space"
    local ended=
    for kib in 30000 60000 90000 120000 160000 200000 260000 400000 1000000; do
        rm -f s.fits* r.json
        JOB=0
        (ulimit -v $kib && exec "$HOTPIX" scan -q -j 1 "$PHOTOS" --state s.fits -o r.json) >out 2>err || JOB=$?
        echo "$kib: exit $JOB: $(head -n 3 err)"
        [ "$JOB" -eq 0 ] && same new.fits s.fits && same new.json r.json && continue
        [ "$JOB" -eq 127 ] && grep -q "shared" err && continue # the program itself did not load
        [ "$JOB" -eq 1 ] || [ "$JOB" -eq 3 ]
        [ -s err ]
        [ ! -e r.json ] || [ "$JOB" -eq 3 ]
    done
    [ "$JOB" -eq 0 ]
}

@test "sockets and links that lead to themselves are named and do not hang" {
    cp "$PHOTOS"/* .
    rm -f defects.json
    "$PYTHON" -c 'import socket; socket.socket(socket.AF_UNIX).bind("plug.jpg")'
    ln -s ring.jpg ring.jpg
    ln -s there.jpg here.jpg && ln -s here.jpg there.jpg
    for name in plug.jpg ring.jpg here.jpg; do
        run -3 timeout 20 "$HOTPIX" scan -q photo-*.jpg $name
        has "$name"
    done
    timeout 20 "$HOTPIX" scan -q . -o r.json >/dev/null 2>&1 || [ $? -eq 3 ]
    [ "$(defects r.json)" = "$(defects "$BATS_FILE_TMPDIR/new.json")" ]
}

@test "100 000 files in one folder, six of them photos" {
    mkdir many
    "$PYTHON" -c 'for i in range(100000): open(f"many/n{i}.txt", "w").close()'
    cp "$PHOTOS"/*.jpg many
    timeout 60 "$HOTPIX" scan -q many -o r.json >/dev/null
    [ "$(defects r.json)" = "$(defects "$BATS_FILE_TMPDIR/new.json")" ]
}

@test "photos whose names are each of the 254 bytes a name can have" {
    mkdir names
    "$PYTHON" - "$PHOTOS/photo-0001.jpg" <<'P'
import sys
data = open(sys.argv[1], "rb").read()
for byte in set(range(1, 256)) - {ord("/"), ord(".")}:
    open(b"names/" + bytes([byte]), "wb").write(data + bytes([byte]))
P
    "$HOTPIX" scan -q --similar keep names --state s.fits -o r.json >out 2>err
    [ "$(json r.json 'd["cameras"][0]["photos"]["used"]')" -eq 253 ]
    run -0 "$HOTPIX" forget s.fits names/*
    [ "$(LC_ALL=C grep -c '[[:cntrl:]]' err)" -eq 0 ]
}

@test "a target on a file system that cannot be written is named before the work" {
    small_disk 4k
    mount -o remount,ro disk
    run -1 --separate-stderr "$HOTPIX" scan "$PHOTOS" -o disk/r.json
    [ -z "$output" ]
    says "disk/r.json"
    says "Read-only file system"
}

@test "where a disk is full for a repaired copy that is named, not its photo" {
    "$HOTPIX" scan -q "$PHOTOS" -o list.json >/dev/null
    small_disk 4k
    run -1 "$HOTPIX" fix -q -d list.json -o disk "$PHOTOS/photo-0001.jpg"
    has ": disk/photo-0001.jpg: cannot be written: No space left on device"
}

@test "neither locale nor time zone changes a byte" {
    need localedef
    mkdir locales
    localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8
    localedef -i tr_TR -f ISO-8859-9 locales/tr_TR.ISO-8859-9
    camera dng --format dng --number 5
    "$HOTPIX" scan -q "$PHOTOS" dng -o r.json -o r.csv >out
    for settings in "LC_ALL=de_DE.UTF-8 TZ=Pacific/Kiritimati" "LC_ALL=tr_TR.ISO-8859-9 TZ=America/St_Johns" "LC_ALL=C TZ="; do
        # shellcheck disable=SC2086
        env LOCPATH="$PWD/locales" $settings "$HOTPIX" scan -q "$PHOTOS" dng -o again.json -o again.csv >again
        cmp out again && cmp r.json again.json && cmp r.csv again.csv
        rm again*
    done
}

# hotpix takes no locale, but a program that uses the library may have taken one.
@test "files are the same bytes in a program whose decimal point is a comma" {
    need localedef
    need_python numpy astropy
    mkdir locales fits
    localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8
    "$PYTHON" -c 'import numpy, astropy.io.fits as fits
for i in range(6): # half of the values below 0: the scale begins at -4095.9375
    fits.writeto(f"fits/{i}.fits", numpy.random.default_rng(i).normal(0, 1000, (64, 64)).astype("f4"))'
    kinds="json csv ds9 lsst html svg"
    # shellcheck disable=SC2046
    "$HOTPIX" scan -q fits --similar keep --state point.fits $(printf -- '-o %s:point.%s ' $(for k in $kinds; do echo $k $k; done)) >table
    # shellcheck disable=SC2046
    with_shim SHIM_LOCALE=1 LC_ALL=de_DE.UTF-8 LOCPATH="$PWD/locales" -- \
        "$HOTPIX" scan -q fits --similar keep --state comma.fits $(printf -- '-o %s:comma.%s ' $(for k in $kinds; do echo $k $k; done)) >again
    for kind in fits $kinds; do cmp point.$kind comma.$kind; done
    with_shim SHIM_LOCALE=1 LC_ALL=de_DE.UTF-8 LOCPATH="$PWD/locales" -- "$HOTPIX" detect -q point.fits >/dev/null
}
