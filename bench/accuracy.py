#!/usr/bin/python3
"""How many of the planted bad pixels hotpix finds, beside what the trial of its method found.

Makes photos of simulated cameras (each seed of camsim is one sensor), scans the first 5, 10, 25, ... of each
set and compares with what camsim planted. Prints Markdown; -o writes every number as JSON. What was counted for a
sensor is kept in a folder, and neither made nor scanned again while the program is the same: a long run may be
done in pieces. Python's standard library only.
"""

import argparse
from collections import Counter
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

FIRST_SEED = 1000
MANY_RATES = (1, 3)
DEFAULT_RATE, SCAN_FALSE_RATE = 0.1, 3  # of hotpix; and far more than is judged by, so that one scan tells all
MATCH_PX, GHOST_PX = 2, 16  # distances are max(|dx|, |dy|)
TOLERATED_LOSS = 0.03
TOLERATED_FALSE_PER_MPX = 1 / 3

# What the trial of the method reached: 6 sensors of 2.9 Mpx, 720 defects, JPEG 4:2:0 and RAW of 12 bits.
TRIAL_RECALL = {
    "rggb12": {5: 0.696, 10: 0.785, 25: 0.887, 50: 0.911, 100: 0.938, 300: 0.951},
    "q95": {5: 0.632, 10: 0.699, 25: 0.825, 50: 0.876, 100: 0.899, 300: 0.925},
    "q90": {5: 0.589, 10: 0.651, 25: 0.771, 50: 0.843, 100: 0.878, 300: 0.907},
}
# name: (camsim's class, least and greatest strength, the trial's recall from 25 photos at q95, the same of RAW)
GROUPS = {
    "hot, offset 4 DN": ("hot-offset", 4, 4, None, None),
    "hot, offset 8 DN": ("hot-offset", 8, 8, None, None),
    "hot, offset 16 DN": ("hot-offset", 16, 16, None, None),
    "hot, offset 32-128 DN": ("hot-offset", 32, 128, 0.98, 1.0),
    "hot, offset 256 DN and more": ("hot-offset", 256, 1e9, 1.0, 1.0),
    "hot, dark current 300 DN/s": ("hot-dark", 300, 300, None, None),
    "hot, dark current 1k DN/s": ("hot-dark", 1000, 1000, None, None),
    "hot, dark current 3k DN/s": ("hot-dark", 3000, 3000, None, None),
    "hot, dark current 10k DN/s and more": ("hot-dark", 10000, 1e9, 1.0, 1.0),
    "stuck high": ("stuck", 4095, 4095, 1.0, 1.0),
    "stuck in the middle": ("stuck", 2000, 2000, 1.0, 1.0),
    "stuck low": ("stuck", 400, 400, 0.73, 1.0),
    "dead": ("dead", 0, 0, 1.0, 1.0),
    "weak, response 0.3-0.5": ("weak", 0.3, 0.5, 1.0, 1.0),
    "weak, response 0.7-0.8": ("weak", 0.7, 0.8, 0.93, 1.0),
    "weak, response 0.9": ("weak", 0.9, 0.9, 0.10, 0.43),
}
GROUP_PHOTOS = 25
# kinds planted: (kinds that are right, the trial's share from 50 photos)
CLASSES = {
    "hot": ({"hot"}, {"hot"}, 0.95),
    "stuck": ({"stuck"}, {"stuck"}, 0.90),
    "weak": ({"weak"}, {"weak"}, 0.95),
    "dead or weak": ({"dead", "weak"}, {"dead", "weak"}, 1.0),
}
CLASS_PHOTOS = 50
RAW_KINDS = 1.0  # all 706 of 706


def group_of(defect):
    for name, (kind, low, high, *_) in GROUPS.items():
        if defect["class"] == kind and low - 1e-6 <= defect["strength"] <= high + 1e-6:
            return name
    raise ValueError(f"no group for {defect}")


def distance(a, b):
    return max(abs(a["x"] - b["x"]), abs(a["y"] - b["y"]))


