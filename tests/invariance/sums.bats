# The sums are integers: equal byte for byte however the work is cut up. DUMP_SUMS and CAMSIM name the programs.

setup_file() {
    export SET=$BATS_FILE_TMPDIR/set
    "$CAMSIM" --size 333x241 --defects-per-class 1 --number 17 --seed 5 --subsampling 420 "$SET" >/dev/null
    "$CAMSIM" --size 333x241 --defects-per-class 1 --number 3 --seed 6 --scene fixed --model OTHER "$SET/other" >/dev/null
    head -c 20000 "$SET/photo-0003.jpg" >"$SET/cut.jpg"
    "$DUMP_SUMS" -j 1 -b 8 -c plain "$SET" >"$BATS_FILE_TMPDIR/want"
}

same() {
    run "$DUMP_SUMS" "$@"
    [ "$status" -ne 77 ] || skip "this CPU has no such level"
    [ "$status" -eq 0 ]
    diff "$BATS_FILE_TMPDIR/want" - <<<"$output"
}

@test "sums do not depend on the number of threads" {
    for j in 1 2 7; do same -j $j "$SET"; done
}

@test "sums do not depend on the number of photos a round" {
    for b in 1 3 16; do same -b $b "$SET"; done
}

@test "sums do not depend on the CPU level: v2" { same -c v2 "$SET"; }
@test "sums do not depend on the CPU level: v3" { same -c v3 "$SET"; }
@test "sums do not depend on the CPU level: v4" { same -c v4 "$SET"; }

@test "sums do not depend on the order of the arguments" {
    mapfile -t photos < <(find "$SET" -name '*.jpg' | shuf --random-source=<(yes))
    same "${photos[@]}"
}

@test "sums do not depend on naming a photo twice" {
    same "$SET" "$SET/photo-0001.jpg" "$SET/other"
}

@test "sums change when a photo is missing, so the comparison can fail" {
    run "$DUMP_SUMS" "$SET"/photo-000?.jpg
    [ "$status" -eq 0 ]
    ! diff -q "$BATS_FILE_TMPDIR/want" - <<<"$output" >/dev/null
}
