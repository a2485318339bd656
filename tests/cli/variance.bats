load helpers

@test "variance prints min, max, mean, the ten lowest and the seconds" {
    run --separate-stderr -0 "$HOTPIX" variance "$PHOTOS"
    has "320x240, 3 channels of 8 bit, 12 photos used"
    [ "$(grep -cE '^(min|max|mean) ' <<<"$output")" = 3 ]
    [ "$(grep -cE '^ +[0-9]+ +[0-9.]+ +[0-9.]+ +[0-9]+ +[0-9]+  [RGB]$' <<<"$output")" = 10 ]
    [[ ${lines[-1]} =~ ^[0-9.]+\ s\ accumulating,\ [0-9.]+\ s\ in\ all$ ]]
    [ -z "$stderr" ]
}

@test "--rank tells how many of the lowest there are" {
    run -0 "$HOTPIX" variance --rank 3 "$PHOTOS" -o v.json
    [ "$(json v.json 'len(d["lowest"])')" = 3 ]
    run -0 "$HOTPIX" variance --rank=1000000 "$PHOTOS/photo-0001.jpg" -o all.json
    [ "$(json all.json 'len(d["lowest"]) == 320 * 240 * 3')" = True ]
}

@test "the JSON agrees with the printed lines" {
    run -0 "$HOTPIX" variance "$PHOTOS" -o v.json
    x=$(json v.json 'd["min"]["x"]') y=$(json v.json 'd["min"]["y"]')
    [[ $output =~ min\ [^$'\n']*\ $x\ +$y\  ]]
    [ "$(json v.json 'd["lowest"][0] == d["min"] and d["photos"]["used"] == 12')" = True ]
    [ "$(json v.json 'd["min"]["value"] <= d["mean_m2"] <= d["max"]["value"]')" = True ]
    [ "$(json v.json 'd["seconds"] >= d["seconds_accumulating"]')" = True ]
}

@test "the lowest are ordered by M2, then y, x, channel" {
    "$HOTPIX" variance --rank 500 "$PHOTOS" -o v.json >/dev/null
    run -0 json v.json '(lambda k: k == sorted(k))([(s["value"], s["y"], s["x"], s["channel"]) for s in d["lowest"]])'
    [ "$output" = True ]
}

@test "the numbers agree with those of numpy on the same decoded pixels" {
    need_python numpy PIL
    "$HOTPIX" variance "$PHOTOS" -o v.json >/dev/null
    run -0 "$PYTHON" - v.json "$PHOTOS"/*.jpg <<'P'
import json, sys
import numpy
from PIL import Image
v = json.load(open(sys.argv[1]))
stack = numpy.stack([numpy.asarray(Image.open(name), dtype=float) for name in sys.argv[2:]])
m2 = ((stack - stack.mean(0)) ** 2).sum(0)
at = v["max"]
assert m2.argmax() == (at["y"] * m2.shape[1] + at["x"]) * 3 + at["channel"]
assert abs(at["value"] / m2.max() - 1) < 1e-9 and abs(v["mean_m2"] / m2.mean() - 1) < 1e-9
print("equal")
P
    [ "$output" = equal ]
}

@test "a photo of another size is named with its size and the first one's, and skipped" {
    cp "$PHOTOS"/*.jpg .
    camera other --size 240x160 --number 1
    mv other/photo-0001.jpg zz.jpg
    run --separate-stderr -3 "$HOTPIX" variance -q ./*.jpg
    has "12 photos used, 1 skipped"
    says "zz.jpg"
    says "shapes don't match"
    says 240
    says 320
}

@test "raws beside the JPEGs of a set are told of in one line, and the JSON names each" {
    cp "$PHOTOS"/*.jpg .
    camera raws --format dng --number 3
    run --separate-stderr -3 "$HOTPIX" variance . -o v.json
    says "./raws/photo-0001.dng and 2 others: shapes don't match: 320 x 240"
    [ "${#stderr_lines[@]}" -eq 1 ]
    [ "$(json v.json 'len(d["photos"]["skipped"])')" = 3 ]
}

@test "a photo of another range of values is named with both ranges" {
    "$PYTHON" - <<'P'
import numpy as np
from astropy.io import fits
for name, values in ("a", np.arange(4800, dtype="u2")), ("b", np.linspace(0, 1, 4800, dtype="f4")):
    fits.writeto(name + ".fits", values.reshape(60, 80))
P
    run --separate-stderr -3 "$HOTPIX" variance -q a.fits b.fits
    says "b.fits: shapes don't match: 80 x 60 x 1 of 16 bit, values from 0 to 1, the first photo has 80 x 60 x 1 of 16 bit"
}

@test "files, folders and patterns are taken together" {
    run -0 "$HOTPIX" variance -q "$PHOTOS/photo-0001.jpg" "$PHOTOS/photo-000[2-4].jpg"
    has "4 photos used"
    run -0 "$HOTPIX" variance -q "$PHOTOS"
    has "12 photos used"
}

@test "the numbers do not depend on threads, batch and CPU level" {
    same='{k: v for k, v in d.items() if not k.startswith("seconds")}'
    "$HOTPIX" variance "$PHOTOS" -o a.json >/dev/null
    "$HOTPIX" variance -j 1 --batch 1 --cpu plain "$PHOTOS" -o b.json >/dev/null
    "$HOTPIX" variance -j 7 --batch 5 "$PHOTOS" -o c.json >/dev/null
    [ "$(json a.json "$same")" = "$(json b.json "$same")" ]
    [ "$(json a.json "$same")" = "$(json c.json "$same")" ]
}

@test "the variance is written as JSON alone" {
    run -2 "$HOTPIX" variance "$PHOTOS" -o v.csv
    has "written as JSON"
    run -0 "$HOTPIX" variance "$PHOTOS" -o json:v.csv
    run -1 "$HOTPIX" variance "$PHOTOS" -o json:v.csv
    has "exists already"
}

@test "one photo has no variance" {
    run -0 "$HOTPIX" variance -q "$PHOTOS/photo-0001.jpg" -o v.json
    [ "$(json v.json 'd["max"]["value"]')" = 0.0 ]
}

@test "too little memory for the variance is refused" {
    run --separate-stderr -1 "$HOTPIX" variance --memory 100K "$PHOTOS"
    [ -z "$output" ]
    [ -n "$stderr" ]
}

@test "an output whose name tells no kind is refused, and named" {
    run --separate-stderr "$HOTPIX" variance -o "$BATS_TEST_TMPDIR/a.unknown" "$PHOTOS"
    [ "$status" -eq 2 ]
    says "a.unknown' should be FILE.json or json:FILE"
}
