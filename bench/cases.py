#!/usr/bin/python3
"""Cases beside single pixels in ordinary photos: what was planted, what a scan finds, what it finds wrongly.

Makes photos of simulated cameras (each seed of camsim is one sensor), changes them where the case says so, scans
them. Then the selftest's answer beside the truth. Prints Markdown; -o writes every number as JSON.
Needs python3-pil and python3-numpy.
"""

from collections import Counter
import glob
import json
import os
import shutil
import sys
import tempfile

import numpy as np
from PIL import Image, ImageDraw

import programs
from programs import head, row, run

NEAR, END_NEAR, EDGE = 2, 4, 12  # px
HIGH_ISO_CASE, HIGH_ISO, MORE_SHOTS = "ISO 800 and more, JPEG", 800, 5
STRENGTHS = [1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16, 22, 32, 45, 64]  # DN: limits of the groups of true strength


# ---- changes to photos ----


def save(image, name, exif):
    image.save(name, quality=95, exif=exif)


def each(folder, change, every=1):
    for name in sorted(glob.glob(f"{folder}/*.jpg"))[::every]:
        with Image.open(name) as image:
            image.load()
            save(change(image), name, image.info["exif"])


def stamp(image):
    ImageDraw.Draw(image).text((image.width - 130, image.height - 40), "2011-07-15", fill=(255, 160, 40), font_size=20)
    return image


def stamp_time(image):
    taken = image.getexif().get_ifd(0x8769)[0x9003]
    ImageDraw.Draw(image).text((image.width - 190, image.height - 40), taken, fill=(255, 160, 40), font_size=20)
    return image


def border(image, width=20, grey=0):
    ImageDraw.Draw(image).rectangle((0, 0, image.width - 1, image.height - 1), outline=(grey,) * 3, width=width)
    return image


def narrow_border(image):
    return border(image, 5, 128)


def turn(image):
    return image.transpose(Image.Transpose.ROTATE_180)


# name: (options of camsim, change of the photos, every so-many-th of them)
CASES = {
    "columns and rows, JPEG": (["--columns", "3", "--rows", "3", "--defects-per-class", "1"], None, 1),
    "columns and rows, RAW": (["--columns", "3", "--rows", "3", "--defects-per-class", "1", "--format", "dng"], None, 1),
    "pairs and squares of four, JPEG": (["--pairs", "10", "--clusters", "10", "--defects-per-class", "0"], None, 1),
    "pairs and squares of four, RAW": (["--pairs", "10", "--clusters", "10", "--defects-per-class", "0", "--format", "dng"], None, 1),
    "at the edge, JPEG": (["--edge", "--defects-per-class", "4"], None, 1),
    "at the edge, RAW": (["--edge", "--defects-per-class", "4", "--format", "dng"], None, 1),
    "nothing but dust, JPEG": (["--defects-per-class", "0"], None, 1),
    "nothing but dust, RAW": (["--defects-per-class", "0", "--format", "dng"], None, 1),
    "date stamp": (["--defects-per-class", "1"], stamp, 1),
    "date stamp, date and time": (["--defects-per-class", "1"], stamp_time, 1),
    "black border": (["--defects-per-class", "1"], border, 1),
    "grey border of 5 px": (["--defects-per-class", "1"], narrow_border, 1),
    "skies alone": (["--defects-per-class", "1", "--scene", "sky"], None, 1),
    "one scene alone": (["--defects-per-class", "1", "--scene", "fixed"], None, 1),
    "quality 60": (["--defects-per-class", "1", "--quality", "60"], None, 1),
    "warm sensor": (["--defects-per-class", "20"], None, 1),
    "every fifth photo turned by 180": (["--defects-per-class", "1"], turn, 5),
    HIGH_ISO_CASE: (["--defects-per-class", "1"], None, 1),
}  # fmt: skip

BODIES = "two bodies without a serial, JPEG"


# ---- judging ----


def is_line(defect):
    return defect.get("shape") in ("column", "row") or max(defect.get("width", 1), defect.get("height", 1)) > 16


def touches(p, f):
    if not is_line(f):
        x, y, width, height = f["x"], f["y"], 1, 1
    else:
        x, y, width, height = f["box"]
    return (
        p["x"] - NEAR < x + width and x < p["x"] + p["width"] + NEAR
        and p["y"] - NEAR < y + height and y < p["y"] + p["height"] + NEAR
    )  # fmt: skip


def same_shape(p, f):
    if not is_line(p) or not is_line(f):
        return is_line(p) == is_line(f)
    return (p["height"] > p["width"]) == (f["shape"] == "column")


def ends_agree(p, f):
    axis = 1 if p["height"] > p["width"] else 0
    first, last = (p["x"], p["y"])[axis], (p["x"] + p["width"], p["y"] + p["height"])[axis]
    return abs(f["box"][axis] - first) <= END_NEAR and abs(f["box"][axis] + f["box"][axis + 2] - last) <= END_NEAR


