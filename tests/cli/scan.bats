load helpers

@test "scan prints a table on stdout and nothing on stderr" {
    run --separate-stderr -0 "$HOTPIX" scan "$PHOTOS"
    has "HOTPIX CAMSIM, serial S0000003"
    has "320x240 JPEG, 12 photos used"
    has "kind   grade"
    has " bad pixels: "
    [ -z "$stderr" ]
}

@test "the table is a row for each defect, by y, then x, aligned" {
    "$HOTPIX" scan -q "$PHOTOS" -o list.json >table
    defects=$(json list.json 'len(d["cameras"][0]["defects"])')
    [ "$defects" -gt 5 ]
    [ "$(grep -cE '^ +[0-9]+ +[0-9]+  (hot|stuck|dead|weak)' table)" -eq "$defects" ]
    grep -E '^ +[0-9]+ +[0-9]+  ' table | awk '{ print $2, $1 }' >order
    sort -n -k1,1 -k2,2 -c order
}

@test "the strong defects of the simulated camera are found where they are" {
    "$HOTPIX" scan -q "$PHOTOS" -o list.json >/dev/null
    run -0 "$PYTHON" - "$PHOTOS/defects.json" list.json <<'P'
import json, sys
truth, found = (json.load(open(name)) for name in sys.argv[1:])
at = {(d["x"], d["y"]) for d in found["cameras"][0]["defects"]}
strong = [d for d in truth["defects"] if d["class"] == "hot-offset" and d["strength"] >= 256]
assert len(strong) >= 3, strong
print([d for d in strong if (d["x"], d["y"]) not in at])
P
    [ "$output" = "[]" ]
}

@test "a sensor without defects gives the sentence that says so" {
    camera clean --defects-per-class 0 --seed 5
    run -0 "$HOTPIX" scan clean
    has "No bad pixels found."
}

@test "cameras in one folder are told apart by make, model, serial and size" {
    camera all/a --serial 1
    camera all/b --serial 2 --number 6
    camera all/c --model Other --number 6
    camera all/d --serial 1 --size 240x320 --number 6
    run -0 "$HOTPIX" scan -q all
    has $'HOTPIX CAMSIM, serial 1\n320x240 JPEG, 12 photos used'
    has $'HOTPIX CAMSIM, serial 2\n320x240 JPEG, 6 photos used'
    has $'HOTPIX Other, serial'
    has $'HOTPIX CAMSIM, serial 1\n240x320 JPEG, 6 photos used'
}

@test "photos without EXIF are grouped by size, and that is said" {
    camera all/a --no-exif --number 6
    camera all/b --no-exif --number 6 --size 256x192
    run --separate-stderr -0 "$HOTPIX" scan all
    has $'unknown camera\n256x192 JPEG, 6 photos used'
    has $'unknown camera\n320x240 JPEG, 6 photos used'
    says "warning: unknown camera, 256x192 jpeg: these photos name no camera"
}

@test "fewer than 5 photos give a warning that says how many would help" {
    run --separate-stderr -0 "$HOTPIX" scan "$PHOTOS"/photo-000[1-4].jpg
    has "4 photos used"
    says "warning: HOTPIX CAMSIM"
    [[ $stderr =~ [0-9]+\ (or\ more|photos) ]]
}

@test "one photo of a scene lists nothing, and says why; one dark does" {
    "$PYTHON" -c 'import sys; from PIL import Image; Image.open(sys.argv[1]).save("one.jpg", quality=60)' \
        "$PHOTOS/photo-0001.jpg"
    run --separate-stderr -0 "$HOTPIX" scan one.jpg
    says "only 1 photo could be used, and one alone cannot tell bad pixels from details of its scene: none are listed"
    has "No bad pixels found."
    has_not "dust"
    camera dark --scene dark --number 1
    run --separate-stderr -0 "$HOTPIX" scan dark
    has " hot "
    says "only 1 photo without a scene (darks, bias frames, flats) could be used: "
}

@test "a warning about some of a camera's lists says about which, one about all is said once" {
    camera two/small
    camera two/large --number 2 --size 400x300
    camera two/raw --format dng --number 6
    run --separate-stderr -0 "$HOTPIX" scan two
    says "warning: HOTPIX CAMSIM, serial S0000003, 400x300 jpeg: only 2 photos could be used"
    [ "$(grep -c "there are photos of this camera as jpeg and as raw" <<<"$stderr")" -eq 1 ]
    says "warning: HOTPIX CAMSIM, serial S0000003: there are photos of this camera as jpeg and as raw"
    run --separate-stderr -0 "$HOTPIX" scan two --state states/
    says "HOTPIX CAMSIM, serial S0000003, 400x300 jpeg: 2 photos new, 0 known"
    says "HOTPIX CAMSIM, serial S0000003, 320x240 raw: 6 photos new, 0 known"
}

@test "five photos give no warning about their number" {
    run --separate-stderr -0 "$HOTPIX" scan -q "$PHOTOS"/photo-000[1-5].jpg
    [ -z "$stderr" ]
}