def judge(planted, found):
    """Counts of one scan: found defects matched to planted ones, each at most once, the nearest pair first."""
    pairs = sorted(
        (distance(p, f), -f["score"], i, k)
        for i, p in enumerate(planted)
        for k, f in enumerate(found)
        if distance(p, f) <= MATCH_PX
    )
    match_of, used = {}, set()
    for _, _, i, k in pairs:
        if i not in match_of and k not in used:
            match_of[i] = k
            used.add(k)

    counts = Counter(planted=len(planted), matched=len(match_of))
    for i, defect in enumerate(planted):
        group, kind = group_of(defect), defect["kind"]
        counts["planted", group] += 1
        if i not in match_of:
            continue
        match = found[match_of[i]]
        counts["matched", group] += 1
        counts["exact"] += distance(defect, match) == 0
        counts["kind", kind, match["kind"]] += 1
    for k, defect in enumerate(found):
        if k in used:
            continue
        is_ghost = any(distance(p, defect) <= GHOST_PX for p in planted)
        counts["ghosts" if is_ghost else "false"] += 1
        counts["negative"] += not is_ghost and defect["mean"] < 0
    return counts


def run(*command):
    """hotpix exits with 3 where photos were skipped (near-duplicates among them)."""
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(command[:2])} ended with {done.returncode}: {done.stderr.strip()}")


RAW_ROW = re.compile(r"(rggb|bggr|grbg|gbrg|xtrans|mono)(12|14|16)")
JPEG_ROW = re.compile(r"q(\d+)(-422|-444)?(-nr)?")
ROWS = ["rggb12", "q95", "q90", "q95-nr", "q90-nr", "q80", "q90-422", "rggb14", "xtrans12", "mono12"]


def is_raw(row_name):
    return RAW_ROW.fullmatch(row_name) is not None


def label(row_name):
    if is_raw(row_name):
        cfa, bits = RAW_ROW.fullmatch(row_name).groups()
        return f"RAW {cfa.upper()} {bits} bit"
    quality, subsampling, reduction = JPEG_ROW.fullmatch(row_name).groups()
    return f"JPEG q{quality}" + (f" {':'.join(subsampling[1:])}" if subsampling else "") + (" NR" if reduction else "")


def camera_of(row_name):
    """Rows of one camera are made of the same exposures, in one run of camsim."""
    return row_name if is_raw(row_name) else "rggb12"


def settings_of(row_name):
    """As camsim's --also wants them."""
    if is_raw(row_name):
        return "format=dng"
    quality, subsampling, reduction = JPEG_ROW.fullmatch(row_name).groups()
    subsampling, reduction = (subsampling or "-420")[1:], "on" if reduction else "off"
    return f"format=jpeg,quality={quality},subsampling={subsampling},noise-reduction={reduction}"


def make_sensor(options, names, seed, folder):
    """Makes folder/NAME for each row; the photos of all rows are of the same exposures."""
    cfa, bits = RAW_ROW.fullmatch(camera_of(names[0])).groups()
    also = [word for name in names[1:] for word in ("--also", f"{settings_of(name)},dir={os.path.join(folder, name)}")]
    settings = (setting.split("=") for setting in settings_of(names[0]).split(","))
    first = [word for name, value in settings for word in (f"--{name}", value)]
    run(
        options.camsim, "--size", options.size, "--number", str(max(options.numbers)), "--seed", str(seed),
        "--cfa", cfa.upper(), "--bits", bits, "--defects-per-class", str(options.defects_per_class), *first, *also,
        os.path.join(folder, names[0]),
    )  # fmt: skip


def photos_of(folder):
    """(photos in order, planted defects)"""
    with open(os.path.join(folder, "defects.json")) as file:
        planted = json.load(file)["defects"]
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith((".jpg", ".dng"))), planted


def scan(options, photos, folder):
    """(found defects, number of photos used). The sums are kept beside the photos: only new ones are added."""
    result, state = os.path.join(folder, "scan.json"), os.path.join(folder, "sums.fits")
    limit = ["--false-rate", str(SCAN_FALSE_RATE)]
    run(options.hotpix, "scan", "--quiet", "--force", "--state", state, *limit, "-o", result, *photos)
    with open(result) as file:
        cameras = json.load(file)["cameras"]
    if len(cameras) != 1:
        sys.exit(f"{folder}: {len(cameras)} cameras instead of one")
    found = [d for d in cameras[0]["defects"] if "expected_false" in d]  # columns and rows have none
    return found, cameras[0]["photos"]["used"]


def program_hash(options):
    """Of the program and its library: what they find is worth keeping as long as they are the same."""
    digest = hashlib.sha256()
    libraries = glob.glob(os.path.join(options.build, "src", "libhotpix.so.?"))
    for path in (options.hotpix, options.camsim, *sorted(libraries)):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]


def kept_path(options, name, seed):
    file = f"{name}-{options.size}-{options.defects_per_class}-{seed}-{max(options.numbers)}.json"
    return os.path.join(options.cache, program_hash(options), file)


def keep(path, seen):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "w") as file:
        json.dump(seen, file)
    os.replace(path + ".part", path)


