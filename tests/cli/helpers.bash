# Common to all CLI tests. The environment gives the programs: HOTPIX and CAMSIM; and HOTPIX_DATA, a folder of
# real photos: without it the tests that need it are skipped, unless CI=true.
bats_require_minimum_version 1.5.0
load ../need

: "${HOTPIX:?the path of hotpix}" "${CAMSIM:?the path of camsim}"
HERE=$BATS_TEST_DIRNAME

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

# camera FOLDER [OPTION]...: small photos of a simulated camera
camera() {
    local folder=$1
    shift
    mkdir -p "$folder"
    "$CAMSIM" --size 320x240 --number 12 --seed 3 --defects-per-class 1 "$@" "$folder" >/dev/null
}

# A set that the tests of a file share; they do not write there.
setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos
    camera "$PHOTOS"
}

# make_bad KIND IN OUT
make_bad() {
    "$PYTHON" "$HERE/make_bad.py" "$@"
}

# json FILE EXPRESSION: a Python expression over the document d
json() {
    "$PYTHON" -c 'import json, sys; d = json.load(open(sys.argv[1], encoding="utf-8")); print(eval(sys.argv[2]))' "$@"
}

# The output has the text, or the test fails and shows what there was.
has() {
    [[ $output == *"$1"* ]] || { printf 'no "%s" in:\n%s\n' "$1" "$output"; return 1; }
}

has_not() {
    [[ $output != *"$1"* ]] || { printf 'there is "%s" in:\n%s\n' "$1" "$output"; return 1; }
}

# what is on stderr (run --separate-stderr)
says() {
    # shellcheck disable=SC2154
    [[ $stderr == *"$1"* ]] || { printf 'no "%s" on stderr:\n%s\n' "$1" "$stderr"; return 1; }
}

# Runs a command as somebody without rights; tests run as root too.
as_nobody() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}

# A folder that as_nobody can reach, in OPEN; removed by close_folder.
open_folder() {
    OPEN=$(mktemp -d)
    chmod 755 "$OPEN"
    as_nobody test -x "$HOTPIX" || missing "nobody cannot run $HOTPIX"
    as_nobody test -r "$OPEN" || missing "nobody cannot read $OPEN"
}

# small_disk SIZE: the folder disk is one of that size (4k, 3M); unmounted by teardown.
small_disk() {
    mkdir disk
    mount -t tmpfs -o "size=$1" none disk 2>/dev/null || missing "no disk can be mounted"
}

teardown() {
    ! mountpoint -q "$BATS_TEST_TMPDIR/disk" || umount -l "$BATS_TEST_TMPDIR/disk"
    if [ -n "${OPEN:-}" ]; then
        chmod -R u+rwX "$OPEN"
        rm -rf "$OPEN"
    fi
}
