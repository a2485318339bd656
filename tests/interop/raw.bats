# Programs that read camera raws: each repairs the pixels of the list, and no other.
load helpers

setup_file() {
    export PHOTO=$BATS_FILE_TMPDIR/raw/photo-0001.dng
    photo "$BATS_FILE_TMPDIR/raw" --format dng --scene dark --margins 30,20,10,12 --orientation 1
    photo "$BATS_FILE_TMPDIR/turned" --format dng --scene dark --margins 30,20,10,12 --orientation 6
    export TURNED=$BATS_FILE_TMPDIR/turned/photo-0001.dng
}

@test "dcraw repairs exactly the pixels of the list, and says so" {
    need dcraw
    list raw list.csv
    "$HOTPIX" convert list.csv -o list.badpixels
    for photo in "$PHOTO" "$TURNED"; do
        dcraw -D -4 -j -t 0 -c "$photo" >before.pgm
        dcraw -v -D -4 -j -t 0 -P list.badpixels -c "$photo" >after.pgm 2>said
        only_places_changed before.pgm after.pgm
        diff <(printf '%s\n' "$PLACES") <(sed -n 's/^Fixed dead pixels at: //p' said | tr ' ,' '\n ' | grep .)
    done
}

@test "dcraw repairs the four corners of the frame" {
    need dcraw
    PLACES=$'0 0\n639 0\n0 519\n639 519'
    photo corners --format dng --scene dark --margins 30,20,10,12
    list raw list.csv
    "$HOTPIX" convert list.csv -o list.badpixels
    dcraw -D -4 -j -t 0 -c corners/photo-0001.dng >before.pgm
    dcraw -D -4 -j -t 0 -P list.badpixels -c corners/photo-0001.dng >after.pgm
    only_places_changed before.pgm after.pgm
}

@test "dcraw leaves a pixel alone in photos before it was bad" {
    need dcraw
    cat >list.csv <<'L'
x,y,width,height,source,since
100,50,640,520,raw,1714557599
411,77,640,520,raw,1714557600
301,101,640,520,raw,1714557601
320,260,640,520,raw,4000000000
L
    "$HOTPIX" convert list.csv -o list.badpixels
    dcraw -D -4 -j -t 0 -c "$PHOTO" >before.pgm # taken at 2024-05-01T10:00:00, that is 1714557600
    dcraw -D -4 -j -t 0 -P list.badpixels -c "$PHOTO" >after.pgm
    # What dcraw cannot hold, after 2038, counts as bad since ever.
    diff <(printf '100 50\n411 77\n320 260\n') <(changed before.pgm after.pgm)
}

@test "LibRaw repairs exactly the pixels of the list" {
    need dcraw_emu
    list raw list.csv
    "$HOTPIX" convert list.csv -o list.badpixels
    dcraw_emu -4 -disinterp -Z - "$PHOTO" >before.ppm
    dcraw_emu -4 -disinterp -P list.badpixels -Z - "$PHOTO" >after.ppm
    only_places_changed before.ppm after.ppm
}

# rawtherapee OUT PHOTO: without demosaicing; its own picture begins 4 px inside.
rawtherapee() {
    mkdir -p .config/RawTherapee
    printf '[General]\nVerbose=true\nDarkFramesPath=%s\n' "$PWD/lists" >.config/RawTherapee/options
    printf '[Version]\nAppVersion=5.9\nVersion=349\n\n[RAW Bayer]\nMethod=mono\n' >plain.pp3
    rawtherapee-cli -q -p plain.pp3 -o "$1" -t -b16 -Y -c "$2" 2>&1
}

@test "RawTherapee finds the list by the name that hotpix gives it, and repairs exactly its pixels" {
    need rawtherapee-cli
    mkdir lists
    list raw list.csv
    rawtherapee before.tif "$PHOTO" >/dev/null
    "$HOTPIX" convert list.csv --like "$PHOTO" -o rawtherapee:lists
    [ -f "lists/HOTPIX CAMSIM S0000005.badpixels" ]
    run -0 rawtherapee after.tif "$PHOTO"
    [[ $output == *"Correcting 6 pixels from .badpixels"* ]]
    only_places_changed before.tif after.tif 4 4
}

