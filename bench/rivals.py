#!/usr/bin/python3
"""hotpix beside other ways to find bad pixels, and beside an oracle that knows the scene, on the same simulated photos.

Every way gives a score for every pixel. It is judged by its ranking, all sensors together: the recall above the score
that lets through one false pixel in 10 Mpx, and the recall among the first K places of each sensor, K being how many
are planted. Prints Markdown; -o writes every number as JSON. What was counted for a sensor is kept, as accuracy.py does.
Needs python3-numpy, python3-pil and jpeghotp (Debian's jpegpixi).
"""

import json
import os
import shutil
import statistics
import sys
import tempfile

import accuracy_oracle
import accuracy_photos
import accuracy_pixels
import accuracy_ranking
import accuracy_rivals
from accuracy_judge import GHOST_PX, MATCH_PX, distance, megapixels
from accuracy_oracle import Oracle
from accuracy_photos import is_raw, keep, kept_path, label, photos_of, settings_of
from accuracy_ranking import cut, rank, recall_above
from accuracy_rivals import JPEGHOTP_PERCENT, VOTE_SHARE, Rivals, jpeghotp
import programs
from programs import head, row, run

FIRST_SEED = 1000
ROWS = ["rggb12", "q95"]
DARK_PHOTOS = 10
WAYS = ["lowest M2", "vote", "mean residual", "hotpix", "oracle"]


def make_photos(options, seed, folder):
    """folder/ROW: photos; folder/true-ROW: the same without noise and defects; folder/dark: with the lens cap on."""
    camera = [options.camsim, "--size", options.size, "--seed", str(seed)]
    many = [*camera, "--number", str(max(options.numbers))]
    per_class = ["--defects-per-class", str(options.defects_per_class)]
    raw, jpeg = (os.path.join(folder, name) for name in ROWS)
    run(*many, *per_class, "--format", "dng", "--also", f"{settings_of('q95')},dir={jpeg}", raw)
    raw, jpeg = (os.path.join(folder, "true-" + name) for name in ROWS)
    exact = f"format=jpeg,quality=100,subsampling=444,dir={jpeg}"
    run(*many, "--noise", "off", "--defects-per-class", "0", "--format", "dng", "--also", exact, raw)
    run(*camera, *per_class, "--number", str(DARK_PHOTOS), "--scene", "dark", "--quality", "95", os.path.join(folder, "dark"))


def shots_of(folder):
    """(gain, seconds) of each photo"""
    with open(os.path.join(folder, "defects.json")) as file:
        return [(photo["iso"] / 100, photo["exposure_s"]) for photo in json.load(file)["photos"]]


def rank_list(found, planted):
    """As rank() does, of a list of defects instead of a score for every pixel."""
    found = sorted(found, key=lambda d: -d["score"])
    scores = [max((d["score"] for d in found if distance(p, d) <= MATCH_PX), default=0.0) for p in planted]
    false = [d["score"] for d in found if all(distance(p, d) > GHOST_PX for p in planted)]
    first = found[: len(planted)]
    top = sum(any(distance(p, d) <= MATCH_PX for d in first) for p in planted)
    return {"matched": scores, "false": false, "top": top}


def look_at_row(options, name, folder):
    """{number of photos: {way: ranking}}"""
    photos, planted = photos_of(os.path.join(folder, name))
    scenes, _ = photos_of(os.path.join(folder, "true-" + name))
    strong = [p for p in planted if p["class"] == "hot-offset" and 32 <= p["strength"] <= 512]
    rivals, oracle, seen = Rivals(is_raw(name)), Oracle(is_raw(name)), {}
    for i, (gain, exposure_s) in enumerate(shots_of(os.path.join(folder, name))):
        rivals.add(photos[i])
        oracle.add(photos[i], scenes[i], gain, exposure_s)
        if i + 1 not in options.numbers:
            continue
        ranked = {way: rank(score, planted) for way, score in rivals.scores().items()}
        ranked["oracle"] = rank(oracle.score(strong, planted), planted)
        seen[str(i + 1)] = ranked
    return {"classes": [p["class"] for p in planted], "strengths": [p["strength"] for p in planted], "ranked": seen}


