#!/usr/bin/python3
"""What else a history could look at in a JPEG: the pixel or its whole smear, rings of several sizes, scales of noise.

Signal to noise of each, the pixel with the ring of a scan being 1: the signal is what defects change it by (camsim
takes every photo without them too), the noise the 95 % quantile of what it is in places without a defect, each divided
by its scale. Prints Markdown.
"""

import argparse
import json
import os
import subprocess
import tempfile

import numpy
from PIL import Image

REACH, FAR, LEAST_LEVELS = 12, 5, 15
SQUARES = {d: [(x, y) for x in range(-d, d + 1) for y in range(-d, d + 1) if max(abs(x), abs(y)) == d] for d in (2, 3)}
RINGS = {
    "8 px at distance 2 (scan)": [(x, y) for x in (-2, 0, 2) for y in (-2, 0, 2) if x or y],
    "all 16 px at distance 2": SQUARES[2],
    "all 24 px at distance 3": SQUARES[3],
}
NEAR = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]


def plane(path):
    picture = Image.open(path)
    picture.draft("L", picture.size)
    return numpy.pad(numpy.asarray(picture).astype(float), REACH, mode="reflect")


def cut(image, places):
    """Windows around places of the frame: places x rows x columns."""
    side = 2 * REACH + 1
    return numpy.stack([image[y : y + side, x : x + side] for x, y in places])


def at(windows, dx, dy):
    return windows[..., REACH + dy, REACH + dx]


def ring_of(windows, ring):
    """Its median, and how far its inner three quarters spread."""
    values = numpy.sort(numpy.stack([at(windows, *offset) for offset in ring]), 0)
    count = len(ring)
    return (values[count // 2 - 1] + values[count // 2]) / 2, values[3 * count // 4] - values[count // 4]


def weighted(windows, weights):
    return sum(w * at(windows, *offset) for offset, w in weights.items()) / sum(weights.values())


def look(folder, seed):
    """Windows of defects and their change where they are 15 levels and more; windows of good places."""
    with open(f"{folder}/photos/defects.json") as file:
        truth = json.load(file)
    bad = [(d["x"], d["y"]) for d in truth["defects"]]
    chance = numpy.random.default_rng(seed)
    names = [p["file"] for p in truth["photos"]]
    height, width = plane(f"{folder}/photos/{names[0]}").shape
    good = [(int(chance.integers(30, width - 60)), int(chance.integers(30, height - 60))) for _ in bad]
    seen, changes, quiet = [], [], []
    for name in names:
        spoilt, clean = plane(f"{folder}/photos/{name}"), plane(f"{folder}/twins/{name}")
        windows = cut(spoilt, bad)
        change = windows - cut(clean, bad)
        strong = abs(at(change, 0, 0)) >= LEAST_LEVELS
        seen.append(windows[strong])
        changes.append(change[strong] / at(change, 0, 0)[strong][:, None, None])
        quiet.append(cut(clean, good))
    return numpy.concatenate(seen), numpy.concatenate(changes), numpy.concatenate(quiet)


def measures_table(changes, quiet):
    shape = numpy.median(changes, 0)
    kinds = {
        "the pixel": {(0, 0): 1.0},
        "by mean shape": {offset: max(float(at(shape, *offset)), 0.0) for offset in NEAR},
        "middle 5": {offset: 1.0 if offset == (0, 0) else 0.4 for offset in NEAR if 0 in offset},
        "all 9": {(x, y): 0.5 ** (abs(x) + abs(y)) for x, y in NEAR},
    }
    lines = ["| ring | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 1) + "|"]
    usual = None
    for name, ring in RINGS.items():
        middle, spread = ring_of(quiet, ring)
        cells = []
        for weights in kinds.values():
            signal = numpy.median(weighted(changes, weights))
            scale = 1 + 0.35 * spread
            noise = numpy.quantile(abs(weighted(quiet, weights) - middle) / scale, 0.95) * numpy.mean(scale)
            usual = usual or signal / noise
            cells.append(f"{signal / noise / usual:.2f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def residual_map(quiet):
    reach = REACH - 2
    offsets = range(-reach, reach + 1)
    ring = RINGS["8 px at distance 2 (scan)"]
    values = []
    for y in offsets:
        for x in offsets:
            if max(abs(x), abs(y)) < FAR:
                continue
            near = numpy.sort(numpy.stack([at(quiet, x + dx, y + dy) for dx, dy in ring]), 0)
            values.append(at(quiet, x, y) - numpy.floor((near[3] + near[4] + 1) / 2))
    return numpy.stack(values)


def noise_table(quiet):
    """How long the tails of the residuals are, by what they are divided by: Student's t with 7 degrees has 4.9."""
    around = numpy.maximum(1.4826 * numpy.median(abs(residual_map(quiet)), 0), 1e-9)
    near = numpy.sort(numpy.stack([at(quiet, *offset) for offset in RINGS["8 px at distance 2 (scan)"]]), 0)
    residual, spread = at(quiet, 0, 0) - numpy.floor((near[3] + near[4] + 1) / 2), near[6] - near[1]
    lines = ["| divided by | 99 % over 68 % | 99.9 % over 68 % |", "|---|---|---|"]
    scales = {"nothing": 1 + 0 * spread, "median around": numpy.maximum(around, 1), "median around + q/4": numpy.maximum(around + spread / 4, 1)}
    for name, scale in scales.items():
        low, high, highest = numpy.quantile(abs(residual) / scale, [0.68, 0.99, 0.999])
        lines.append(f"| {name} | {high / low:.2f} | {highest / low:.2f} |")
    return lines


def main():
    parser = argparse.ArgumentParser(description="What a history could look at in a JPEG, and how noisy that is.")
    parser.add_argument("--build", default="build", metavar="DIR", help="where hotpix is built (default: build)")
    parser.add_argument("--size", default="1200x900", metavar="WxH")
    parser.add_argument("--number", type=int, default=40, metavar="N", help="photos")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [
            os.path.join(options.build, "tools/camsim/camsim"), "--size", options.size, "--number", str(options.number),
            "--twins", f"{folder}/twins", f"{folder}/photos",
        ]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seen, changes, quiet = look(folder, 1)
    print(f"{len(seen)} defects of {LEAST_LEVELS} levels and more and {len(quiet)} places without one in {options.number} photos.\n")
    print("\n".join([*measures_table(changes, quiet), "", *noise_table(quiet)]))


if __name__ == "__main__":
    main()