def judge(truth, camera):
    """Counts of one scan."""
    planted, found = truth["defects"], camera["defects"]
    width, height = truth["camera"]["width"], truth["camera"]["height"]
    counts, used = Counter(planted=len(planted)), set()
    for p in planted:
        hits = [i for i, f in enumerate(found) if same_shape(p, f) and touches(p, f)]
        used.update(hits)
        counts["found"] += len(hits) > 0
        counts["as one"] += len(hits) == 1
        if is_line(p):
            counts["lines"] += 1
            counts["ends right"] += len(hits) == 1 and ends_agree(p, found[hits[0]])
        at_edge = min(p["x"], p["y"], width - 1 - p["x"], height - 1 - p["y"]) < EDGE
        counts["planted at the edge"] += at_edge
        counts["found at the edge"] += at_edge and len(hits) > 0
    counts["false"] = len(found) - len(used)
    counts["false at the edge"] = sum(
        min(f["x"], f["y"], width - 1 - f["x"], height - 1 - f["y"]) < EDGE for i, f in enumerate(found) if i not in used
    )
    for spot in truth["camera"]["dust"]:
        reach = 2 * spot["radius"] + NEAR
        near = [f for i, f in enumerate(found) if i not in used and max(abs(f["x"] - spot["x"]), abs(f["y"] - spot["y"])) <= reach]
        counts["dust as a pixel"] += len(near)
    counts["dust listed"] = len(camera["dust"])
    counts["skipped"] = len(camera["photos"]["skipped"])
    counts["warnings"] = len(camera["warnings"])
    return counts


def scan_all(options, folder):
    result = os.path.join(folder, "scan.json")
    photos = sorted(glob.glob(f"{folder}/*.jpg") + glob.glob(f"{folder}/*.dng"))
    run(options.hotpix, "scan", "--quiet", "--force", "-o", result, *photos)
    with open(result) as file:
        return json.load(file)["cameras"]


def scan(options, folder):
    return scan_all(options, folder)[0]


def truth_of(folder):
    with open(os.path.join(folder, "defects.json")) as file:
        return json.load(file)


def photograph(options, seed, folder, *more, number=None):
    number = str(number or options.number)
    run(options.camsim, "--size", options.size, "--number", number, "--seed", str(seed), *more, folder)


def iso_of(name):
    with Image.open(name) as image:
        return image.getexif().get_ifd(0x8769)[0x8827]


def photograph_high_iso(options, seed, folder, *more):
    """The first of many that were taken at a high ISO."""
    photograph(options, seed, folder, *more, number=MORE_SHOTS * options.number)
    names = sorted(glob.glob(f"{folder}/*.jpg"))
    kept = [name for name in names if iso_of(name) >= HIGH_ISO][: options.number]
    for name in set(names) - set(kept):
        os.remove(name)


