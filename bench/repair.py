#!/usr/bin/python3
"""hotpix fix beside jpegpixi on JPEGs of camsim, whose twins without bad pixels are known.

Both get the same boxes of 5x5 px around the bad pixels. Of the MCUs that hold a box: PSNR (RGB, mean of the dB of every
bad pixel, each at most 61 dB) and SSIM (luma) against the twin; of all other MCUs: how many have the same coefficients
as before. Then the seconds for a photo of a Nikon D80's size beside jpegtran -copy all, in turn; for many such photos
in one run; and for hotpix --version, which does nothing but start. Prints Markdown.
"""

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

import programs

QUALITIES, SUBSAMPLINGS = (75, 90, 95), ("444", "422", "420")
MCU = {"444": (8, 8), "422": (16, 8), "420": (16, 16)}
REACH = 2  # px, of the boxes
LEAST_MSE = 0.05
GAIN_WANTED_DB, TIME_WANTED = 1.5, 1.3
MANY = 20  # photos in one run
SSIM_SIDE, SSIM_C1, SSIM_C2 = 7, (0.01 * 255) ** 2, (0.03 * 255) ** 2


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def box_mean(picture):
    """Mean over SSIM_SIDE x SSIM_SIDE around every pixel, the border mirrored."""
    half = SSIM_SIDE // 2
    sums = np.pad(np.pad(picture, half, mode="reflect"), ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    n = SSIM_SIDE
    return (sums[n:, n:] - sums[:-n, n:] - sums[n:, :-n] + sums[:-n, :-n]) / (n * n)


def ssim_map(a, b):
    """Wang, Bovik, Sheikh, Simoncelli 2004, with a square window."""
    ma, mb = box_mean(a), box_mean(b)
    va, vb, cov = box_mean(a * a) - ma * ma, box_mean(b * b) - mb * mb, box_mean(a * b) - ma * mb
    return (2 * ma * mb + SSIM_C1) * (2 * cov + SSIM_C2) / ((ma * ma + mb * mb + SSIM_C1) * (va + vb + SSIM_C2))


def load(path):
    image = Image.open(path)
    return np.asarray(image.convert("RGB")).astype(float), np.asarray(image.convert("YCbCr"))[..., 0].astype(float)


def areas(defects, mcu, size):
    """(slice of rows, slice of columns) of the MCUs that hold each box."""
    for d in defects:
        first = [max(0, d[a] - REACH) // m * m for a, m in zip("xy", mcu)]
        end = [min(n, (min(n - 1, d[a] + REACH) // m + 1) * m) for a, m, n in zip("xy", mcu, size)]
        yield slice(first[1], end[1]), slice(first[0], end[0])


def quality_of(twin, path, defects, mcu):
    rgb, luma = load(path)
    ssim = ssim_map(luma, twin[1])
    places = list(areas(defects, mcu, luma.shape[::-1]))
    errors = [((rgb[p] - twin[0][p]) ** 2).mean() for p in places]
    psnr = statistics.mean(10 * math.log10(255**2 / max(e, LEAST_MSE)) for e in errors)
    pooled = 10 * math.log10(255**2 / max(statistics.mean(errors), LEAST_MSE))
    return psnr, pooled, statistics.mean(ssim[p].mean() for p in places)


def share_kept(options, before, after, defects, mcu, size):
    """Share of the MCUs without a box whose coefficients are what they were."""
    said = subprocess.run([options.coefficients, before, after], check=True, capture_output=True, text=True).stdout
    touched = set()
    for rows, columns in areas(defects, mcu, size):
        touched |= {(x, y) for x in range(columns.start // mcu[0], -(-columns.stop // mcu[0]))
                    for y in range(rows.start // mcu[1], -(-rows.stop // mcu[1]))}  # fmt: skip
    changed = {tuple(map(int, line.split()[1:])) for line in said.splitlines() if line.startswith("mcu")}
    others = -(-size[0] // mcu[0]) * -(-size[1] // mcu[1]) - len(touched)
    return 1 - len(changed - touched) / others, "differs" in said


def write_lists(folder, truth):
    camera = truth["camera"]
    size = camera["width"], camera["height"]
    boxes = []
    for d in truth["defects"]:
        x, y = max(0, d["x"] - REACH), max(0, d["y"] - REACH)
        boxes.append((d, x, y, min(size[0], d["x"] + REACH + 1) - x, min(size[1], d["y"] + REACH + 1) - y))
    with open(os.path.join(folder, "list.csv"), "w") as file:
        file.write("x,y,width,height,source,box_x,box_y,box_width,box_height\n")
        file.writelines(f"{d['x']},{d['y']},{size[0]},{size[1]},jpeg,{x},{y},{w},{h}\n" for d, x, y, w, h in boxes)
    with open(os.path.join(folder, "pixi.txt"), "w") as file:
        file.writelines(f"{x},{y},{w},{h}\n" for _, x, y, w, h in boxes)
    return size


def photos(options, folder, quality, subsampling, size, number, per_class):
    run(options.camsim, "--size", size, "--number", str(number), "--seed", str(options.seed), "--defects-per-class",
        str(per_class), "--quality", str(quality), "--subsampling", subsampling, "--twins", folder + "-twins", folder)  # fmt: skip
    with open(os.path.join(folder, "defects.json"), encoding="utf-8") as file:
        return json.load(file)


def row(options, folder, quality, subsampling):
    """Of one kind of JPEG: {program: (PSNR, pooled PSNR, SSIM)}, share of other MCUs kept."""
    place = os.path.join(folder, f"{quality}-{subsampling}")
    truth = photos(options, place, quality, subsampling, options.size, 1, options.per_class)
    size, mcu = write_lists(place, truth), MCU[subsampling]
    photo = os.path.join(place, "photo-0001.jpg")
    paths = {"before": photo, "jpegpixi": os.path.join(place, "pixi.jpg"), "hotpix": os.path.join(place, "out", "photo-0001.jpg")}
    run("jpegpixi", "-f", os.path.join(place, "pixi.txt"), photo, paths["jpegpixi"])
    run(options.hotpix, "fix", "-d", os.path.join(place, "list.csv"), "-o", os.path.join(place, "out"), photo)
    twin = load(os.path.join(place + "-twins", "photo-0001.jpg"))
    results = {name: quality_of(twin, path, truth["defects"], mcu) for name, path in paths.items()}
    kept, differs = share_kept(options, photo, paths["hotpix"], truth["defects"], mcu, size)
    return results, 0.0 if differs else kept


def cpu_seconds(command):
    """Of a program and all that it starts: other work on the machine does not count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(*command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def fix(options, place, photo, threads="1"):
    target = os.path.join(place, "out")
    return [options.hotpix, "fix", "--force", "-j", threads, "-d", os.path.join(place, "list.csv"), "-o", target, photo]


def jpegtran(place, photo):
    return ["jpegtran", "-copy", "all", "-outfile", os.path.join(place, "tran.jpg"), photo]


def seconds(options, folder, per_class):
    """Medians of hotpix fix and of jpegtran, in turn, on one photo; how many bad pixels it has."""
    place = os.path.join(folder, f"d80-{per_class}")
    truth = photos(options, place, 92, "422", options.time_size, 1, per_class)
    write_lists(place, truth)
    photo = os.path.join(place, "photo-0001.jpg")
    commands = {
        "hotpix": fix(options, place, photo),
        "jpegtran": jpegtran(place, photo),
        "jpegpixi": ["jpegpixi", "-f", os.path.join(place, "pixi.txt"), photo, os.path.join(place, "pixi.jpg")],
        "hotpix --version": [options.hotpix, "--version"],
    }
    times = {name: [] for name in commands}
    for _ in range(options.rounds + 1):  # the first one warms up
        for name, command in commands.items():
            times[name].append(cpu_seconds(command))
    return {name: statistics.median(t[1:]) for name, t in times.items()}, len(truth["defects"])


def clock_seconds(command):
    before = time.monotonic()
    run(*command)
    return time.monotonic() - before


def many(options, folder, per_class):
    """The photo of seconds() MANY times: CPU of one hotpix fix and of as many jpegtran; by the clock, one and all CPUs."""
    place = os.path.join(folder, f"d80-{per_class}")
    photo, copies = os.path.join(place, "photo-0001.jpg"), os.path.join(place, "many")
    os.mkdir(copies)
    for i in range(MANY):
        os.link(photo, os.path.join(copies, f"{i:02}.jpg"))
    rounds = [(cpu_seconds(fix(options, place, copies)), sum(cpu_seconds(jpegtran(place, photo)) for _ in range(MANY)),
               clock_seconds(fix(options, place, copies)), clock_seconds(fix(options, place, copies, "0")))
              for _ in range(3)]  # fmt: skip
    return [statistics.median(column) for column in zip(*rounds)]


def report_many(figures):
    cpu, other, one, all_of_them = figures
    print(f"\n{MANY} such photos in one run: CPU {cpu:.2f} s, {cpu / other:.2f} times that of as many jpegtran; by the clock "
          f"{one:.2f} s with -j 1, {all_of_them:.2f} s on all CPUs.")  # fmt: skip


def report(rows, timings, figures, options):
    print(f"Against the twins, over the MCUs of {24 * options.per_class} bad pixels; PSNR: mean of the dB of each (of all together), dB.\n")
    print("| JPEG | before | jpegpixi | hotpix | SSIM jpegpixi | SSIM hotpix | other MCUs kept |\n|---|---|---|---|---|---|---|")
    for name, (r, kept) in rows.items():
        cells = [f"{r[p][0]:.2f} ({r[p][1]:.2f})" for p in ("before", "jpegpixi", "hotpix")]
        print(f"| {name} | {' | '.join(cells)} | {r['jpegpixi'][2]:.4f} | {r['hotpix'][2]:.4f} | {100 * kept:.4g} % |")
    gains = [[r["hotpix"][k] - r["jpegpixi"][k] for r, _ in rows.values()] for k in (0, 1)]
    verdicts = {
        f"PSNR {GAIN_WANTED_DB} dB above jpegpixi's in the mean: {statistics.mean(gains[0]):.2f} dB ({statistics.mean(gains[1]):.2f})":
            min(statistics.mean(g) for g in gains) >= GAIN_WANTED_DB,
        f"above it in every row: least {min(gains[0]):.2f} dB ({min(gains[1]):.2f})": min(map(min, gains)) > 0,
        "all other coefficients identical": all(kept == 1 for _, kept in rows.values()),
    }  # fmt: skip
    for times, count in timings:
        print(f"\nA photo of {options.time_size} with {count} bad pixels, CPU: " + ", ".join(f"{n} {s:.3f} s" for n, s in times.items()) + ".")
        ratio = times["hotpix"] / times["jpegtran"]
        verdicts[f"within {TIME_WANTED} of the time of jpegtran -copy all, {count} bad pixels: {ratio:.2f}"] = ratio <= TIME_WANTED
    if figures:
        report_many(figures)
    print()
    for text, met in verdicts.items():
        print(f"- {'met' if met else 'NOT met'}: {text}")


def parse(arguments):
    parser = programs.parser_of("Repair of JPEGs, hotpix beside jpegpixi.")
    parser.add_argument("--size", default="1600x1200", metavar="WxH")
    parser.add_argument("--per-class", type=int, default=9, metavar="N", help="bad pixels of each of 24 classes")
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--time-size", default="3872x2592", metavar="WxH")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="of the measurement of time; 0: none")
    return programs.parse(parser, arguments)


def main(arguments):
    options = parse(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = {f"q{q} 4:{s[1]}:{s[2]}": row(options, folder, q, s) for q in QUALITIES for s in SUBSAMPLINGS}
        timings = [seconds(options, folder, n) for n in (1, 5)] if options.rounds else []
        figures = many(options, folder, 5) if options.rounds else None
        report(rows, timings, figures, options)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"repair.py: {error}")
