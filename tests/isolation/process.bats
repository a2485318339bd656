# The processes themselves: what they give, how they end, what happens where the kernel refuses.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos
    "$CAMSIM" --size 640x480 --number 20 --seed 3 "$PHOTOS" >/dev/null
    export LARGE=$BATS_FILE_TMPDIR/large # more than a huge page: workers decode into the planes themselves
    "$CAMSIM" --size 1920x1280 --number 8 --seed 3 "$LARGE" >/dev/null
    head -c 300000 "$LARGE/photo-0002.jpg" >"$LARGE/photo-0009.jpg"
}

# Whether the last process below PID has worked for a third of a second, which no photo but that one takes.
hangs() {
    local worker
    worker=$(below "$PID" | tail -n 1)
    [ -n "$worker" ] && [ "$(cut -d ' ' -f 14 "/proc/$worker/stat" 2>/dev/null || echo 0)" -gt 30 ]
}

# start_hanging [COMMAND...]: starts, in PID, a scan that has counted all good photos and hangs at the last one; CHILDREN
# are its processes. COMMAND runs it.
start_hanging() {
    good slow
    photo slow/zz loop 99
    # python: a background job of a shell ignores SIGINT
    /usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
os.setsid()
os.execvp(sys.argv[1], sys.argv[1:])' "$@" "$MISBEHAVING" scan -j 1 --batch 1 slow --state s.fits >out 2>err 3>&- &
    PID=$!
    wait_for hangs
    CHILDREN=$(below $PID)
    [ "$(wc -w <<<"$CHILDREN")" -ge 2 ]
}

# gives_the_same STATUS FOLDER: whatever the threads, and whoever decodes
gives_the_same() {
    for j in 1 2 3; do
        for options in "" "--no-sandbox" "--no-isolation"; do
            rm -f s.fits v.fits
            run "-$1" "$HOTPIX" scan -q -j $j $options "$2" --state s.fits --similar keep
            run "-$1" "$HOTPIX" variance -q -j $j $options "$2" --state v.fits
            [ -e want.s ] || { mv s.fits want.s && mv v.fits want.v && continue; }
            cmp s.fits want.s
            cmp v.fits want.v
        done
    done
}

@test "the bytes of a scan and of a variance are those of decoding in threads" {
    gives_the_same 0 "$PHOTOS"
}

@test "so are those of large photos, of which one breaks off" {
    gives_the_same 3 "$LARGE"
}

@test "Ctrl-C while a decoder hangs ends the program at once, and what was done is kept" {
    start_hanging
    kill -INT "-$PID" # as a terminal does: to all
    status=0
    wait "$PID" || status=$?
    [ "$status" -eq 130 ]
    grep -q "interrupted; what was done is in the state" err
    wait_for gone $CHILDREN
    "$MISBEHAVING" info s.fits | grep -q "12 counted"
}

@test "so does SIGTERM to all of its processes" {
    start_hanging
    kill -TERM $CHILDREN "$PID"
    status=0
    wait "$PID" || status=$?
    [ "$status" -eq 143 ]
    wait_for gone $CHILDREN
    "$MISBEHAVING" info s.fits | grep -q "12 counted"
}

@test "kill -9 leaves no process behind" {
    start_hanging
    kill -9 "$PID"
    wait "$PID" || true
    wait_for gone $CHILDREN
}

replaced() {
    [ "$(below "$PID" | tail -n 1)" != "$(tail -n 1 <<<"$CHILDREN")" ]
}

@test "a decoding process that somebody kills costs its photo only" {
    start_hanging
    kill -9 $(tail -n 1 <<<"$CHILDREN") # the worker; the first time it is tried again
    wait_for replaced
    wait_for hangs
    kill -9 $(below "$PID" | tail -n 1)
    status=0
    wait "$PID" || status=$?
    [ "$status" -eq 3 ]
    grep -q "zz.hptest: the test decoder died of SIGKILL" err
    grep -q "12 photos used" out
}

@test "no process is left, and none becomes a zombie, when a scan is done" {
    "$HOTPIX" scan -q "$PHOTOS" >/dev/null &
    local pid=$!
    wait "$pid"
    [ -z "$(below $$ | xargs -r -n 1 -I{} sh -c 'grep -l hotpix /proc/{}/comm' 2>/dev/null)" ]
}

