# The same photos give the same bytes, in whatever way they came together.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos STATE=$BATS_FILE_TMPDIR/state.fits TABLE=$BATS_FILE_TMPDIR/table
    camera "$PHOTOS" --number 40 --defects-per-class 1
    head -c 5000 "$PHOTOS/photo-0004.jpg" >"$PHOTOS/cut.jpg"
    "$PYTHON" "$BATS_TEST_DIRNAME/../cli/make_bad.py" comment "$PHOTOS/photo-0007.jpg" "$PHOTOS/photo-0007b.jpg" 1
    "$HOTPIX" scan -q "$PHOTOS" --state "$STATE" >"$TABLE" || [ $? -eq 3 ]
}

again() {
    run --separate-stderr -3 scan --state s.fits "$@"
    cmp "$STATE" s.fits
    cmp "$TABLE" <(echo "$output")
}

@test "a state does not depend on threads" { again -j 1 "$PHOTOS"; }
@test "a state does not depend on the photos a round" { again --batch 3 "$PHOTOS"; }
@test "a state does not depend on the CPU level" { again --cpu plain "$PHOTOS"; }
@test "a state does not depend on checkpoints" { again --checkpoint 0 --batch 1 -j 1 "$PHOTOS"; }

@test "a state does not depend on the order of the arguments" {
    mapfile -t photos < <(find "$PHOTOS" -name '*.jpg' | shuf --random-source=<(yes))
    again "${photos[@]}"
}

@test "a run over known photos changes nothing, and does not write" {
    cp "$STATE" s.fits
    touch -d 2001-01-01 s.fits
    again "$PHOTOS"
    [ "$(stat -c %Y s.fits)" = "$(date -d 2001-01-01 +%s)" ]
}

@test "a run says how many photos are new and how many the state knew" {
    run --separate-stderr -0 "$HOTPIX" scan "$PHOTOS"/photo-000[1-6].jpg --state s.fits
    says "HOTPIX CAMSIM, serial S0000003: 6 photos new, 0 known to the state"
    run --separate-stderr -0 "$HOTPIX" scan "$PHOTOS"/photo-000[1-9].jpg --state s.fits
    says ": 3 photos new, 6 known to the state"
    for known in 1 2; do # the near-duplicate is met for the first time, and again
        run --separate-stderr -0 "$HOTPIX" scan "$PHOTOS"/photo-0007*.jpg --state s.fits
        says ": 0 photos new, $known known to the state"
    done
}

@test "a variance with a state says so too" {
    "$HOTPIX" variance -q "$PHOTOS"/photo-000[1-4].jpg --state v.fits >/dev/null
    run --separate-stderr -0 "$HOTPIX" variance "$PHOTOS"/photo-000[1-6].jpg --state v.fits
    says "v.fits: 2 photos new, 4 known to the state"
}

@test "a run over known photos opens each of them once" {
    need strace
    cp "$STATE" s.fits
    strace -f -qq -e trace=openat -o calls "$HOTPIX" scan -q "$PHOTOS" --state s.fits >table || [ $? -eq 3 ]
    cmp "$TABLE" table
    [ "$(grep -c '/photo-.*jpg' calls)" -eq 41 ]
}

@test "another content under a known name is another photo" {
    cp -r "$PHOTOS" p
    run -3 scan --state s.fits --similar keep p
    [ "$(photos_in s.fits)" -eq 41 ]
    cp s.fits before.fits
    "$PYTHON" "$HERE/../cli/make_bad.py" comment "$PHOTOS/photo-0009.jpg" p/photo-0009.jpg 2
    run -3 scan --state s.fits --similar keep p
    [ "$(photos_in s.fits)" -eq 42 ]
    scan --state other.fits --similar keep p/photo-0009.jpg
    "$HOTPIX" merge before.fits other.fits -o both.fits
    cmp s.fits both.fits
}

@test "which photo another is like does not depend on checkpoints" {
    mkdir p
    cp "$PHOTOS"/photo-000?.jpg p
    scan p --state s.fits >table
    cp s.fits other.fits
    for i in {1..9}; do # a new photo, whose name comes before those known, then one that is like a known one
        cp "$PHOTOS/photo-001$i.jpg" "p/a$i.jpg"
        "$PYTHON" "$HERE/../cli/make_bad.py" comment "p/photo-000$i.jpg" "p/a${i}z.jpg" 1
    done
    run -0 scan --state s.fits p/a*
    run -0 scan --checkpoint 0 --batch 1 -j 1 --state other.fits p/a*
    cmp s.fits other.fits
}

