#!/usr/bin/python3
"""
A long scan of many photos, disturbed in every way, must end as an undisturbed one: soak.py [PHOTOS] [DISTURBANCES]

The files are those of a simulated camera again and again, under other names and with one byte of EXIF changed; between
them are files that are damaged. The disturbances: kill -9, SIGTERM, SIGINT, and a disk that is full when the state is
written (a limit on the size of files). A run that reached its end is compared, and the next begins with nothing, so
that each disturbance has something to meet. Memory is looked at through the undisturbed run: that of the last tenth of
the photos, of all processes together, may be 1.02 times that of the second tenth. HOTPIX and CAMSIM name the programs,
SEED the luck of the draw.
"""
import os
import pathlib
import random
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from photos_in import photos_in

DIFFERENT = 100  # photos; a byte has fewer than 100 letters and digits, so this many cover 6 000
LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SIZE = "640x480"
BAD_EVERY = 100
LEAST_TO_TELL = 1000  # photos, before memory says something
MOST_GROWTH = 1.02
DISTURBANCES = "kill", "terminate", "full disk", "interrupt"
LEAST_OF_ALL = 20  # disturbances, of which each kind must have met a run


def changed(jpeg, letter):
    """One byte of EXIF is another: the last digit of a date."""
    found = re.search(rb"20\d\d:\d\d:\d\d \d\d:\d\d:\d\d", jpeg)
    at = found.end() - 1
    return jpeg[:at] + LETTERS[letter:letter + 1] + jpeg[at + 1:]


def damaged(jpeg, kind):
    """Cut short, noise in the middle, no photo at all, empty."""
    half = len(jpeg) // 2
    return (jpeg[:half], jpeg[:half] + random.randbytes(half), b"no photo", b"")[kind % 4]


def make_photos(folder, count):
    """Returns how many files are damaged."""
    base, photos = folder / "base", folder / "photos"
    photos.mkdir()
    different = min(DIFFERENT, count)
    subprocess.run([os.environ["CAMSIM"], "--size", SIZE, "--number", str(different), "--seed", "4",
                    "--defects-per-class", "1", base], stdout=subprocess.DEVNULL, check=True)  # fmt: skip
    jpegs = [path.read_bytes() for path in sorted(base.glob("*.jpg"))]
    assert count <= different * len(LETTERS), "too many photos"
    for i in range(count):
        (photos / f"photo-{i:05d}.jpg").write_bytes(changed(jpegs[i % different], i // different))
    bad = range(0, count, BAD_EVERY)
    for i in bad:
        (photos / f"photo-{i:05d}-bad.jpg").write_bytes(damaged(jpegs[i % different], i // BAD_EVERY))
    return len(bad)


def command(folder, state, *more):
    return [os.environ["HOTPIX"], "scan", "--similar", "keep", *more, "--state", folder / state, folder / "photos"]


def resident_bytes(group):
    """Of all processes of a group; a page that some share counts once."""
    total = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(name)) == group:
                with open(f"/proc/{name}/smaps_rollup", encoding="ascii") as file:
                    total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024
        except OSError:  # has just ended
            continue
    return total


def undisturbed(folder, count):
    """Makes whole.fits; returns [(share of the photos that is done, resident bytes)]."""
    process = subprocess.Popen(command(folder, "whole.fits", "--progress", "always"), stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, bufsize=0, start_new_session=True)  # fmt: skip
    seen, text = [], b""
    while part := process.stderr.read(4096):
        text = (text + part)[-200:]
        done = re.findall(rb"\r(\d+) of (\d+) photos", text)
        if done and int(done[-1][0]) < count:
            seen.append((int(done[-1][0]) / int(done[-1][1]), resident_bytes(process.pid)))
    assert process.wait() == 3, f"exit code {process.returncode}"
    return seen


def check_memory(seen, count):
    second, last = ([b for share, b in seen if low <= share < low + 0.1] for low in (0.1, 0.9))
    if len(seen) < 20 or count < LEAST_TO_TELL or not second or not last:
        return "too short to tell"
    low, high = statistics.median(second), statistics.median(last)
    said = f"{high / low:.3f} ({(high - low) / (0.8 * count):.0f} bytes a photo)"
    assert high <= MOST_GROWTH * low, f"memory grew: {said}"
    return said


def run_quietly(folder, prepare=None):
    def begin():  # what starts this may have SIGINT ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if prepare:
            prepare()
    return subprocess.Popen(command(folder, "state.fits", "--quiet", "--checkpoint", "0"), stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, preexec_fn=begin)  # fmt: skip


def fill_disk(largest):
    """What stands for a full disk in a process about to start."""
    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    return prepare


def disturb(folder, how, seconds, state_bytes):
    """One run that is not left in peace; whether it was met before its end."""
    if how == "full disk":
        return run_quietly(folder, fill_disk(random.randrange(state_bytes))).wait() == 1
    process = run_quietly(folder)
    time.sleep(random.uniform(0, seconds))
    process.send_signal({"kill": signal.SIGKILL, "terminate": signal.SIGTERM, "interrupt": signal.SIGINT}[how])
    return process.wait() < 0


def finish(folder, whole, state):
    """Lets a run go on to its end; the state must be that of the undisturbed one, and nothing else be left."""
    ended = run_quietly(folder).wait()
    assert ended == 3, f"exit code {ended}"
    assert whole.read_bytes() == state.read_bytes(), "the state is another one"
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["base", "photos", "state.fits", "whole.fits"], left


def main(count=6000, disturbances=60):
    seed = int(os.environ.get("SEED", time.time_ns()))
    random.seed(seed)
    print(f"SEED={seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        whole, state = folder / "whole.fits", folder / "state.fits"
        bad = make_photos(folder, count)
        started = time.monotonic()
        memory = undisturbed(folder, count)
        seconds = time.monotonic() - started
        assert photos_in(whole) == count, photos_in(whole)
        met, kept, ends = {how: 0 for how in DISTURBANCES}, [], 0
        # each gets about its share of the photos done, so that all of the run is disturbed
        for i in range(disturbances):
            before = photos_in(state)
            how = DISTURBANCES[i % len(DISTURBANCES)]
            met[how] += disturb(folder, how, 3 * seconds / disturbances, whole.stat().st_size)
            kept.append(photos_in(state))
            assert kept[-1] >= before, f"{how}: {before} photos were in the state, {kept[-1]} are"
            if kept[-1] == count:
                finish(folder, whole, state)
                state.unlink()
                ends += 1
        finish(folder, whole, state)
        assert disturbances < LEAST_OF_ALL or all(met.values()), f"a kind of disturbance never met a run: {met}"
        print(f"{count} photos and {bad} damaged files; memory of the last tenth against the second: "
              f"{check_memory(memory, count)}; met by {met}; photos kept meanwhile: {kept}; the state of all {ends + 1} "
              f"ends is that of an undisturbed run of {seconds:.1f} s")  # fmt: skip


main(*map(int, sys.argv[1:]))
