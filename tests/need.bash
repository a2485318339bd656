# What a test cannot do without. Where it is missing the test is skipped and says so; in CI all must run.
PYTHON=${PYTHON:-/usr/bin/python3}

# missing REASON: skips, and fails where CI=true
missing() {
    [ "${CI:-}" != true ] || { echo "in CI nothing may be missing: $1"; return 1; }
    skip "$1"
}

# need PROGRAM...
need() {
    local program
    for program; do
        command -v "$program" >/dev/null || missing "$program is not installed" || return
    done
}

# need_python MODULE...
need_python() {
    local module
    for module; do
        "$PYTHON" -c "import $module" 2>/dev/null || missing "$PYTHON has no $module" || return
    done
}

# Where address space is short a build with sanitizers, which reserves terabytes, does not even start.
need_no_sanitizer() {
    [ -z "${SANITIZER:-}" ] || skip "not with sanitizers: $1"
}

# LeakSanitizer stops where somebody else traces; the other sanitizers do not mind.
strace() {
    ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" command strace "$@"
}

# need_data NAME: a file or folder of real photos, by its name in HOTPIX_DATA
need_data() {
    [ -e "${HOTPIX_DATA:-}/$1" ] || missing "no real photos: HOTPIX_DATA is not set"
}
