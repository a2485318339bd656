# DNG: the raw samples themselves where they can be written again, the list in the copy where not.
load helpers

# samples PHOTO: the raw samples as dcraw sees them
samples() {
    dcraw -D -4 -j -t 0 -c "$1"
}

# judge BEFORE AFTER TWIN TRUTH [TIMES]: only bad pixels changed, and came ten times, or as told, closer to the twin
judge() {
    "$PYTHON" - "$@" <<'P'
import json, sys
import numpy as np

def load(path):
    head, size, _, data = open(path, "rb").read().split(b"\n", 3)
    w, h = map(int, size.split())
    return np.frombuffer(data, ">u2").reshape(h, w).astype(int)

before, after, twin = map(load, sys.argv[1:4])
times = float((sys.argv + [10])[5])
bad = {(d["x"], d["y"]) for d in json.load(open(sys.argv[4]))["defects"]}
changed = {(x, y) for y, x in zip(*np.nonzero(before != after))}
error = [sum(abs(p[y, x] - twin[y, x]) for x, y in bad) for p in (before, after)]
print(len(changed), changed - bad, error)
sys.exit(bool(changed - bad or not changed or error[1] * times > error[0]))
P
}

# fix_plain OPTION...: photos in samples without compression
fix_plain() {
    photos photos --size 640x480 --format dng "$@"
    list photos/defects.json raw list.csv
    "$HOTPIX" fix -d list.csv -o out photos
    samples photos/photo-0001.dng >before
    samples out/photo-0001.dng >after
    samples photos-twins/photo-0001.dng >twin
    judge before after twin photos/defects.json
    [ "$(stat -c %s photos/photo-0001.dng)" = "$(stat -c %s out/photo-0001.dng)" ]
    [ "$(cmp -l photos/photo-0001.dng out/photo-0001.dng | wc -l)" -le 50 ]
    diff <(exiftool -a -G -x File:all photos/photo-0001.dng) <(exiftool -a -G -x File:all out/photo-0001.dng)
}

@test "an uncompressed DNG: only the samples of bad pixels change, in a file of the same bytes else" {
    need dcraw exiftool
    fix_plain --margins 30,20,10,12
}

@test "an uncompressed DNG without colours" {
    need dcraw exiftool
    fix_plain --cfa MONO
}

# with_libraw PHOTO OUT: the samples of the whole frame, masked ones too, as LibRaw sees them
with_libraw() {
    cp "$1" libraw.dng
    unprocessed_raw libraw.dng >/dev/null
    mv libraw.dng.pgm "$2"
}

