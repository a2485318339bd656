load ../cli/helpers

# One good photo of every kind, 320x240.
setup_file() {
    export GOOD=$BATS_FILE_TMPDIR
    camera "$GOOD/jpg" --number 1
    camera "$GOOD/raw" --number 1 --format dng --cfa MONO --margins 2,2,2,2
    camera "$GOOD/ljpeg" --number 1 --format dng --compress ljpeg
    for kind in tif png fits fz; do
        "$PYTHON" "$HERE/convert.py" $kind "$GOOD/raw" "$GOOD/$kind"
    done
    "$PYTHON" "$HERE/convert.py" heic "$GOOD/jpg" "$GOOD/heic"
}

good() {
    echo "$GOOD/$1/photo-0001.${2:-$1}"
}

# refused FILE REASON: beside a good photo the file is named with a reason, and the good one counts
refused() {
    run --separate-stderr -3 timeout 20 "$HOTPIX" scan -q --memory 3G "$(good jpg)" "$1"
    has "1 photo used"
    says "$1: $2"
}

# bad KIND FILE [IN]: such a photo
bad() {
    "$PYTHON" "$HERE/make_bad.py" "$@"
}

@test "half of a file of every kind is damage" {
    for kind in "raw dng" "ljpeg dng" tif png fits fz heic; do
        # shellcheck disable=SC2086
        bad half half.jpg "$(good $kind)"
        refused half.jpg "is a damaged"
    done
}

@test "a hole in a compressed file of every kind that can tell is damage" {
    for kind in "ljpeg dng" png fz; do
        # shellcheck disable=SC2086
        bad torn torn.tif "$(good $kind)"
        refused torn.tif "is a damaged"
    done
}

@test "a DNG whose active area lies outside of its samples is damage" {
    bad area_outside outside.dng "$(good raw dng)"
    refused outside.dng "is a damaged"
}

@test "a DNG whose colours LibRaw would take from memory that nobody wrote is damage" {
    for kind in no_cfa_pattern strange_colour; do
        bad $kind $kind.dng "$(good ljpeg dng)"
        refused $kind.dng "is a damaged RAW: its CFA pattern has colours that no plane stands for"
    done
}

@test "a CFA whose colours are too rare for a ring costs its photos, not those of other cameras" {
    camera xtrans --number 1 --format dng --cfa XTRANS
    bad rare_colours rare.dng xtrans/photo-0001.dng
    refused rare.dng "its CFA has a colour with fewer than 8 others within 4 px"
    run --separate-stderr -1 "$HOTPIX" scan -q rare.dng
    says "rare.dng: its CFA has a colour with fewer than 8 others"
}

@test "a linear DNG has three colours a pixel and is left out" {
    bad linear_dng linear.dng
    refused linear.dng "is a linear DNG: three colours a pixel, already interpolated"
}

@test "a TIFF with 10^9 tiles costs nothing" {
    bad many_tiles tiles.tif
    refused tiles.tif "is a damaged TIFF: 1073741824 strips or tiles cannot be in"
}

@test "a TIFF that claims 10^12 pixels costs nothing" {
    bad huge_tiff huge.tif
    refused huge.tif "is a damaged TIFF: 1000000 strips or tiles cannot be in"
}

@test "a TIFF whose directories form a loop ends" {
    bad looped_tiff loop.tif
    run --separate-stderr timeout 20 "$HOTPIX" scan -q loop.tif
    [ "$status" -le 3 ]
}

@test "a TIFF that claims many strips and holds none takes no second of CPU" {
    bad many_strips strips.tif
    (ulimit -t 1 && exec "$HOTPIX" scan -q strips.tif) >out 2>err || [ $? -eq 1 ]
    cat err
    grep -q "strips.tif: is a damaged TIFF" err
}

@test "kinds of TIFF that are no photo say so" {
    bad palette_tiff palette.tif
    refused palette.tif "is a TIFF of 1 samples a pixel, photometric interpretation 3, which is not read"
}

@test "FITS without axes, with 999, or with a cube is left out" {
    bad no_axes none.fits
    refused none.fits "is a FITS file without a picture of two axes"
    bad many_axes many.fits
    refused many.fits "is a FITS file with 999 axes"
    bad cube cube.fits
    refused cube.fits "is a FITS file without a picture of two axes"
}

@test "FITS that claims 10^24 pixels, or whose header has no end, is damage" {
    bad huge_fits huge.fits
    refused huge.fits "is too large: 1099511627776 x 1099511627776 px"
    bad endless_header endless.fits
    refused endless.fits "is a damaged FITS file"
}

@test "a compressed FITS whose table claims 2^62 rows is damage" {
    bad vast_table vast.fits "$(good fz)"
    refused vast.fits "is a damaged FITS file: "
}

@test "tiles of 0 px are damage, and do not stop the program" {
    bad no_tile tiles.fits "$(good fz)"
    refused tiles.fits "is a damaged FITS file: its ZTILE1 is no size"
    run -1 "$HOTPIX" info tiles.fits
    has "its ZTILE1 is no size"
}

@test "a PNG that claims more than its data can hold is damage" {
    bad png_bomb bomb.png
    refused bomb.png "is a damaged PNG: 1000000 x 1000000 px cannot be in"
}

@test "a PNG with a text of 200 MB in it takes no 200 MB" {
    need_no_sanitizer "it limits the address space"
    bad png_text_bomb text.png
    run --separate-stderr timeout 20 bash -c 'ulimit -v 1500000; exec "$0" scan -q -j 1 text.png' "$HOTPIX"
    [ "$status" -le 3 ]
}

@test "whatever bytes are changed, nothing crashes and nothing is printed by a library" {
    run timeout 200 "$PYTHON" "$HERE/mutate.py" "${MUTATIONS:-25}" "$(good raw dng)" "$(good ljpeg dng)" "$(good tif)" \
        "$(good png)" "$(good fits)" "$(good fz)" "$(good heic)"
    echo "$output"
    [ "$status" = 0 ]
}

@test "damage in a real CRW is noticed" {
    need_data raw
    bad torn torn.crw "$HOTPIX_DATA/raw/canon-d30.crw"
    refused torn.crw "is a damaged RAW"
    bad half half.crw "$HOTPIX_DATA/raw/canon-d30.crw"
    refused half.crw "is a RAW that is damaged"
}
