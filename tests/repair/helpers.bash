# Common to the tests of hotpix fix. The environment gives HOTPIX, CAMSIM and HOTPIX_BUILD.
bats_require_minimum_version 1.5.0
load ../need

: "${HOTPIX:?the path of hotpix}" "${CAMSIM:?the path of camsim}" "${HOTPIX_BUILD:?the folder it is built in}"
PYTHON=${PYTHON:-/usr/bin/python3}
HERE=$BATS_TEST_DIRNAME
COEFFICIENTS=$HOTPIX_BUILD/tests/repair/coefficients

setup() {
    cd "$BATS_TEST_TMPDIR" || return
}

# photos FOLDER [OPTION]...: two photos with bad pixels, their twins without in FOLDER-twins; list.csv for them beside
photos() {
    local folder=$1
    shift
    "$CAMSIM" --size 333x250 --number 2 --seed 11 --defects-per-class 1 --portrait 1 --twins "$folder-twins" "$@" "$folder" >/dev/null
}

# list TRUTH SOURCE FILE [WxH]: the places of a defects.json, as a list without boxes
list() {
    "$PYTHON" - "$@" <<'P'
import json, sys
truth, source, out = sys.argv[1:4]
d = json.load(open(truth))
w, h = sys.argv[4].split("x") if len(sys.argv) > 4 else (d["camera"]["width"], d["camera"]["height"])
with open(out, "w") as f:
    f.write("x,y,width,height,source\n")
    f.writelines(f"{p['x']},{p['y']},{w},{h},{source}\n" for p in d["defects"])
P
}

# may_change LIST WIDTH HEIGHT: the MCUs that hold a footprint (5x5) of a list's pixels, as coefficients prints them
may_change() {
    tail -n +2 "$1" | awk -F, -v w="$2" -v h="$3" '{
        for (y = $2 - 2; y <= $2 + 2; y++)
            for (x = $1 - 2; x <= $1 + 2; x++)
                if (x >= 0 && y >= 0 && x < $3 && y < $4)
                    print "mcu " int(x / w) " " int(y / h) }' | sort -u
}

# only_footprints LIST WIDTH HEIGHT BEFORE AFTER: nothing but MCUs of WIDTH x HEIGHT with a footprint changed, some did
only_footprints() {
    "$COEFFICIENTS" "$4" "$5" >compared
    grep -q '^mcu' compared || { echo "nothing changed"; return 1; }
    comm -23 <(sort compared) <(may_change "$1" "$2" "$3") >wrong
    [ ! -s wrong ] || { cat wrong; return 1; }
}

# closer TWIN BEFORE AFTER [AT_LEAST]: after is nearer to the twin by that many dB (6)
closer() {
    "$PYTHON" - "$@" <<'P'
import sys
import numpy as np
from PIL import Image
twin, before, after = (np.asarray(Image.open(p).convert("RGB")).astype(float) for p in sys.argv[1:4])
gain = 10 * np.log10(((before - twin) ** 2).mean() / max(((after - twin) ** 2).mean(), 1e-9))
print(f"{gain:.1f} dB")
sys.exit(bool(gain < float(sys.argv[4] if len(sys.argv) > 4 else 6)))
P
}

has() {
    [[ $output == *"$1"* ]] || { printf 'no "%s" in:\n%s\n' "$1" "$output"; return 1; }
}
