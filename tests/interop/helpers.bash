# Common to the tests with the programs that lists are for. The environment gives HOTPIX and CAMSIM.
bats_require_minimum_version 1.5.0
load ../need

: "${HOTPIX:?the path of hotpix}" "${CAMSIM:?the path of camsim}"
HERE=$BATS_TEST_DIRNAME

# Where the sensor is bad, ordered by y, then x; apart, and 8 px inside: some programs leave the border alone.
PLACES="9 9
100 50
411 77
301 101
320 260
631 511"

# Programs keep their settings in the test's own folder.
setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export HOME=$BATS_TEST_TMPDIR USER=${USER:-tester}
    unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME
}

# camsim's form of PLACES: all stuck at white. planted FILE
planted() {
    printf '%s\n' "$PLACES" | awk '
        { printf "%s{\"x\": %d, \"y\": %d, \"class\": \"stuck\", \"kind\": \"stuck\", \"strength\": 4095, \"since\": null, \"until\": null}", (NR > 1 ? ", " : "{\"defects\": ["), $1, $2 }
        END { print "]}" }' >"$1"
}

# The list that the formats are made from. list SOURCE FILE
list() {
    { echo "x,y,kind,width,height,source"; printf '%s\n' "$PLACES" | awk -v s="$1" '{ print $1 "," $2 ",hot,640,520," s }'; } >"$2"
}

# One photo of the camera, which the tests of a file share. photo FOLDER [OPTION]...
photo() {
    local folder=$1
    shift
    planted "$BATS_FILE_TMPDIR/planted.json"
    "$CAMSIM" --size 640x520 --number 1 --seed 5 --defects "$BATS_FILE_TMPDIR/planted.json" "$@" "$folder" >/dev/null
}

# Which pixels differ between two pictures, "x y" a line; all arguments go to changed.py.
changed() {
    "$PYTHON" "$HERE/changed.py" "$@"
}

# Exactly PLACES differ. The last two arguments are what is added to x and y of a changed pixel.
only_places_changed() {
    diff <(printf '%s\n' "$PLACES") <(changed "$@")
}