# tiles BEFORE AFTER TRUTH LEFT TOP: tiles without a bad pixel have the bytes and the places they had; the file became
# longer by one of the others at most
tiles() {
    "$PYTHON" - "$@" <<'P'
import json, subprocess, sys

def read(path):
    def numbers(tag):
        said = subprocess.run(["exiftool", "-s3", "-b", f"-{tag}", path], capture_output=True, text=True).stdout
        return [int(v) for v in said.split()]
    data = open(path, "rb").read()
    side, width = numbers("TileWidth")[0], numbers("IFD0:ImageWidth")[0]
    return side, width, [(at, data[at:at + n]) for at, n in zip(numbers("TileOffsets"), numbers("TileByteCounts"))], len(data)

left, top = map(int, sys.argv[4:6])
side, width, before, old = read(sys.argv[1])
_, _, after, new = read(sys.argv[2])
across = -(-width // side)
bad = {(d["y"] + top) // side * across + (d["x"] + left) // side for d in json.load(open(sys.argv[3]))["defects"]}
moved = {i for i in range(len(before)) if before[i] != after[i]}
print(len(before), moved, bad, old, new)
sys.exit(not moved or bool(moved - bad) or new > old + 1 + max(len(t) for _, t in after))
P
}

# only_in_frame BEFORE AFTER WHOLE_BEFORE WHOLE_AFTER LEFT TOP: the whole changed as the frame in it did, and not beside
only_in_frame() {
    "$PYTHON" - "$@" <<'P'
import sys
import numpy as np

def load(path):
    head, size, _, data = open(path, "rb").read().split(b"\n", 3)
    w, h = map(int, size.split())
    return np.frombuffer(data, ">u2").reshape(h, w).astype(int)

before, after, whole_before, wanted = map(load, sys.argv[1:5])
left, top = map(int, sys.argv[5:7])
h, w = before.shape
whole_before[top:top + h, left:left + w] += after - before
sys.exit(not (whole_before == wanted).all())
P
}

# fix_lossless NAME LEFT TOP TIMES OPTION...: photos in lossless JPEG; dcraw and LibRaw see the bad pixels come closer by
# that factor, and no other change
fix_lossless() {
    local name=$1 left=$2 top=$3 times=$4
    shift 4
    photos "$name" --format dng --compress ljpeg "$@"
    list "$name/defects.json" raw list.csv
    run -0 "$HOTPIX" fix -d list.csv -o "$name-out" "$name"
    has "bad pixels repaired"
    for photo in photo-0001.dng photo-0002.dng; do
        tiles "$name/$photo" "$name-out/$photo" "$name/defects.json" "$left" "$top"
        diff <(exiftool -a -G -x File:all -x TileOffsets -x TileByteCounts "$name/$photo") \
            <(exiftool -a -G -x File:all -x TileOffsets -x TileByteCounts "$name-out/$photo")
    done
    samples "$name/photo-0001.dng" >before
    samples "$name-out/photo-0001.dng" >after
    samples "$name-twins/photo-0001.dng" >twin
    judge before after twin "$name/defects.json" "$times"
    with_libraw "$name/photo-0001.dng" whole-before
    with_libraw "$name-out/photo-0001.dng" whole-after
    only_in_frame before after whole-before whole-after "$left" "$top"
}

@test "a DNG in lossless JPEG: only the samples of bad pixels change, only their tiles are coded again" {
    need dcraw exiftool unprocessed_raw
    fix_lossless bayer 30 20 10 --size 640x480 --margins 30,20,10,12
    fix_lossless wide 0 0 4 --size 1100x600 --bits 14
}

@test "a DNG in lossless JPEG, X-Trans and without colours" {
    need dcraw exiftool unprocessed_raw
    fix_lossless xtrans 0 0 2.5 --cfa XTRANS
    fix_lossless mono 0 0 10 --cfa MONO
}

@test "tiles whose samples stand in another order: the list as an opcode" {
    need exiftool
    photos photos --format dng --compress ljpeg
    list photos/defects.json raw list.csv
    # twice as wide and half as high by the header of each tile: another picture, but no damage
    "$PYTHON" - photos/photo-0001.dng other.dng <<'P'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
at = data.find(b"\xff\xd8\xff\xc3")
while at >= 0:
    high, wide = int.from_bytes(data[at + 7:at + 9], "big"), int.from_bytes(data[at + 9:at + 11], "big")
    data[at + 7:at + 11] = (high // 2).to_bytes(2, "big") + (wide * 2).to_bytes(2, "big")
    at = data.find(b"\xff\xd8\xff\xc3", at + 1)
open(sys.argv[2], "wb").write(data)
P
    run ! cmp -s photos/photo-0001.dng other.dng
    run -0 "$HOTPIX" fix -d list.csv -o out other.dng
    has "24 bad pixels listed in the copy"
    [ "$(exiftool -s3 -OpcodeList1 out/other.dng)" = FixBadPixelsList ]
    "$HOTPIX" convert out/other.dng -o back.csv
    diff <(tail -n +2 list.csv | cut -d, -f1,2) <(tail -n +2 back.csv | cut -d, -f4,5)
}

@test "a DNG's checksums of its samples are no more where these changed" {
    need exiftool
    for kind in none ljpeg; do
        photos $kind --format dng --compress $kind
        list $kind/defects.json raw list.csv
        exiftool -q -overwrite_original -IFD0:RawImageDigest=000102030405060708090a0b0c0d0e0f \
            -IFD0:NewRawImageDigest=101112131415161718191a1b1c1d1e1f $kind/photo-0001.dng
        [ "$(exiftool -s3 -NewRawImageDigest $kind/photo-0001.dng)" = 101112131415161718191a1b1c1d1e1f ]
        run -0 "$HOTPIX" fix -d list.csv -o $kind-out $kind/photo-0001.dng
        has "bad pixels repaired"
        for tag in RawImageDigest NewRawImageDigest; do
            [ "$(exiftool -s3 -$tag $kind-out/photo-0001.dng)" = 00000000000000000000000000000000 ]
        done
    done
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
