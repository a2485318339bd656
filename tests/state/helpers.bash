# Common to the tests of states, beside those of the CLI.
load ../cli/helpers
HERE=$BATS_TEST_DIRNAME

scan() { "$HOTPIX" scan -q "$@"; }

# differ A B: the files are not the same bytes
differ() { ! cmp -s "$1" "$2"; }

# photos of a state, from its header
photos_in() {
    fold -w 80 "$1" 2>/dev/null | head -n 36 | sed -n 's/^NPHOTOS = *\([0-9]*\).*/\1/p'
}

# prepare_hold PHOTO [OPENING]: a program that is started as `env $HELD PROGRAM...` waits at that photo (hold.c)
prepare_hold() {
    export HOLD=$BATS_TEST_TMPDIR.hold HOLD_AT=/$1 HOLD_OPENING=${2:-2}
    HELD=LD_PRELOAD=$HOTPIX_BUILD/tests/state/hold.so
    rm -rf "$HOLD"
    mkdir "$HOLD"
    mkfifo "$HOLD/reached" "$HOLD/go"
}

# Waits until the program is at its photo; fails where it never comes there.
wait_until_held() { timeout 100 cat "$HOLD/reached" || { echo "it never came to $HOLD_AT"; return 1; }; }

# The program goes on.
let_go() { timeout 100 sh -c ': >"$0"' "$HOLD/go"; }
