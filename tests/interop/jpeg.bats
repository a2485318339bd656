# jpegpixi: only the blocks change that hold a pixel of the list.
load helpers

setup_file() {
    export PHOTO=$BATS_FILE_TMPDIR/jpeg/photo-0001.jpg
    photo "$BATS_FILE_TMPDIR/jpeg" --scene dark --subsampling 444 --orientation 6
}

@test "jpegpixi repairs the blocks that hold the boxes of the list, and no other" {
    need jpegpixi
    {
        echo x,y,width,height,source,box_x,box_y,box_width,box_height
        printf '%s\n' "$PLACES" | awk '{ print $1 "," $2 ",640,520,jpeg," $1 - 2 "," $2 - 2 ",5,5" }'
    } >list.csv
    "$HOTPIX" convert list.csv -o jpegpixi:list.txt
    jpegpixi -f list.txt "$PHOTO" after.jpg >said 2>&1
    changed "$PHOTO" after.jpg >changed
    # blocks of 8x8, as there is no subsampling
    awk '{ print int($1 / 8), int($2 / 8) }' changed | sort -u >blocks
    printf '%s\n' "$PLACES" | awk '{ for (y = $2 - 2; y <= $2 + 2; y++) for (x = $1 - 2; x <= $1 + 2; x++) print int(x / 8), int(y / 8) }' | sort -u >expected
    # a box that only touches a block may leave no trace in it
    [ -z "$(comm -13 expected blocks)" ]
    # each pixel itself is repaired, not just its block
    printf '%s\n' "$PLACES" | while read -r place; do grep -qx "$place" changed; done
}

@test "an empty list changes nothing in a JPEG" {
    need jpegpixi
    echo x,y,width,height,source >list.csv
    "$HOTPIX" convert list.csv --size 640x520 --source jpeg -o jpegpixi:list.txt
    jpegpixi -f list.txt "$PHOTO" after.jpg
    [ -z "$(changed "$PHOTO" after.jpg)" ]
}
