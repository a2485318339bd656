# The library as others link it: what leaves it, and how it is found.

load helpers

setup_file() { install_all; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    export PKG_CONFIG_PATH=$LIBRARIES/pkgconfig PKG_CONFIG_SYSROOT_DIR=$DEST
}

# Functions that the public header declares, without those of hotpix-mpi alone.
declared() {
    sed -e 's,/\*.*\*/,,' "$ROOT/include/hotpix.h" | grep -v -e '^ \*' -e '^typedef' | grep -oE '\bhp_[a-z_0-9]+\(' | tr -d '(' |
        grep -v -x -e hp_team_join -e hp_team_leave | LC_ALL=C sort -u
}

@test "only the functions of the public header leave the shared library, and all of them" {
    diff <(declared) <(nm -D --defined-only "$LIBRARIES/libhotpix.so" | awk '{ print $3 }' | LC_ALL=C sort)
}

@test "only the functions of the public header leave the static library, and all of them" {
    diff <(declared) <(nm -g --defined-only "$LIBRARIES/libhotpix.a" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort)
}

@test "the shared library says its name, libhotpix.so.1, and the program asks for that" {
    objdump -p "$LIBRARIES/libhotpix.so" | grep -qE 'SONAME +libhotpix\.so\.1$'
    objdump -p "$DEST"/usr/*/bin/hotpix | grep -qE 'NEEDED +libhotpix\.so\.1$'
    run objdump -p "$DEST"/usr/*/bin/hotpix
    [[ $output != *RPATH* && $output != *RUNPATH* ]]
}

@test "nothing in the library can be written over by names of a program: no executable stack, no text relocation" {
    run objdump -p "$LIBRARIES/libhotpix.so"
    [[ $output != *TEXTREL* ]]
    readelf -lW "$LIBRARIES/libhotpix.so" | grep -E 'GNU_STACK' | grep -qv 'RWE'
}

# The header's own example, linked as a stranger would.
example() { sh "$ROOT/tests/unit/header_example.sh" "$DEST"/usr/*/include/hotpix.h example.c; }

@test "the header's example is built with what pkg-config says, and runs" {
    need pkg-config
    example
    gcc example.c -o example $(pkg-config --cflags --libs hotpix)
    "$CAMSIM" --size 320x240 --number 12 --seed 3 --defects-per-class 1 photos >/dev/null
    LD_LIBRARY_PATH=$LIBRARIES ./example photos | grep -q ' [0-9]* [0-9]*$'
    [ "$(pkg-config --modversion hotpix)" = "$("$HOTPIX" --version | cut -d ' ' -f 2)" ]
}

@test "the same, from the static library alone, which needs nothing that pkg-config does not name" {
    need pkg-config
    example
    rm -rf alone
    mkdir alone
    cp "$LIBRARIES/libhotpix.a" alone
    gcc example.c -o example -Lalone $(pkg-config --static --cflags --libs hotpix | sed "s,-L$LIBRARIES,,")
    "$CAMSIM" --size 320x240 --number 12 --seed 3 --defects-per-class 1 photos >/dev/null
    ./example photos | grep -q ' [0-9]* [0-9]*$'
    run objdump -p example
    [[ $output != *libhotpix* ]]
}

@test "what make install put in place runs" {
    LD_LIBRARY_PATH=$LIBRARIES "$(find "$DEST" -name hotpix -path '*/bin/*')" --version
}
