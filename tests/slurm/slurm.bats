# The example scripts for clusters, under a batch system that runs a job at once (sbatch beside this file).
load ../cli/helpers
JOBS=$BATS_TEST_DIRNAME/../../examples/slurm

setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos REFERENCE=$BATS_FILE_TMPDIR/reference
    export PATH=$BATS_TEST_DIRNAME:${HOTPIX%/*}:$PATH
    camera "$PHOTOS" --number 14
    mv "$PHOTOS/photo-0002.jpg" "$PHOTOS/a name with 'quotes' and \$(blanks).jpg"
    mv "$PHOTOS/photo-0003.jpg" "$PHOTOS/$(printf 'two\nlines.jpg')"
    head -c 5000 "$PHOTOS/photo-0004.jpg" >"$PHOTOS/cut.jpg"
    "$HOTPIX" scan -q --similar keep "$PHOTOS" --state "$REFERENCE.fits" -o "$REFERENCE.json" >"$REFERENCE.txt" || [ $? -eq 3 ]
}

@test "an array of scans, then merge: the state and the list of one scan" {
    sbatch --array=0-3 "$JOBS/array.sh" "$PHOTOS" parts
    [ "$(ls parts)" = "$(printf 'part-%s.fits\n' 0 1 2 3)" ]
    run --separate-stderr -0 sbatch --dependency=afterok:1 "$JOBS/merge.sh" parts all.fits
    cmp all.fits "$REFERENCE.fits"
    cmp all.json "$REFERENCE.json"
    cmp "$REFERENCE.txt" <(echo "$output" | grep -v '^Submitted')
}

@test "an array that begins at 1, with more parts than photos, run twice" {
    mkdir few
    cp "$PHOTOS"/photo-000[5-9].jpg few
    sbatch --array=1-7 "$JOBS/array.sh" few parts
    sbatch --array=1-7 "$JOBS/array.sh" few parts
    [ "$(find parts -name '*.fits' | wc -l)" -eq 5 ]
    "$JOBS/merge.sh" parts all.fits >/dev/null
    "$HOTPIX" scan -q --similar keep few --state whole.fits >/dev/null
    cmp all.fits whole.fits
}

@test "one scan by mpirun: the state of one process" {
    [ -x "${HOTPIX%/*}/hotpix-mpi" ] || missing "built without MPI"
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
    "$HOTPIX" scan -q "$PHOTOS" --state whole.fits >/dev/null || [ $? -eq 3 ]
    run -3 sbatch --ntasks=2 "$JOBS/mpi.sh" "$PHOTOS" s.fits
    cmp s.fits whole.fits
    [ "$(json s.json "d['cameras'][0]['photos']['used']")" -eq 14 ]
}

@test "arguments that are missing are asked for" {
    for job in array mpi merge; do
        run -2 sh "$JOBS/$job.sh"
        has "usage: sbatch"
    done
    run -2 sh "$JOBS/array.sh" "$PHOTOS" parts
    has "to be started with sbatch --array"
}

@test "shellcheck finds nothing in them" {
    need shellcheck
    shellcheck "$JOBS"/*.sh "$BATS_TEST_DIRNAME/sbatch"
}
