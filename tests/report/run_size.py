#!/usr/bin/python3
"""The size of a report and the time that it adds, on 10 megapixels with 300 defects and more. Prints TAP and the figures."""
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("HOTPIX_BUILD", "build")).resolve()
HOTPIX = os.environ.get("HOTPIX", str(BUILD / "cli/hotpix"))
CAMSIM = os.environ.get("CAMSIM", str(BUILD / "tools/camsim/camsim"))
DEFECTS, MOST_BYTES, MOST_S = 300, 3e6, 2


def run(*arguments):
    """The CPU seconds that a program takes: what it waits for others does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"Bail out! {arguments[:2]}: {done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run(CAMSIM, "--size", "3872x2592", "--number", "6", "--seed", "9", "--defects-per-class", "30", folder / "set")
        run(HOTPIX, "scan", "-q", "--state", folder / "a.fits", folder / "set", "-o", folder / "a.json")
        plain = min(run(HOTPIX, "detect", "-q", folder / "a.fits") for _ in range(2))
        seconds = min(run(HOTPIX, "detect", "-q", folder / "a.fits", "-o", folder / "a.html", "--force") for _ in range(2)) - plain
        defects = len(json.loads((folder / "a.json").read_text())["cameras"][0]["defects"])
        page = (folder / "a.html").read_text()
        size = (folder / "a.html").stat().st_size
        rows = len(re.findall(r'<tr id="c0-d\d+">', page))
        figures = f"{size / 1e6:.2f} MB for {defects} defects on 10.0 megapixels; {seconds:.2f} s of CPU more than without"
        print(f"1..3\n# {figures}")
        good = defects >= DEFECTS and rows == defects
        print(f"{'ok' if good else 'not ok'} 1 - a set of 10 megapixels has {DEFECTS} defects and more, and the page a row for each ({rows} of {defects})")
        print(f"{'ok' if size / max(defects, 1) * DEFECTS < MOST_BYTES and size < 2 * MOST_BYTES else 'not ok'} 2 - the page is smaller than 3 MB for 300 defects")
        print(f"{'ok' if seconds < MOST_S else 'not ok'} 3 - gathering what it shows and writing it takes less than 2 s")


main()
