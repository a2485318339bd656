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
