# Photos of several bodies of one model that name no serial number.
load helpers

setup_file() {
    export ONE=$BATS_FILE_TMPDIR/one OTHER=$BATS_FILE_TMPDIR/other BOTH=$BATS_FILE_TMPDIR/both
    shopt -s nullglob
    "$CAMSIM" --size 640x480 --number 8 --seed 41 --serial "" --defects-per-class 1 "$ONE"
    "$CAMSIM" --size 640x480 --number 5 --seed 42 --serial "" --defects-per-class 1 "$OTHER"
    mixed "$BOTH" "$ONE" "$OTHER"
    scanned "$BOTH"
}

# mixed TO FOLDER...: their photos in one folder, in turn by name
mixed() {
    local to=$1 folder photo letter=a
    mkdir "$to"
    shift
    for folder; do
        for photo in "$folder"/*.jpg; do
            cp "$photo" "$to/${photo: -8:4}$letter.jpg"
        done
        letter=$(tr a-y b-z <<<"$letter")
    done
}

# of each list: photos used, and how many of its pixels are planted in this folder
found_of() {
    "$PYTHON" - "$1/scan.json" "$2/defects.json" <<'PY'
import json, sys
cameras, planted = (json.load(open(name)) for name in sys.argv[1:])
near = lambda a, b: max(abs(a["x"] - b["x"]), abs(a["y"] - b["y"])) <= 2
print([[c["photos"]["used"], sum(any(near(f, p) for p in planted["defects"]) for f in c["defects"]), len(c["defects"])]
       for c in cameras["cameras"]])
PY
}

@test "two bodies are told apart, each with its own bad pixels" {
    scanned "$ONE"
    scanned "$OTHER"
    one=$(json "$ONE/scan.json" 'len(d["cameras"][0]["defects"])')
    other=$(json "$OTHER/scan.json" 'len(d["cameras"][0]["defects"])')
    [ "$one" -ge 10 ] && [ "$other" -ge 10 ]
    run -0 found_of "$BOTH" "$ONE"
    [ "$output" = "[[8, $one, $one], [5, 0, $other]]" ]
    run -0 found_of "$BOTH" "$OTHER"
    [ "$output" = "[[8, 0, $one], [5, $other, $other]]" ]
}

@test "it is told, and which photos are of the other body" {
    grep -q '5 photos, which like these name no serial number, show other bad pixels than these' "$BOTH/said"
    grep -q 'these photos show other bad pixels than others of this camera' "$BOTH/said"
    run -0 json "$BOTH/scan.json" 'sorted(s["path"][-5] for s in d["cameras"][0]["photos"]["skipped"])'
    [ "$output" = "['b', 'b', 'b', 'b', 'b']" ]
}

@test "the progress counts the photos that are looked at once more" {
    [[ $(progress "$BOTH") == *" photos, looking at the" ]]
}

@test "each body has a result of its own" {
    run -0 "$HOTPIX" scan --quiet -o list.csv -o list.badpixels "$BOTH"
    [ "$(ls list*.badpixels | wc -l)" -eq 2 ]
    run ! cmp -s list*.badpixels
    run -1 "$HOTPIX" fix --quiet -d "$BOTH/scan.json" -o fixed "$BOTH/0001a.jpg"
    has '2 lists are for'
}

@test "the history of each body is read from its own photos" {
    for how in "scan --history" "history -d $BOTH/scan.json"; do
        run -0 --separate-stderr "$HOTPIX" $how --quiet --force -o history.json "$BOTH"
        [[ $stderr != *'passed over'* ]]
        run -0 json history.json '[len(c["history"]["photos"]) for c in d["cameras"]]'
        [ "$output" = '[8, 5]' ]
    done
}

@test "a photo that repeats another is of the same body's history" {
    cp -r "$BOTH" burst
    cp burst/0001a.jpg burst/0001c.jpg
    printf 'again' >>burst/0001c.jpg
    run -0 "$HOTPIX" scan --history --quiet --force -o history.json burst
    run -0 json history.json '[[len(c["photos"]["skipped"]), len(c["history"]["photos"])] for c in d["cameras"]]'
    [ "$output" = '[[6, 9], [0, 5]]' ]
    run -0 "$HOTPIX" history -d history.json --quiet -o again.json burst
    run -0 json again.json '[len(c["history"]["photos"]) for c in d["cameras"]]'
    [ "$output" = '[9, 5]' ]
}

@test "three bodies are told apart" {
    "$CAMSIM" --size 640x480 --number 5 --seed 43 --serial "" --defects-per-class 1 third
    mixed three "$ONE" "$OTHER" third
    scanned three
    run -0 json three/scan.json 'sorted(c["photos"]["used"] for c in d["cameras"])'
    [ "$output" = '[5, 5, 8]' ]
    for folder in "$ONE" "$OTHER" third; do
        run -0 found_of three "$folder"
        [ "$(grep -o '\[[0-9]*, [01], [0-9]*\]' <<<"$output" | wc -l)" -eq 2 ]
    done
}

@test "with a state it is told, and nothing left out" {
    cp -r "$BOTH" kept
    scanned kept --state state.fits
    run -0 json kept/scan.json '[c["photos"]["used"] for c in d["cameras"]]'
    [ "$output" = '[13]' ]
    grep -q '5 of these photos, which name no serial number, show the bad pixels of another camera' kept/said
}

@test "photos that name one serial number are of one body" {
    for seed in 41 42; do
        "$CAMSIM" --size 640x480 --number 5 --seed $seed --serial 7 --defects-per-class 1 named$seed
    done
    mixed named named41 named42
    scanned named
    run -0 json named/scan.json '[c["photos"]["used"] for c in d["cameras"]]'
    [ "$output" = '[10]' ]
}

@test "one body whose pixels show in long exposures alone is one" {
    "$PYTHON" - "$ONE/defects.json" <<'PY'
import json, random, sys
truth = json.load(open(sys.argv[1]))
dark = next(p for p in truth["defects"] if p["class"] == "hot-dark")
random.seed(1)
truth["defects"] = [
    {**dark, "x": 20 + 60 * (i % 10), "y": 40 + 150 * (i // 10), "strength": random.choice([3000, 4000])}
    for i in range(20)
]
json.dump(truth, open("dark.json", "w"))
PY
    "$CAMSIM" --size 640x480 --number 20 --seed 44 --serial "" --defects dark.json dark
    scanned dark
    run -0 json dark/scan.json '[[c["photos"]["used"], c["checks"]["unsteady_share"] >= 0.8] for c in d["cameras"]]'
    [ "$output" = '[[20, True]]' ]
}
