# hotpix-mpi: any number of processes give the bytes of one.
load helpers

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos REFERENCE=$BATS_FILE_TMPDIR/reference
    camera "$PHOTOS" --number 30
    head -c 5000 "$PHOTOS/photo-0004.jpg" >"$PHOTOS/cut.jpg"
    cp "$PHOTOS/photo-0002.jpg" "$PHOTOS/photo-0002b.jpg"
    for i in 5 6 7; do
        "$PYTHON" "$BATS_TEST_DIRNAME/../cli/make_bad.py" comment "$PHOTOS/photo-000$i.jpg" "$PHOTOS/photo-000${i}b.jpg" 1
    done
    mkdir "$REFERENCE"
    cd "$REFERENCE" || return
    "$HOTPIX" scan -q "$PHOTOS" --state scan.fits -o scan.json >scan.txt 2>scan.err || [ $? -eq 3 ]
    "$HOTPIX" variance -q "$PHOTOS" --state variance.fits 2>/dev/null | grep -v accumulating >variance.txt
}

setup() {
    need_no_sanitizer "they are built without MPI"
    cd "$BATS_TEST_TMPDIR" || return
}

# together N ARGUMENT...: hotpix-mpi in N processes; its exit code
together() {
    local processes=$1
    shift
    need_mpi
    "${LAUNCH[@]}" -n "$processes" "$MPI" "$@"
}

# MPI, the program, and LAUNCH, what starts its processes. Open MPI wants to be told that more processes than processors
# are meant, and that root may; MPICH does not ask.
need_mpi() {
    MPI=$HOTPIX_BUILD/cli/hotpix-mpi LAUNCH=(mpirun)
    [ -x "$MPI" ] || missing "built without MPI"
    [[ $(mpirun --version 2>&1) == *"Open MPI"* ]] || return 0
    LAUNCH=(mpirun --oversubscribe)
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
}

# start_held N ARGUMENT...: N processes, in the background as JOB; they are in the middle of many/ when this returns.
start_held() {
    local processes=$1
    shift
    prepare_hold photo-0030.jpg
    "${LAUNCH[@]}" -n "$processes" env "$HELD" "$MPI" "$@" >out 2>err &
    JOB=$!
    wait_until_held
}

@test "a scan of 1 to 4 processes is that of one" {
    for n in 1 2 3 4; do
        rm -f s.fits s.json
        run --separate-stderr -3 together $n scan -q -j 1 "$PHOTOS" --state s.fits -o s.json
        cmp s.fits "$REFERENCE/scan.fits"
        cmp s.json "$REFERENCE/scan.json"
        cmp "$REFERENCE/scan.txt" <(echo "$output")
        says "cut.jpg"
    done
}

@test "neither the photos a round nor threads nor checkpoints matter" {
    run -3 together 3 scan -q -j 2 --batch 1 --checkpoint 0 "$PHOTOS" --state s.fits
    cmp s.fits "$REFERENCE/scan.fits"
    rm s.fits
    run -3 together 2 scan -q -j 1 --batch 5 "$PHOTOS" --state s.fits
    cmp s.fits "$REFERENCE/scan.fits"
}

@test "a state that one process began goes on in three, and the other way" {
    scan "$PHOTOS"/photo-000*.jpg --state s.fits >/dev/null
    run -3 together 3 scan -q -j 1 "$PHOTOS" --state s.fits
    cmp s.fits "$REFERENCE/scan.fits"
    together 3 scan -q -j 1 "$PHOTOS"/photo-000*.jpg --state t.fits >/dev/null
    run -3 scan "$PHOTOS" --state t.fits
    cmp t.fits "$REFERENCE/scan.fits"
}

@test "the variance of 1 to 4 processes is that of one" {
    for n in 1 2 3 4; do
        rm -f v.fits
        run --separate-stderr -3 together $n variance -q -j 1 "$PHOTOS" --state v.fits
        cmp v.fits "$REFERENCE/variance.fits"
        cmp "$REFERENCE/variance.txt" <(echo "$output" | grep -v accumulating)
    done
}

