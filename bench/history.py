#!/usr/bin/python3
"""How well hotpix history dates bad pixels that camsim planted with beginnings and ends; --speed: how fast it is.

Each seed of camsim is one sensor, 60 % of whose defects begin and 10 % of which end while the photos are taken. Every
photo is taken a second time without the defects: what the two differ by is how strong a defect is. The list that
history gets has as many places without a defect besides. Prints Markdown; -o writes every number as JSON.
Python's standard library only.
"""

import argparse
from datetime import datetime, timezone
import json
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time

import programs
from programs import head, row, run

APART, MARGIN = 20, 30  # px: of places without a defect
LEAST_BAD = 3  # photos in which a defect is there; with fewer nothing can be dated
# (what, goal)
GOALS = {"exact or one off": 0.90, "within two": 0.97}
NO_CLAIM = 0.98
TO_SIGMA = 1.4826


def seconds(date):
    return datetime.fromisoformat(date).replace(tzinfo=timezone.utc).timestamp()


def make_sensor(options, kind, seed, folder):
    """The truth of the camera."""
    form = ["--format", "dng"] if kind == "raw" else ["--quality", "92", "--subsampling", "422"]
    run(
        options.camsim, "--size", options.size, "--number", str(options.number), "--seed", str(seed), *form,
        "--onsets", "--defects-per-class", str(options.defects_per_class), "--twins", f"{folder}/twins",
        f"{folder}/photos",
    )  # fmt: skip
    with open(f"{folder}/photos/defects.json") as file:
        return json.load(file)


def good_places(options, planted, seed):
    width, height = (int(side) for side in options.size.split("x"))
    chance, places = random.Random(seed), [(d["x"], d["y"]) for d in planted]
    count = len(places)
    while len(places) < 2 * count:
        x, y = chance.randrange(MARGIN, width - MARGIN), chance.randrange(MARGIN, height - MARGIN)
        if all(max(abs(x - a), abs(y - b)) > APART for a, b in places):
            places.append((x, y))
    return places[count:]


def write_list(options, kind, places, path):
    width, height = options.size.split("x")
    with open(path, "w") as file:
        file.write("x,y,width,height,source\n")
        for x, y in places:
            file.write(f"{x},{y},{width},{height},{'raw' if kind == 'raw' else 'jpeg'}\n")


def history(options, photos, bad, out):
    """{(x, y): its history}"""
    run(options.hotpix, "history", "--quiet", "--force", "-d", bad, "-o", out, photos)
    with open(out) as file:
        camera = json.load(file)["cameras"][0]
    if len(camera["history"]["photos"]) != options.number:
        sys.exit(f"{photos}: {len(camera['history']['photos'])} photos used of {options.number}")
    return {(d["x"], d["y"]): d["history"] for d in camera["defects"]}


def sigmas(twins):
    """Noise of each photo, from the places of the list as a sensor without defects has them."""
    series = [h["residual"] for h in twins.values()]
    return [max(1.0, TO_SIGMA * statistics.median(abs(r) for r in photo)) for photo in zip(*series)]


def index_of(date, times, otherwise):
    return sum(time < seconds(date) for time in times) if date else otherwise


def judge(kind, truth, found, twins):
    """One line a place: what was planted, how strong it is, and what was said of it."""
    times = [seconds(p["date"]) for p in truth["photos"]]
    unit = sigmas(twins) if kind == "raw" else [1.0] * len(times)
    lines = []
    for d in truth["defects"]:
        place = d["x"], d["y"]
        first, end = index_of(d["since"], times, 0), index_of(d["until"], times, len(times))
        differences = [abs(a - b) / u for a, b, u in zip(found[place]["residual"], twins[place]["residual"], unit)]
        bad = differences[first:end]
        lines.append(
            {
                "kind": kind, "class": f"{d['class']} {d['strength']:g}", "first": first, "end": end,
                "photos": len(times), "strength": statistics.median(bad) if bad else 0.0, **said(found[place]),
            }
        )  # fmt: skip
        del found[place]
    lines += [{"kind": kind, "class": "none", "photos": len(times), **said(h)} for h in found.values()]
    return lines


