"""Runs a program as a whole and measures it: wall clock and peak memory."""

from dataclasses import asdict, dataclass
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SAMPLING_S = 0.05
TOUCHED_BYTES, TOUCHED_AT_MOST, TOUCHED_QUICKLY_S = 1_400_000_000, 4, 0.6


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_mb: float  # of the largest process
    all_mb: float  # of all processes together, sampled, what they share once; as peak_mb where that was not asked for
    cpu_seconds: float  # of user and system, all threads and processes

    def as_json(self):
        return {name: round(value, 3) for name, value in asdict(self).items()}


class GroupMemory(threading.Thread):
    """Watches the memory of a process group; of a page that processes share each has its part."""

    def __init__(self, group):
        super().__init__(daemon=True)
        self.group, self.peak_bytes, self.done = group, 0, threading.Event()

    def run(self):
        while not self.done.wait(SAMPLING_S):
            self.peak_bytes = max(self.peak_bytes, sum(self.resident()))

    def resident(self):
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    yield proportional_bytes(name)
            except OSError:  # has just ended
                continue


def proportional_bytes(process):
    with open(f"/proc/{process}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024


def touch_memory():
    """Has the machine give this much memory, in huge pages, to a process, and take it back, until that costs little.

    The host of a virtual machine takes freed memory away and gives it again page by page: up to seconds for the
    memory of a scan, which the first large process of a round would pay for all. Elsewhere this changes nothing.
    More than twice the memory of a scan: what is given to it next is then seldom other memory.
    """
    touch = (
        "import mmap; page = bytes(1 << 20); "
        f"m = mmap.mmap(-1, {TOUCHED_BYTES}, flags=mmap.MAP_PRIVATE); m.madvise(mmap.MADV_HUGEPAGE); "
        "[m.write(page) for _ in range(len(m) >> 20)]"
    )
    for _ in range(TOUCHED_AT_MOST):
        started = time.monotonic()
        subprocess.run([sys.executable, "-c", touch], check=True)
        if time.monotonic() - started < TOUCHED_QUICKLY_S:
            return


def run(command, several_processes=False):
    """Runs a command to its end. Raises RuntimeError where it fails."""
    touch_memory()
    with tempfile.TemporaryFile("w+") as errors:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)
        memory = GroupMemory(process.pid)
        if several_processes:
            memory.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.done.set()
        if process.returncode != 0:
            errors.seek(0)
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {errors.read(2000).strip()}")
    if several_processes:
        memory.join()
    peak = usage.ru_maxrss * 1024
    return Run(seconds, peak / 1e6, max(peak, memory.peak_bytes) / 1e6, usage.ru_utime + usage.ru_stime)


class Results:
    """Runs by (set of photos, program, workers), in the order of the rounds."""

    def __init__(self):
        self.runs = {}
        self.all_mb = {}  # of all processes together, where that was measured apart

    def add(self, photos, program, workers, measured):
        self.runs.setdefault((photos, program, workers), []).append(measured)

    def of(self, photos, program, workers):
        return self.runs.get((photos, program, workers), [])

    def seconds(self, photos, program, workers):
        return [r.seconds for r in self.of(photos, program, workers)]

    def median_seconds(self, photos, program, workers):
        return statistics.median(self.seconds(photos, program, workers))

    def ratios(self, photos, above, below):
        """Seconds of one (program, workers) over those of another, round by round.

        Where one was run less often, its median stands for the rounds it missed.
        """
        a, b = self.seconds(photos, *above), self.seconds(photos, *below)
        if not a or not b:
            return []
        rounds = max(len(a), len(b))
        return [x / y for x, y in zip(fill(a, rounds), fill(b, rounds))]

    def as_json(self):
        return [
            {"photos": photos, "program": program, "workers": workers, "runs": [r.as_json() for r in runs],
             "all_mb": self.all_mb.get((photos, program, workers))}
            for (photos, program, workers), runs in self.runs.items()
        ]


def fill(values, length):
    return values + [statistics.median(values)] * (length - len(values))
