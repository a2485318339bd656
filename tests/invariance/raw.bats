# A sensor's own samples are looked at in strips, bands and up to twelve photos at once: neither may show. 1100x260 px are
# three strips wide and three bands high; sixteen photos a round are more than twelve.

setup_file() {
    local kind
    for kind in RGGB XTRANS MONO; do
        "$CAMSIM" --size 1100x260 --defects-per-class 1 --number 17 --seed 5 --cfa $kind --format dng "$BATS_FILE_TMPDIR/$kind" >/dev/null
        "$DUMP_SUMS" -k -j 1 -b 8 -c plain "$BATS_FILE_TMPDIR/$kind" >"$BATS_FILE_TMPDIR/$kind.want"
    done
}

same() {
    local kind
    for kind in RGGB XTRANS MONO; do
        run "$DUMP_SUMS" -k "$@" "$BATS_FILE_TMPDIR/$kind"
        [ "$status" -ne 77 ] || skip "this CPU has no such level"
        [ "$status" -eq 0 ]
        diff "$BATS_FILE_TMPDIR/$kind.want" - <<<"$output"
    done
}

@test "sums of raws do not depend on the number of threads" {
    for j in 1 2 7; do same -j $j; done
}

@test "sums of raws do not depend on the number of photos a round" {
    for b in 1 3 16; do same -b $b; done
}

@test "sums of raws do not depend on the CPU level: v2" { same -c v2; }
@test "sums of raws do not depend on the CPU level: v3" { same -c v3; }
@test "sums of raws do not depend on the CPU level: v4" { same -c v4; }
