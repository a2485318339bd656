#!/usr/bin/env bats
# Some rows of a photo decoded alone: the same samples as of the whole.
load helpers

setup_file() { :; }

@test "rows of a JPEG decoded alone are those of the whole, whatever its sampling, scans and size" {
    local options
    for options in "--subsampling 444" "--subsampling 422" "--subsampling 420" "--subsampling 420 --progressive" \
        "--subsampling 422 --restart 1" "--quality 40" "--size 333x251"; do
        rm -rf made
        # shellcheck disable=SC2086
        camera made --number 2 $options
        run "$DUMP_ROWS" made/photo-0002.jpg 5
        [ "$status" -eq 0 ] || { echo "$options: $output"; return 1; }
        has "rows compared"
        has_not "0 rows compared"
    done
}

@test "rows of a real JPEG decoded alone are those of the whole" {
    need_data caliterra
    for photo in "$HOTPIX_DATA/caliterra/IMG_9354.jpg" "$HOTPIX_DATA"/sequoia-rgb/*; do
        case $photo in *.[jJ][pP][gG]) ;; *) continue ;; esac
        "$DUMP_ROWS" "$photo" 11
        break
    done
}

@test "of other formats the whole is decoded, and rows are the same" {
    camera raw --number 1 --format dng
    "$DUMP_ROWS" raw/photo-0001.dng 3
}

@test "damage behind the last row that is wanted is found all the same" {
    dated photos --number 3
    head -c "$(($(stat -c %s photos/photo-0002.jpg) - 300))" photos/photo-0002.jpg >cut
    mv cut photos/photo-0002.jpg
    printf 'x,y,width,height,source\n40,20,320,240,jpeg\n' >bad.csv
    run --separate-stderr history -d bad.csv photos
    [ "$status" -eq 3 ]
    says "photo-0002.jpg: is a damaged JPEG"
}
