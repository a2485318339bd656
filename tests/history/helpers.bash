# Common to the tests of histories, beside those of the CLI.
load ../cli/helpers
HERE=$BATS_TEST_DIRNAME
DUMP_ROWS=${HOTPIX_BUILD:?}/tests/history/dump_rows

# What is bad when, in photos taken every hour from 2024-05-01T10:00:00 on: photo k is taken at 9 + k o'clock.
# always 40,40; from photo 12 on 100,50; until photo 17 200,60; from 9 to 24 60,120; by turns 260,130.
planted() {
    cat >"$1" <<'P'
{"defects": [
{"x": 40, "y": 40, "class": "hot-offset", "kind": "hot", "strength": 512, "since": null, "until": null},
{"x": 100, "y": 50, "class": "stuck", "kind": "stuck", "strength": 4095, "since": "2024-05-01T20:30:00", "until": null},
{"x": 200, "y": 60, "class": "dead", "kind": "dead", "strength": 0, "since": null, "until": "2024-05-02T02:30:00"},
{"x": 60, "y": 120, "class": "hot-offset", "kind": "hot", "strength": 1024, "since": "2024-05-01T18:00:00", "until": "2024-05-02T10:00:00"},
{"x": 260, "y": 130, "class": "stuck", "kind": "stuck", "strength": 4000, "since": "2024-05-01T13:00:00", "until": "2024-05-01T19:00:00"},
{"x": 260, "y": 130, "class": "stuck", "kind": "stuck", "strength": 4000, "since": "2024-05-02T01:00:00", "until": "2024-05-02T05:00:00"},
{"x": 260, "y": 130, "class": "stuck", "kind": "stuck", "strength": 4000, "since": "2024-05-02T09:00:00", "until": "2024-05-02T16:00:00"}
]}
P
}

# The places of planted, and one without a defect. list SOURCE FILE
list() {
    printf 'x,y,width,height,source\n' >"$2"
    local place
    for place in 40,40 100,50 200,60 60,120 260,130 160,200; do
        printf '%s,320,240,%s\n' "$place" "$1" >>"$2"
    done
}

# dated FOLDER [OPTION]...: 36 photos of the sensor of planted
dated() {
    local folder=$1
    shift
    planted "$BATS_FILE_TMPDIR/planted.json"
    "$CAMSIM" --size 320x240 --number 36 --seed 3 --defects "$BATS_FILE_TMPDIR/planted.json" "$@" "$folder" >/dev/null
}

history() { "$HOTPIX" history "$@"; }

# "x,y verdict first last since until" of every defect, with photos counted from 1
courses() {
    "$PYTHON" - "$1" <<'P'
import json, sys
for camera in json.load(open(sys.argv[1]))["cameras"]:
    for d in camera["defects"]:
        h = d["history"]
        first, last = (h["first"] + 1, h["last"] + 1) if "first" in h else ("-", "-")
        print(f'{d["x"]},{d["y"]} {h["verdict"]}: {first} to {last}, {d.get("since", "-")} to {d.get("until", "-")}')
P
}
