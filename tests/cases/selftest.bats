# hotpix selftest: what a scan of these photos would find.
load helpers

setup_file() {
    export SET=$BATS_FILE_TMPDIR/set RAW=$BATS_FILE_TMPDIR/raw
    "$CAMSIM" --size 960x640 --number 12 --seed 21 --defects-per-class 1 "$SET"
    "$CAMSIM" --size 640x480 --number 6 --seed 22 --defects-per-class 0 --format dng "$RAW"
    "$HOTPIX" selftest --quiet -j 2 -o "$SET/test.json" "$SET"/*.jpg >"$SET/table"
}

# of FILE EXPRESSION: over the steps s, which is a list of them, and the camera c
of() {
    json "$1" "(lambda c, s: $2)(d['cameras'][0], d['cameras'][0]['steps'])"
}

@test "the same photos give the same answer, for any number of threads" {
    run -0 "$HOTPIX" selftest --quiet -j 1 -o again.json "$SET"/*.jpg
    cmp again.json "$SET/test.json"
    [ "$output" = "$(cat "$SET/table")" ]
}

@test "photos stay as they are" {
    cp -r "$SET" copy
    run -0 "$HOTPIX" selftest --quiet copy/photo-000[1-6].jpg
    diff -r "$SET" copy
}

@test "dead and strongly hot pixels are found, too faint ones are not" {
    run -0 of "$SET/test.json" 'all(p["found"] == p["planted"] > 0 for p in s if p["kind"] == "dead" or p["kind"] == "hot" and p is [q for q in s if q["kind"] == "hot"][-1]) and s[0]["kind"] == "hot" and s[0]["found"] == 0'
    [ "$output" = True ]
}

@test "stronger ones of a kind are found as often or oftener, but for chance" {
    run -0 of "$SET/test.json" 'all(b["found"] / b["planted"] >= a["found"] / a["planted"] - 0.5 for a, b in zip(s, s[1:]) if a["kind"] == b["kind"] != "stuck")'
    [ "$output" = True ]
}

@test "the strength of which 90 % are found is that of the likeliest curve" {
    run -0 "$PYTHON" - "$SET/test.json" <<'PY'
import json, sys
from math import exp, log, log2
import numpy as np
camera = json.load(open(sys.argv[1]))["cameras"][0]
told = {"hot": camera["hot_from"], "weak": camera["weak_from"]}
for kind, octaves in (("hot", log2), ("weak", lambda s: log2(1 - s))):
    steps = [s for s in camera["steps"] if s["kind"] == kind]
    x, n, k = (np.array(v, float) for v in zip(*((octaves(s["strength"]), s["planted"], s["found"]) for s in steps)))
    best = None
    for half in np.arange(x.min(), x.max(), 0.02):  # where half are found
        for slope in np.arange(2, 9, 0.1):
            p = 1 / (1 + np.exp(-slope * (x - half)))
            score = (k * np.log(p + 1e-300) + (n - k) * np.log(1 - p + 1e-300)).sum() - (slope - 5.2) ** 2 / 2
            if best is None or score > best[0]:
                best = score, half + log(9) / slope
    amount = told[kind] if kind == "hot" else 1 - told[kind]
    print(kind, abs(log2(amount) - best[1]) < 0.05)
PY
    [ "$output" = $'hot True\nweak True' ]
    grep -q '^A scan of these 12 photos finds 9 in 10 of the bad pixels that are$' "$SET/table"
    grep -Eq '^  hot    by [0-9]+\.[0-9] DN or more$' "$SET/table"
    grep -Eq '^  weak   with a response of 0\.[0-9]+ or less$' "$SET/table"
    grep -Eq '^  stuck  at 10(, 50)? or 95 % of white$' "$SET/table"
}

@test "one photo alone is said to show nothing, two of what they show too little, darks neither weak nor dead ones" {
    run -0 "$HOTPIX" selftest --quiet "$SET/photo-0001.jpg"
    has "One photo alone cannot tell bad pixels from details of its scene: a scan of it lists none."
    [[ $output != *planted* ]]
    run -0 "$HOTPIX" selftest --quiet "$SET"/photo-000[12].jpg
    has "A scan of these 2 photos finds 9 in 10 of"
    has "More photos find fainter ones."
    "$CAMSIM" --size 400x300 --number 3 --seed 3 --defects-per-class 0 --scene dark --format dng dark
    run -0 "$HOTPIX" selftest --quiet dark
    has "None of the weak and dead ones is found; in darks they do not show."
    run -0 "$HOTPIX" selftest --quiet dark/photo-0001.dng
    has "A scan of this photo finds 9 in 10 of the bad pixels that are"
}

@test "bad pixels of the photos themselves are counted apart, and nothing is planted on them" {
    run -0 "$HOTPIX" scan --quiet -o scan.json "$SET"/*.jpg
    run -0 of "$SET/test.json" 'c["own_defects"]'
    [ "$output" = "$(json scan.json 'len(d["cameras"][0]["defects"])')" ]
}

@test "raw photos too" {
    run -0 "$HOTPIX" selftest --quiet -o raw.json "$RAW"/*.dng
    run -0 of raw.json 'c["source"] == "raw" and c["hot_from"] > 0 and [p["found"] == p["planted"] for p in s if p["kind"] == "dead"] == [True]'
    [ "$output" = True ]
}

@test "photos too small to plant in, none at all, and a result that is no JSON are refused" {
    "$CAMSIM" --size 96x96 --number 5 --seed 1 --defects-per-class 0 small
    run -1 "$HOTPIX" selftest --quiet small
    has "too small to plant"
    run -1 "$HOTPIX" selftest nothing-there
    run -2 "$HOTPIX" selftest
    run -2 "$HOTPIX" selftest -o list.csv "$SET"/*.jpg
    has "written as JSON"
}

@test "photos too small to plant in cost themselves, not the other cameras" {
    mkdir both
    "$CAMSIM" --size 96x96 --number 1 --seed 1 --defects-per-class 0 small
    cp small/photo-0001.jpg both/icon.jpg
    cp "$SET"/photo-000[1-3].jpg both
    run -3 --separate-stderr "$HOTPIX" selftest --quiet -o both.json both
    has "A scan of these 3 photos finds"
    [[ $stderr == *"icon.jpg: photos of 96 x 96 px are too small to plant bad pixels in; skipped" ]]
    run -0 json both.json '[(c["photos"]["used"], len(c["photos"]["skipped"]), bool(c["steps"])) for c in d["cameras"]]'
    [ "$output" = "[(0, 1, False), (3, 0, True)]" ]
}

@test "where bad pixels of their own are everywhere it is said, instead that none is found" {
    "$PYTHON" - <<'PY'
import numpy as np
from astropy.io import fits
random = np.random.default_rng(1)
for i in range(5):
    frame = random.normal(500 + 100 * i, 5, (200, 200))
    frame[6::12, 6::12] += 3000
    fits.writeto(f"{i}.fits", frame.astype(np.uint16))
PY
    run -1 "$HOTPIX" selftest --quiet ./*.fits
    has "bad pixels of their own leave no place to plant others in"
    [[ $output != *"9 in 10"* ]]
}

@test "photos that a scan leaves out, as resized, do not count" {
    need exiftool
    cp -r "$SET" resized
    exiftool -q -overwrite_original -ExifImageWidth=4000 -ExifImageHeight=3000 resized/photo-000[1-3].jpg
    run -0 "$HOTPIX" scan --quiet -o scan.json resized/*.jpg
    run -0 "$HOTPIX" selftest --quiet -o test.json resized/*.jpg
    has "A scan of these 9 photos finds"
    run -0 "$PYTHON" - <<'PY'
import json
tested, scanned = (json.load(open(name))["cameras"][0]["photos"] for name in ("test.json", "scan.json"))
print(len(tested["skipped"]), tested["skipped"] == scanned["skipped"], tested["used"] == scanned["used"])
PY
    [ "$output" = "3 True True" ]
}
