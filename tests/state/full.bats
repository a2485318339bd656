# As many photos as sums can hold, and states larger than what merging them may take.
load helpers

full() { "$PYTHON" -W ignore::DeprecationWarning "$HERE/full.py" "$@"; }

variance() { "$HOTPIX" variance -q "$@" >/dev/null; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    need_python astropy PIL
}

@test "the 65537th photo, white in 16 bits, brings the sums to their end; one more is refused" {
    for i in 1 2 3; do full white $i.png $i; done
    variance 1.png --state one.fits
    full fill one.fits s.fits 65536
    variance 2.png --state s.fits
    [ "$(photos_in s.fits)" -eq 65537 ]
    [ "$(full sums s.fits)" = "4294967295 4294967295" ]
    cp s.fits before.fits
    run --separate-stderr -3 "$HOTPIX" variance -q 3.png --state s.fits
    says "3.png: is one too many: the sums hold 65537 photos"
    cmp s.fits before.fits
}

@test "states that hold too many photos together are not merged, and one that does is refused" {
    full white 1.png 1
    "$HOTPIX" scan -q 1.png --state one.fits >/dev/null
    full fill one.fits many.fits 65535
    full fill one.fits two.fits 2 other
    full fill one.fits three.fits 3 third
    "$HOTPIX" merge -o full.fits many.fits two.fits
    [ "$(photos_in full.fits)" -eq 65537 ]
    run --separate-stderr -1 "$HOTPIX" merge -o no.fits many.fits three.fits
    says "the states hold 65538 photos together, sums hold 65537"
    [ ! -e no.fits ]
    full fill one.fits no.fits 65538
    run --separate-stderr -1 "$HOTPIX" info no.fits
    says "counts 65538 photos, sums hold 65537"
}

# peak_mb COMMAND...: the largest memory it took
peak_mb() {
    "$PYTHON" -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 // 1000000)' "$@"
}

@test "merging takes the same memory for small states, large ones and many" {
    for size in 320x240 2400x1800; do
        camera $size --size $size
        for i in {1..9}; do
            [ $i -le 2 ] || [ $size = 320x240 ] || continue
            scan $size/photo-000$i.jpg --state $size-$i.fits >/dev/null
        done
    done
    small=$(peak_mb "$HOTPIX" merge -j 2 -o small.fits 320x240-[12].fits)
    many=$(peak_mb "$HOTPIX" merge -j 2 -o many.fits 320x240-?.fits)
    large=$(peak_mb "$HOTPIX" merge -j 2 -o large.fits 2400x1800-?.fits)
    echo "small $small MB, many $many MB, large $large MB"
    [ "$(stat -c %s large.fits)" -gt 180000000 ]
    [ "$many" -le $((small + 3)) ]
    [ "$large" -le $((small + 3)) ]
}
