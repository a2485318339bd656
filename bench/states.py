#!/usr/bin/python3
"""What states cost: saving, loading, merging, a run over known photos, two processes instead of one, compression.

Photos: those of bench.py, of which the large set repeats 50; kept in a folder. Each program is measured as a whole
process, what is compared in turn, several rounds; a figure is the median. Prints Markdown with the goals.
With --sizes: what a state of other frames costs, from a few photos of each. Python's standard library only.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import goals
import measure
import photos
import programs

D80 = "3872x2592"
MPI_ENVIRONMENT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
TWO_PROCESSES = goals.TWO_TO_ONE  # (goal, limit)
SAVE_AND_LOAD, MERGE_S, MERGE_STATES, KNOWN_TO_CAT = (0.1, 0.1), (3, 3), (1.2, 1.2), (1.5, 1.5)
measure.TOUCHED_BYTES = 1_300_000_000  # two processes with sums of their own


def log(text):
    print(text, file=sys.stderr, flush=True)


def megabytes(path):
    return os.path.getsize(path) / 1e6


def scan(options, state, paths, workers):
    return [options.hotpix, "scan", "--quiet", "--similar", "keep", "-j", str(workers), "--state", state, *paths]


def make_state(options, name, paths):
    state = os.path.join(options.folder, name)
    if not os.path.exists(state):
        measure.run(scan(options, state, paths, 2))
    return state


def forget_cached(paths):
    """Has the system drop the files from memory; what was not written yet stays."""
    for path in paths:
        with open(path, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def round_of_loop(options, state, workers):
    """[seconds to load, to write, to wait for the disk, of CPU]"""
    copy = os.path.join(options.folder, "copy.fits")
    command = [options.state_loop, "-j", str(workers), state, copy]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [float(number) for number in re.findall(r"[0-9.]+", said.stdout)]


def saving(options, paths):
    """Saving and loading beside the scan of 100 photos: one after the other, and a scan that keeps a state beside one that
    does not, where the wait for the disk is spent with looking for bad pixels."""
    columns = ("scan", "scan --state", "load", "write", "wait for the disk", "CPU of the scan", "CPU of load and save")
    lines = programs.head("seconds, by workers", *columns)
    verdicts = []
    state, fresh = make_state(options, "first.fits", paths[:100]), os.path.join(options.folder, "fresh.fits")
    for workers in options.workers:
        plain = [options.hotpix, "scan", "--quiet", "--similar", "keep", "-j", str(workers), *paths[:100]]
        rounds = []
        for _ in range(options.rounds):
            runs = [measure.run(command) for command in (plain, scan(options, fresh, paths[:100], workers))]
            os.unlink(fresh)
            load, write, disk, cpu = round_of_loop(options, state, workers)
            rounds.append((runs[0].seconds, runs[1].seconds, load, write, disk, runs[0].cpu_seconds, cpu))
            log(f"saving, {workers} workers: {rounds[-1]}")
        lines.append(programs.row(workers, *(goals.spread(c, 2) for c in zip(*rounds))))
        what = f"load and save a state, of scanning 100 photos, -j {workers}"
        verdicts.append((what, [(r[1] - r[0] + r[2]) / r[0] for r in rounds], SAVE_AND_LOAD, 2, ""))
        verdicts.append(("the same in seconds of CPU", [r[6] / r[5] for r in rounds], SAVE_AND_LOAD, 2, ""))
        verdicts.append(("the same, one after the other", [sum(r[2:5]) / r[0] for r in rounds], SAVE_AND_LOAD, 2, ""))
    plain = goals.spread(write_plainly(options, os.path.getsize(state)), 2)
    lines.append(f"\nNothing but writing as many zeros and waiting for the disk: {plain} s")
    return lines, verdicts


def write_plainly(options, size):
    """Seconds to write `size` bytes to a file and wait for the disk, several times."""
    path, block, rounds = os.path.join(options.folder, "zeros"), bytes(1 << 20), []
    for _ in range(options.rounds):
        started = time.monotonic()
        with open(path, "wb") as file:
            for _ in range(size >> 20):
                file.write(block)
            os.fsync(file.fileno())
        rounds.append(time.monotonic() - started)
        os.unlink(path)
    return rounds


def merging(options, paths):
    states = [make_state(options, "first.fits", paths[:100]), make_state(options, "second.fits", paths[100:200])]
    target = os.path.join(options.folder, "merged.fits")
    runs = []
    for _ in range(options.rounds):
        runs.append(measure.run([options.hotpix, "merge", "--force", "-o", target, *states]))
        log(f"merging: {runs[-1]}")
    os.unlink(target)
    return [
        ("merge two states", [r.seconds for r in runs], MERGE_S, 2, " s"),
        ("its memory, in states", [r.peak_mb / megabytes(states[0]) for r in runs], MERGE_STATES, 2, ""),
    ]


def known(options, paths):
    """A run that finds nothing new, beside cat of the same files: from the page cache, and from the disk."""
    state = make_state(options, "known.fits", paths)
    detect = [options.hotpix, "detect", state]
    commands = {"scan": scan(options, state, paths, 2), "cat": ["cat", *paths], "detect": detect}
    columns = ("scan, s", "cat, s", "detect alone, s", "CPU of scan, s", "CPU of cat, s", "ratio",
               "without detect")  # fmt: skip
    lines = programs.head(f"{len(paths)} photos, nothing new", *columns)
    verdicts = []
    for place in ("disk", "page cache"):
        rounds = []
        for _ in range(options.rounds):
            runs = {}
            for name, command in commands.items():
                measure.touch_memory()
                if place == "disk":
                    forget_cached(paths)
                else:
                    photos.warm(paths)
                runs[name] = measure.run(command)
            one, other, alone = runs["scan"], runs["cat"], runs["detect"]
            rounds.append((one.seconds, other.seconds, alone.seconds, one.cpu_seconds, other.cpu_seconds,
                           one.seconds / other.seconds, (one.seconds - alone.seconds) / other.seconds))  # fmt: skip
            log(f"known, from the {place}: {rounds[-1]}")
        lines.append(programs.row(f"from the {place}", *(goals.spread(c, 2) for c in zip(*rounds))))
        what = f"a run over known photos against cat, from the {place}"
        verdicts.append((what, [r[-2] for r in rounds], KNOWN_TO_CAT, 2, ""))
    return lines, verdicts


def processes(options, paths):
    """Two against one; beside them two threads, which share what processes must tell each other.

    CPU of two processes that is above that of two threads was waited with, since MPI does so by looking again and again,
    or is what sums of one's own cost.
    """
    if not (os.path.exists(options.mpi) and shutil.which("mpirun")):
        return [], [("2 processes against 1", [], TWO_PROCESSES, 2, "")]
    os.environ.update(MPI_ENVIRONMENT)
    commands = {
        "1 process": (["mpirun", "-n", "1", options.mpi], "1"),
        "2 processes": (["mpirun", "-n", "2", options.mpi], "1"),
        "2 threads, without MPI": ([options.hotpix], "2"),
    }
    rounds = []
    for _ in range(options.rounds):
        rounds.append([
            measure.run([*start, "scan", "--quiet", "--similar", "keep", "-j", threads, *paths])
            for start, threads in commands.values()
        ])  # fmt: skip
        log(f"processes: {rounds[-1]}")
    lines = programs.head(f"{len(paths)} photos", "seconds", "CPU, s", "1 process against it")
    for name, runs in zip(commands, zip(*rounds)):
        cells = (goals.spread([getattr(r, figure) for r in runs], 2) for figure in ("seconds", "cpu_seconds"))
        ratio = goals.spread([first[0].seconds / run.seconds for first, run in zip(rounds, runs)], 2)
        lines.append(programs.row(name, *cells, ratio))
    ratios = [runs[0].seconds / runs[1].seconds for runs in rounds]
    return lines, [(f"2 processes against 1, {len(paths)} photos", ratios, TWO_PROCESSES, 2, "")]


def compression(options, paths):
    """What lossless tile compression would save and cost, by CFITSIO's own program."""
    state = make_state(options, "first.fits", paths[:100])
    lines = programs.head("state of 100 photos", "MB", "of the size", "pack, s of CPU", "unpack, s of CPU")
    lines.append(programs.row("as it is", f"{megabytes(state):.0f}", "1", "", ""))
    if not shutil.which("fpack"):
        return lines
    for name, how in (("Rice", "-r"), ("gzip", "-g"), ("gzip of bytes in order of weight", "-g2")):
        packed, back = state + ".fz", os.path.join(options.folder, "back.fits")
        for path in (packed, back):
            if os.path.exists(path):
                os.unlink(path)
        pack = measure.run(["fpack", how, state])
        unpack = measure.run(["funpack", "-O", back, packed])
        share = megabytes(packed) / megabytes(state)
        seconds = f"{pack.cpu_seconds:.1f}", f"{unpack.cpu_seconds:.1f}"
        lines.append(programs.row(name, f"{megabytes(packed):.0f}", f"{share:.2f}", *seconds))
        log(lines[-1])
        os.unlink(packed)
        os.unlink(back)
    return lines