def said(history):
    seen = history["verdict"] != "not seen"
    return {
        "verdict": history["verdict"],
        "confidence": history["confidence"],
        "said_first": history["first"] if seen else None,
        "said_end": history["last"] + 1 if seen else None,
        "first_range": history.get("first_range"),
    }


def judge_all(options):
    lines = []
    for kind in options.kinds:
        for seed in range(options.seed, options.seed + options.sensors):
            folder = tempfile.mkdtemp(prefix=f"history-{kind}-{seed}-", dir=options.folder)
            try:
                truth = make_sensor(options, kind, seed, folder)
                places = [(d["x"], d["y"]) for d in truth["defects"]]
                write_list(options, kind, places + good_places(options, truth["defects"], seed), f"{folder}/bad.csv")
                found = history(options, f"{folder}/photos", f"{folder}/bad.csv", f"{folder}/found.json")
                twins = history(options, f"{folder}/twins", f"{folder}/bad.csv", f"{folder}/twins.json")
                lines += [dict(line, seed=seed) for line in judge(kind, truth, found, twins)]
            finally:
                if not options.keep:
                    shutil.rmtree(folder)
            print(f"{kind}, sensor {seed}: done", file=sys.stderr)
    return lines


def share(values):
    values = list(values)
    return f"{sum(values) / len(values):.3f} of {len(values)}" if values else "-"


def cell(values, goal):
    values = list(values)
    text = share(values)
    return f"**{text}**" if values and sum(values) / len(values) < goal else text


def off(line, said_key, true_key):
    return abs(line[said_key] - line[true_key]) if line[said_key] is not None else line["photos"]


def dated(lines, least):
    """Beginnings and ends that were planted, each with how many photos it was missed by."""
    strong = [d for d in lines if d["class"] != "none" and d["strength"] >= least]
    strong = [d for d in strong if d["end"] - d["first"] >= LEAST_BAD]
    begun = [off(d, "said_first", "first") for d in strong if d["first"] > 0]
    ended = [off(d, "said_end", "end") for d in strong if d["end"] < d["photos"]]
    return begun, ended


def claims(line):
    return line["verdict"] not in ("always", "not seen")


def kind_rows(lines, label, least):
    rows = []
    for what, missed in zip(("since when", "gone again"), dated(lines, least)):
        rows.append(
            row(
                f"{label}: {what}", share(m == 0 for m in missed),
                cell((m <= 1 for m in missed), GOALS["exact or one off"]),
                cell((m <= 2 for m in missed), GOALS["within two"]),
            )
        )  # fmt: skip
    return rows


def quiet_rows(lines, label, least):
    steady = [d for d in lines if d["class"] != "none" and d["first"] == 0 and d["end"] == d["photos"]]
    strong = [d for d in steady if d["strength"] >= least]
    none = [d for d in lines if d["class"] == "none"]
    cells = (cell((not claims(d) for d in group), NO_CLAIM) for group in (strong, steady, none))
    return [row(label, *cells, share(d["verdict"] == "not seen" for d in none))]


def trust_rows(lines):
    """Of the verdicts of a given confidence, how many are what was planted."""
    rows = []
    for low, high in ((0, 0.8), (0.8, 0.95), (0.95, 0.99), (0.99, 1.01)):
        group = [d for d in lines if d["class"] != "none" and low <= d["confidence"] < high]
        group = [d for d in group if d["verdict"] != "not seen"]
        right = (
            (d["said_first"] > 0) == (d["first"] > 0) and (d["said_end"] < d["photos"]) == (d["end"] < d["photos"])
            for d in group
        )
        rows.append(row(f"{low:g} to {min(high, 1):g}", share(right)))
    return rows


LEAST = {"jpeg": (15, "JPEG q92, 15 levels and more"), "raw": (4, "RAW, 4 sigma and more")}


