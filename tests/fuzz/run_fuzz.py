#!/usr/bin/python3
"""Builds the fuzz targets, makes their corpora, replays them and fuzzes each shortly. Prints TAP, a test a target.

run_fuzz.py [SECONDS [TARGET...]]: the time each target is fuzzed, $FUZZ_SECONDS or 5, always with the same random numbers;
less, but never below 5 s, where all would not be done $FUZZ_TOTAL seconds from the start; with --hours N all of them take N
hours together, with others each time. What fails is kept in build-fuzz/found. The environment gives
HOTPIX, CAMSIM and HOTPIX_BUILD, as tests/run does.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build-fuzz"
CORPORA, FOUND, REGRESSIONS = BUILD / "corpora", BUILD / "found", ROOT / "tests/fuzz/regressions"
IN_CI = os.environ.get("CI") == "true"
SEED_BYTES = 1 << 18  # larger seeds only make it slow
LEAST_SECONDS = 5  # that a target is fuzzed, however late it is
# New memory holds the same bytes each time: LibRaw may leave samples of a damaged file as it found them.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "allocator_may_return_null=1:detect_leaks=1:handle_abort=1:"
               "max_malloc_fill_size=67108864",
               "UBSAN_OPTIONS": "print_stacktrace=1"}
# What libraries leave behind when they fail is theirs. On seeds they do not fail, and every byte must be given back.
DAMAGED = {"LSAN_OPTIONS": "suppressions=" + str(ROOT / "tests/fuzz/leaks.txt")}


def run(*command, **more):
    return subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)


def must(*command, **more):
    done = run(*command, **more)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


def build():
    environment = {**os.environ, "CC": "clang-14", "CXX": "clang++-14"}
    if shutil.which("ccache"):
        environment |= {"CC": "ccache clang-14", "CXX": "ccache clang++-14"}
    if not (BUILD / "build.ninja").exists():
        must("meson", "setup", BUILD, "-Dfuzz=true", "-Dmpi=disabled", "-Dman=disabled", "-Db_lundef=false",
             "-Doptimization=1", "-Ddebug=true", cwd=ROOT, env=environment)
    must("ninja", "-C", BUILD, env=environment)


# ---- corpora, from the project's own programs ----

def photos(folder):
    """Small photos of every format, by the name of its target."""
    camsim = os.environ["CAMSIM"]
    small = ["--size", "96x64", "--number", "2", "--defects-per-class", "0", "--seed", "3"]
    for name, options in {"jpeg": [], "jpeg2": ["--progressive", "--subsampling", "420", "--restart", "1"],
                          "raw": ["--format", "dng"], "raw2": ["--format", "dng", "--compress", "ljpeg", "--cfa", "XTRANS"],
                          "raw3": ["--format", "dng", "--margins", "4,2,2,4", "--bits", "14"]}.items():
        must(camsim, *small, *options, folder / name)
    convert = ROOT / "tests/formats/convert.py"
    for kind, source in {"tif": "raw", "png": "raw", "fits": "raw", "fz": "raw3", "heic": "jpeg"}.items():
        must("/usr/bin/python3", convert, kind, folder / source, folder / kind)
    places = {"photo_jpeg": ["jpeg", "jpeg2"], "photo_raw": ["raw", "raw2", "raw3"], "photo_tiff": ["tif"],
              "photo_png": ["png"], "photo_fits": ["fits", "fz"], "photo_heic": ["heic"]}
    for target, names in places.items():
        for name in names:
            for path in sorted((folder / name).iterdir()):
                if path.suffix != ".json":
                    for use in [target] + [target.replace("photo", "repair")] * (target != "photo_heic"):
                        keep(use, f"{name}-{path.name}", path.read_bytes())


LIST = """x,y,kind,width,height,source,make,model,serial,cfa,bits,box_x,box_y,box_width,box_height
3,4,hot,64,48,raw,HOTPIX,TINY,77,RGGB,12,3,4,1,1
10,0,dead,64,48,raw,HOTPIX,TINY,77,RGGB,12,10,0,1,48
60,47,stuck,64,48,raw,HOTPIX,TINY,77,RGGB,12,59,46,3,2
"""


def lists(folder, targets):
    hotpix = os.environ["HOTPIX"]
    source = folder / "source.csv"
    source.write_text(LIST)
    must(os.environ["CAMSIM"], "--size", "96x64", "--number", "1", "--defects-per-class", "0", "--format", "dng", folder / "like")
    wide = folder / "wide.csv"
    like = ",96,64,raw,HOTPIX,CAMSIM,S0000001,"
    wide.write_text(LIST.replace(",64,48,raw,HOTPIX,TINY,77,", like))
    for target in targets:
        kind = target.removeprefix("list_")
        if kind == "opcode":
            output = folder / "copy.dng"
            done = run(hotpix, "convert", wide, "--like", next((folder / "like").glob("*.dng")), "-o", f"opcode:{output}")
        else:
            output = folder / f"list.{kind}"
            done = run(hotpix, "convert", source, "-o", f"{kind}:{output}")
        if done.returncode == 0:
            keep(target, "one", output.read_bytes())
        else:
            print(f"# no seed of {kind}: {done.stdout.decode(errors='replace').strip()}", flush=True)


def states(folder):
    small = ["--size", "40x32", "--number", "3", "--defects-per-class", "0"]
    for number, (format_, command) in enumerate([("jpeg", ["scan"]), ("dng", ["scan", "--similar", "keep"]), ("jpeg", ["variance"])]):
        state, source = folder / f"state{number}.fits", folder / f"small{number}"
        must(os.environ["CAMSIM"], *small, "--format", format_, source)
        must(os.environ["HOTPIX"], *command, "--quiet", source, "--state", state)
        keep("state", state.name, state.read_bytes())


def command_lines():
    """Every option of every command with a value that is good, and one that is not."""
    sys.path.insert(0, str(ROOT / "tools/tables"))
    import tables
    values = {"number": ["1", "18446744073709551616"], "size": ["2G", "9T9"], "frame": ["64x48", "0x1"],
              "text": ["a", ""], "texts": ["a.json", "b.csv"], "rate": ["0.1", "nan"], "flag": [None]}
    for number, command in enumerate(tables.read(os.environ["HOTPIX"])):
        words = []
        for option in command.options:
            for value in option.words or values.get(option.kind, ["1", "x"]):
                words += [f"--{option.name}" if value is None else f"--{option.name}={value}", "photo.jpg"]
                if option.letter:
                    words += [f"-{option.letter}"] + ([] if value is None else [value])
        keep("options", command.name, bytes([number]) + "\n".join(words[:60]).encode())
        keep("options", f"{command.name}-some", bytes([number]) + "\n".join(words[:6] + ["--", "-x"]).encode())


def keep(target, name, content):
    folder = CORPORA / target
    folder.mkdir(parents=True, exist_ok=True)
    if len(content) <= SEED_BYTES:
        (folder / f"seed-{name}").write_bytes(content)


def make_corpora(targets):
    folder = BUILD / "sources"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    photos(folder)
    lists(folder, [t for t in targets if t.startswith("list_")])
    states(folder)
    command_lines()


# ---- running ----

def last_lines(done):
    text = done.stdout.decode(errors="replace").splitlines()
    told = [line for line in text if "does not hold" in line or "ERROR" in line or "error:" in line or line.startswith("    #")]  # frames of the stack
    return told[:25] or text[-15:]


FRAME = re.compile(r"^    #\d+ 0x\w+ in (\S+) (.*)")


def crashed_in_libraw(done):
    """Whether LibRaw's code, called by ours, is where it ended: such a crash is its own, and costs a worker process its photo."""
    for line in done.stdout.decode(errors="replace").splitlines():
        frame = FRAME.match(line)
        if frame and "/libraw" in frame[2]:
            return True
        if frame and re.search(r"/(src|tests)/\S+\.c:\d", frame[2]):
            return False
    return False


