#!/usr/bin/python3
"""
Changes, cuts and fills files at random and has each decoded: mutate.py TIMES FILE... Fails when a decoder dies, takes
too long or prints. The same numbers every time.
"""

import random
import subprocess
import sys

import pixels


def mutated(data, source):
    data = bytearray(data)
    kind = source.randrange(4)
    if kind == 0:
        return data[: source.randrange(len(data))]
    if kind == 1:  # where headers are
        for _ in range(8):
            data[source.randrange(min(len(data), 600))] = source.randrange(256)
    elif kind == 2:  # anywhere, the directory at the end of a TIFF included
        for _ in range(30):
            data[source.randrange(len(data))] = source.choice((0, 1, 0x7F, 0x80, 0xFF, source.randrange(256)))
    else:
        at = max(0, len(data) - source.randrange(1, 400))
        data[at : at + 4] = source.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\1\0\0\0"))
    return data


def main(times, *paths):
    failed = 0
    command = [pixels.program("DUMP_PLANE", "tests/formats/dump_plane"), "mutated"]
    for path in paths:
        with open(path, "rb") as file:
            good = file.read()
        for seed in range(int(times)):
            pixels.write("mutated", mutated(good, random.Random(seed)))
            try:
                done = subprocess.run(command, capture_output=True, timeout=20)
                prints = done.stderr and not path.endswith(".heic")  # libde265 does, and has no switch for it
                bad = done.returncode not in (0, 1) or prints
                what = f"{done.returncode} {done.stderr[:200]}"
            except subprocess.TimeoutExpired:
                bad, what = True, "takes more than 20 s"
            if bad:
                failed += 1
                print(f"{path}, seed {seed}: {what}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
