# Every way in which a state can be no good has its own words.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos GOOD=$BATS_FILE_TMPDIR/good.fits
    camera "$PHOTOS" --number 6
    "$HOTPIX" scan -q "$PHOTOS" --state "$GOOD" >/dev/null
}

# refused HOW WORDS: detect says so, and so does a scan that should go on with it, and leaves it
refused() {
    "$PYTHON" "$HERE/broken.py" "$1" "$GOOD" s.fits 2>/dev/null
    cp s.fits before.fits
    for command in "detect" "scan $PHOTOS --state" "merge -o merged.fits"; do
        run --separate-stderr -1 "$HOTPIX" $command s.fits
        says "$2"
        says "s.fits"
        [ -z "$output" ]
    done
    cmp s.fits before.fits
    [ ! -e merged.fits ]
}

@test "cut short in the table" { refused cut-table "is cut short"; }
@test "cut short in the images" { refused cut-images "too few for sums of 320 x 240 px"; }
@test "cut short in the header" { refused cut-header "is cut short: it has 1000 bytes"; }
@test "empty" { refused empty "is empty"; }
@test "not FITS" { refused no-fits "is not a FITS file"; }
@test "packed by gzip" { refused gzip "is not a FITS file"; }
@test "another FITS file" { refused foreign "is a FITS file, but no state of hotpix"; }
@test "an older version" { refused older "is a state of version 2, made by an older hotpix; this one reads version 3"; }
@test "a newer version" { refused newer "is a state of version 4, made by a newer hotpix"; }
@test "a bit wrong in an image" { refused flip-image "the checksum of SXX is wrong"; }
@test "a bit wrong in the header of an image" { refused flip-image-header "SXX"; }
@test "a bit wrong in the table" { refused flip-table "the checksum of the table of photos is wrong"; }
@test "a bit wrong behind the table" { refused flip-padding "the checksum of the table of photos is wrong"; }
@test "a bit wrong in the header" { refused flip-header "the checksum of its header is wrong"; }
@test "no camera" { refused no_camera "its header lacks what tells the camera and the frame"; }
@test "a CFA without a ring" { refused no_ring "its CFA has a colour with fewer than 8 others within 4 px"; }
@test "a CFA of a period that no camera has" { refused period "its colours repeat every 5 x 2 px, as no camera's do"; }
@test "a frame that the images do not have" { refused huge "bytes, too few for sums of 1048576 x 1048576 px"; }
@test "another number of photos" { refused count "its header counts other photos than its table"; }
@test "a sum that so many photos cannot have" { refused number "S1 holds the number 2147483647, which 6 photos cannot make"; }
@test "a photo twice" { refused twice "row 2 of its table of photos repeats an earlier one"; }
@test "a hash that is none" { refused hash "row 1 of its table of photos"; }
@test "a noise that is no number" { refused sigma "row 1 of its table of photos"; }
@test "a path with a broken escape" { refused escape "row 1 of its table of photos"; }
@test "other columns" { refused columns "its table of photos has other columns"; }
@test "a column whose name fills its line" { refused long-name "its TTYPE7 is too long for a value without quotes"; }
@test "more axes than FITS readers have room for" { refused many-axes "is a FITS file with 200 axes"; }
@test "a header without end" { refused long-header "bytes, 1048576 are the most of a state"; }
@test "other images" { refused images "part 2 is not the image S1"; }
@test "no table" { refused no_table "is cut short: part 14 of 14 is missing"; }

@test "a state that another program saved again is good" {
    "$PYTHON" "$HERE/broken.py" rewritten "$GOOD" s.fits
    cmp <("$HOTPIX" detect "$GOOD") <("$HOTPIX" detect s.fits)
}