def scan_row(options, folder):
    """{"planted": defects, number of photos: {"found": defects, "used": photos}}"""
    photos, planted = photos_of(folder)
    seen = {"planted": planted}
    for n in options.numbers:
        found, used = scan(options, photos[:n], folder)
        keys = ("x", "y", "kind", "score", "mean", "expected_false")
        seen[str(n)] = {"found": [{key: d[key] for key in keys} for d in found], "used": used}
    return seen


def look_at_sensor(options, names, seed):
    """Makes and scans the rows of one camera that are not kept yet."""
    names = [name for name in names if not os.path.exists(kept_path(options, name, seed))]
    if not names:
        return
    folder = tempfile.mkdtemp(prefix=f"accuracy-{seed}-", dir=options.folder)
    try:
        make_sensor(options, names, seed, folder)
        for name in names:
            keep(kept_path(options, name, seed), scan_row(options, os.path.join(folder, name)))
            print(f"{label(name)}, seed {seed}: done", file=sys.stderr)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def measure(options):
    """{row: {number of photos: {false rate: Counter}}}, summed over the sensors."""
    seeds = range(FIRST_SEED, FIRST_SEED + options.sensors)
    for camera in dict.fromkeys(camera_of(name) for name in options.rows):
        for seed in seeds:
            look_at_sensor(options, [name for name in options.rows if camera_of(name) == camera], seed)
    totals = {name: {n: {rate: Counter() for rate in rates(options)} for n in options.numbers} for name in options.rows}
    for name, seed in ((name, seed) for name in options.rows for seed in seeds):
        with open(kept_path(options, name, seed)) as file:
            seen = json.load(file)
        for n, by_rate in totals[name].items():
            scanned = seen[str(n)]
            for rate, counts in by_rate.items():
                found = [d for d in scanned["found"] if d["expected_false"] <= rate]
                counts.update(judge(seen["planted"], found) + Counter(used=scanned["used"], asked=n))
    return totals


def megapixels(options):
    width, height = (int(side) for side in options.size.split("x"))
    return width * height / 1e6


def rates(options):
    """Expected false detections on a sensor: the program's default, one in 10 Mpx, and many, to hold it to them."""
    return (DEFAULT_RATE, megapixels(options) / 10, *MANY_RATES)


def share(part, whole):
    return part / whole if whole else float("nan")


def entry(value, trial):
    """A cell: the value, and the trial's in brackets; bold where it is lost by more than is tolerated."""
    if trial is None:
        return f"{value:.3f}"
    text = f"{value:.3f} ({trial:.3f})"
    return f"**{text}**" if value < trial - TOLERATED_LOSS else text


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head(*cells):
    return [row(*cells), "|" + "---|" * len(cells)]


def recall_table(options, totals):
    lines = head("by number of photos", *options.numbers)
    default, one_in_10, *many = rates(options)
    per_10 = 10 / (megapixels(options) * options.sensors)
    for quality, by_number in totals.items():
        name, trial = label(quality), TRIAL_RECALL.get(quality, {})

        def line(what, rate, cell):
            lines.append(row(f"{name}: {what}", *(cell(n, by_rate[rate]) for n, by_rate in by_number.items())))

        line("recall", default, lambda n, c: entry(share(c["matched"], c["planted"]), trial.get(n)))
        line("false in 10 Mpx", default, lambda _, c: f"{c['false'] * per_10:.1f}")
        line("recall at 1 false in 10 Mpx", one_in_10, lambda _, c: f"{share(c['matched'], c['planted']):.3f}")
        line("false in 10 Mpx then", one_in_10, lambda _, c: f"{c['false'] * per_10:.1f}")
        for rate in many:
            line(f"false a sensor where {rate} is expected", rate, lambda _, c: f"{c['false'] / options.sensors:.1f}")
        line("ghosts", default, lambda _, c: c["ghosts"])
        line("false ones that are dark", default, lambda _, c: c["negative"])
        line("kinds right", default, lambda _, c: f"{kinds_right(c):.3f}")
        line("share of photos used", default, lambda _, c: f"{share(c['used'], c['asked']):.2f}")
    return lines


def kinds_right(counts):
    kinds = {key[1:]: count for key, count in counts.items() if key[0] == "kind"}
    return share(sum(count for (planted, found), count in kinds.items() if planted == found), sum(kinds.values()))