@test "a state that grows in steps is the same in the end" {
    for part in 001 002 003 000; do scan --state s.fits --similar keep "$PHOTOS"/photo-$part?.jpg >step; done
    scan --state whole.fits --similar keep "$PHOTOS"/photo-00[0-3]?.jpg >whole
    cmp s.fits whole.fits
    cmp step whole
}

@test "photos that moved are known by their content" {
    cp "$STATE" s.fits
    cp -r "$PHOTOS" elsewhere
    run --separate-stderr -3 scan --state s.fits elsewhere
    cmp "$STATE" s.fits
    says "elsewhere/cut.jpg"
}

@test "a photo that was left out for its likeness is taken with --similar keep" {
    cp "$STATE" s.fits
    run -3 scan --state s.fits --similar keep "$PHOTOS"
    run -3 scan --state keep.fits --similar keep "$PHOTOS"
    [ "$(photos_in s.fits)" -eq 41 ]
    cmp s.fits keep.fits
}

@test "a set of one scene is counted after all, also after a run that was cut short" {
    mkdir p
    for i in {1..9}; do "$PYTHON" "$HERE/../cli/make_bad.py" comment "$PHOTOS/photo-0003.jpg" "p/$i.jpg" "$i"; done
    scan --state whole.fits p >/dev/null
    [ "$(photos_in whole.fits)" -eq 9 ]
    for opening in 2 3; do # killed before and while they are counted
        prepare_hold 5.jpg $opening
        rm -f s.fits
        env "$HELD" "$HOTPIX" scan -q -j 1 --batch 1 --checkpoint 0 --state s.fits p >/dev/null &
        job=$!
        wait_until_held
        kill -KILL "$job"
        wait "$job" || true
        scan --state s.fits p >/dev/null
        cmp s.fits whole.fits
    done
}

@test "merged states are one scan of all photos, whatever the order and the grouping" {
    for part in 0 1 2 3; do scan --similar keep --state $part.fits "$PHOTOS"/photo-00$part?.jpg >/dev/null; done
    scan --similar keep --state whole.fits "$PHOTOS"/photo-00[0-3]?.jpg >table
    "$HOTPIX" merge -o all.fits 0.fits 1.fits 2.fits 3.fits
    cmp all.fits whole.fits
    "$HOTPIX" merge -j 1 -o pair.fits 3.fits 1.fits
    "$HOTPIX" merge -o nested.fits 2.fits pair.fits 0.fits
    cmp nested.fits whole.fits
    "$HOTPIX" detect nested.fits >again
    cmp table again
}

@test "near-duplicates across merged parts are answered when detecting" {
    mkdir a b
    cp "$PHOTOS"/photo-000?.jpg a
    for photo in a/*.jpg; do "$PYTHON" "$HERE/../cli/make_bad.py" comment "$photo" "b/${photo##*/}" 1; done
    scan --state a.fits a >/dev/null
    scan --state b.fits b >/dev/null
    "$HOTPIX" merge -o ab.fits a.fits b.fits
    scan --similar keep --state whole.fits a b >table
    cmp ab.fits whole.fits
    "$HOTPIX" detect ab.fits | cmp table
}

@test "detect gives what scan gave" {
    scan "$PHOTOS" --state s.fits -o scan.json >table || [ $? -eq 3 ]
    run --separate-stderr -0 "$HOTPIX" detect s.fits -o detect.json
    cmp table <(echo "$output")
    cmp scan.json detect.json
    [ -z "$stderr" ]
}

@test "a photo that is forgotten leaves the sums of the others" {
    scan --similar keep --state s.fits "$PHOTOS"/photo-000?.jpg >/dev/null
    scan --similar keep --state few.fits "$PHOTOS"/photo-000[1-7].jpg >/dev/null
    run -0 "$HOTPIX" forget s.fits "$PHOTOS"/photo-000[89].jpg
    has "2 photos subtracted"
    run -0 "$PYTHON" "$HERE/compare_states.py" s.fits few.fits
    [ "$output" = "MAX MIN PRIMARY" ]
    run -0 "$HOTPIX" info s.fits
    has "7 counted"
    has "bounds"
    "$HOTPIX" forget -q s.fits "$PHOTOS"/photo-000[1-7].jpg
    scan --similar keep --state s.fits "$PHOTOS"/photo-000[1-7].jpg >/dev/null
    cmp s.fits few.fits
}

@test "a state of the variance from which photos were forgotten is that of the others" {
    "$HOTPIX" variance -q --state s.fits "$PHOTOS"/photo-000?.jpg >/dev/null
    "$HOTPIX" variance -q --state few.fits "$PHOTOS"/photo-000[1-7].jpg >/dev/null
    "$HOTPIX" forget -q s.fits "$PHOTOS"/photo-000[89].jpg
    cmp s.fits few.fits
}