def look_at_dark(folder):
    """What jpeghotp makes of the one with the most light of its own: gain times seconds."""
    photos, planted = photos_of(folder)
    warmth = [gain * exposure_s for gain, exposure_s in shots_of(folder)]
    return jpeghotp(photos[warmth.index(max(warmth))], planted)


def rivals_of(options, seed):
    """All but hotpix, so that it needs not be done again when hotpix changes."""
    scripts = (accuracy_oracle, accuracy_pixels, accuracy_ranking, accuracy_rivals)
    path = kept_path(options, "rivals", seed, [options.camsim, *(script.__file__ for script in scripts)])
    if not os.path.exists(path):
        folder = tempfile.mkdtemp(prefix=f"rivals-{seed}-", dir=options.folder)
        try:
            make_photos(options, seed, folder)
            seen = {name: look_at_row(options, name, folder) for name in ROWS}
            keep(path, seen | {"jpeghotp": look_at_dark(os.path.join(folder, "dark"))})
            print(f"seed {seed}: done", file=sys.stderr)
        finally:
            shutil.rmtree(folder)
    with open(path) as file:
        return json.load(file)


def look_at_sensor(options, seed):
    seen = rivals_of(options, seed)
    accuracy_photos.look_at_sensor(options, ROWS, seed)
    for name in ROWS:
        with open(kept_path(options, name, seed)) as file:
            scanned = json.load(file)
        for n, ranked in seen[name]["ranked"].items():
            ranked["hotpix"] = rank_list(scanned[n]["found"], scanned["planted"])
    return seen


# ---- tables ----


def allowed_false(options):
    return int(options.sensors * megapixels(options) / 10)


def by_way(options, sensors, title, tell):
    """A row for each way; tell(ranked, limit): what a cell says of what it ranked on each sensor."""
    lines = head(title, *(f"{label(name)}, {n}" for name in ROWS for n in options.numbers))
    for way in WAYS:
        columns = [[s[name]["ranked"][str(n)][way] for s in sensors] for name in ROWS for n in options.numbers]
        lines.append(row(way, *(tell(ranked, cut(ranked, allowed_false(options))) for ranked in columns)))
    return lines


def ranking(ranked, limit):
    top = sum(r["top"] for r in ranked) / sum(len(r["matched"]) for r in ranked)
    return f"{recall_above(ranked, limit):.3f} / {top:.3f}"


def spread(ranked, limit):
    """The recalls of the same, sensor by sensor."""
    recalls = [recall_above([r], limit) for r in ranked]
    deviation = f" ({statistics.stdev(recalls):.3f})" if len(recalls) > 1 else ""
    return f"{min(recalls):.3f} - {max(recalls):.3f}{deviation}"


def vote_table(options, sensors):
    """The vote as it is used: at its own limit."""
    lines = head(f"the vote at {VOTE_SHARE:.0%} of the photos", *(f"{label(name)}, {n}" for name in ROWS for n in options.numbers))
    recalls, false = [], []
    for name in ROWS:
        for n in options.numbers:
            ranked = [s[name]["ranked"][str(n)]["vote"] for s in sensors]
            recalls.append(f"{recall_above(ranked, VOTE_SHARE - 1e-9):.3f}")
            count = sum(s >= VOTE_SHARE - 1e-9 for r in ranked for s in r["false"])
            false.append(f"{count * 10 / (options.sensors * megapixels(options)):.1f}")
    return [*lines, row("recall", *recalls), row("false in 10 Mpx", *false)]


