#!/usr/bin/python3
"""
Kills scans with SIGKILL at random moments and lets them go on: kill.py PHOTOS COUNT

Every ending must be, byte for byte, that of a scan which nobody disturbed. HOTPIX names the program.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from photos_in import photos_in

OPTIONS = ["-q", "-j", "1", "--batch", "2", "--checkpoint", "0"]


def start(photos, state):
    return subprocess.Popen([os.environ["HOTPIX"], "scan", *OPTIONS, "--state", state, photos],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(photos, state):
    begin = time.monotonic()
    code = start(photos, state).wait()
    assert code in (0, 3), f"exit code {code}"
    return time.monotonic() - begin


def kill_once(photos, state, seconds):
    process = start(photos, state)
    time.sleep(random.uniform(0, seconds))
    process.kill()
    return process.wait() < 0


def main(photos, count):
    random.seed(int(os.environ.get("SEED", time.time_ns())))
    with tempfile.TemporaryDirectory() as folder:
        whole, state = pathlib.Path(folder, "whole.fits"), pathlib.Path(folder, "state.fits")
        seconds = run(photos, whole)
        kills, kept = 0, []
        while kills < count:
            state.unlink(missing_ok=True)
            for _ in range(random.randint(1, 3)):
                if kill_once(photos, state, seconds):
                    kills += 1
                    kept.append(photos_in(state))
            run(photos, state)
            assert whole.read_bytes() == state.read_bytes(), f"after {kills} kills the state is another one"
            left = sorted(path.name for path in pathlib.Path(folder).iterdir())
            assert left == ["state.fits", "whole.fits"], f"left behind: {left}"
    print(f"{kills} kills, every ending the same; photos kept by them: {sorted(kept)} of {photos_in_all(photos)}")


def photos_in_all(photos):
    return sum(1 for path in pathlib.Path(photos).iterdir() if path.suffix == ".jpg")


main(sys.argv[1], int(sys.argv[2]))
