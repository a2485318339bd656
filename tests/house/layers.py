#!/usr/bin/python3
"""Who may include whom: an include points down, never up or across; cli and its like see the public header only."""
import pathlib
import re
import sys

FLOORS = {"base": 0, "photo": 1, "defects": 1, "stats": 2, "repair": 2, "report": 2, "detect": 3}
SHARED_WITH_CAMSIM = {"repair/ljpeg.h"}  # code that stands alone and that both are built with
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
ROOT = pathlib.Path(__file__).resolve().parents[2]


def wrong_in_library(path, room):
    for name in INCLUDE.findall(path.read_text()):
        target = name.split("/")[0]
        if name == "hotpix.h" or target == room:
            continue
        if target not in FLOORS or FLOORS[target] >= FLOORS[room]:
            yield f"{path.relative_to(ROOT)} includes {name}"


def wrong_in_program(path, own):
    for name in INCLUDE.findall(path.read_text()):
        if name != "hotpix.h" and not (own / name).exists():
            yield f"{path.relative_to(ROOT)} includes {name}"


def faults():
    for path in sorted((ROOT / "src").glob("*/*.[ch]")):
        room = path.parent.name
        if room not in FLOORS:
            yield f"src/{room} stands on no floor"
        else:
            yield from wrong_in_library(path, room)
    for path in sorted((ROOT / "cli").glob("*.[ch]")):
        yield from wrong_in_program(path, ROOT / "cli")
    for path in sorted((ROOT / "tools/camsim").glob("*.[ch]")):
        for name in INCLUDE.findall(path.read_text()):
            if not (path.parent / name).exists() and name not in SHARED_WITH_CAMSIM:
                yield f"{path.relative_to(ROOT)} includes {name}"


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found))
    sys.exit(1 if found else 0)
