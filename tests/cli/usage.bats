load helpers

@test "without arguments the usage goes to stderr and the exit is 2" {
    run --separate-stderr -2 "$HOTPIX"
    [ -z "$output" ]
    says "Usage: hotpix COMMAND"
}

@test "--help, -h and help print the commands on stdout" {
    for word in --help -h help 'help --help'; do
        run --separate-stderr -0 "$HOTPIX" $word
        has "scan"
        has "variance"
        [ -z "$stderr" ]
    done
}

@test "--version prints one line" {
    run -0 "$HOTPIX" --version
    [[ $output =~ ^hotpix\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "help COMMAND and COMMAND --help print the same, with every option" {
    for command in scan variance; do
        run -0 "$HOTPIX" help "$command"
        from_help=$output
        run -0 "$HOTPIX" "$command" --help
        [ "$output" = "$from_help" ]
        for option in --output --force --strict --threads --memory --batch --cpu --progress --quiet --help; do
            has "$option"
        done
    done
}

@test "help of scan has --similar, help of variance has --rank" {
    run -0 "$HOTPIX" scan --help
    has "--similar auto|skip|keep"
    has_not "--rank"
    run -0 "$HOTPIX" variance -h
    has "--rank N"
    has_not "--similar"
}

@test "no line of help is wider than 100 characters" {
    for command in "" scan variance detect merge forget info convert fix history selftest; do
        run -0 "$HOTPIX" help $command
        for line in "${lines[@]}"; do [ ${#line} -le 100 ]; done
    done
}

@test "an unknown command is named and the nearest one suggested" {
    run -2 "$HOTPIX" scna x
    has "unknown command 'scna'; did you mean 'scan'?"
    run -2 "$HOTPIX" variances x
    has "did you mean 'variance'?"
    run -2 "$HOTPIX" help xyzzy
    has "unknown command 'xyzzy'"
    has_not "did you mean"
    run -2 "$HOTPIX" foo x
    has_not "did you mean"
    for word in version -v; do
        run -2 "$HOTPIX" $word
        has "did you mean 'hotpix --version'?"
    done
}

@test "an option before the command and photos without one are told from unknown commands" {
    run -2 "$HOTPIX" --quiet scan x
    has "unknown option '--quiet'; options stand behind the command"
    run -2 "$HOTPIX" "$PHOTOS"
    has "unknown command '$PHOTOS'; did you mean 'hotpix scan $PHOTOS'?"
}

@test "an unknown option is named and the nearest one suggested" {
    run -2 "$HOTPIX" scan --simlar keep x
    has "unknown option '--simlar'; did you mean '--similar'?"
    run -2 "$HOTPIX" scan --out a.json photos
    has "unknown option '--out'; did you mean '--output'?"
    has "Try 'hotpix scan --help'."
    run -2 "$HOTPIX" scan -Z x
    has "unknown option '-Z'"
    run -2 "$HOTPIX" scan -qZ x
    has "unknown option '-Z'"
}

@test "an option of another command is unknown" {
    run -2 "$HOTPIX" scan --rank 3 x
    has "unknown option '--rank'"
}

@test "a control character in a wrong word does not reach the terminal" {
    run -2 "$HOTPIX" scan $'--\e[31mred'
    has '\x1b'
    has_not $'\e'
}

@test "a command without photos is wrong usage" {
    run -2 "$HOTPIX" scan
    has "nothing to work on"
    run -2 "$HOTPIX" variance -j 2 --
    has "nothing to work on"
}

@test "an option that needs a value says so when there is none" {
    run -2 "$HOTPIX" scan x -o
    has "-o needs a value"
    run -2 "$HOTPIX" scan x --memory
    has "--memory needs a value: SIZE"
}

@test "an option without a value takes none" {
    run -2 "$HOTPIX" scan --quiet=yes x
    has "--quiet takes no value"
}

@test "what is empty names nothing" {
    run -2 "$HOTPIX" scan x ""
    has "hotpix scan: an argument is empty, where a name should be"
    run -2 "$HOTPIX" fix -d "" -o out x
    has "hotpix fix: -d needs a value, and what is given is empty: LIST"
    run -2 "$HOTPIX" scan --output= x
    has "--output needs a value, and what is given is empty: FILE"
}

@test "an option that names one thing is given once" {
    run -2 "$HOTPIX" scan --state a.fits --state=b.fits x
    has "hotpix scan: --state is given twice; it takes one FILE"
}

@test "wrong numbers of threads are refused" {
    for number in x -1 1.5 4k "" " 4" 1025 99999999999999999999999; do
        run -2 "$HOTPIX" scan -j "$number" x
        has "takes a number from 0 to 1024, not '$number'"
    done
}

@test "wrong ranks and batches are refused" {
    for number in 0 x 1e3 1000001; do
        run -2 "$HOTPIX" variance --rank "$number" x
        has "--rank takes a number from 1 to 1000000"
    done
    run -2 "$HOTPIX" scan --batch=0 x
    has "--batch takes a number from 1"
}

@test "wrong sizes are refused" {
    for size in 0 600X M -2G 2GG 1.5G 20000000T; do
        run -2 "$HOTPIX" scan --memory "$size" x
        has "--memory takes a number of bytes, as 600M or 2G, not '$size'"
    done
}

@test "wrong words are refused and the right ones named" {
    run -2 "$HOTPIX" scan --cpu v5 x
    has "--cpu takes auto|plain|v2|v3|v4, not 'v5'"
    run -2 "$HOTPIX" scan --similar=kee x
    has "--similar takes auto|skip|keep"
    run -2 "$HOTPIX" scan --progress sometimes x
    has "--progress takes auto|always|never"
}

@test "options stand before, behind and between photos, short ones in clusters" {
    run -0 "$HOTPIX" scan -qj1 "$PHOTOS/photo-0001.jpg" --similar keep "$PHOTOS" --batch=3 --memory=1G
    has "12 photos used"
}

@test "-- ends the options" {
    cp "$PHOTOS"/*.jpg .
    mv photo-0001.jpg ./-j.jpg
    run -0 "$HOTPIX" variance --quiet -- -j.jpg photo-0002.jpg photo-0003.jpg
    has "3 photos used"
}

@test "make scan takes a folder with ~ and blanks; that some photos were skipped is no error of make's" {
    mkdir -p built/cli
    printf '#!/bin/sh\nprintf "<%%s>" "$@"\nexit "$ENDS"\n' >built/cli/hotpix
    chmod +x built/cli/hotpix
    make_scan() { make -s -C "$BATS_TEST_DIRNAME/../.." -o build BUILD="$PWD/built" scan "$@" 2>&1; }
    # shellcheck disable=SC2088
    ENDS=3 run -0 make_scan PHOTOS='~/my photos' ARGS='-o bad.json'
    [ "$output" = "<scan><$HOME/my photos><-o><bad.json>" ]
    ENDS=1 run -2 make_scan PHOTOS=photos
}