def mix_bodies(options, seed, folder, *more):
    """Photos of two sensors without serial numbers, twice as many of the first: of each list, which photos it has."""
    number, other = options.number, max(options.number // 2, 3)
    photograph(options, seed, folder, "--serial", "", *more)
    second = os.path.join(folder, "second")
    run(options.camsim, "--size", options.size, "--number", str(other), "--seed", str(seed + 500), "--serial", "", *more, second)
    for name in glob.glob(f"{second}/*.jpg"):
        os.rename(name, os.path.join(folder, "second-" + os.path.basename(name)))
    return number, other


def measure_bodies(options):
    """Sets of two bodies: told apart wholly; planted and found ones of both; false ones."""
    total = Counter()
    for seed in range(options.first, options.first + options.sensors):
        folder = tempfile.mkdtemp(prefix="cases-", dir=options.folder)
        try:
            sizes = mix_bodies(options, seed, folder, "--defects-per-class", "1")
            truths = [truth_of(folder), truth_of(os.path.join(folder, "second"))]
            cameras = scan_all(options, folder)
            moved = {os.path.basename(s["path"]) for s in cameras[0]["photos"]["skipped"] if "another camera" in s["reason"]}
            second_moved = sum(name.startswith("second-") for name in moved)
            wrong = min(sizes[1] - second_moved + len(moved) - second_moved, second_moved + sizes[0] - (len(moved) - second_moved))
            total += Counter(sets=1, apart=len(cameras) == 2, wrong=wrong, photos=sum(sizes))
            for camera in cameras:
                truth = max(truths, key=lambda t: judge(t, camera)["found"])
                total += Counter({key: count for key, count in judge(truth, camera).items() if key in ("planted", "found", "as one", "false")})
        finally:
            shutil.rmtree(folder)
    print("two bodies: done", file=sys.stderr)
    return total


def measure(options, name):
    more, change, every = CASES[name]
    total = Counter()
    for seed in range(options.first, options.first + options.sensors):
        folder = tempfile.mkdtemp(prefix="cases-", dir=options.folder)
        try:
            (photograph_high_iso if name == HIGH_ISO_CASE else photograph)(options, seed, folder, *more)
            if change:
                each(folder, change, every)
            total += judge(truth_of(folder), scan(options, folder))
        finally:
            shutil.rmtree(folder)
    print(f"{name}: done", file=sys.stderr)
    return total


# ---- the selftest beside the truth ----


def luma(name):
    with Image.open(name) as image:
        image.draft("L", image.size)
        return np.asarray(image).astype(np.int16)


def true_strengths(folder, twins, planted):
    """What each planted one adds to its pixel, DN, the mean over the photos."""
    names = sorted(os.path.basename(name) for name in glob.glob(f"{folder}/*.jpg"))
    total = np.zeros(len(planted))
    for name in names:
        difference = luma(f"{folder}/{name}") - luma(f"{twins}/{name}")
        total += [difference[p["y"], p["x"]] for p in planted]
    return total / len(names)


def share_from(pairs, share=0.9):
    """Least strength from which on `share` are found, between groups; None where there is none. pairs: (DN, found)."""
    groups = []
    for low, high in zip(STRENGTHS, STRENGTHS[1:]):
        hits = [found for dn, found in pairs if low <= dn < high]
        if len(hits) >= 5:
            groups.append(((low * high) ** 0.5, sum(hits) / len(hits)))
    best = None
    for (dn, rate), after in zip(reversed(groups), [None, *reversed(groups)]):
        if rate < share:
            part = (share - rate) / (after[1] - rate) if after else 0
            return after and dn * (after[0] / dn) ** part
        best = dn
    return best


def compare_selftest(options):
    """(DN of the truth, [DN of the selftest], number of hot pixels)"""
    pairs, told = [], []
    for seed in range(options.first, options.first + options.sensors):
        folder, twins = (tempfile.mkdtemp(prefix="cases-", dir=options.folder) for _ in range(2))
        try:
            photograph(options, seed, folder, "--defects-per-class", "16", "--twins", twins)
            planted = [p for p in truth_of(folder)["defects"] if p["class"] == "hot-offset"]
            found = scan(options, folder)["defects"]
            for p, dn in zip(planted, true_strengths(folder, twins, planted)):
                pairs.append((dn, any(touches(p, f) for f in found)))
            result = os.path.join(twins, "selftest.json")
            run(options.hotpix, "selftest", "--quiet", "-o", result, *sorted(glob.glob(f"{twins}/*.jpg")))
            with open(result) as file:
                told.append(json.load(file)["cameras"][0]["hot_from"])
        finally:
            shutil.rmtree(folder)
            shutil.rmtree(twins)
    return share_from(pairs), told, len(pairs)


# ---- the table ----


def remark(name, c):
    parts = []
    if c["lines"]:
        parts.append(f"{c['ends right']} of {c['lines']} lines end where they should")
    if name.startswith("at the edge"):
        parts.append(f"at the edge {c['found at the edge']} of {c['planted at the edge']}, false there {c['false at the edge']}")
    if name.startswith("nothing but dust"):
        parts.append(f"dust listed {c['dust listed']}, taken for a pixel {c['dust as a pixel']}")
    if c["sets"]:
        parts.append(f"{c['apart']} of {c['sets']} sets told apart, {c['wrong']} of {c['photos']} photos on the wrong side")
    if c["skipped"]:
        parts.append(f"{c['skipped']} photos left out")
    if c["warnings"]:
        parts.append(f"{c['warnings']} warnings")
    return "; ".join(parts)


def report(options, totals):
    lines = [
        f"{options.sensors} simulated sensors of {options.size} px a row, {options.number} photos of each.",
        "",
        *head("case", "planted", "found", "as one", "false", ""),
    ]
    for name, c in totals.items():
        lines.append(row(name, c["planted"], c["found"], c["as one"], c["false"], remark(name, c)))
    return "\n".join(lines)


def parse(arguments):
    parser = programs.parser_of("Cases beside single pixels in ordinary photos.")
    parser.add_argument("--folder", help="where photos are made (and deleted); default: the temporary folder")
    parser.add_argument("--sensors", type=int, default=6, metavar="N")
    parser.add_argument("--first", type=int, default=1000, metavar="SEED", help="of the first sensor (1000)")
    parser.add_argument("--number", type=int, default=25, metavar="N", help="photos of each (25)")
    parser.add_argument("--size", default="1024x708", metavar="WxH")
    parser.add_argument("--case", action="append", metavar="WORD", help="only cases with this in their name; 'selftest' too")
    parser.add_argument("-o", dest="out", metavar="FILE", help="write the counts as JSON")
    return programs.parse(parser, arguments)


def wanted(options, name):
    return not options.case or any(word in name for word in options.case)


def main(arguments):
    options = parse(arguments)
    totals = {name: measure(options, name) for name in CASES if wanted(options, name)}
    if wanted(options, BODIES):
        totals[BODIES] = measure_bodies(options)
    print(report(options, totals))
    result = {"cases": totals}
    if wanted(options, "selftest"):
        true_dn, told, number = compare_selftest(options)
        result["selftest"] = {"truth": true_dn, "told": told}
        known = [dn for dn in told if dn]
        mean = f"{sum(known) / len(known):.1f}" if known else "none"
        print(f"\n90 % of {number} hot pixels are found from {true_dn and round(true_dn, 1)} DN on; the selftest says, on the")
        print(f"same photos without them, {mean} (mean of {', '.join(f'{dn:.1f}' for dn in known)}).")
    if options.out:
        with open(options.out, "w") as file:
            json.dump(result, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
