# How the source is kept: who includes whom, layout, static checks.

setup() { cd "$BATS_TEST_DIRNAME/../.." || exit 1; }

sources() { git ls-files '*.c' '*.h'; }

@test "an include points to a lower floor, and programs see the public header only" {
    /usr/bin/python3 tests/house/layers.py
}

@test "setjmp stands only where libjpeg needs it, threads only in the pool" {
    run bash -c "grep -lE '\b(setjmp|longjmp) *\(' src/*/*.c cli/*.c | grep -v -e /format_jpeg.c -e /jpeg_ -e /repair_jpeg"
    [ -z "$output" ]
    run bash -c "grep -lE 'pthread_create' src/*/*.c cli/*.c | grep -v base/pool.c"
    [ -z "$output" ]
}

# zygote.c settles the signals of a process of its own.
@test "the library does not print, exit or read the environment" {
    run grep -nE '\b(printf|puts|perror|exit|abort|getenv|signal|sigaction) *\(' src -r --include='*.c' --exclude=zygote.c
    [ "$status" -eq 1 ] || { echo "$output"; false; }
}

@test "letters are the same in every locale of the program that the library is in" {
    run grep -nE '\b(strn?case(cmp|str)|to(low|upp)er|is(alnum|alpha|lower|upper|space|print)) *\(' src -r --include='*.[ch]'
    [ "$status" -eq 1 ] || { echo "$output"; false; }
}

@test "clang-format would change nothing" {
    clang-format --dry-run -Werror $(sources)
}

@test "clang-tidy finds nothing" {
    run bash -c "ls src/*/*.c cli/*.c | xargs -P 2 -n 8 clang-tidy --quiet -p '$HOTPIX_BUILD' 2>/dev/null"
    [ "$status" -eq 0 ] || { echo "$output" | grep -E 'error|warning' | head -n 40; false; }
}

@test "cppcheck finds nothing" {
    cppcheck -j 2 --quiet --error-exitcode=1 --std=c11 --enable=warning,portability --inline-suppr --library=posix -Isrc -Iinclude \
        --suppress=missingIncludeSystem --suppress=readdirCalled --suppress=uninitvar --suppress=legacyUninitvar --suppress=ctuuninitvar --suppress=invalidFunctionArg:src/base/memory.c \
        src cli
}

@test "the build says nothing: no warning in any file" {
    rm -rf "$BATS_TEST_TMPDIR/b"
    meson setup -Dwerror=true "$BATS_TEST_TMPDIR/b" >/dev/null
    ninja -C "$BATS_TEST_TMPDIR/b" >"$BATS_TEST_TMPDIR/log" || { grep -E 'error|warning' "$BATS_TEST_TMPDIR/log"; false; }
}

@test "no path of one machine, no note to oneself stands in the project" {
    run git grep -nIE '/(home|root|work)/[a-z]|TO''DO|FIX''ME|\bXX''X\b' -- . ':!*.lock' ':!package-lock.json'
    [ "$status" -eq 1 ] || { echo "$output"; false; }
}
