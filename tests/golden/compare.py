#!/usr/bin/python3
"""Whether hotpix and the numpy writing of docs/method.md agree on the same photos.

    compare.py scan [--similar keep] RESULT.json PHOTO...       RESULT.json: of `hotpix scan -o`
    compare.py variance RESULT.json DUMP PHOTO...               of `hotpix variance -o`, and of dump_variance

Prints every disagreement; exit 1 if there is one.
"""

import argparse
import json
import os
import re
import sys

import numpy as np

from method import defects, variance

SCORE_TOLERANCE = 1e-3  # relative; hotpix may compute the maps in single precision
SCORE_DECIMALS, DN_DECIMALS, SHARE_DECIMALS = 3, 2, 9  # of the JSON
M2_TOLERANCE = 1e-9  # relative
# The sums as hotpix keeps them of 8 bit photos.
SUM_FILES = dict.fromkeys(("S1", "St", "Sg", "S1h"), np.int32)
SUM_FILES |= dict.fromkeys(("S2", "Sx", "Se", "Sxx", "See", "Sxe"), np.uint32)
SUM_FILES |= dict.fromkeys(("min", "max"), np.uint8)


def half_step(decimals):
    """How far a number may be from what is written with so many decimals."""
    return 0.5 * 10**-decimals + 1e-9


def is_near(score, limit):
    """Whether a score is too near a limit for its side to count."""
    return abs(score - limit) <= SCORE_TOLERANCE * limit + half_step(SCORE_DECIMALS)


def is_close_share(ours, theirs):
    """Expected false detections, of pixels alone: a factor of 20 less where scores are 15 % higher."""
    if ours is None or theirs is None:
        return ours is theirs
    return abs(max(ours, 1e-9) - theirs) <= 0.05 * theirs + half_step(SHARE_DECIMALS)


def unlike(ours, theirs):
    """Names of what differs between two descriptions of one defect; ours is the reference."""
    score = ours["score"]
    agrees = {
        "kind": ours["kind"] == theirs["kind"],
        "shape": ours["shape"] == theirs["shape"],
        "grade": ours["grade"] == theirs["grade"] or is_near(score, defects.CERTAIN),
        "box": ours["box"] == theirs["box"],
        "score": abs(score - theirs["score"]) <= SCORE_TOLERANCE * score + half_step(SCORE_DECIMALS),
        "expected_false": is_close_share(ours.get("expected_false"), theirs.get("expected_false")),
        "mean": abs(ours["mean"] - theirs["mean"]) <= half_step(DN_DECIMALS),
        "deviation": abs(ours["deviation"] - theirs["deviation"]) <= half_step(DN_DECIMALS),
    }
    return [name for name, agree in agrees.items() if not agree]


def by_position(found):
    return {(d["x"], d["y"]): d for d in found}


def dust_differences(ours, theirs):
    if [{**s, "mean": 0} for s in ours] == [{**s, "mean": 0} for s in theirs]:
        if all(abs(a["mean"] - b["mean"]) <= half_step(DN_DECIMALS) for a, b in zip(ours, theirs)):
            return []
    return [f"dust: numpy {ours}, hotpix {theirs}"]


def check_differences(ours, theirs):
    """Shares have 3 decimals in JSON, sums of scores fewer that are sure."""
    return [
        f"{name}: numpy {value:.4f}, hotpix {theirs.get(name)}"
        for name, value in ours.items()
        if name not in theirs or abs(value - theirs[name]) > (0.02 if name == "turned_sigmas" else half_step(3))
    ]


def scan_differences(hotpix, reference):
    """Sentences, one a disagreement. hotpix: the JSON of a scan; reference: of method.defects.scan."""
    if len(hotpix["cameras"]) != 1:
        return [f"hotpix sees {len(hotpix['cameras'])} cameras"]
    camera = hotpix["cameras"][0]
    sentences = []
    frame = {"width": camera["width"], "height": camera["height"], "photos_used": camera["photos"]["used"]}
    for name, value in frame.items():
        if reference[name] != value:
            sentences.append(f"{name}: numpy {reference[name]}, hotpix {value}")

    ours, theirs = by_position(reference["defects"]), by_position(camera["defects"])
    for at in sorted(ours.keys() | theirs.keys()):
        if at in ours and at in theirs:
            for name in unlike(ours[at], theirs[at]):
                sentences.append(f"{at} {name}: numpy {ours[at][name]}, hotpix {theirs[at][name]}")
        else:
            who, only = ("numpy", ours[at]) if at in ours else ("hotpix", theirs[at])
            if not is_near(only["score"], 1):
                sentences.append(f"{at} is found by {who} only: {only['kind']}, score {only['score']:.3f}")

    if ours.keys() == theirs.keys() and reference["negative"] != camera["negative"]:
        sentences.append(f"negative: numpy {reference['negative']}, hotpix {camera['negative']}")
    sentences += dust_differences(reference["dust"], camera["dust"])
    if ours.keys() == theirs.keys() and not any(is_near(d["score"], defects.CERTAIN) for d in reference["defects"]):
        sentences += check_differences(reference["checks"], camera.get("checks", {}))
    return sentences