@test "a decoding process holds no file of the program but its channel" {
    need_limits
    start_hanging
    worker=$(tail -n 1 <<<"$CHILDREN")
    for fd in "/proc/$worker/fd/"*; do
        target=$(readlink "$fd")
        [[ $target == /dev/null || $target == socket:* ]] || { echo "$fd: $target"; false; }
    done
    grep -q '^Seccomp:.2' "/proc/$worker/status"
    grep -q '^NoNewPrivs:.1' "/proc/$worker/status"
    kill -9 "$PID"
}

@test "nor where there is no /dev/null to put in the place of those it had" {
    need_limits
    # shellcheck disable=SC2016
    local bare=(unshare -m sh -c 'mount -t tmpfs none /dev && exec "$0" "$@"')
    "${bare[@]}" true 2>/dev/null || missing "no file system can be mounted"
    start_hanging "${bare[@]}"
    worker=$(tail -n 1 <<<"$CHILDREN")
    for fd in "/proc/$worker/fd/"*; do
        target=$(readlink "$fd")
        [[ $target == socket:* ]] || { echo "$fd: $target"; false; }
    done
    kill -9 "$PID"
}

@test "what a file claims to be long does not lift the limit of its process's memory" {
    need_limits
    photo long info-loop 1
    truncate -s 4T long.hptest
    "$MISBEHAVING" scan -q long.hptest >/dev/null 2>&1 &
    PID=$!
    wait_for hangs
    limit=$(sed -n 's/^Max address space *\([0-9]*\) .*/\1/p' "/proc/$(below $PID | tail -n 1)/limits")
    kill -9 "$PID"
    memory=$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)
    [ "$limit" -lt $((1024 * memory / 2 + (2 << 30))) ] || { echo "$limit bytes of $memory kB"; false; }
}

@test "where the kernel refuses, a warning is given and the work is done" {
    need_limits
    "$HOTPIX" scan -q "$PHOTOS" >want
    run --separate-stderr -0 "$HOTPIX_BUILD/tests/isolation/refuse" "$HOTPIX" scan -q "$PHOTOS"
    says "warning: the processes that decoded photos could not be confined: seccomp: "
    diff want - <<<"$output"
    # the processes still are there
    with_bad crash
    run --separate-stderr -3 "$HOTPIX_BUILD/tests/isolation/refuse" "$MISBEHAVING" scan -q bad
    says "bad.hptest: the test decoder died of SIGSEGV"
}

@test "Landlock alone keeps files closed where seccomp is refused" {
    need_limits
    skip_without_landlock
    with_bad write
    run --separate-stderr -3 env REFUSE=seccomp "$HOTPIX_BUILD/tests/isolation/refuse" "$MISBEHAVING" scan -q bad
    says "could not be confined"
    says "bad.hptest: writing a file: Permission denied"
}

skip_without_landlock() {
    grep -qw landlock /sys/kernel/security/lsm 2>/dev/null || "$HOTPIX_BUILD/tests/isolation/refuse" --has-landlock ||
        skip "this kernel has no Landlock"
}

@test "nothing is said where nothing is amiss, nor with --no-sandbox" {
    for options in "" --no-sandbox --no-isolation; do
        run --separate-stderr -0 "$HOTPIX" scan -q $options "$PHOTOS"
        [ -z "$stderr" ]
    done
}

@test "hotpix-mpi isolates its decoders in every process" {
    mpi=$HOTPIX_BUILD/cli/hotpix-mpi
    [ -x "$mpi" ] || skip "built without MPI"
    "$HOTPIX" scan -q "$PHOTOS" --state alone.fits >/dev/null
    options=
    [[ $(mpirun --version 2>&1) == *"Open MPI"* ]] && options=--oversubscribe
    OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 mpirun $options -n 3 "$mpi" scan -q -j 1 "$PHOTOS" \
        --state together.fits >/dev/null 2>err
    [ ! -s err ]
    cmp alone.fits together.fits
}

@test "times are read the same in any zone, in threads and in processes" {
    for zone in Europe/Berlin Asia/Kathmandu UTC :America/New_York; do
        for options in "" --no-isolation; do
            TZ=$zone "$HOTPIX" info $options "$PHOTOS/photo-0001.jpg" >"info$options"
        done
        cmp info info--no-isolation
    done
}