def jpeghotp_table(options, sensors):
    lines = head("jpeghotp on a photo of the lens cap, by its threshold", *(f"{p} %" for p in sorted(JPEGHOTP_PERCENT)))
    planted = sum(len(s["q95"]["classes"]) for s in sensors)
    counts = [[sum(s["jpeghotp"][str(p)][k] for s in sensors) for p in sorted(JPEGHOTP_PERCENT)] for k in (0, 1)]
    lines.append(row("recall of all planted", *(f"{found / planted:.3f}" for found in counts[0])))
    lines.append(row("false in 10 Mpx", *(f"{false * 10 / (options.sensors * megapixels(options)):.1f}" for false in counts[1])))
    return lines


def class_table(options, sensors, n):
    """What hotpix and the oracle find of each class, where either misses some."""
    lines = head(f"recall at 1 false in 10 Mpx, from {n} photos: hotpix / oracle", *(label(name) for name in ROWS))
    kinds = sorted({(c, s) for sensor in sensors for c, s in zip(sensor[ROWS[0]]["classes"], sensor[ROWS[0]]["strengths"])})
    for kind in kinds:
        shares = [share_of_kind(options, sensors, name, n, kind) for name in ROWS]
        if min(min(pair) for pair in shares) < 1:
            lines.append(row(f"{kind[0]} {kind[1]:g}", *(f"{ours:.2f} / {oracle:.2f}" for ours, oracle in shares)))
    return lines


def share_of_kind(options, sensors, name, n, kind):
    shares = []
    for way in ("hotpix", "oracle"):
        ranked = [s[name]["ranked"][str(n)][way] for s in sensors]
        limit = cut(ranked, allowed_false(options))
        own = [
            score > limit
            for s, r in zip(sensors, ranked)
            for score, c, strength in zip(r["matched"], s[name]["classes"], s[name]["strengths"])
            if (c, strength) == kind
        ]
        shares.append(sum(own) / len(own))
    return shares


def report(options, sensors):
    tables = [by_way(options, sensors, "recall at 1 false in 10 Mpx / among the first K", ranking),
              by_way(options, sensors, "recall of the poorest sensor - the best (deviation)", spread),
              vote_table(options, sensors), jpeghotp_table(options, sensors)]
    tables += [class_table(options, sensors, n) for n in options.numbers]
    planted = sum(len(s[ROWS[0]]["classes"]) for s in sensors)
    first = f"{options.sensors} simulated sensors of {options.size} px, {planted} defects, {allowed_false(options)} false ones let through."
    return "\n".join([first, *(line for table in tables for line in ("", *table))])


def parse(arguments):
    parser = programs.parser_of("hotpix beside other ways to find bad pixels, and beside an oracle.")
    parser.add_argument("--folder", help="where photos are made (and deleted); default: the temporary folder")
    parser.add_argument("--sensors", type=int, default=6, metavar="N", help=f"how many cameras, seeds {FIRST_SEED} and up")
    parser.add_argument("--cache", help="where counts are kept; default: accuracy in the build folder")
    parser.add_argument("--size", default="2048x1416", metavar="WxH")
    parser.add_argument("--numbers", default=[10, 25, 100], metavar="N,...", type=lambda text: sorted(map(int, text.split(","))))
    parser.add_argument("--defects-per-class", type=int, default=5, metavar="K")
    parser.add_argument("-o", dest="out", metavar="FILE", help="write the rankings as JSON")
    options = programs.parse(parser, arguments)
    options.keep = False
    return options


def main(arguments):
    options = parse(arguments)
    if not shutil.which("jpeghotp"):
        sys.exit("jpeghotp is missing: Debian has it in jpegpixi")
    sensors = [look_at_sensor(options, seed) for seed in range(FIRST_SEED, FIRST_SEED + options.sensors)]
    print(report(options, sensors))
    if options.out:
        with open(options.out, "w") as file:
            json.dump(sensors, file)


if __name__ == "__main__":
    main(sys.argv[1:])
