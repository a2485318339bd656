# DNG: the raw samples themselves where they can be written again, the list in the copy where not.
load helpers

# samples PHOTO: the raw samples as dcraw sees them
samples() {
    dcraw -D -4 -j -t 0 -c "$1"
}

# judge BEFORE AFTER TWIN TRUTH: only bad pixels changed, and came ten times closer to the twin
judge() {
    "$PYTHON" - "$@" <<'P'
import json, sys
import numpy as np

def load(path):
    head, size, _, data = open(path, "rb").read().split(b"\n", 3)
    w, h = map(int, size.split())
    return np.frombuffer(data, ">u2").reshape(h, w).astype(int)

before, after, twin = map(load, sys.argv[1:4])
bad = {(d["x"], d["y"]) for d in json.load(open(sys.argv[4]))["defects"]}
changed = {(x, y) for y, x in zip(*np.nonzero(before != after))}
error = [sum(abs(p[y, x] - twin[y, x]) for x, y in bad) for p in (before, after)]
print(len(changed), changed - bad, error)
sys.exit(bool(changed - bad or not changed or error[1] * 10 > error[0]))
P
}

@test "an uncompressed DNG: only the samples of bad pixels change, in a file of the same bytes else" {
    need dcraw exiftool
    photos photos --size 640x480 --format dng --margins 30,20,10,12
    list photos/defects.json raw list.csv
    "$HOTPIX" fix -d list.csv -o out photos/photo-0001.dng
    samples photos/photo-0001.dng >before
    samples out/photo-0001.dng >after
    samples photos-twins/photo-0001.dng >twin
    judge before after twin photos/defects.json
    [ "$(stat -c %s photos/photo-0001.dng)" = "$(stat -c %s out/photo-0001.dng)" ]
    [ "$(cmp -l photos/photo-0001.dng out/photo-0001.dng | wc -l)" -le 50 ]
    diff <(exiftool -a -G -x File:all photos/photo-0001.dng) <(exiftool -a -G -x File:all out/photo-0001.dng)
}

@test "a DNG in lossless JPEG gets the list as an opcode" {
    need exiftool
    photos photos --format dng --compress ljpeg
    list photos/defects.json raw list.csv
    run -0 "$HOTPIX" fix -d list.csv -o out photos/photo-0001.dng
    has "24 bad pixels listed in the copy"
    [ "$(exiftool -s3 -OpcodeList1 out/photo-0001.dng)" = FixBadPixelsList ]
    "$HOTPIX" convert out/photo-0001.dng -o back.csv
    diff <(tail -n +2 list.csv | cut -d, -f1,2) <(tail -n +2 back.csv | cut -d, -f4,5)
}

@test "another camera raw: which list to give to which program" {
    need_data raw/canon-d30.crw
    printf 'x,y\n500,400\n' >list.csv
    "$HOTPIX" convert list.csv --like "$HOTPIX_DATA/raw/canon-d30.crw" -o list.json
    run -1 "$HOTPIX" fix -d list.json -o out "$HOTPIX_DATA/raw/canon-d30.crw"
    has "dcraw -P"
    has "rawtherapee:FOLDER"
    [ -z "$(ls -A out)" ]
}
