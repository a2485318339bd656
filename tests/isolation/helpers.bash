# Photos of the test format, for a program that knows it: MISBEHAVING.
bats_require_minimum_version 1.5.0

: "${HOTPIX:?the path of hotpix}" "${HOTPIX_BUILD:?where it is built}"
MISBEHAVING=$HOTPIX_BUILD/tests/isolation/hotpix_misbehaving

# Under a sanitizer decoders that crash on purpose are to die of their signal.
[ -z "${SANITIZER:-}" ] || export ASAN_OPTIONS="${ASAN_OPTIONS:-}:handle_segv=0:handle_abort=0"

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

# photo NAME DEED SEED
photo() {
    echo "HPTEST $2 $3" >"$1.hptest"
}

# good FOLDER: twelve that behave
good() {
    mkdir -p "$1"
    for i in {10..21}; do photo "$1/good$i" good "$i"; done
}

scan() {
    "$MISBEHAVING" scan -q "$@"
}

# For setup_file: GOOD, the state of a good set.
make_good() {
    export GOOD=$BATS_FILE_TMPDIR/good.fits
    good "$BATS_FILE_TMPDIR/good"
    (cd "$BATS_FILE_TMPDIR/good" && scan . --state "$GOOD" >/dev/null)
}

# with_bad DEED: a good set with one more photo in "bad"
with_bad() {
    good bad
    photo bad/bad "$1" 99
}

# bad_is_left_out DEED REASON [OPTION]...: it is named with the reason, and the rest gives the bytes of the good set
bad_is_left_out() {
    local deed=$1 reason=$2
    shift 2
    rm -f bad.fits
    with_bad "$deed"
    run --separate-stderr -3 in_folder bad scan "$@" . --state ../bad.fits
    says "bad.hptest: $reason"
    same_sums
}

# All of the states but the records of damaged photos, which a state keeps. Those of a decoder's end it does not.
same_sums() {
    cmp -s "$GOOD" bad.fits && return
    /usr/bin/python3 - "$GOOD" <<'P'
import sys
from astropy.io import fits
good, bad = fits.open(sys.argv[1]), fits.open("bad.fits")
for a, b in zip(good, bad, strict=True):
    assert a.name == b.name
    if a.name == "PHOTOS":
        counted = [{tuple(map(str, row)) for row in hdu.data if "hptest" in str(row)} for hdu in (a, b)]
        assert counted[0] <= counted[1], "other photos were counted"
    elif a.data is not None:
        assert a.data.tobytes() == b.data.tobytes(), a.name
P
}

# A build with sanitizers neither confines its workers nor limits their memory.
need_limits() {
    [ -z "${SANITIZER:-}" ] || skip "not with sanitizers"
}

in_folder() {
    (cd "$1" && shift && "$@")
}

# what is on stderr (run --separate-stderr)
says() {
    # shellcheck disable=SC2154
    [[ $stderr == *"$1"* ]] || { printf 'no "%s" on stderr:\n%s\n' "$1" "$stderr"; return 1; }
}

says_nothing_of() {
    [[ $stderr != *"$1"* ]] || { printf '"%s" on stderr:\n%s\n' "$1" "$stderr"; return 1; }
}

wait_for() {
    for _ in {1..1000}; do
        "$@" && return
        sleep 0.01
    done
    echo "never: $*"
    return 1
}

# all processes below one
below() {
    local child
    for child in $(pgrep -P "$1"); do
        echo "$child"
        below "$child"
    done
}

# gone PID...: none of them lives (a zombie does not)
gone() {
    local pid
    for pid; do
        [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null && return 1
    done
    return 0
}
