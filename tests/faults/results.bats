# Faults of disks under all that hotpix writes but lists, and of files that it reads but photos of a scan.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos
    camera "$PHOTOS" --number 6
    cd "$BATS_FILE_TMPDIR" || return
    "$HOTPIX" scan -q "$PHOTOS" --state s.fits -o list.json >/dev/null
    "$HOTPIX" fix -q -d list.json -o fixed "$PHOTOS/photo-0001.jpg"
    ! cmp -s "$PHOTOS/photo-0001.jpg" fixed/photo-0001.jpg
}

@test "whichever call fails, reports and maps are the old one or the new one" {
    for kind in html map svg; do
        CALLS="write fsync rename" replace_each $kind: "$HOTPIX" detect -q "$BATS_FILE_TMPDIR/s.fits"
    done
}

# fix_each OPTION...: one photo is repaired in the folder work, with each call of CALLS failing, or FAULT befalling the
# program at it, in turn; then `kept` must hold. TRIED: how many there were.
fix_each() {
    need strace
    local call n code
    TRIED=0
    for call in ${CALLS:-write pwrite64 ftruncate fsync rename link fchmod}; do
        n=0
        while true; do
            n=$((n + 1)) code=0
            rm -rf work && mkdir work && cp "$PHOTOS/photo-0001.jpg" work/p.jpg
            [ -z "${ORIGINAL:-}" ] || echo "$ORIGINAL" >work/p.jpg.orig
            (cd work && strace -f -qq -o ../calls -e trace=$call -e inject=$call:${FAULT:-error=EIO}:when=$n \
                "$HOTPIX" fix -q -j 1 -d "$BATS_FILE_TMPDIR/list.json" "$@" p.jpg) >said 2>&1 || code=$?
            grep -q INJECTED calls || [ "$code" -gt 128 ] || break
            TRIED=$((TRIED + 1))
            echo "$call $n: exit $code: $(cat said)"
            kept "$code"
        done
    done
    kept 0
}

@test "whichever call fails, a repaired copy is whole or not there, and the photo is as it was" {
    kept() {
        cmp work/p.jpg "$PHOTOS/photo-0001.jpg"
        [ "$(ls -A work/out 2>/dev/null)" != "" ] || { [ "$1" -eq 1 ] && grep -q "Input/output error" said; return; }
        [ "$(ls -A work/out)" = p.jpg ]
        cmp work/out/p.jpg "$BATS_FILE_TMPDIR/fixed/photo-0001.jpg"
        [ "$1" -eq 0 ] || grep -q "Input/output error" said
    }
    fix_each -o out
}

@test "whichever call fails, a photo that is repaired in place is there, and so is the original" {
    kept() {
        [ "$(ls -A work)" = p.jpg ] || [ "$(ls -A work)" = $'p.jpg\np.jpg.orig' ]
        if cmp -s work/p.jpg "$BATS_FILE_TMPDIR/fixed/photo-0001.jpg"; then
            cmp work/p.jpg.orig "$PHOTOS/photo-0001.jpg"
        else
            cmp work/p.jpg "$PHOTOS/photo-0001.jpg"
            [ ! -e work/p.jpg.orig ] # which would keep the next try from working
        fi
        [ "$1" -eq 0 ] || { [ "$1" -eq 1 ] && grep -q "Input/output error" said; }
    }
    fix_each --in-place
}

@test "whichever call fails, an older original is replaced by the photo or stays" {
    kept() {
        [ "$(ls -A work)" = $'p.jpg\np.jpg.orig' ]
        if cmp -s work/p.jpg "$BATS_FILE_TMPDIR/fixed/photo-0001.jpg"; then
            cmp work/p.jpg.orig "$PHOTOS/photo-0001.jpg"
        else
            cmp work/p.jpg "$PHOTOS/photo-0001.jpg"
            [ "$(cat work/p.jpg.orig)" = older ] || cmp work/p.jpg.orig "$PHOTOS/photo-0001.jpg"
        fi
    }
    ORIGINAL=older fix_each --in-place --force
}

@test "whichever call it is killed at, an older original is replaced by the photo or stays" {
    kept() {
        if cmp -s work/p.jpg "$BATS_FILE_TMPDIR/fixed/photo-0001.jpg"; then
            cmp work/p.jpg.orig "$PHOTOS/photo-0001.jpg"
        else
            cmp work/p.jpg "$PHOTOS/photo-0001.jpg"
            [ "$(cat work/p.jpg.orig)" = older ] || cmp work/p.jpg.orig "$PHOTOS/photo-0001.jpg"
        fi
    }
    CALLS="link rename unlink fsync" FAULT=signal=KILL ORIGINAL=older fix_each --in-place --force
    [ "$TRIED" -ge 4 ]
}

@test "a photo that cannot be read or shrinks while it is read is not repaired, and history goes on without it" {
    for how in fail shrink; do
        rm -rf photos out h.json
        cp -r "$PHOTOS" photos
        run -3 with_shim SHIM_HOW=$how SHIM_CHANGE=photo-0003.jpg -- "$HOTPIX" fix -q -d "$BATS_FILE_TMPDIR/list.json" -o out photos
        has "photo-0003.jpg"
        [ "$(ls out | wc -l)" -eq 5 ]
        cp "$PHOTOS/photo-0003.jpg" photos
        run -3 with_shim SHIM_HOW=$how SHIM_CHANGE=photo-0003.jpg -- "$HOTPIX" history -q -d "$BATS_FILE_TMPDIR/list.json" photos -o h.json
        has "photo-0003.jpg"
    done
}

# unreadable FILE COMMAND...: each read of it fails in turn; the command says so and writes nothing, or did without that
# read (CFITSIO looks for gzip's mark first)
unreadable() {
    need strace
    local file=$1 call n code failed=0
    shift
    rm -f want.json
    "$@" -o want.json >/dev/null
    for call in read pread64; do
        n=0
        while true; do
            n=$((n + 1)) code=0
            rm -f r.json
            strace -f -qq -o calls -e trace=$call -P "$file" -e inject=$call:error=EIO:when=$n "$@" -o r.json >printed 2>said ||
                code=$?
            grep -q INJECTED calls || break
            echo "$file: $call $n: exit $code: $(cat said)"
            [ "$code" -eq 0 ] && cmp want.json r.json && continue
            [ "$code" -eq 1 ] && [ ! -e r.json ]
            grep -q "$file.*\(Input/output error\|error reading from FITS file\)" said
            failed=1
        done
    done
    [ $failed -eq 1 ]
}

@test "a state or a list that cannot be read is named with the reason, and no result is written" {
    cp "$BATS_FILE_TMPDIR"/s.fits "$BATS_FILE_TMPDIR"/list.json .
    "$HOTPIX" convert list.json -o m.fits -o m.csv -o m.png
    for list in list.json m.csv m.fits m.png; do
        unreadable $list "$HOTPIX" convert $list
    done
    unreadable s.fits "$HOTPIX" detect -q s.fits
}

@test "reads of lists that give a few bytes at a time give the same" {
    "$HOTPIX" convert "$BATS_FILE_TMPDIR/list.json" -o m.fits -o m.csv -o m.png
    for list in m.fits m.csv m.png; do
        "$HOTPIX" convert $list -o want.json
        with_shim SHIM_SHORT=1 -- "$HOTPIX" convert $list -o got.json
        cmp want.json got.json
        rm want.json got.json
    done
}