def fuzz_for(target, seconds, start, common):
    """As long as that, begun anew where LibRaw crashed: the last run, the inputs of all, and how often it crashed."""
    program, end = BUILD / "tests/fuzz" / f"fuzz_{target}", time.monotonic() + seconds
    inputs = crashes = 0
    while True:
        left = max(1, round(end - time.monotonic()))
        done = run(program, *common, "-timeout=60", f"-seed={start}", f"-max_total_time={left}", "-max_len=300000",
                   "-print_final_stats=1", CORPORA / target, env={**ENVIRONMENT, **DAMAGED})
        inputs += sum(int(n) for n in re.findall(rb"number_of_executed_units: (\d+)", done.stdout))
        if not done.returncode or not crashed_in_libraw(done):
            return done, inputs, crashes
        crashes += 1
        start += bool(start)
        if time.monotonic() >= end:
            done.returncode = 0
            return done, inputs, crashes


class Time:
    """How long each target is fuzzed: as long as wanted, or its share of what is left until the end."""

    def __init__(self, seconds, targets, together, end):
        self.seconds, self.left, self.together, self.end = seconds, targets, together, end
        self.lock = threading.Lock()

    def begin(self):
        """When the next target should be done, its seeds included."""
        now = time.monotonic()
        with self.lock:
            share = (self.end - now) * self.together / max(self.left, self.together)
            self.left -= 1
        return now + share

    def fuzzing(self, until):
        """What its seeds left of it."""
        return round(min(self.seconds, max(until - time.monotonic(), LEAST_SECONDS)))