def report(options, lines):
    of = {kind: [d for d in lines if d["kind"] == kind] for kind in options.kinds}
    text = [
        f"{options.sensors} sensors of {options.size} px for each kind, {options.number} dated photos of each.",
        f"Goals: {GOALS['exact or one off']:.0%} exact or one off, {GOALS['within two']:.0%} within two, no change claimed "
        f"where there is none in {NO_CLAIM:.0%}; bold: missed.",
        "",
        *head("photos off", "exact", "exact or one", "within two"),
    ]
    for kind in options.kinds:
        text += kind_rows(of[kind], LEAST[kind][1], LEAST[kind][0])
    text += ["", *head("no change claimed", "strong, bad throughout", "any, bad throughout", "no defect", "called not seen")]
    for kind in options.kinds:
        text += quiet_rows(of[kind], LEAST[kind][1], LEAST[kind][0])
    return "\n".join(text + ["", *head("confidence", "began and ended as planted"), *trust_rows(lines)])


SPEED_SIZE, SPEED_PHOTOS, SPEED_DEFECTS, SPEED_ROUNDS = "3872x2592", 100, 20, 3


def timed(*command):
    """(seconds, seconds of CPU)"""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(*command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def speed(options):
    """Against nothing but decoding the luma of the same photos. Ten of camsim, each ten times over."""
    import photos

    few = photos.simulated(options.camsim, options.folder or tempfile.gettempdir(), SPEED_SIZE, 10)
    paths = photos.repeated(few, SPEED_PHOTOS)
    megabytes = photos.warm(paths) / 1e6
    width, height = (int(side) for side in SPEED_SIZE.split("x"))
    chance = random.Random(1)
    places = [(chance.randrange(width), chance.randrange(height)) for _ in range(SPEED_DEFECTS)]
    lines = [
        f"{SPEED_DEFECTS} defects in {SPEED_PHOTOS} JPEGs of {SPEED_SIZE}, q92 4:2:2, {megabytes / SPEED_PHOTOS:.1f} MB each, "
        f"in the page cache; medians of {SPEED_ROUNDS} rounds. Goal: no slower than a luma decode.",
        "",
        *head("threads", "luma decode, s", "history, s", "CPU of luma decode, s", "CPU of history, s", "ratio", "of CPU"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        write_list(argparse.Namespace(size=SPEED_SIZE), "jpeg", places, f"{folder}/bad.csv")
        for j in ("1", "2"):
            rounds = [
                timed(options.decode_loop, "--luma", "-j", j, *paths)
                + timed(options.hotpix, "history", "-q", "-j", j, "-d", f"{folder}/bad.csv", *paths)
                for _ in range(SPEED_ROUNDS)
            ]
            luma, luma_cpu, ours, ours_cpu = (statistics.median(values) for values in zip(*rounds))
            ratios = (statistics.median(r[k + 2] / r[k] for r in rounds) for k in (0, 1))
            cells = (f"{value:.2f}" for value in (luma, ours, luma_cpu, ours_cpu, *ratios))
            lines.append(row(j, *cells))
    return "\n".join(lines)


def parse(arguments):
    parser = programs.parser_of("How well beginnings and ends of bad pixels are dated.")
    parser.add_argument("--folder", help="where photos are made (and deleted); default: the temporary folder")
    parser.add_argument("--keep", action="store_true", help="do not delete the photos")
    parser.add_argument("--sensors", type=int, default=3, metavar="N", help="how many cameras of each kind")
    parser.add_argument("--seed", type=int, default=3, metavar="S", help="of the first camera")
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=["jpeg", "raw"], metavar="jpeg,raw")
    parser.add_argument("--size", default="1200x900", metavar="WxH")
    parser.add_argument("--number", type=int, default=100, metavar="N", help="photos of each camera")
    parser.add_argument("--defects-per-class", type=int, default=5, metavar="K")
    parser.add_argument("--speed", action="store_true", help="measure the speed instead; photos are kept in --folder")
    parser.add_argument("-o", dest="out", metavar="FILE", help="write what was said of every place as JSON")
    return programs.parse(parser, arguments)


def main(arguments):
    options = parse(arguments)
    if options.speed:
        print(speed(options))
        return
    lines = judge_all(options)
    print(report(options, lines))
    if options.out:
        with open(options.out, "w") as file:
            json.dump(lines, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
