#!/usr/bin/python3
"""How much of their strength pixels that stand out in one half of a set keep in the other, and why not all of it.

halves.py strength STATE      by strength, from a state of a developed camera (hotpix scan --state FILE)
halves.py number FOLDER       by the number of photos in each half, drawn from a folder of JPEG photos of one camera
halves.py simulated [--scenes DIR]
                              of simulated warm sensors: what the program says, and what one has who knows the scene

Prints Markdown. Needs python3-astropy, python3-numpy and python3-pil.
"""

import glob
import json
import os
import random
import sys
import tempfile

from astropy.io import fits
import numpy as np

from accuracy_ranking import peaks
from accuracy_photos import find_scenes, gather_scenes
from cases import iso_of, luma
import programs
from programs import head, row, run

LIMITS = [4, 5, 6, 7, 8, 10, 30]
EDGE = 4  # px that are left out on each side
PICKED, DRAWS = (100, 200), 4

# The warm sensor: one colour's pixels, one for each square of the frame, of a camera that presses as hard as data/sequoia-rgb's.
SIZE, CELL, SENSORS, SHOTS, PHOTOS, MOST_ISO, MEANS = (2304, 1728), 32, range(3000, 3003), 60, 14, 200, (20, 30, 40)
PRESSED = ["--quality", "80", "--subsampling", "420", "--portrait", "0"]


# ---- states ----


def hash_is_odd(photo):
    return int(photo["HASH"].strip()[-1], 16) % 2 == 1


def taken_of(state):
    return [photo for photo in state["PHOTOS"].data if photo["VERDICT"] == "taken"]


def halves(path):
    """Mean z by photo of each half."""
    with fits.open(path) as state:
        taken = taken_of(state)
        odd = sum(map(hash_is_odd, taken))
        of_odd = state["S1H"].data.astype(float)
        of_even = state["S1"].data - of_odd
    return [of_odd / odd, of_even / (len(taken) - odd)]


def mean_z(options, photos, folder):
    """By photo, each phase of a 2x2 CFA less its median, without the edge."""
    state = os.path.join(folder, "sums.fits")
    run(options.hotpix, "scan", "--quiet", "--force", "--similar", "keep", "--state", state, "-o", state + ".json", *photos)
    with fits.open(state) as sums:
        mean = sums["S1"].data / np.float32(len(taken_of(sums)))
    os.remove(state)
    for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        mean[y::2, x::2] -= np.median(mean[y::2, x::2])
    return mean[EDGE:-EDGE, EDGE:-EDGE]


# ---- by strength ----


def sigma_of(values):
    return 1.4826 * np.median(np.abs(values - np.median(values)))


def by_strength(options):
    """Of those that stand out by chance the luckiest are picked, so real ones keep less than all of it: where the number of
    pixels falls off as exp(-k u) beyond u sigma, what is expected of a pixel with noise of one sigma is (u - k)/u."""
    lines = head("position", "stands out in one half by", "pixels", "kept in the other", "expected of real ones")
    whole = halves(options.of)
    for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        both = [half[y::2, x::2][EDGE:-EDGE, EDGE:-EDGE] for half in whole]
        both = [(half - np.median(half)) / sigma_of(half) for half in both]
        for low, high in zip(LIMITS, LIMITS[1:]):
            picks = [(own > low) & (own <= high) for own in both]
            count = sum(int(pick.sum()) for pick in picks)
            more = sum(int((own > low + 1).sum()) for own in both)
            all_above = sum(int((own > low).sum()) for own in both)
            if count < 10 or more == 0:
                continue
            own = sum(float(half[pick].sum()) for half, pick in zip(both, picks))
            other = sum(float(half[pick].sum()) for half, pick in zip(reversed(both), picks))
            expected = 1 - np.log(all_above / more) * count / own
            position = f"x {'odd' if x else 'even'}, y {'odd' if y else 'even'}"
            lines.append(row(position, f"{low} to {high} sigma", count, f"{other / own:.2f}", f"{expected:.2f}"))
    return lines


# ---- by number ----


def kept(both, count):
    """The share that the `count` strongest of each half have in the other."""
    own = other = 0.0
    for here, there in (both, both[::-1]):
        for strength, y, x in peaks(np.abs(here))[:count]:
            own += strength
            other += float(there[y, x] * np.sign(here[y, x]))
    return other / own


