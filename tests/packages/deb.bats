# Debian packages: made, looked at, installed into an empty root and run, and made again somewhere else.

load helpers

setup_file() {
    command -v dpkg-buildpackage >/dev/null || return 0
    export DEBS=$BATS_FILE_TMPDIR/debs
    "$ROOT/tools/deb" "$DEBS" >/dev/null
}

setup() {
    need dpkg-buildpackage dh
    cd "$BATS_TEST_TMPDIR" || return
}

# The one package of this name.
deb() { echo "$DEBS/$1"_*.deb; }

@test "there are three packages, for running, for linking and for building" {
    for name in hotpix libhotpix1 libhotpix-dev; do
        [ -f "$(deb "$name")" ] || { echo "no $name"; false; }
    done
    [[ "$(dpkg-deb -f "$(deb hotpix)" Depends)" == *libhotpix1* ]]
    [[ "$(dpkg-deb -f "$(deb libhotpix-dev)" Depends)" == *"libhotpix1 (="* ]]
}

@test "lintian has no error to tell of" {
    need lintian
    run lintian --allow-root --fail-on error "$DEBS"/hotpix_*.deb "$DEBS"/libhotpix*.deb
    [ "$status" -eq 0 ] || { echo "$output"; false; }
}

@test "what is in the packages runs from a root of its own, and a program is built with them" {
    for name in hotpix libhotpix1 libhotpix-dev; do
        dpkg-deb -x "$(deb "$name")" root
    done
    libraries=$(dirname "$(find "$PWD/root" -name libhotpix.so.1)")
    "$CAMSIM" --size 320x240 --number 12 --seed 3 --defects-per-class 1 photos >/dev/null
    LD_LIBRARY_PATH=$libraries root/usr/bin/hotpix scan photos >ours
    "$HOTPIX" scan photos >theirs
    diff ours theirs
    sh "$ROOT/tests/unit/header_example.sh" root/usr/include/hotpix.h example.c
    gcc example.c -o example $(PKG_CONFIG_PATH=$libraries/pkgconfig PKG_CONFIG_SYSROOT_DIR=$PWD/root pkg-config --cflags --libs hotpix)
    LD_LIBRARY_PATH=$libraries ./example photos | grep -q ' [0-9]* [0-9]*$'
}

@test "a manual page for every command and three completions are in the package" {
    dpkg-deb -c "$(deb hotpix)" >content
    for command in $(commands); do
        grep -q "man1/hotpix-$command.1.gz$" content || { echo "no page for $command"; false; }
    done
    for file in bash-completion/completions/hotpix site-functions/_hotpix vendor_completions.d/hotpix.fish; do
        grep -q "$file$" content
    done
}

@test "packages are built with the same libraries as by make" {
    for name in $(sed -n '/^build=/,/"$/p' "$ROOT/tools/packages" | grep -oE 'lib[a-z0-9.-]+-dev'); do
        [ "$name" = libc6-dev ] || grep -qE "^ $name\b|^Build-Depends:.*\b$name" "$ROOT/packaging/debian/control" ||
            { echo "Build-Depends lacks $name"; false; }
    done
}

@test "make deb installs all that building them asks for" {
    mkdir -p nothing/info nothing/updates
    touch nothing/status nothing/available
    run dpkg-checkbuilddeps --admindir="$PWD/nothing" "$ROOT/packaging/debian/control"
    [[ $output == *build-essential* ]]
    installed=" $(sed -n -e '/^build=/,/"$/p' -e '/^deb=/p' "$ROOT/tools/packages" | tr '"\n' '  ') "
    for name in $(sed -e 's/.*: //' -e 's/([^)]*)//g' -e 's/:[a-z]*//g' -e 's/| [a-z0-9-]*//g' <<<"$output"); do
        [[ $installed == *" ${name/debhelper-compat/debhelper} "* ]] || { echo "$name is not installed"; false; }
    done
}

@test "made again from an archive, without git, in another folder they are the same bytes" {
    mkdir archive
    git -C "$ROOT" ls-files -z | tar -c -C "$ROOT" --null -T - | tar -x -C archive
    archive/tools/deb out/deb >/dev/null
    mv archive/out/deb elsewhere
    for file in "$DEBS"/*.deb; do
        cmp "$file" "elsewhere/${file##*/}"
    done
}