def sizes(options):
    """What a state costs by the size of the frame. The cost of a photo is the slope between two numbers of photos."""
    columns = ("Mpx", "CPU a photo, s", "MB a photo", "scan, peak MB", "state, MB", "bytes a px", "load, s", "write, s",
               "disk, s", "merge of two, s", "merge, MB")  # fmt: skip
    lines = programs.head("frame", *columns)
    for size in options.sizes:
        width, height = map(int, size.split("x"))
        paths = photos.simulated(options.camsim, options.photos, size, options.few)
        photos.warm(paths)
        half = len(paths) // 2
        states = [os.path.join(options.folder, f"{size}-{i}.fits") for i in (0, 1)]
        runs = [measure.run(scan(options, s, p, 2)) for s, p in zip(states, (paths[:half], paths[half:]))]
        plain = [options.hotpix, "scan", "--quiet", "--similar", "keep", "-j", "2"]
        cpu_s = [measure.run(plain + p).cpu_seconds for p in (paths, paths[:half])]
        slope = (cpu_s[0] - cpu_s[1]) / (len(paths) - half)
        loop = round_of_loop(options, states[0], 2)[:3]
        os.unlink(os.path.join(options.folder, "copy.fits"))
        target = os.path.join(options.folder, "merged.fits")
        merge = measure.run([options.hotpix, "merge", "--force", "-o", target, *states])
        mpx = width * height / 1e6
        lines.append(programs.row(
            size, f"{mpx:.1f}", f"{slope:.3f}", f"{statistics.mean(map(megabytes, paths)):.1f}",
            f"{max(r.peak_mb for r in runs):.0f}", f"{megabytes(states[0]):.0f}", f"{megabytes(states[0]) / mpx:.1f}",
            *(f"{s:.2f}" for s in loop), f"{merge.seconds:.2f}", f"{merge.peak_mb:.0f}",
        ))  # fmt: skip
        log(lines[-1])
        for path in (*states, target):
            os.unlink(path)
    return lines