@test "of a folder are forgotten those that the state has; the others are told" {
    camera both --format dng --number 6
    cp "$PHOTOS"/photo-000[1-6].jpg both
    scan both/*.jpg --state s.fits >/dev/null
    scan both/photo-000[1-2].jpg --state few.fits >/dev/null
    "$PYTHON" "$HERE/../cli/make_bad.py" comment both/photo-0003.jpg both/other.jpg 1
    mkdir some
    mv both/photo-000[3-6].* both/other.jpg some
    run --separate-stderr -3 "$HOTPIX" forget s.fits some
    says "some/other.jpg: is not in the state; skipped"
    says "4 photos of other cameras, sizes or kinds passed over"
    says "4 photos subtracted"
    run -0 "$PYTHON" "$HERE/compare_states.py" s.fits few.fits
    [ "$output" = "MAX MIN PRIMARY" ]
    cp s.fits before.fits
    run --separate-stderr -1 "$HOTPIX" forget s.fits some
    says "none of 9 files could be used; the first, some/other.jpg: is not in the state"
    cmp s.fits before.fits
    run --separate-stderr -0 "$HOTPIX" forget s.fits both
    says "2 photos subtracted"
}

@test "a forgotten photo frees those left out for their likeness to it" {
    cp "$STATE" s.fits
    "$HOTPIX" forget -q s.fits "$PHOTOS/photo-0007.jpg"
    run -0 "$HOTPIX" info s.fits
    has "39 counted; left out: 0 similar, 1 damaged"
    scan --state s.fits "$PHOTOS/photo-0007b.jpg" >/dev/null
    [ "$(photos_in s.fits)" -eq 40 ]
}

@test "a photo that was left out is forgotten by its name" {
    cp "$STATE" s.fits
    "$HOTPIX" forget -q s.fits "$PHOTOS/cut.jpg"
    run -0 "$HOTPIX" info s.fits
    has "40 counted; left out: 1 similar, 0 damaged"
}

@test "the variance has states too: grown, merged and read back" {
    for part in 0 1; do "$HOTPIX" variance -q --state $part.fits "$PHOTOS"/photo-00$part?.jpg >/dev/null; done
    "$HOTPIX" variance -q --state whole.fits "$PHOTOS"/photo-00[01]?.jpg | grep -v accumulating >table
    "$HOTPIX" merge -o merged.fits 1.fits 0.fits
    cmp merged.fits whole.fits
    "$HOTPIX" variance -q --state 0.fits "$PHOTOS"/photo-00[01]?.jpg >/dev/null
    cmp 0.fits whole.fits
    "$HOTPIX" detect whole.fits | grep -v accumulating | cmp table
}

@test "raw photos have states: black levels and colours are kept" {
    camera raw --format dng --number 8
    scan raw --state s.fits >table
    "$HOTPIX" detect s.fits | cmp table
    scan --similar keep --state a.fits raw/photo-000[1-4].dng >/dev/null
    scan --similar keep --state b.fits raw/photo-000[5-8].dng >/dev/null
    scan --similar keep --state whole.fits raw/photo-000?.dng >/dev/null
    "$HOTPIX" merge -o ab.fits a.fits b.fits
    cmp ab.fits whole.fits
    "$HOTPIX" forget -q whole.fits raw/photo-000[5-8].dng
    run -0 "$PYTHON" "$HERE/compare_states.py" whole.fits a.fits
    [ "$output" = "MAX MIN PRIMARY" ]
}

# Their scale has more digits than a FITS header has columns for.
@test "photos of floating point have states, however large their values" {
    need_python astropy
    need fitsverify
    mkdir floats
    "$PYTHON" - <<'PY'
import numpy as np
from astropy.io import fits
random = np.random.default_rng(1)
for number in range(6):
    scene = np.kron(random.random((12, 16)), np.ones((20, 20))) + random.normal(-0.2, 0.01, (240, 320))
    fits.writeto(f"floats/{number}.fits", (1e19 * scene).astype(np.float32))
PY
    scan floats --state s.fits >table
    "$HOTPIX" detect s.fits | cmp table
    scan floats/[0-2].fits --state t.fits >/dev/null
    scan floats --state t.fits >/dev/null
    cmp s.fits t.fits
    run -0 fitsverify -q s.fits
}

@test "a folder keeps one state for each camera" {
    camera all/a --serial 1 --number 6
    camera all/b --serial 2 --number 6
    scan all --state states/ >table
    [ "$(ls states | wc -l)" -eq 2 ]
    [ -f states/HOTPIX-CAMSIM-1-320x240-jpeg.fits ]
    "$HOTPIX" detect states/*.fits | cmp table
    scan all --state states | cmp table
}
