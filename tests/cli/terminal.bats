load helpers

# A set that takes a second or so: few photos, many files of each.
setup_file() {
    export PHOTOS=$BATS_FILE_TMPDIR/photos
    local base=$BATS_FILE_TMPDIR/base
    camera "$base" --size 1600x1200 --number 2 --quality 70
    mkdir "$PHOTOS"
    for i in {1..40}; do
        "$PYTHON" "$BATS_TEST_DIRNAME/make_bad.py" comment "$base/photo-000$((i % 2 + 1)).jpg" "$PHOTOS/$i.jpg" "$i"
    done
}

SLOW="-j 1 --batch 1 --cpu plain"

# on_terminal COMMAND...: what it wrote to its terminal, in the file "seen"; -e: with its exit status
on_terminal() {
    SHELL=/bin/sh script -qec "$1" /dev/null </dev/null >seen
}

@test "a terminal sees photos done and left, photos/s, MB/s and time left, on one line" {
    on_terminal "'$HOTPIX' scan --similar keep $SLOW '$PHOTOS' >/dev/null"
    grep -qE '[0-9]+ of 40 photos, [0-9]+ left, [0-9.]+ photos/s, [0-9]+ MB/s, [0-9]+ (s|min [0-9]+ s) left' seen
    [ "$(tr -cd '\n' <seen | wc -c)" -le 2 ] # warnings alone
}

@test "progress is written at most ten times a second" {
    start=$(date +%s%N)
    on_terminal "'$HOTPIX' variance $SLOW '$PHOTOS' >/dev/null"
    tenths=$((($(date +%s%N) - start) / 100000000))
    [ "$(tr '\r' '\n' <seen | grep -c photos/s)" -le $((tenths + 2)) ]
}

@test "the line is gone at the end" {
    on_terminal "'$HOTPIX' variance $SLOW '$PHOTOS' >/dev/null"
    [ -n "$(tr -d ' \r\n' <seen)" ]
    tail -c 1 seen | grep -q $'\r'
    [ -z "$(tr '\r' '\n' <seen | tail -n 1 | tr -d ' ')" ]
}

@test "the line is not wider than the terminal" {
    on_terminal "stty cols 30; '$HOTPIX' variance $SLOW '$PHOTOS' >/dev/null"
    grep -q "photos" seen
    [ "$(tr '\r' '\n' <seen | wc -L)" -le 29 ]
}

@test "without a terminal nothing is shown" {
    run --separate-stderr -0 "$HOTPIX" variance "$PHOTOS"
    [ -z "$stderr" ]
}

@test "--progress always shows it without a terminal, never and --quiet hide it on one" {
    "$HOTPIX" variance --progress always "$PHOTOS" 2>err >/dev/null
    grep -q "of 40 photos" err
    for option in "--progress never" --quiet "--quiet --progress always"; do
        on_terminal "'$HOTPIX' variance $option '$PHOTOS' >/dev/null"
        [ ! -s seen ]
    done
}

# interrupt SIGNAL COMMAND: sends it as soon as the first photo is done
interrupt() {
    # bash starts background jobs with SIGINT ignored
    env --default-signal=INT "$HOTPIX" $2 $SLOW --progress always "$PHOTOS" -o out.json >out 2>err 3>&- &
    local pid=$!
    for _ in {1..500}; do
        grep -q left err 2>/dev/null && break
        sleep 0.01
    done
    kill "-$1" "$pid"
    status=0
    wait "$pid" || status=$?
}

@test "Ctrl-C ends a scan by that signal and leaves nothing behind" {
    interrupt INT "scan --similar keep"
    [ "$status" -eq 130 ]
    grep -q "interrupted; nothing was written" err
    [ ! -s out ]
    [ "$(ls -A)" = $'err\nout' ]
}

@test "after Ctrl-C fix says that copies stay, and they do" {
    "$HOTPIX" scan -q --similar keep "$PHOTOS/1.jpg" "$PHOTOS/2.jpg" -o list.json >/dev/null
    SLOW="-j 1" interrupt INT "fix -d list.json"
    [ "$status" -eq 130 ]
    grep -q "interrupted; the copies that were made until then stay" err
    [ "$(ls out.json | wc -l)" -ge 1 ]
}

@test "what is said after Ctrl-C stands on a line of its own on a terminal" {
    mkfifo keys
    SHELL=/bin/sh script -qfec "exec env --default-signal=INT '$HOTPIX' variance $SLOW '$PHOTOS'" /dev/null \
        <keys >seen 3>&- &
    local pid=$!
    exec 4>keys
    for _ in {1..500}; do
        grep -q left seen && break
        sleep 0.01
    done
    printf '\003' >&4
    exec 4>&-
    wait "$pid" || true
    grep -qF "^C" seen
    [[ $(tr -d '\r' <seen) == *$'\n'"hotpix: interrupted; nothing was written"* ]]
}

@test "SIGTERM ends variance by that signal and leaves nothing behind" {
    interrupt TERM variance
    [ "$status" -eq 143 ]
    [ ! -s out ]
    [ "$(ls -A)" = $'err\nout' ]
}

@test "an ignored Ctrl-C stays ignored" {
    (trap '' INT && exec "$HOTPIX" variance $SLOW --progress always "$PHOTOS" >out 2>err 3>&-) &
    pid=$!
    for _ in {1..500}; do
        grep -q left err 2>/dev/null && break
        sleep 0.01
    done
    kill -INT "$pid"
    wait "$pid"
    grep -q "40 photos used" out
}
