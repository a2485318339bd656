#!/usr/bin/python3
"""Manual pages: man.py HOTPIX VERSION SOURCES FOLDER makes hotpix.1 and hotpix-COMMAND.1 with scdoc.

Names, synopses, descriptions and options are the program's own. SOURCES/hotpix.1.scd and SOURCES/hotpix-COMMAND.1.scd
hold what is written by hand and follows them; a command without such a file has a page all the same.
"""
import os
import pathlib
import subprocess
import sys

import tables

SPECIAL = set("\\*_#|[]~<")


def plain(text):
    """Text in which nothing is mark-up."""
    return "".join("\\" + c if c in SPECIAL else c for c in text)


def option(entry):
    names = ([f"*-{entry.letter}*"] if entry.letter else []) + [f"*--{entry.name}*"]
    value = " " + plain(entry.value) if entry.value else ""
    return ", ".join(names) + value + "\n\t" + plain(entry.summary).replace(". ", ".\n\t") + "\n"


def written(source, name):
    path = source / f"{name}.1.scd"
    return path.read_text() if path.exists() else ""


def page(command, source):
    name = f"hotpix-{command.name}"
    own = written(source, name)
    return "\n".join([
        f"{name}(1)", "",
        "# NAME", "", f"{name} - {plain(command.summary)}", "",
        "# SYNOPSIS", "", f"*hotpix {command.name}* [OPTION]... {plain(command.arguments)}".replace("[OPTION]", "\\[OPTION\\]"), "",
        "# DESCRIPTION", "", plain("\n".join(command.description)), "",
        "# OPTIONS", "", "\n".join(option(o) for o in command.options),
        own, "" if "# SEE ALSO" in own else "# SEE ALSO\n\n*hotpix*(1)\n"])


def front(commands, source):
    lines = "\n".join(f"*hotpix-{c.name}*(1)\n\t{plain(c.summary)}\n" for c in commands)
    return written(source, "hotpix").replace("@COMMANDS@\n", lines)


def make(text, name, version, folder):
    head, _, rest = text.partition("\n")
    text = f'{head} "hotpix {version}" "hotpix"\n{rest}'
    # scdoc takes the date of the page from the environment: without one, none that changes from build to build.
    environment = {"SOURCE_DATE_EPOCH": "1704067200", **os.environ}
    done = subprocess.run(["scdoc"], input=text, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr}")
    (folder / f"{name}.1").write_text(done.stdout)


def main(program, version, source, folder):
    commands = tables.read(program)
    source, folder = pathlib.Path(source), pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.1"):
        old.unlink()
    make(front(commands, source), "hotpix", version, folder)
    for command in commands:
        make(page(command, source), f"hotpix-{command.name}", version, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
