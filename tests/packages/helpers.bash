# Common to the tests of what is installed. The environment gives HOTPIX, CAMSIM and HOTPIX_BUILD.
bats_require_minimum_version 1.5.0

: "${HOTPIX:?the path of hotpix}" "${CAMSIM:?the path of camsim}" "${HOTPIX_BUILD:?the build folder}"
ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# A program that is not there skips the test; where all must run (CI=true), it fails.
need() {
    local program
    for program; do
        command -v "$program" >/dev/null && continue
        [ "${CI:-}" = true ] && { echo "$program is missing"; return 1; }
        skip "$program is not installed"
    done
}

commands() { "$HOTPIX" help --dump | awk -F'\t' '$1 == "command" { print $2 }'; }

# Long options of a command. long_options COMMAND
long_options() {
    "$HOTPIX" help --dump | awk -F'\t' -v c="$1" '$1 == "command" { on = $2 == c } on && $1 == "option" { print "--" $2 }'
}

# What `make install` would put in place, in DEST; a file's tests share it.
install_all() {
    export DEST=$BATS_FILE_TMPDIR/dest
    meson install -C "$HOTPIX_BUILD" --quiet --no-rebuild --destdir "$DEST" >/dev/null
    PREFIX=$(cd "$DEST" && find . -name hotpix.h)
    export PREFIX=$DEST/${PREFIX%/include/hotpix.h}
    LIBRARIES=$(dirname "$(find "$DEST" -name 'libhotpix.so.1')")
    export LIBRARIES
}
