# Common to the tests of cases. The environment gives HOTPIX and CAMSIM, and HOTPIX_DATA, a folder of real photos.
load ../cli/helpers

setup_file() {
    :
}

# scanned FOLDER [OPTION]...: scans a folder of camsim's into FOLDER/scan.json
scanned() {
    local folder=$1 status=0
    shift
    "$HOTPIX" scan --quiet --force -o "$folder/scan.json" "$@" "$folder"/*.{jpg,dng} >"$folder/table" 2>"$folder/said" || status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || { cat "$folder/said"; return 1; }
}

# progress FOLDER: the last that a scan of it tells of its progress
progress() {
    "$HOTPIX" scan --progress always "$1"/*.{jpg,dng} 2>&1 >/dev/null | tr '\r' '\n' | grep -o '^[0-9]* .*photos, [^ ]* [^ ]* [^ ]*' | tail -n 1
}

# judge FOLDER EXPRESSION: of judge.py
judge() {
    "$PYTHON" "$BATS_TEST_DIRNAME/judge.py" "$2" "$1/defects.json" "$1/scan.json"
}