def read_dump(path):
    """(number of photos, sum, sum of squares) of what dump_variance wrote; arrays int64 [y, x, channel]."""
    with open(path, "rb") as file:
        width, height, channels, n = (int(word) for word in file.readline().split())
        values = np.frombuffer(file.read(), np.uint32).astype(np.int64)
    total, squares = values.reshape(2, height, width, channels)
    return n, total, squares


def is_close(a, b):
    return np.abs(a - b) <= M2_TOLERANCE * np.abs(b)


def variance_differences(hotpix, dump, photos):
    """Sentences. The values must be Welford's; the order that of the exact integers n sum(v^2) - sum(v)^2."""
    n, mean, M2 = variance.welford(photos)
    dump_n, total, squares = dump
    if (dump_n, total.shape) != (n, M2.shape):
        return [f"numpy has {n} photos {M2.shape}, hotpix {dump_n} photos {total.shape}"]

    exact = n * squares - total * total
    sentences = [
        f"{name} of {(~same).sum()} subpixels differ"
        for name, same in (
            ("sums", np.equal((total, squares), variance.integer_sums(photos)).all(axis=0)),
            ("means", is_close(total / n, mean)),
            ("M2", is_close(exact / n, M2)),
        )
        if not same.all()
    ]

    ours = variance.summary(n, mean, exact / n, len(hotpix["lowest"]))
    if not is_close(hotpix["mean_m2"], M2.mean()):
        sentences.append(f"mean of M2: numpy {M2.mean()}, hotpix {hotpix['mean_m2']}")
    pairs = [("min", ours["min"], hotpix["min"]), ("max", ours["max"], hotpix["max"])]
    pairs += [(f"lowest {i}", a, b) for i, (a, b) in enumerate(zip(ours["lowest"], hotpix["lowest"]))]
    for name, a, b in pairs:
        if any(a[key] != b[key] for key in ("x", "y", "channel")):
            sentences.append(f"{name}: numpy {a}, hotpix {b}")
        elif not is_close(b["value"], M2[b["y"], b["x"], b["channel"]]) or not is_close(b["mean"], a["mean"]):
            sentences.append(f"{name}: numpy {a}, hotpix {b}")
    return sentences


def sums_differences(printed, folder, reference):
    """Sentences. printed: what dump_sums says; folder: where it wrote the sums; reference: a method.sums.Sums."""
    theirs = re.search(r"(\d+) photos, (\d+) odd, wt2 (\d+), wg2 (\d+)", printed)
    ours = (reference.n, reference.n_half, reference.weights_t, reference.weights_g)
    if not theirs or tuple(map(int, theirs.groups())) != ours:
        return [f"photos, odd ones, sums of wt^2, wg^2: numpy {ours}, hotpix {theirs and theirs.groups()}"]
    sentences = []
    for name, type_of in SUM_FILES.items():
        values = np.fromfile(os.path.join(folder, name.lower()), type_of).reshape(reference.shape)
        different = (values != getattr(reference, name)).sum()
        if different:
            sentences.append(f"{name} of {different} pixels differ")
    return sentences


def parse(arguments):
    parser = argparse.ArgumentParser(description="Compares hotpix with the numpy writing of docs/method.md.")
    commands = parser.add_subparsers(dest="command", required=True)
    scan = commands.add_parser("scan")
    scan.add_argument("--similar", choices=["skip", "keep"], default="skip")
    scan.add_argument("result")
    ranks = commands.add_parser("variance")
    ranks.add_argument("result")
    ranks.add_argument("dump")
    for command in (scan, ranks):
        command.add_argument("photos", nargs="+")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    with open(options.result) as file:
        result = json.load(file)
    if options.command == "scan":
        sentences = scan_differences(result, defects.scan(options.photos, options.similar == "keep"))
    else:
        sentences = variance_differences(result, read_dump(options.dump), options.photos)
    for sentence in sentences:
        print(sentence)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
