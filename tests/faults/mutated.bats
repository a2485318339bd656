# Many damaged photos among good ones. MUTATED says how many: 900, or 10 000 in make soak.
load ../cli/helpers

@test "a scan of photos that zzuf damaged, of every kind, is that of the photos it counted" {
    need zzuf heif-enc dcraw exiftool
    need_python numpy PIL astropy
    BATS_TEST_TIMEOUT=3000 run "$PYTHON" "$HERE/mutated.py" "${MUTATED:-900}"
    echo "$output"
    [ "$status" -eq 0 ]
}
