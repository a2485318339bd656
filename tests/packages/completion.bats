# Completions, made from the option table, asked as the shells ask them.

load helpers

setup_file() { install_all; }

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    touch photo.jpg
    mkdir -p bin
    ln -sf "$HOTPIX" bin/hotpix
    PATH=$PWD/bin:$PATH
}

# Candidates that bash has for the words given; the last is the one at the cursor. in_bash WORD...
in_bash() {
    bash --norc -c '
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        _hotpix
        printf "%s\n" "${COMPREPLY[@]}"' - "$(find "$DEST" -path '*bash-completion*' -type f)" "$@" | LC_ALL=C sort
}

in_fish() {
    fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
        "$(find "$DEST" -name hotpix.fish)" "$1" | cut -f 1 | LC_ALL=C sort
}

same() { diff <(printf '%s\n' $1 | LC_ALL=C sort) <(printf '%s\n' $2 | LC_ALL=C sort); }

@test "bash completes the commands, and every long option of each" {
    same "$(commands) help --help --version" "$(in_bash hotpix '')"
    for command in $(commands); do
        same "$(long_options "$command")" "$(in_bash hotpix "$command" --)"
    done
}

@test "bash completes the words of an option, files elsewhere, and no file where a number stands" {
    same "auto plain v2 v3 v4" "$(in_bash hotpix scan --cpu '')"
    same "v2 v3 v4" "$(in_bash hotpix scan --cpu = v)"
    same "photo.jpg" "$(in_bash hotpix scan ph)"
    same "photo.jpg" "$(in_bash hotpix scan -o ph)"
    same "" "$(in_bash hotpix scan -j ph)"
    same "$(commands)" "$(in_bash hotpix help '')"
}

@test "fish completes the commands, every long option of each, words and files" {
    need fish
    same "$(commands) help" "$(in_fish 'hotpix ' | grep -v -- '^-')"
    for command in $(commands); do
        same "$(long_options "$command")" "$(in_fish "hotpix $command --" | sed 's/=$//')"
    done
    same "auto plain v2 v3 v4" "$(in_fish 'hotpix scan --cpu ')"
    same "photo.jpg" "$(in_fish 'hotpix scan ph')"
    same "" "$(in_fish 'hotpix scan -j ph')"
}

# zsh completes only at a prompt: it is given one, and asked by the key.
@test "zsh completes a command and an option at its prompt" {
    need zsh script
    mkdir -p zdot
    printf 'fpath=(%s $fpath)\nautoload -Uz compinit\ncompinit -u -D\nPS1="> "\nunsetopt beep\n' \
        "$(dirname "$(find "$DEST" -name _hotpix)")" >zdot/.zshrc
    zsh -n "$(find "$DEST" -name _hotpix)"
    { sleep 2; printf 'hotpix vari\t--ran\t'; sleep 2; printf '\001echo "\005"\n'; sleep 1; printf 'exit\n'; } |
        ZDOTDIR=$PWD/zdot TERM=dumb timeout 20 script -qec 'zsh -i' /dev/null >out 2>&1 || true
    grep -q '^hotpix variance --rank' out || { cat -v out; false; }
}