@test "a file that is not there, and a folder" {
    run --separate-stderr -1 "$HOTPIX" detect nowhere.fits
    says "nowhere.fits: cannot be opened: No such file"
    run --separate-stderr -1 "$HOTPIX" detect .
    says ".: is a folder, not a state; name the states in it, as ./*.fits"
    run --separate-stderr -1 "$HOTPIX" merge "$GOOD" -o $'no\e[31m/'
    says 'name a state in one, as no\x1b[31m/all.fits'
    run --separate-stderr -2 "$HOTPIX" merge "$GOOD" -o $'a\e[31m.json'
    says 'give it a name such as a\x1b[31m.fits'
    run --separate-stderr -1 "$HOTPIX" forget . "$PHOTOS"
    says ".: is a folder, not a state; name a state in it"
}

@test "photos and pages given for states, it is said what they are" {
    local photo
    photo=$(ls "$PHOTOS"/*.jpg | head -n 1)
    echo '<!DOCTYPE html><html lang="en"><title>any</title></html>' >page.html
    for command in "detect" "merge -o new.fits"; do
        # shellcheck disable=SC2086 # words
        run --separate-stderr -1 "$HOTPIX" $command "$photo"
        says "$photo: is a photo, no state; hotpix scan PHOTO... --state FILE.fits makes one"
        # shellcheck disable=SC2086 # words
        run --separate-stderr -1 "$HOTPIX" $command page.html
        says "page.html: is a page to look at in a browser, no state"
    done
}

@test "states of different cameras and sizes are not merged, and both are named" {
    camera other --number 3 --serial 7
    camera small --number 3 --size 256x192
    scan other --state other.fits >/dev/null
    scan small --state small.fits >/dev/null
    run --separate-stderr -1 "$HOTPIX" merge -o m.fits "$GOOD" other.fits
    says "good.fits holds photos of HOTPIX CAMSIM, serial S0000003"
    says "other.fits of HOTPIX CAMSIM, serial 7"
    run --separate-stderr -1 "$HOTPIX" merge -o m.fits "$GOOD" small.fits
    says "320 x 240"
    says "256 x 192"
    [ ! -e m.fits ]
}

@test "a photo that counts in two states is named, and that it cannot be skipped is said" {
    scan --similar keep "$PHOTOS"/photo-000[56].jpg --state few.fits >/dev/null
    run --separate-stderr -1 "$HOTPIX" merge -o m.fits "$GOOD" few.fits
    says "photo-0005.jpg counts in both"
    says "good.fits and few.fits"
    says "sums cannot tell it apart"
    says "--state of the other instead"
    [ ! -e m.fits ]
}

@test "a state that is given twice is named" {
    ln "$GOOD" again.fits
    for name in "$GOOD" again.fits; do
        run --separate-stderr -1 "$HOTPIX" merge -o m.fits "$GOOD" "$name"
        says "$name is given twice"
    done
    [ ! -e m.fits ]
}

@test "a state of the variance is not one of a scan" {
    "$HOTPIX" variance -q "$PHOTOS" --state v.fits >/dev/null
    run --separate-stderr -1 "$HOTPIX" scan -q "$PHOTOS" --state v.fits
    says "v.fits: is a state of the variance, not of a scan"
    run --separate-stderr -1 "$HOTPIX" variance -q "$PHOTOS" --state "$GOOD"
    says "is a state of a scan, not of the variance"
    run --separate-stderr -1 "$HOTPIX" merge -o m.fits "$GOOD" v.fits
    says "good.fits is a state of a scan, v.fits of the variance"
    run --separate-stderr -1 "$HOTPIX" detect "$GOOD" v.fits
    says "is a state of the variance, not of a scan"
}

@test "photos of another camera do not go into a state" {
    camera other --number 3 --serial 7
    cp "$GOOD" s.fits
    run --separate-stderr -1 scan other --state s.fits
    says "s.fits: holds photos of HOTPIX CAMSIM, serial S0000003"
    says "these are of HOTPIX CAMSIM, serial 7"
    run --separate-stderr -1 scan other "$PHOTOS" --state s.fits
    says "a state file holds one camera, these photos are of 2"
    says "folder"
    cmp s.fits "$GOOD"
}

@test "two states of one camera are to be merged before detecting" {
    cp "$GOOD" again.fits
    run --separate-stderr -1 "$HOTPIX" detect "$GOOD" again.fits
    says "are of one camera: hotpix merge makes them one"
    ln -s "$GOOD" link.fits
    run --separate-stderr -1 "$HOTPIX" detect "$GOOD" link.fits
    says "link.fits is given twice"
}

@test "an existing file is replaced by merge only with --force" {
    cp "$GOOD" m.fits
    run --separate-stderr -1 "$HOTPIX" merge -o m.fits "$GOOD"
    says "m.fits: exists already; --force replaces it"
    "$HOTPIX" merge --force -o m.fits "$GOOD"
    cmp m.fits "$GOOD"
}

@test "merge replaces states alone, and says where a state cannot be" {
    echo dear diary >text
    run --separate-stderr -1 "$HOTPIX" merge --force -o text "$GOOD"
    says "text: exists already, and is no state to replace"
    [ "$(cat text)" = "dear diary" ]
    for name in m.json json:m.json m.html map.png m.jpg fits:m.fits; do
        run --separate-stderr -2 "$HOTPIX" merge -o $name "$GOOD"
        says "$name: a state is written, which is a FITS file; give it a name such as m"
        run --separate-stderr -2 "$HOTPIX" scan -q --state $name "$PHOTOS"
        says "$name: a state is written, which is a FITS file; give it a name such as m"
    done
    run --separate-stderr -1 "$HOTPIX" merge -o m/ "$GOOD"
    says "m/: is a folder's name, and there is no such folder; name a state in one, as m/all.fits"
    for command in "merge $GOOD -o" "scan -q $PHOTOS --state"; do
        # shellcheck disable=SC2086 # words
        run --separate-stderr -1 "$HOTPIX" $command m/s.fits
        says "m/s.fits: cannot be made: its folder is not there"
    done
    [ "$(ls -I "separate-stderr-*")" = text ]
    "$HOTPIX" merge -o m.2024 "$GOOD"
    cp "$GOOD" old.json
    "$HOTPIX" merge --force -o old.json "$GOOD"
}

@test "merge replaces no photo" {
    cp "$PHOTOS/photo-0001.jpg" a.jpg
    run --separate-stderr -1 "$HOTPIX" merge --force -o a.jpg "$GOOD"
    says "a.jpg: is a photo, which no result replaces"
    cmp a.jpg "$PHOTOS/photo-0001.jpg"
}

@test "a state that all photos were taken out of is named" {
    cp "$GOOD" bare.fits
    "$HOTPIX" forget -q bare.fits "$PHOTOS"
    run --separate-stderr -1 "$HOTPIX" detect bare.fits
    says "bare.fits: no photo counts in it"
}

@test "merge and forget say what they take" {
    run --separate-stderr -2 "$HOTPIX" merge "$GOOD"
    says "nowhere to write to; -o STATE is missing"
    run --separate-stderr -2 "$HOTPIX" forget "$GOOD"
    says "it takes STATE PHOTO|FOLDER|'PATTERN'..."
}

@test "what cannot be forgotten is named, and the state stays" {
    cp "$GOOD" s.fits
    cp "$PHOTOS/photo-0001.jpg" kept.jpg
    "$PYTHON" "$HERE/../cli/make_bad.py" comment "$PHOTOS/photo-0001.jpg" new.jpg 1
    run --separate-stderr -1 "$HOTPIX" forget s.fits new.jpg
    says "new.jpg: is not in the state"
    run --separate-stderr -1 "$HOTPIX" forget s.fits nowhere.jpg
    says "nowhere.jpg"
    mv "$PHOTOS/photo-0001.jpg" "$PHOTOS/moved"
    run --separate-stderr -1 "$HOTPIX" forget s.fits "$PHOTOS/photo-0001.jpg"
    mv "$PHOTOS/moved" "$PHOTOS/photo-0001.jpg"
    says "the photo itself is needed"
    cmp s.fits "$GOOD"
}
