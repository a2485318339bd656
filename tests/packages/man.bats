# Manual pages: made from the tables, so that they cannot drift.

load helpers

setup() { need scdoc man; }

setup_file() { install_all; }

page() { MANWIDTH=2000 man -l "$(find "$DEST" -name "$1.1")" | col -bx; }

@test "every command has a manual page, and the front page names them all" {
    page hotpix >"$BATS_TEST_TMPDIR/front"
    for command in $(commands); do
        [ -n "$(find "$DEST" -name "hotpix-$command.1")" ] || { echo "no page for $command"; false; }
        grep -q "hotpix-$command(1)" "$BATS_TEST_TMPDIR/front" || { echo "$command is not on the front page"; false; }
    done
}

@test "a page tells every option, with its value and all of its help" {
    for command in $(commands); do
        page "hotpix-$command" | tr -s ' \n' ' ' >"$BATS_TEST_TMPDIR/page"
        "$HOTPIX" help --dump | awk -F'\t' -v c="$command" '
            $1 == "command" { on = $2 == c }
            on && $1 == "option" { if (text) print text; text = "--" $2 ($5 ? " " $5 : "") }
            on && $1 == "help" { text = text " " $2 }
            END { print text }' | while read -r text; do
            grep -qF -e "$text" "$BATS_TEST_TMPDIR/page" || { echo "$command: not in its page: $text"; exit 1; }
        done
    done
}

@test "a page has the summary and the description of its command" {
    for command in $(commands); do
        page "hotpix-$command" | tr -s ' \n' ' ' >"$BATS_TEST_TMPDIR/page"
        "$HOTPIX" help --dump | awk -F'\t' -v c="$command" '
            $1 == "command" { on = $2 == c; if (on) print $4 } on && $1 == "description" && $2 { print $2 }' |
            while read -r line; do
                grep -qF -e "$line" "$BATS_TEST_TMPDIR/page" || { echo "$command: not in its page: $line"; exit 1; }
            done
    done
}

@test "no page has faults that man would warn of" {
    for file in "$DEST"/usr/*/share/man/man1/*.1 "$DEST"/usr/share/man/man1/*.1; do
        [ -f "$file" ] || continue
        run --separate-stderr env LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 "$file"
        [ "$status" -eq 0 ]
        # shellcheck disable=SC2154
        [ -z "$stderr" ] || { echo "$file: $stderr"; false; }
    done
}

@test "pages written by hand belong to commands that there are" {
    for file in "$ROOT"/docs/man/hotpix-*.1.scd; do
        name=${file##*/hotpix-}
        commands | grep -qx "${name%.1.scd}" || { echo "$file is of no command"; false; }
    done
}