@test "RawTherapee finds the lists of cameras whose make and model it spells in its own way" {
    need rawtherapee-cli dcraw
    mkdir lists
    while IFS=/ read -r make model; do
        rm -rf photo lists/*
        photo photo --format dng --scene dark --make "$make" --model "$model" --serial ""
        list raw list.csv
        "$HOTPIX" convert list.csv --like photo/photo-0001.dng -o rawtherapee:lists
        name=$(dcraw -i -v photo/photo-0001.dng | sed -n 's/^Camera: //p')
        [ -f "lists/$name.badpixels" ] || { ls lists; echo "no $name"; false; }
        run -0 rawtherapee after.tif photo/photo-0001.dng
        [[ $output == *"Correcting 6 pixels from .badpixels"* ]]
    done <<'L'
NIKON CORPORATION/NIKON D80
Canon/Canon EOS 5D Mark II
OLYMPUS IMAGING CORP./E-M5
SONY/ILCE-7M3
FUJIFILM/FinePix S5Pro
RICOH IMAGING COMPANY, LTD./PENTAX K-1
Unheard of Ltd/Some Model 3
L
}

@test "RawTherapee cuts the raws of some cameras itself, says so, and counts from there, as docs/lists.md tells" {
    need rawtherapee-cli
    mkdir lists
    list raw list.csv
    run -0 rawtherapee before.tif "$PHOTO"
    [[ $output == *"raw crop: 30 20 640 520 (provided by dcraw)"* ]]
    photo leica --format dng --scene dark --margins 30,20,10,12 --orientation 1 --make LEICA --model "LEICA Q (Typ 116)"
    run -0 rawtherapee before.tif leica/photo-0001.dng
    [[ $output == *"raw crop: 4 4 632 512 (provided by camconst.json)"* ]]
    "$HOTPIX" convert list.csv --like leica/photo-0001.dng -o rawtherapee:lists
    rawtherapee after.tif leica/photo-0001.dng >/dev/null
    # 4 px inside of its own frame, which is said to begin at 4,4 of the raw and not at 30,20.
    changed before.tif after.tif 4 4 >places
    grep -qx "100 50" places # in RawTherapee's frame; in the photo's it is another
}

@test "Siril repairs exactly the pixels of a camera raw" {
    need siril-cli
    need_python astropy
    list raw list.csv
    cp "$PHOTO" photo.dng
    "$HOTPIX" convert list.csv -o list.lst
    printf 'requires 1.0.0\nload photo.dng\nsave before\ncosme list.lst\nsave after\n' >script
    siril-cli -d "$PWD" -s "$PWD/script" >said 2>&1
    # Siril saves rows from the bottom up.
    "$PYTHON" -c 'from astropy.io import fits
for name in "before", "after": fits.writeto(name + "-up.fits", fits.getdata(name + ".fit")[::-1])'
    only_places_changed before-up.fits after-up.fits
}

# darktable OUT PHOTO: without demosaicing
darktable() {
    darktable-cli "$2" "$HERE/plain.xmp" "$1" --icc-type LIN_REC709 --out-ext tif --core --configdir "$PWD/darktable" \
        --library :memory: --conf plugins/imageio/format/tiff/bpp=16 --conf plugins/imageio/format/tiff/compress=0 >said 2>&1
}

@test "darktable repairs exactly the pixels of the opcode that hotpix puts into a copy of a DNG" {
    need darktable-cli
    list raw list.csv
    "$HOTPIX" convert list.csv --like "$PHOTO" -o opcode:copy.dng
    darktable before.tif "$PHOTO"
    darktable after.tif copy.dng
    only_places_changed before.tif after.tif
}

@test "darktable repairs every pixel of a bad column, written as one rectangle" {
    need darktable-cli
    printf 'x,y,width,height,source,box_x,box_y,box_width,box_height\n200,120,640,520,raw,200,100,1,40\n' >list.csv
    "$HOTPIX" convert list.csv --like "$PHOTO" -o opcode:copy.dng
    darktable before.tif "$PHOTO"
    darktable after.tif copy.dng
    # Neighbours in the dark may have the very mean that is put in.
    changed before.tif after.tif >changed
    [ "$(wc -l <changed)" -ge 20 ]
    run awk '$1 != 200 || $2 < 100 || $2 >= 140' changed
    [ -z "$output" ]
}

@test "exiftool finds the opcode and no fault in the copy, whose picture is the same bytes" {
    need exiftool
    list raw list.csv
    "$HOTPIX" convert list.csv --like "$PHOTO" -o opcode:copy.dng
    [ "$(exiftool -s3 -OpcodeList1 copy.dng)" = FixBadPixelsList ]
    [ "$(exiftool -s3 -validate copy.dng)" = "$(exiftool -s3 -validate "$PHOTO")" ]
    diff <(exiftool -a -G -x File:all -x OpcodeList1 "$PHOTO") <(exiftool -a -G -x File:all -x OpcodeList1 copy.dng)
    size=$(stat -c %s "$PHOTO")
    # only the 4 bytes that say where the directory is
    [ "$(cmp -n "$size" -l "$PHOTO" copy.dng | awk '$1 < 5 || $1 > 8' | wc -l)" -eq 0 ]
    "$HOTPIX" convert copy.dng --like "$PHOTO" -o back.csv
    diff <(printf '%s\n' "$PLACES") <(tail -n +2 back.csv | cut -d, -f4,5 | tr , ' ')
}

@test "a real DNG with masked pixels: darktable and RawTherapee repair exactly the pixels of the list" {
    need darktable-cli rawtherapee-cli
    need_data raw/kiss-x4-colorchart.dng
    real=$HOTPIX_DATA/raw/kiss-x4-colorchart.dng
    mkdir lists
    printf 'x,y\n500,400\n900,700\n' >list.csv
    rawtherapee before.tif "$real" >/dev/null
    "$HOTPIX" convert list.csv --like "$real" -o opcode:copy.dng -o rawtherapee:lists
    rawtherapee after.tif "$real" >/dev/null
    PLACES=$'500 400\n900 700'
    only_places_changed before.tif after.tif 4 4
    darktable raw-before.tif "$real"
    darktable raw-after.tif copy.dng
    only_places_changed raw-before.tif raw-after.tif
}

@test "a real CRW: dcraw repairs exactly the pixels of the list" {
    need dcraw
    need_data raw/canon-d30.crw
    real=$HOTPIX_DATA/raw/canon-d30.crw
    printf 'x,y\n500,400\n900,700\n' >list.csv
    "$HOTPIX" convert list.csv --like "$real" -o list.badpixels
    dcraw -D -4 -j -t 0 -c "$real" >before.pgm
    dcraw -D -4 -j -t 0 -P list.badpixels -c "$real" >after.pgm
    PLACES=$'500 400\n900 700'
    only_places_changed before.pgm after.pgm
}