def fuzz(target, times, start):
    """Returns what went wrong, and how much was done."""
    until = times.begin()
    program, corpus = BUILD / "tests/fuzz" / f"fuzz_{target}", CORPORA / target
    if not program.exists():
        return ["there is no fuzz target of this name"], ""
    seeds, regressions = sorted(corpus.glob("seed-*")), sorted((REGRESSIONS / target).glob("*"))
    if not seeds:
        return ["there is no seed"], ""
    FOUND.mkdir(exist_ok=True)
    common = ["-rss_limit_mb=3000", "-close_fd_mask=1", f"-artifact_prefix={FOUND}/{target}-"]
    # Command lines hold wrong words on purpose; every other seed was written to be read.
    good = {} if target == "options" else {"FUZZ_ACCEPTED": "1"}
    for files, more in ((seeds, good), (regressions, DAMAGED)):
        if not files:
            continue
        in_turn = run(program, *common, "-timeout=300", *files, env={**ENVIRONMENT, "FUZZ_EVERY_ALLOCATION": "1", **more})
        if in_turn.returncode:
            return ["a seed fails when memory does, or at all:", *last_lines(in_turn)], ""
    seconds = times.fuzzing(until)
    done, inputs, crashes = fuzz_for(target, seconds, start, common)
    if done.returncode:
        return last_lines(done), ""
    told = f"{len(seeds)} seeds, {len(regressions)} regressions, {inputs} inputs in {seconds} s"
    return [], told + (f", {crashes} crashes of LibRaw's own" if crashes else "")


def main(arguments):
    end = time.monotonic() + float(os.environ.get("FUZZ_TOTAL", "inf"))
    hours = float(arguments[1]) if arguments[:1] == ["--hours"] else 0
    arguments = arguments[2:] if hours else arguments
    seconds = int(arguments[0] if arguments else os.environ.get("FUZZ_SECONDS", 5))
    missing = [program for program in ("clang-14", "dcraw", "exiftool", "heif-enc") if not shutil.which(program)]
    if missing:
        print("1..1\n" + (f"not ok 1 - {missing[0]} is missing" if IN_CI else f"ok 1 # SKIP {missing[0]} is not installed"))
        return 1 if IN_CI else 0
    build()
    targets = must(BUILD / "tests/fuzz/fuzz_names").split()
    make_corpora(targets)
    chosen = arguments[1:] or targets
    print(f"1..{len(chosen)}", flush=True)
    failed = 0
    together = max(1, min(len(os.sched_getaffinity(0)), 8))
    start = 0 if hours else 1  # libFuzzer takes the time for 0
    if hours:
        seconds, end = max(LEAST_SECONDS, int(hours * 3600 * together / len(chosen))), float("inf")
    times = Time(seconds, len(chosen), together, end)
    with concurrent.futures.ThreadPoolExecutor(together) as pool:
        for number, (target, (wrong, told)) in enumerate(zip(chosen, pool.map(lambda t: fuzz(t, times, start), chosen)), 1):
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - {target}: what must hold holds for damaged inputs, and when memory fails",
                  f"({told})" if told else "")
            for line in wrong:
                print(f"# {line}")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RuntimeError as error:
        print("Bail out!", str(error).replace("\n", "\n# "))
        sys.exit(1)