@test "the same photo under two names is counted once, and that is no fault" {
    cp "$PHOTOS"/*.jpg .
    cp photo-0002.jpg "again.jpg"
    run --separate-stderr -0 "$HOTPIX" scan .
    has "12 photos used, 1 skipped"
    says "photo-0002.jpg"
    run -0 "$HOTPIX" scan --similar keep .
    has "12 photos used, 1 skipped"
}

@test "the same photo named twice is counted once" {
    run --separate-stderr -0 "$HOTPIX" scan -q "$PHOTOS" "$PHOTOS/photo-0001.jpg" "$PHOTOS"
    has "12 photos used"
    has_not "skipped"
}

@test "near-duplicates are left out, and taken with --similar keep" {
    cp "$PHOTOS"/*.jpg .
    make_bad comment photo-0003.jpg near.jpg 1
    run --separate-stderr -0 "$HOTPIX" scan .
    has "12 photos used, 1 skipped"
    says "photo-0003.jpg"
    run -0 "$HOTPIX" scan --similar keep .
    has "13 photos used"
}

@test "a set that is all one scene still gives an answer, with a warning" {
    for i in 1 2 3 4 5 6; do make_bad comment "$PHOTOS/photo-0003.jpg" "$i.jpg" "$i"; done
    run --separate-stderr -0 "$HOTPIX" scan .
    has "6 photos used"
    says "warning"
}

@test "many photos left out on purpose are counted, not listed" {
    cp "$PHOTOS"/*.jpg .
    for i in {1..25}; do cp photo-0001.jpg "z$i.jpg"; done
    run --separate-stderr -0 "$HOTPIX" scan . -o list.json
    has "12 photos used, 25 skipped"
    says "25 photos"
    [ "${#stderr_lines[@]}" -le 2 ]
    [ "$(json list.json 'len(d["cameras"][0]["photos"]["skipped"])')" = 25 ]
}

@test "--quiet leaves out what was left out on purpose, not the faults" {
    cp "$PHOTOS"/*.jpg .
    cp photo-0001.jpg again.jpg
    : >empty.jpg
    run --separate-stderr -3 "$HOTPIX" scan --quiet .
    [ "${#stderr_lines[@]}" -eq 1 ]
    says "empty.jpg"
}

@test "the result does not depend on threads, batch, CPU level and order of arguments" {
    "$HOTPIX" scan -q "$PHOTOS" -o a.json >a.txt
    "$HOTPIX" scan -q -j 2 --batch 3 --cpu plain "$PHOTOS"/photo-001*.jpg "$PHOTOS"/photo-000*.jpg -o b.json >b.txt
    "$HOTPIX" scan -q -j 7 --batch 1 --memory 1G "$PHOTOS" -o c.json >c.txt
    cmp a.json b.json
    cmp a.json c.json
    cmp a.txt b.txt
    cmp a.txt c.txt
}

@test "that a camera's photos are too large for the memory is said once, beside another camera's that are not" {
    camera big --size 1280x960 --number 3 --serial 7
    run --separate-stderr -3 "$HOTPIX" scan -q --memory 20M -j 1 "$PHOTOS" big -o few.json
    [ "${#stderr_lines[@]}" -eq 1 ]
    says "big/photo-0001.jpg and 2 others: photos of 1280 x 960 px need"
    [ "$(json few.json '[len(c["photos"]["skipped"]) for c in d["cameras"] if c["width"] == 1280]')" = "[3]" ]
}

@test "too little memory is refused with what is needed, in the units of --memory" {
    run --separate-stderr -1 "$HOTPIX" scan --memory 100K "$PHOTOS"
    [ -z "$output" ]
    [[ $stderr =~ need\ ([0-9]+)\ ([KM]iB)\ of\ memory ]]
    needed="${BASH_REMATCH[1]}${BASH_REMATCH[2]}"
    [[ $stderr == *"the limit is 100 KiB" ]]
    "$HOTPIX" scan --memory "$needed" -j 1 "$PHOTOS" >/dev/null
    run --separate-stderr -1 "$HOTPIX" scan --memory 5 "$PHOTOS"
    [[ $stderr == *"the limit is 5 bytes" ]]
}

# peak_of COMMAND...: bytes
peak_of() {
    /usr/bin/python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)' "$@"
}

@test "beside what the program itself takes, a scan takes no more memory than it says it needs, and little less" {
    need_no_sanitizer "they take memory of their own"
    camera large --size 3000x2000 --number 1 --format dng
    camera tiny --number 1 --format dng
    run --separate-stderr -1 "$HOTPIX" scan --no-isolation -j 1 --memory 100K large
    [[ $stderr =~ needs?" "([0-9]+)" MiB of memory" ]]
    needed=$((BASH_REMATCH[1] << 20))
    taken=$(($(peak_of "$HOTPIX" scan --no-isolation -j 1 large) - $(peak_of "$HOTPIX" scan --no-isolation -j 1 tiny)))
    echo "$taken of $needed bytes"
    ((taken <= needed && taken > needed * 94 / 100))
}

@test "a progressive photo and one with restart markers are as good as others" {
    camera p --progressive --number 6
    camera r --restart 2 --number 6 --first 7
    run --separate-stderr -0 "$HOTPIX" scan -q p r
    has "12 photos used"
}
