# Many damaged photos among good ones. MUTATED says how many: 900; make soak has 10 000.
load ../cli/helpers

@test "a scan of photos that zzuf damaged, of every kind, is that of the photos it counted" {
    need zzuf heif-enc dcraw exiftool
    need_python numpy PIL astropy
    run "$PYTHON" "$HERE/mutated.py" "${MUTATED:-900}"
    echo "$output"
    [ "$status" -eq 0 ]
}
