# Whatever a decoder does costs its photo and nothing else. The test format's photos say what it is to do.
load helpers

setup_file() {
    make_good
}

@test "a decoder that crashes costs its photo, which is named with the signal" {
    bad_is_left_out crash "the test decoder died of SIGSEGV"
}

@test "so does one that aborts, or ends the process" {
    bad_is_left_out abort "the test decoder died of SIGABRT"
    bad_is_left_out leave "the test decoder ended by itself"
}

@test "a decoder that hangs is ended after --photo-timeout" {
    bad_is_left_out loop "the test decoder took longer than 1 s" --photo-timeout 1
}

@test "a decoder that takes memory without end is ended at its limit" {
    need_limits
    bad_is_left_out allocate "the test decoder needed more than 200 MiB of memory" --photo-memory 200M
    bad_is_left_out devour "the test decoder needed more than 200 MiB of memory" --photo-memory 200M
    bad_is_left_out allocate "the test decoder needed more than "
}

@test "no file can be opened: not to read, not to write, not to remove" {
    need_limits
    bad_is_left_out read "reading a file: Operation not permitted"
    bad_is_left_out write "writing a file: Operation not permitted"
    [ ! -e bad/written-by-a-photo ]
    touch bad/kept
    bad_is_left_out unlink "removing a file: Operation not permitted"
    [ -e bad/kept ]
}

@test "what stands in its file stays as the program read it, without the sandbox too" {
    for option in --photo-timeout=60 --no-sandbox; do
        bad_is_left_out overwrite "writing into its file: Permission denied" $option
    done
}

@test "no socket, no other program, no process, no tracing" {
    need_limits
    for deed in socket exec fork trace; do
        bad_is_left_out $deed "the test decoder tried what is forbidden to it (SIGSYS)"
    done
}

@test "no signals to other processes, no memory that is code" {
    need_limits
    bad_is_left_out kill "a signal to another process: Operation not permitted"
    bad_is_left_out code "memory that is code: Operation not permitted"
}

@test "these deeds are done where nothing forbids them, so that the tests above can fail" {
    [ "$(uname -s)" = Linux ]
    touch bad 2>/dev/null && rm bad
    while read -r deed what; do
        bad_is_left_out "$deed" "$what: done" --no-sandbox
    done <<'END'
read reading a file
write writing a file
socket a socket
fork a process
kill a signal to another process
code memory that is code
END
    [ -e bad/written-by-a-photo ]
}

@test "threads may be started, as decoders of AVIF do" {
    good all
    photo all/thread thread 50
    run --separate-stderr -0 scan all
    [[ $output == *"13 photos used"* ]]
}

# Its numbers may be any. What it wrote while the program was reading must be no more than that.
@test "a decoder that goes on writing after its answer spoils its own numbers, not the program" {
    good all
    photo all/good12x linger 50
    for options in "-j 1" "-j 2" "-j 2 --batch 2"; do
        rm -f all.fits
        # shellcheck disable=SC2086
        run --separate-stderr -0 scan $options all --state all.fits
        [[ $output == *"13 photos used"* ]]
        "$MISBEHAVING" info all.fits | grep -q "13 counted"
        run -0 "$MISBEHAVING" detect all.fits
    done
}

@test "metadata are read by such a process too" {
    need_limits
    bad_is_left_out info-crash "the reader of its metadata died of SIGSEGV"
    bad_is_left_out info-loop "the reader of its metadata took longer than 1 s" --photo-timeout 1
    bad_is_left_out info-socket "the reader of its metadata tried what is forbidden to it (SIGSYS)"
    bad_is_left_out info-read "reading a file: Operation not permitted"
    bad_is_left_out info-lie "has metadata that cannot be"
}

@test "a file that nobody takes for a photo is named when reading it crashes" {
    with_bad info-crash
    mv bad/bad.hptest bad/bad.other
    run --separate-stderr -3 in_folder bad scan . --state ../bad.fits
    says "bad.other: the reader of its metadata died of SIGSEGV"
    cmp "$GOOD" bad.fits
}

@test "a photo that says it is none is named all the same" {
    with_bad info-hide
    mv bad/bad.hptest bad/bad.other
    run --separate-stderr -3 in_folder bad scan . --state ../bad.fits
    says "bad.other: is no photo, it says"
    same_sums
    rm bad.fits
    photo bad/bad info-deny 99
    mv bad/bad.hptest bad/bad.other
    run --separate-stderr -3 in_folder bad scan . --state ../bad.fits
    says "bad.other: is not a photo of a kind that hotpix reads"
    same_sums
}

@test "a photo is not made to pay for what another did to the process" {
    good all
    good spoilt
    photo all/spoil good 0
    photo spoilt/spoil spoil 0
    in_folder all scan -j 1 --batch 3 . --state ../all.fits >/dev/null
    run --separate-stderr -0 in_folder spoilt scan -j 1 --batch 3 . --state ../spoilt.fits
    # the hash of that file differs, its pixels do not
    diff <("$MISBEHAVING" detect all.fits) <("$MISBEHAVING" detect spoilt.fits)
    [[ $output == *"13 photos used"* ]]
}