@test "a set of one scene is counted after all by every process" {
    mkdir p
    for i in {1..9}; do "$PYTHON" "$HERE/../cli/make_bad.py" comment "$PHOTOS/photo-0003.jpg" "p/$i.jpg" "$i"; done
    scan p --state one.fits >/dev/null
    together 3 scan -q -j 1 p --state three.fits >/dev/null
    cmp one.fits three.fits
}

@test "raw photos of several cameras, in a folder of states" {
    camera all/a --format dng --serial 1 --number 5
    camera all/b --serial 2 --number 5
    scan all --state one/ >one.txt
    together 2 scan -q -j 1 all --state two/ >two.txt
    diff -r one two
    cmp one.txt two.txt
}

@test "only the leader speaks, and its exit code is the job's" {
    run --separate-stderr -1 together 3 scan nowhere
    [ "$(grep -c '^hotpix: the only file could not be used' <<<"$stderr")" -eq 1 ]
    run --separate-stderr -2 together 2 scan "$PHOTOS" --tate s.fits
    [ "$(grep -c "did you mean '--state'" <<<"$stderr")" -eq 1 ]
    run --separate-stderr -1 together 2 scan "$PHOTOS" --state nowhere/s.fits
    [ "$(grep -c "^hotpix: nowhere/s.fits" <<<"$stderr")" -eq 1 ]
    run -0 together 2 info "$REFERENCE/scan.fits"
    [ "$(grep -c 'state of a scan' <<<"$output")" -eq 1 ]
}

# signal_processes NAME COUNT: to the youngest COUNT of the processes of MPI that work in this folder; those that they
# start to decode photos are none of them.
signal_processes() {
    "$PYTHON" - "$@" <<'P'
import os, pathlib, signal, sys
here = os.getcwd()
def is_ours(process):
    return (process / "comm").read_text().strip() == "hotpix-mpi"
def works_here(process):
    try:
        parent = process.parent / (process / "stat").read_text().rsplit(")", 1)[1].split()[1]
        return is_ours(process) and not is_ours(parent) and os.readlink(process / "cwd") == here
    except OSError:
        return False
name, count = sys.argv[1], int(sys.argv[2])
workers = sorted(int(p.name) for p in pathlib.Path("/proc").iterdir() if p.name.isdigit() and works_here(p))
assert len(workers) >= count, workers
for process in workers[-count:]:
    os.kill(process, signal.Signals["SIG" + name])
P
}

@test "a process that dies ends the job with a word, and the last checkpoint is good" {
    need_mpi
    camera many --size 640x480 --number 60
    scan many --state whole.fits >/dev/null
    start_held 3 scan -q -j 1 --batch 1 --checkpoint 0 many --state s.fits
    signal_processes KILL 1
    code=0
    wait "$JOB" || code=$?
    [ "$code" -ne 0 ]
    grep -qiE "signal:? 9" out err || { cat out err; false; }
    kept=$(photos_in s.fits)
    [ "$kept" -ge 3 ]
    [ "$kept" -le 27 ]
    together 2 scan -q -j 1 many --state s.fits >/dev/null
    cmp s.fits whole.fits
}

@test "SIGTERM to the processes, as batch systems send it, keeps what was done" {
    need_mpi
    camera many --size 640x480 --number 60
    scan many --state whole.fits >/dev/null
    start_held 2 scan -q -j 1 --batch 1 many --state s.fits
    signal_processes TERM 2
    let_go
    code=0
    wait "$JOB" || code=$?
    [ "$code" -ne 0 ]
    [ "$(photos_in s.fits)" -eq 28 ] # the round of the 29th and 30th was given up
    scan many --state s.fits >/dev/null
    cmp s.fits whole.fits
}