def by_number(options):
    photos = sorted(glob.glob(f"{options.of}/*.[jJ][pP][gG]"))
    lines = head("photos in each half", *(f"the {count} strongest keep" for count in PICKED))
    with tempfile.TemporaryDirectory(prefix="halves-", dir=options.folder) as folder:
        for half in range(2, len(photos) // 2 + 1):
            shares = []
            for draw in range(DRAWS):
                drawn = random.Random(100 * half + draw).sample(photos, 2 * half)
                both = [mean_z(options, some, folder) for some in (drawn[:half], drawn[half:])]
                shares.append([kept(both, count) for count in PICKED])
            lines.append(row(half, *(f"{share:.2f}" for share in np.mean(shares, axis=0))))
    return lines


# ---- simulated ----


def warm_pixels(like, seed, mean):
    """Offsets of 4 DN and more, as many as exp(-DN/mean), at odd x and y."""
    draw = random.Random(seed)
    cells = [(x, y) for y in range(CELL, SIZE[1] - CELL, CELL) for x in range(CELL, SIZE[0] - CELL, CELL)]
    places = [(x + 2 * draw.randrange(CELL // 2 - 4) + 1, y + 2 * draw.randrange(CELL // 2 - 4) + 1) for x, y in cells]
    return [{**like, "x": x, "y": y, "strength": round(4 + draw.expovariate(1 / mean), 1)} for x, y in places]


def photograph(options, seed, mean, folder):
    """The warm pixels of a sensor, and the names of its photos of the lowest ISO, in folder/photos and, without them, twins."""
    shape = ["--size", "{}x{}".format(*SIZE), "--seed", str(seed)]
    run(options.camsim, *shape, "--number", "1", "--defects-per-class", "1", f"{folder}/like")
    with open(f"{folder}/like/defects.json") as file:
        truth = json.load(file)
    like = next(d for d in truth["defects"] if d["class"] == "hot-offset")
    truth["defects"] = warm_pixels(like, seed, mean)
    with open(f"{folder}/warm.json", "w") as file:
        json.dump(truth, file)
    scenes = ["--scenes", gather_scenes(options.scenes, folder)] if find_scenes(options.scenes) else []
    run(options.camsim, *shape, "--number", str(SHOTS), *PRESSED, *scenes, "--defects", f"{folder}/warm.json",
        "--twins", f"{folder}/twins", f"{folder}/photos")  # fmt: skip
    names = [os.path.basename(name) for name in sorted(glob.glob(f"{folder}/photos/*.jpg"))]
    return truth["defects"], [name for name in names if iso_of(f"{folder}/photos/{name}") <= MOST_ISO][:PHOTOS]


def scan_halves(options, names, folder):
    """What the program says of the set, and which of the photos that it used are of the odd half."""
    state, result = f"{folder}/sums.fits", f"{folder}/scan.json"
    photos = [f"{folder}/photos/{name}" for name in names]
    run(options.hotpix, "scan", "--quiet", "--similar", "keep", "--state", state, "-o", result, *photos)
    with open(result) as file:
        camera = json.load(file)["cameras"][0]
    with fits.open(state) as sums:
        odd = {os.path.basename(photo["PATH"]): hash_is_odd(photo) for photo in taken_of(sums)}
    return camera, odd


def kept_by_oracle(added, odd, count):
    """added: photos x pixels, what each adds to its own, known from the same photo without it."""
    own = other = 0.0
    for half in (odd, ~odd):
        here, there = added[half].mean(axis=0), added[~half].mean(axis=0)
        strongest = np.argsort(-here)[:count]
        own += float(here[strongest].sum())
        other += float(there[strongest].sum())
    return other / own


def simulated(options):
    lines = head("offsets, mean DN of 12 bit", "sensor", "found", "their mean residual, DN", "kept", "kept by who knows the scene")
    for mean, seed in ((mean, seed) for mean in MEANS for seed in SENSORS):
        with tempfile.TemporaryDirectory(prefix="halves-", dir=options.folder) as folder:
            warm, names = photograph(options, seed, mean, folder)
            camera, odd = scan_halves(options, names, folder)
            added = [luma(f"{folder}/photos/{name}") - luma(f"{folder}/twins/{name}") for name in odd]
        added = np.array([[photo[p["y"], p["x"]] for p in warm] for photo in added])
        found, share = camera["defects"], camera["checks"]["kept_share"]
        oracle = kept_by_oracle(added, np.array(list(odd.values())), max(len(found), 10))
        residual = np.mean([d["mean"] for d in found])
        lines.append(row(mean, seed, len(found), f"{residual:.1f}", "-" if share is None else f"{share:.2f}", f"{oracle:.2f}"))
    return lines


def main(arguments):
    parser = programs.parser_of("What pixels that stand out in one half of a set keep in the other.")
    parser.add_argument("table", choices=["strength", "number", "simulated"])
    parser.add_argument("of", nargs="?", help="STATE of strength, FOLDER of number")
    parser.add_argument("--folder", help="where photos and states are made (and deleted); default: the temporary folder")
    parser.add_argument("--scenes", default=os.environ.get("HOTPIX_DATA", "../shared/data"), metavar="DIR", help="JPEG photos of scenes")
    options = programs.parse(parser, arguments)
    if (options.of is None) != (options.table == "simulated"):
        parser.error(f"{options.table}: {'no' if options.of else 'a'} file or folder is wanted")
    print("\n".join({"strength": by_strength, "number": by_number, "simulated": simulated}[options.table](options)))


if __name__ == "__main__":
    main(sys.argv[1:])