def report(options):
    if options.sizes:
        return sizes(options)
    few = photos.simulated(options.camsim, options.photos, options.size, options.number)
    paths = photos.repeated(few, options.many)
    photos.warm(paths)
    parts, verdicts = [], []
    for what in options.only:
        if what == "saving":
            lines, new = saving(options, paths)
        elif what == "known":
            lines, new = known(options, paths)
        elif what == "compression":
            lines, new = compression(options, paths), []
        elif what == "processes":
            lines, new = processes(options, paths)
        else:
            lines, new = [], merging(options, paths)
        parts += [*lines, ""] if lines else []
        verdicts += new
    table = programs.head("what it must reach", "goal", "limit", "measured", "")
    table += [goals.verdict_row(*verdict) for verdict in verdicts]
    return parts + (table if verdicts else [])


def parse(arguments):
    everything = ["saving", "merging", "known", "processes", "compression"]
    parser = programs.parser_of("What states cost: seconds, memory, bytes.")
    parser.add_argument("--photos", metavar="DIR", help="folder that keeps the photos (default: in the build folder)")
    parser.add_argument("--size", default=D80, metavar="WxH")
    parser.add_argument("--number", type=int, default=50, metavar="N", help="different photos")
    parser.add_argument("--many", type=int, default=480, metavar="N", help="files that repeat them")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--only", nargs="+", choices=everything, default=everything)
    parser.add_argument("--sizes", nargs="+", metavar="WxH", help="instead: the cost of a state by size")
    parser.add_argument("--few", type=int, default=8, metavar="N", help="photos of each of these sizes")
    return programs.parse(parser, arguments)


def main(arguments):
    options = parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.build) as folder:
        options.folder = folder
        print("\n".join(report(options)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"states.py: {error}")