def group_table(options, totals, n):
    lines = head(f"recall from {n} photos, by class", *(label(q) for q in totals))
    for name, (*_, jpeg, raw) in GROUPS.items():
        cells = []
        for quality, by_number in totals.items():
            counts = by_number[n][DEFAULT_RATE]
            is_compared = quality in ("q95", "rggb12") and n == GROUP_PHOTOS
            trial = raw if is_raw(quality) else jpeg
            value = share(counts["matched", name], counts["planted", name])
            cells.append(entry(value, trial if is_compared else None))
        lines.append(row(name, *cells))
    return lines


def kind_table(options, totals, n):
    lines = head(f"class right, from {n} photos", *(label(q) for q in totals))
    for name, (planted, right, trial) in CLASSES.items():
        cells = []
        for quality, by_number in totals.items():
            kinds = {key[1:]: count for key, count in by_number[n][DEFAULT_RATE].items() if key[0] == "kind" and key[1] in planted}
            value = share(sum(count for (_, kind), count in kinds.items() if kind in right), sum(kinds.values()))
            cells.append(entry(value, RAW_KINDS if is_raw(quality) else trial if n == CLASS_PHOTOS else None))
        lines.append(row(name, *cells))
    exact = (share(by_number[n][DEFAULT_RATE]["exact"], by_number[n][DEFAULT_RATE]["matched"]) for by_number in totals.values())
    lines.append(row("position exact", *(entry(value, 0.999) for value in exact)))
    return lines


def nearest(numbers, wanted):
    return min(numbers, key=lambda n: (abs(n - wanted), n))


def report(options, totals):
    planted = max(c[DEFAULT_RATE]["planted"] for by_number in totals.values() for c in by_number.values())
    return "\n".join(
        [
            f"{options.sensors} simulated sensors of {options.size} px, {planted} defects. JPEG: 4:2:0 unless said; NR: noise reduction in camera.",
            f"In brackets what the trial of the method reached; bold: more than {TOLERATED_LOSS} below that.",
            "",
            *recall_table(options, totals),
            "",
            *group_table(options, totals, nearest(options.numbers, GROUP_PHOTOS)),
            "",
            *kind_table(options, totals, nearest(options.numbers, CLASS_PHOTOS)),
        ]
    )


def as_json(totals):
    return {
        str(quality): {
            str(n): {
                str(rate): {" / ".join(key) if isinstance(key, tuple) else key: count for key, count in counts.items()}
                for rate, counts in by_rate.items()
            }
            for n, by_rate in by_number.items()
        }
        for quality, by_number in totals.items()
    }


def numbers(text):
    return sorted({int(part) for part in text.split(",")})


def parse(arguments):
    parser = argparse.ArgumentParser(description="Recall of planted bad pixels, beside the table of the method.")
    parser.add_argument("--build", default="build", metavar="DIR", help="where hotpix is built (default: build)")
    parser.add_argument("--hotpix", help="path of the program, if not the one built")
    parser.add_argument("--camsim", help="path of camsim, if not the one built")
    parser.add_argument("--folder", help="where photos are made (and deleted); default: the temporary folder")
    parser.add_argument("--keep", action="store_true", help="do not delete the photos")
    parser.add_argument("--sensors", type=int, default=6, metavar="N", help=f"how many cameras, seeds {FIRST_SEED} and up")
    parser.add_argument("--cache", help="where counts are kept; default: accuracy in the build folder")
    parser.add_argument("--size", default="2048x1416", metavar="WxH")
    parser.add_argument(
        "--rows", type=lambda text: text.split(","), default=ROWS, metavar="ROW,...",
        help="kinds of photos: CFA and bits, as rggb12, or a JPEG's quality, then perhaps -422, then perhaps -nr (noise "
        f"reduction in camera); default: {','.join(ROWS)}",
    )  # fmt: skip
    parser.add_argument("--numbers", type=numbers, default=[5, 10, 25, 50, 100], metavar="N,...")
    parser.add_argument("--defects-per-class", type=int, default=5, metavar="K")
    parser.add_argument("-o", dest="out", metavar="FILE", help="write the counts as JSON")
    options = parser.parse_args(arguments)
    options.hotpix = options.hotpix or os.path.join(options.build, "cli/hotpix")
    options.camsim = options.camsim or os.path.join(options.build, "tools/camsim/camsim")
    options.cache = options.cache or os.path.join(options.build, "accuracy")
    wrong = [name for name in options.rows if not RAW_ROW.fullmatch(name) and not JPEG_ROW.fullmatch(name)]
    if wrong:
        parser.error(f"no such row: {wrong[0]}")
    return options


def main(arguments):
    options = parse(arguments)
    totals = measure(options)
    print(report(options, totals))
    if options.out:
        with open(options.out, "w") as file:
            json.dump(as_json(totals), file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
