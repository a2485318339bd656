# States are FITS that others read: astropy, CFITSIO's tools, fpack.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos STATE=$BATS_FILE_TMPDIR/s.fits
    camera "$PHOTOS" --number 12
    "$HOTPIX" scan -q --similar keep "$PHOTOS" --state "$STATE" >/dev/null
}

@test "astropy reads states, and mean and M2 follow from them as from the photos" {
    "$HOTPIX" variance -q "$PHOTOS" --state v.fits >/dev/null
    run "$PYTHON" "$HERE/recompute.py" "$STATE" v.fits "$PHOTOS"/*.jpg
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "fitsverify finds nothing to say" {
    need fitsverify
    run -0 fitsverify "$STATE"
    has "Verification found 0 warning(s) and 0 error(s)."
}

@test "fpack packs a state without loss; unpacked it is as good" {
    need fpack funpack
    cp "$STATE" s.fits
    fpack -r s.fits
    [ "$(stat -c %s s.fits.fz)" -lt "$(stat -c %s s.fits)" ]
    funpack -O back.fits s.fits.fz
    cmp <("$HOTPIX" detect "$STATE") <("$HOTPIX" detect back.fits)
}

@test "info names what a state, a photo and a list are" {
    run -0 "$HOTPIX" info "$STATE" "$PHOTOS/photo-0001.jpg"
    has "s.fits: state of a scan"
    has "HOTPIX CAMSIM, serial S0000003"
    has "320x240"
    has "12 counted"
    has "2024-05-01 10:00:00 to 2024-05-01 21:00:00"
    has "photo-0001.jpg: photo"
    has "ISO"
    "$HOTPIX" detect "$STATE" -o list.json >/dev/null
    run -0 "$HOTPIX" info list.json
    has "list.json: list of bad pixels"
    has "pixels   "
    echo nothing >text
    run --separate-stderr -1 "$HOTPIX" info text "$STATE"
    says "text: "
    has "12 counted"
}

@test "a path of any bytes comes back from a state" {
    mkdir p
    odd=$'p/a \\ b\n\xff \xc3\xa9 .jpg'
    cp "$PHOTOS/photo-0001.jpg" "$odd"
    cp "$PHOTOS"/photo-000[2-5].jpg p
    head -c 3000 "$PHOTOS/photo-0006.jpg" >$'p/bad \'quote\'.jpg'
    run -3 scan p --state s.fits
    run -3 scan p --state s.fits -o s.json
    "$HOTPIX" detect s.fits -o d.json >/dev/null
    cmp s.json d.json
    cp "$odd" "$odd.2.jpg"
    run --separate-stderr -3 "$HOTPIX" scan p --state s.fits
    says 'is the same photo as p/a \ b\x0a\xff é .jpg'
}
