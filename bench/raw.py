#!/usr/bin/python3
"""hotpix scan on raw photos beside nothing but unpacking them: DNG by LibRaw, FITS by CFITSIO, TIFF by libtiff.

Photos: of tools/camsim, made once and kept in a folder; FITS and TIFF hold the samples that dcraw -D gives.
Each program is measured as a whole process, in turn with the other, several rounds. Memory: of all processes together,
what they share once, by a run of its own. It may be 64 bytes a pixel and the photos in flight: the planes of a round,
and for each worker the file that it decodes, its library's samples, and the place that they go to.
Prints Markdown with the goals.
Python's standard library only.
"""

import array
import os
import statistics
import subprocess
import sys

import goals
import measure
import programs

GOAL = (1.15, 1.3)  # of DNG; the others are reported
A_PIXEL_BYTES = 64  # goal for memory, beside the photos in flight
BATCH, SAMPLE_BYTES = 12, 2  # photos a round: the most that hotpix chooses by itself
MEMORY_PHOTOS = 2 * BATCH
SEED = 1
measure.TOUCHED_BYTES = 1_000_000_000  # what a scan of 16 bits takes
# key: (name in the table, camsim's options, the goal or None)
KINDS = {
    "ljpeg": ("DNG, lossless JPEG", ["--compress", "ljpeg"], GOAL),
    "xtrans": ("DNG, X-Trans, lossless JPEG", ["--compress", "ljpeg", "--cfa", "XTRANS", "--bits", "14"], GOAL),
    "packed": ("DNG, packed", [], None),
    "fits": ("FITS, 16 bit", None, None),
    "tif": ("TIFF, 16 bit", None, None),
}


def samples_of(dng):
    """(width, height, samples in native order)"""
    data = subprocess.run(["dcraw", "-D", "-4", "-t", "0", "-c", dng], stdout=subprocess.PIPE, check=True).stdout
    _, size, _, rest = data.split(b"\n", 3)
    width, height = map(int, size.split())
    samples = array.array("H", rest)
    samples.byteswap()
    return width, height, samples