@test "many bad ones of every kind among good ones: any -j, any --batch, the same bytes" {
    need_limits
    good bad
    n=0
    for deed in crash abort allocate read socket fork info-crash info-lie leave code kill; do
        for place in a h z; do photo "bad/$place$((n++))" $deed $((100 + n)); done
    done
    for options in "-j 1" "-j 2 --batch 1" "-j 5 --batch 7"; do
        rm -f bad.fits
        run --separate-stderr -3 in_folder bad scan $options --photo-memory 100M . --state ../bad.fits
        [ "$(grep -c skipped <<<"$stderr")" -eq 33 ]
        same_sums
    done
}

@test "a crash with --strict is a failure, one that is the only photo too" {
    with_bad crash
    run --separate-stderr -1 scan --strict bad
    run --separate-stderr -1 scan bad/bad.hptest
    says "bad.hptest: the test decoder died of SIGSEGV"
}

@test "variance, forget and info are guarded as scan is" {
    with_bad crash
    run --separate-stderr -3 "$MISBEHAVING" variance -q bad
    says "bad.hptest: the test decoder died of SIGSEGV"
    good good
    scan good --state s.fits >/dev/null
    photo good/good10 crash 10
    run --separate-stderr -1 "$MISBEHAVING" forget s.fits good/good10.hptest
    photo x info-crash 1
    run --separate-stderr -1 "$MISBEHAVING" info x.hptest
    says "x.hptest: the reader of its metadata died of SIGSEGV"
    run --separate-stderr -1 "$MISBEHAVING" convert "$GOOD" -o x.csv --like x.hptest
}

# fix_costs_itself DEED REASON [OPTION]...: the photo is named with the reason, no copy of it is left, the others are repaired
fix_costs_itself() {
    local deed=$1 reason=$2
    shift 2
    rm -rf out good bad
    good good
    good bad
    photo bad/bad "fix-$deed" 99
    printf 'x,y,width,height,source\n5,6,1600,1400,tiff\n' >list.csv
    run --separate-stderr -3 in_folder bad "$MISBEHAVING" fix -d ../list.csv -o ../out -q "$@" .
    says "bad.hptest: $reason"
    [ "$(ls out)" = "$(ls good)" ]
    for photo in good/*; do cmp <(cat "$photo" && echo repaired) "out/$(basename "$photo")"; done
}

@test "a repair is guarded as decoding is: what goes wrong costs its photo and leaves no copy" {
    fix_costs_itself crash "the repair of tiff photos died of SIGSEGV"
    fix_costs_itself abort "the repair of tiff photos died of SIGABRT" -j 3
    fix_costs_itself leave "the repair of tiff photos ended by itself"
    fix_costs_itself loop "the repair of tiff photos took longer than 1 s" --photo-timeout 1
}

@test "a repair is confined and limited as decoding is" {
    need_limits
    fix_costs_itself devour "the repair of tiff photos needed more than 200 MiB of memory" --photo-memory 200M
    fix_costs_itself socket "the repair of tiff photos tried what is forbidden to it (SIGSYS)"
    fix_costs_itself read "reading a file: Operation not permitted"
    fix_costs_itself write "writing a file: Operation not permitted"
}

@test "a repair that lies, or writes without end, leaves no copy" {
    fix_costs_itself lie "was repaired to what cannot be"
    fix_costs_itself long "would become much longer than it is"
    fix_costs_itself long "would become much longer than it is" --no-isolation
}

@test "in place a repair that crashes leaves the photo as it was, and nothing beside it" {
    mkdir in
    photo in/a fix-crash 1
    cp in/a.hptest before
    printf 'x,y,width,height,source\n5,6,1600,1400,tiff\n' >list.csv
    run --separate-stderr -1 "$MISBEHAVING" fix -d list.csv --in-place in/a.hptest
    says "a.hptest: the repair of tiff photos died of SIGSEGV"
    cmp in/a.hptest before
    [ "$(ls in)" = a.hptest ]
    photo in/a fix-good 1
    "$MISBEHAVING" fix -d list.csv --in-place in/a.hptest
    [ "$(tail -n 1 in/a.hptest)" = repaired ]
    [ "$(cat in/a.hptest.orig)" = "HPTEST fix-good 1" ]
}

@test "without isolation the program itself dies" {
    with_bad crash
    run "$MISBEHAVING" scan -q --no-isolation bad
    [ "$status" -eq 139 ]
    photo fix fix-crash 1
    printf 'x,y,width,height,source\n5,6,1600,1400,tiff\n' >list.csv
    run "$MISBEHAVING" fix -d list.csv -o out --no-isolation fix.hptest
    [ "$status" -eq 139 ]
}
