# The examples do what they say.

bats_require_minimum_version 1.5.0
: "${HOTPIX:?}" "${CAMSIM:?}" "${HOTPIX_BUILD:?}"
ROOT=$BATS_TEST_DIRNAME/../..
EXAMPLES=$HOTPIX_BUILD/examples

setup() { cd "$BATS_TEST_TMPDIR" || return; }

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos
    "$CAMSIM" --size 320x240 --number 12 --seed 3 --defects-per-class 1 "$PHOTOS" >/dev/null
}

# "x y" of a JSON list
places() { /usr/bin/python3 -c 'import json, sys
for c in json.load(open(sys.argv[1]))["cameras"]:
    for d in c["defects"]: print(d["x"], d["y"])' "$1"; }

@test "scan_folder finds what hotpix scan finds, and writes the same list" {
    "$EXAMPLES/example_scan_folder" "$PHOTOS" bad.csv >out
    "$HOTPIX" scan --quiet "$PHOTOS" -o theirs.csv -o theirs.json >/dev/null
    diff bad.csv theirs.csv
    diff <(tail -n +2 out | cut -d ' ' -f 1,2) <(places theirs.json)
    [ -s bad.csv ]
}

@test "from_memory finds the one pixel that it made bad" {
    [ "$("$EXAMPLES/example_from_memory")" = "200 100" ]
}

@test "merge_states finds what a scan of all photos finds" {
    mkdir a b
    cp "$PHOTOS"/*[02468].jpg a
    cp "$PHOTOS"/*[13579].jpg b
    "$HOTPIX" scan --quiet --similar keep a --state a.fits >/dev/null
    "$HOTPIX" scan --quiet --similar keep b --state b.fits >/dev/null
    "$HOTPIX" scan --quiet --similar keep a b -o all.json >/dev/null
    "$EXAMPLES/example_merge_states" all.fits a.fits b.fits >out
    head -n 1 out | grep -q ': 12 photos$'
    diff <(tail -n +2 out) <(places all.json)
}

@test "an example says what went wrong" {
    run "$EXAMPLES/example_scan_folder" nothing-here
    [ "$status" -eq 1 ]
    [[ $output == *nothing-here* ]]
}

@test "examples are short: 20 to 40 lines of C" {
    for file in "$ROOT"/examples/*.c; do
        lines=$(wc -l <"$file")
        [ "$lines" -ge 20 ] && [ "$lines" -le 40 ] || { echo "$file has $lines lines"; false; }
    done
}