def fits(width, height, samples):
    """Unsigned 16 bits as FITS has them: less 32768, the high byte first."""
    cards = [("SIMPLE", "T"), ("BITPIX", 16), ("NAXIS", 2), ("NAXIS1", width), ("NAXIS2", height), ("BZERO", 32768),
             ("BSCALE", 1)]  # fmt: skip
    head = "".join(f"{key:<8}= {value:>20}".ljust(80) for key, value in cards) + "END"
    values = array.array("H", (v ^ 0x8000 for v in samples))
    values.byteswap()
    data = values.tobytes()
    return head.ljust(-(-len(head) // 2880) * 2880).encode() + data + bytes(-len(data) % 2880)


def tiff(width, height, samples):
    data = samples.tobytes()
    tags = [(256, 4, width), (257, 4, height), (258, 3, 16), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 4, height), (279, 4, len(data))]  # fmt: skip
    entries = b"".join(
        tag.to_bytes(2, "little") + kind.to_bytes(2, "little") + (1).to_bytes(4, "little") + value.to_bytes(4, "little")
        for tag, kind, value in tags
    )
    start = b"II*\0" + (8 + len(data)).to_bytes(4, "little")
    return start + data + len(tags).to_bytes(2, "little") + entries + bytes(4)


def convert(source, folder, kind):
    for name in sorted(os.listdir(source)):
        stem, ending = os.path.splitext(name)
        if ending == ".dng":
            with open(os.path.join(folder, f"{stem}.{kind}"), "wb") as file:
                file.write((fits if kind == "fits" else tiff)(*samples_of(os.path.join(source, name))))


def photos(options, kind):
    """Paths of the photos of a kind, made when they are not there."""
    folder = os.path.join(options.photos, f"raw-{kind}-{options.size}-{options.number}")
    complete = os.path.join(folder, "complete")
    if not os.path.exists(complete):
        os.makedirs(folder, exist_ok=True)
        if KINDS[kind][1] is None:
            photos(options, "packed")
            convert(folder.replace(f"raw-{kind}", "raw-packed"), folder, kind)
        else:
            subprocess.run(
                [
                    options.camsim, "--format", "dng", "--size", options.size, "--number", str(options.number),
                    "--seed", str(SEED), *KINDS[kind][1], folder,
                ],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        with open(complete, "w"):
            pass
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.startswith("photo-"))
    for path in paths:
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass
    return paths


def memory_allowed_mb(options, paths, workers):
    width, height = map(int, options.size.split("x"))
    samples = width * height * SAMPLE_BYTES
    in_flight = BATCH * samples + workers * (2 * samples + max(os.path.getsize(path) for path in paths))
    return (A_PIXEL_BYTES * width * height + in_flight) / 1e6


def scan_command(options, workers, paths):
    return [options.hotpix, "scan", "--quiet", "--similar", "keep", "-j", str(workers), *paths]


def measure_memory(options, paths, workers):
    """(MB that a scan takes at most, MB that it may take)"""
    paths = paths[:MEMORY_PHOTOS]
    done = measure.run([*scan_command(options, workers, paths), "--batch", str(BATCH)], several_processes=True)
    return done.all_mb, memory_allowed_mb(options, paths, workers)


def measure_all(options):
    """{(kind, workers): runs of (scan, the loop), round by round}, and the same of what measure_memory gives"""
    results, memory = {}, {}
    for kind in options.kinds:
        paths = photos(options, kind)
        for _ in range(options.rounds):
            for workers in options.workers:
                scan = measure.run(scan_command(options, workers, paths))
                loop = measure.run([options.read_loop, "-j", str(workers), *paths])
                results.setdefault((kind, workers), []).append((scan, loop))
                print(f"{kind}, {workers} workers: {scan.seconds:.2f} s, {loop.seconds:.2f} s", file=sys.stderr)
        for workers in options.workers:
            memory[kind, workers] = measure_memory(options, paths, workers)
    return results, memory


def report(options, results, memory):
    columns = ("workers", "scan, s", "reading alone, s", "ratio", "goal", "limit", "", "ratio of CPU time")
    columns += ("MB of scan", "allowed", "")
    lines = programs.head(f"{options.number} photos of {options.size}", *columns)
    for (kind, workers), runs in results.items():
        name, _, limits = KINDS[kind]
        ratios = [scan.seconds / loop.seconds for scan, loop in runs]
        verdict = goals.verdict(statistics.median(ratios), *limits) if limits else "reported"
        cpu_ratios = [scan.cpu_seconds / loop.cpu_seconds for scan, loop in runs]
        mb, allowed_mb = memory[kind, workers]
        lines.append(
            programs.row(
                name, workers, goals.spread([scan.seconds for scan, _ in runs], 2),
                goals.spread([loop.seconds for _, loop in runs], 2), goals.spread(ratios, 2),
                *(limits or ("", "")), verdict, goals.spread(cpu_ratios, 2), f"{mb:.0f}", f"{allowed_mb:.0f}",
                goals.verdict(mb, allowed_mb, allowed_mb),
            )
        )  # fmt: skip
    return "\n".join(lines)


def parse(arguments):
    parser = programs.parser_of("Speed of hotpix scan on raw photos beside plain unpacking.")
    parser.add_argument("--photos", metavar="DIR", help="folder that keeps the photos (default: in the build folder)")
    parser.add_argument("--size", default="3872x2592", metavar="WxH")
    parser.add_argument("--number", type=int, default=40, metavar="N", help="photos of each kind")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    return programs.parse(parser, arguments)


def main(arguments):
    options = parse(arguments)
    print(report(options, *measure_all(options)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, RuntimeError) as error:
        sys.exit(f"raw.py: {error}")
