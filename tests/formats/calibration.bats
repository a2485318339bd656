# Darks, bias and flats of an astronomer's camera, and what was made of them.
load ../cli/helpers

setup_file() {
    need_python astropy || return 0
}

night() {
    "$PYTHON" "$HERE/make_night.py" "$@"
}

scan() {
    run --separate-stderr "-${1:-0}" "$HOTPIX" scan --force -o list.json "${@:2}"
}

used() {
    json list.json 'sorted(c["photos"]["used"] for c in d["cameras"])'
}

@test "masters among the frames that they were made of are left out, and it is said why" {
    night set IMAGETYP='Dark Frame'
    scan 0 set
    cp list.json frames.json
    night master-a number=1 first=90 combine=12 STACKCNT=12 IMAGETYP='Dark Frame'
    night master-b number=1 first=91 combine=9 exposure=0 type=float32 IMAGETYP='Master Bias'
    night master-c number=1 first=92 combine=3 type=float32 INSTRUME= IMAGETYP=DARK
    night master-d number=1 first=93 combine=2 NCOMBINE=2
    scan 0 set master-a master-b master-c master-d
    [ "$(used)" = "[10]" ] || { used; return 1; }
    says "master-a/90-uint16.fits: is a combination of 12 frames, and frames as they were taken are there; skipped"
    says "master-b/91-float32.fits: is a combination of many frames, and frames"
    says "master-c/92-float32.fits: is a combination of many frames (in floating point, which no camera writes), and"
    says "master-d/93-uint16.fits: is a combination of 2 frames, and"
    [ "$(json list.json 'd["cameras"][0]["defects"]')" = "$(json frames.json 'd["cameras"][0]["defects"]')" ]
}

@test "masters alone are used, with a warning, and NCOMBINE = 1 is none" {
    night masters number=2 combine=5 type=float32 NCOMBINE=5 IMAGETYP='Master Dark'
    scan 0 masters
    [ "$(used)" = "[2]" ]
    says "2 of 2 photos are combinations of many frames (masters, stacks)"
    night frames number=2 NCOMBINE=1 IMAGETYP=dark
    scan 0 frames
    # shellcheck disable=SC2154
    [[ $stderr != *combination* ]]
}

@test "lights in floating point among integers are no masters" {
    night set number=3
    night calibrated number=3 first=5 type=float32
    scan 0 set calibrated
    [ "$(used)" = "[3, 3]" ]
}

@test "hot pixels are found in darks of a warm sensor, whose pixels differ more than they are noisy" {
    for mean in 0.005 0.05 0.1; do
        night warm-$mean dark=$mean hot=20 IMAGETYP=dark
        scan 0 warm-$mean
        "$PYTHON" - <<'PYTHON'
import json
hot = json.load(open("hot.json"))
camera = json.load(open("list.json"))["cameras"][0]
found = {(d["x"], d["y"]) for d in camera["defects"]}
missing = [place for place in map(tuple, hot) if place not in found]
assert len(missing) <= 1, missing
assert len(found) < 320 * 240 // 50 and not any(d["kind"] != "hot" for d in camera["defects"]), len(found)
PYTHON
    done
}

@test "darks and bias frames together give the dark current of darks alone" {
    night set IMAGETYP=dark dark=0.001
    scan 0 set
    cp list.json darks.json
    night bias IMAGETYP='Bias Frame' exposure=0 number=5 first=50 dark=0.001
    scan 0 set bias
    "$PYTHON" - <<'PYTHON'
import json
both, darks = ({(d["x"], d["y"]): d["dark_current"] for d in json.load(open(name))["cameras"][0]["defects"]} for name in ("list.json", "darks.json"))
assert len(both) >= 20, both
assert all(abs(both[place] / darks[place] - 1) < 0.1 for place in both if place in darks), (both, darks)
PYTHON
}

@test "FITS compressed by gzip as a whole are told of, among others too" {
    night set number=3
    gzip -k set/0-uint16.fits
    mv set/0-uint16.fits.gz set/d.FITS.GZ
    echo notes | gzip >set/notes.gz
    scan 3 set
    says "set/d.FITS.GZ: is compressed by gzip as a whole: gunzip makes a photo of it"
    [[ $stderr != *notes* ]]
    [ "$(used)" = "[3]" ]
}

@test "colours of 12 bits in 16 are no darks, dark as they are for 16" {
    camera tripod --format dng --cfa MONO --scene fixed --number 7
    "$PYTHON" "$HERE/convert.py" fits tripod lights
    "$PYTHON" - <<'PYTHON'
import glob
import numpy as np
from astropy.io import fits
for path in glob.glob("lights/*.fits"):
    with fits.open(path) as file:
        head, samples = file[0].header, file[0].data // 3
    fits.writeto(path, np.stack([samples] * 3), fits.Header({"INSTRUME": "Simulated", "EXPTIME": head["EXPTIME"]}), overwrite=True)
PYTHON
    scan 0 lights
    says "nearly all photos show one scene"
    run json list.json '[d for d in d["cameras"][0]["defects"] if "dark_current" in d]'
    [ "$output" = "[]" ]
}

@test "few darks are said to be few, and no scene is spoken of" {
    night few IMAGETYP=dark number=2
    scan 0 few
    [[ $stderr == *"only 2 photos without a scene (darks, bias frames, flats) could be used: more find fainter bad pixels"* ]]
    [[ $stderr != *"details of the scene"* ]]
}

@test "darks of 8 bits, in which most samples are the same: what differs now and then is not bad" {
    local share
    for share in .002 .03; do
        "$PYTHON" - "$share" <<'PYTHON'
import os
import sys
import numpy as np
from PIL import Image
share, draw = float(sys.argv[1]), np.random.default_rng(1)
os.makedirs(f"off{share}")
for number in range(20):
    dark = 3 + draw.choice([-1, 0, 1], (400, 600), p=[share / 2, 1 - share, share / 2]).astype(np.uint8)
    dark[100, 200], dark[300, 500] = 40, 12
    Image.fromarray(dark).save(f"off{share}/{number:02d}.png")
PYTHON
        scan 0 "off0$share"
        [ "$(json list.json '[(e["x"], e["y"]) for e in d["cameras"][0]["defects"]]')" = "[(200, 100), (500, 300)]" ]
    done
}
