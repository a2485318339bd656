#!/usr/bin/python3
"""Completions: complete.py HOTPIX SHELL prints those of bash, zsh or fish, from the program's own tables."""
import sys

import tables

HEAD = "Made from the option table of hotpix."


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def spellings(option):
    return ([f"-{option.letter}"] if option.letter else []) + [f"--{option.name}"]


# ---- bash ----

BASH = """# {head}
_hotpix() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command=${{COMP_WORDS[1]}}
    local options=
    COMPREPLY=()
    # With the usual word breaks "--cpu=v" is three words.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W '{commands} help --help --version' -- "$word"))
        return
    fi
    case $command in
    help) ((COMP_CWORD == 2)) && COMPREPLY=($(compgen -W '{commands}' -- "$word")) ; return ;;
{values}    esac
    case $command in
{options}    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$word"))
    else
        compopt -o filenames 2>/dev/null
        local IFS=$'\\n'
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}}
complete -F _hotpix hotpix
"""


def bash_values(command):
    lines = []
    for option in command.options:
        which = "|".join(spellings(option))
        if option.words:
            lines.append(f"        {which}) COMPREPLY=($(compgen -W {quoted(' '.join(option.words))} -- \"$word\")); return ;;")
        elif option.value and not option.takes_file:
            lines.append(f"        {which}) return ;;")
    if not lines:
        return ""
    return "\n".join([f"    {command.name})", "        case $before in", *lines, "        esac", "        ;;", ""])


def bash(commands):
    options = "".join(
        f"    {c.name}) options={quoted(' '.join(s for o in c.options for s in spellings(o)))} ;;\n" for c in commands)
    return BASH.format(head=HEAD, commands=" ".join(c.name for c in commands), options=options,
                       values="".join(bash_values(c) for c in commands))


# ---- zsh ----

def zsh_text(text):
    return "".join("\\" + c if c in "[]:\\" else c for c in text)


def zsh_option(option):
    value = ""
    if option.words:
        value = f":{option.name}:({' '.join(option.words)})"
    elif option.takes_file:
        value = f":{zsh_text(option.value)}:_files"
    elif option.value:
        value = f":{zsh_text(option.value)}: "
    several = "*" if option.kind == "texts" else ""
    for name in spellings(option):
        equals = "=" if value and name.startswith("--") else ""
        yield quoted(f"{several}{name}{equals}[{zsh_text(option.summary)}]{value}")


def zsh(commands):
    names = "\n".join(f"        {quoted(c.name + ':' + zsh_text(c.summary))}" for c in commands)
    cases = "\n".join(
        f"    {c.name})\n        _arguments -s " + " \\\n            ".join(s for o in c.options for s in zsh_option(o)) +
        " \\\n            '*:file:_files'\n        ;;" for c in commands)
    return f"""#compdef hotpix
# {HEAD}
_hotpix() {{
    local -a commands=(
{names}
        'help:what a command does and takes'
    )
    if ((CURRENT == 2)); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    ((CURRENT--))
    case $command in
    help) ((CURRENT == 2)) && _describe command commands ;;
{cases}
    esac
}}
if [[ $funcstack[1] == _hotpix ]]; then
    _hotpix "$@"
else
    compdef _hotpix hotpix
fi
"""


# ---- fish ----

def fish_text(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_option(command, option):
    parts = [f"complete -c hotpix -n '__fish_seen_subcommand_from {command.name}'", f"-l {option.name}"]
    if option.letter:
        parts.append(f"-s {option.letter}")
    if option.words:
        parts.append(f"-x -a {fish_text(' '.join(option.words))}")
    elif option.takes_file:
        parts.append("-r -F")
    elif option.value:
        parts.append("-x")
    return " ".join([*parts, "-d", fish_text(option.summary)])


def fish(commands):
    lines = [f"# {HEAD}", "complete -c hotpix -n __fish_use_subcommand -f",
             "complete -c hotpix -n __fish_use_subcommand -l version -s V -d 'the version'",
             "complete -c hotpix -n __fish_use_subcommand -l help -s h -d 'what hotpix does'"]
    for command in commands:
        lines.append(f"complete -c hotpix -n __fish_use_subcommand -a {command.name} -d {fish_text(command.summary)}")
        lines += [fish_option(command, option) for option in command.options]
    names = " ".join(c.name for c in commands)
    lines.append("complete -c hotpix -n __fish_use_subcommand -a help -d 'what a command does and takes'")
    lines.append(f"complete -c hotpix -n '__fish_seen_subcommand_from help' -f -a {fish_text(names)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print({"bash": bash, "zsh": zsh, "fish": fish}[sys.argv[2]](tables.read(sys.argv[1])), end="")
