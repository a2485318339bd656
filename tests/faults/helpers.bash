# Common to the tests of faults: what makes system calls fail.
load ../cli/helpers
SHIM=$HOTPIX_BUILD/tests/faults/shim.so

# same A B: the files are the same bytes
same() { cmp -s "$BATS_FILE_TMPDIR/$1" "$2"; }

# defects FILE: what a JSON says of the sensor, not of the photos
defects() { json "$1" '[c["defects"] for c in d["cameras"]]'; }

# replace_each KIND: COMMAND...: the command writes t (-o KIND:t), and replaces an old one with --force. Whichever call
# fails, t is the old one (OLD, or any text) or what it should be, and nothing is left beside it. What CALLS names is made
# to fail.
replace_each() {
    need strace
    local kind=$1 call n code
    shift
    rm -rf t wanted old
    echo old >old
    [ -z "${OLD:-}" ] || cp "$OLD" old
    "$@" -o "${kind}t" >/dev/null
    mv t wanted
    for call in ${CALLS:-write pwrite64 ftruncate fsync rename}; do
        n=0
        while true; do
            n=$((n + 1)) code=0
            rm -rf work && mkdir work && cp old work/t
            (cd work && strace -f -qq -o ../calls -e trace=$call -e inject=$call:error=EIO:when=$n \
                "$@" --force -o "${kind}t") >printed 2>said || code=$?
            grep -q INJECTED calls || break
            echo "$* $kind: $call $n: exit $code: $(cat said)"
            [ "$(ls work)" = t ]
            cmp -s old work/t || cmp wanted work/t
            [ "$code" -eq 0 ] && cmp wanted work/t && continue
            [ "$code" -eq 1 ] && grep -q "Input/output error" said
        done
    done
    cmp wanted work/t
}

# with_shim SETTING... -- COMMAND...
with_shim() {
    local settings=()
    while [ "$1" != -- ]; do
        settings+=("$1")
        shift
    done
    shift
    env LD_PRELOAD="$SHIM" "${settings[@]}" "$@"
}
