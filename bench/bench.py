#!/usr/bin/python3
"""What `make bench` runs: hotpix, plain decoding and the article's program, side by side on the same photos.

Photos: of tools/camsim at the size of a Nikon D80, made once and kept in a folder; the large set is the same
photos repeated. Each program is measured as a whole process, in turn with the others, several rounds. Since the
large set repeats its photos, scan runs with --similar keep, so that every photo is counted.
Prints Markdown with the goals and whether they are met. Python's standard library only (the article's program
needs numpy and Pillow).
"""

import json
import os
import sys

import figure
import goals
import measure
import photos
import programs

ARTICLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "article.py")
D80 = "3872x2592"
QUICK = {"size": "640x480", "number": 6, "many": 12, "rounds": 1}
# key: (name in tables and figure, class in the figure)
PROGRAMS = {
    "rgb": ("plain RGB decode", "d"),
    "luma": ("plain luma decode", None),
    "scan": ("hotpix scan", "c"),
    "threads": ("hotpix scan --no-isolation", None),
    "variance": ("hotpix variance", "b"),
    "article": ("the article's program", "a"),
}


def command(options, program, workers, paths):
    tail = ["-j", str(workers), *paths]
    return {
        "rgb": [options.decode_loop, "--rgb", *tail],
        "luma": [options.decode_loop, "--luma", *tail],
        "scan": [options.hotpix, "scan", "--quiet", "--similar", "keep", *tail],
        "threads": [options.hotpix, "scan", "--quiet", "--similar", "keep", "--no-isolation", *tail],
        "variance": [options.hotpix, "variance", "--quiet", *tail],
        "article": [ARTICLE, *tail],
    }[program]


def in_turn(items, i):
    """Items in the order of round i: over as many rounds each comes once after each other one (Williams 1949).

    What a program finds, the machine's memory above all, depends on what ran before. With an odd number of items
    that takes twice as many rounds.
    """
    number = len(items)
    places = [i + ((k + 1) // 2 if k % 2 else -(k // 2)) for k in range(number)]
    backwards = number % 2 and i // number % 2
    return [items[place % number] for place in (reversed(places) if backwards else places)]


def schedule(options):
    """(round, set, program, workers) of every run."""
    jobs = []
    for name, rounds in (("few", options.rounds), ("many", options.many_rounds)):
        programs = [p for p in options.only if p != "luma" or name == "few"]
        for i in range(rounds):
            turn = [(i, name, p, w) for p in programs for w in options.workers]
            turn = [job for job in turn if job[2] != "article" or i < options.article_rounds]
            jobs += in_turn(turn, i)
    return jobs


def measure_all(options, sets):
    results = measure.Results()
    jobs = schedule(options)
    for k, (i, name, program, workers) in enumerate(jobs, 1):
        done = measure.run(command(options, program, workers, sets[name]), several_processes=program == "article")
        results.add(name, program, workers, done)
        label = f"{PROGRAMS[program][0]}, {len(sets[name])} photos, {workers} workers"
        print(f"{k}/{len(jobs)} round {i + 1}: {label}: {done.seconds:.2f} s", file=sys.stderr)
    # Looking at the memory of all its processes takes time: in runs that are not timed.
    for name, paths in sets.items():
        for w in options.workers if "scan" in options.only else ():
            done = measure.run(command(options, "scan", w, paths), several_processes=True)
            results.all_mb[name, "scan", w] = done.all_mb
    return results


def panels(options, sets, results):
    for name, paths in sets.items():
        series = []
        for program, (label, kind) in PROGRAMS.items():
            measured = [w for w in options.workers if results.of(name, program, w)]
            points = {w: results.median_seconds(name, program, w) for w in measured}
            if kind and points:
                series.append((label.removeprefix("plain "), kind, points))
        yield f"{len(paths)} photos", series


def cpu_name():
    with open("/proc/cpuinfo") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown CPU"


def parse(arguments):
    parser = programs.parser_of("Speed and memory of hotpix beside plain decoding and the article.")
    parser.add_argument("--photos", metavar="DIR", help="folder that keeps the photos (default: in the build folder)")
    parser.add_argument("--size", default=D80, metavar="WxH")
    parser.add_argument("--number", type=int, default=50, metavar="N", help="photos of the small set")
    parser.add_argument("--many", type=int, default=480, metavar="N", help="photos of the large set (0: none)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds on the small set")
    parser.add_argument("--many-rounds", type=int, default=1, metavar="N", help="rounds on the large set")
    parser.add_argument("--article-rounds", type=int, default=1, metavar="N", help="of these, with the article (slow)")
    parser.add_argument("--workers", type=int, nargs="+", metavar="N", help="default: 1 2 (4, with 4 CPUs)")
    everything = list(PROGRAMS)
    parser.add_argument("--only", nargs="+", choices=everything, default=everything, help="these programs (default: all)")
    parser.add_argument("--quick", action="store_true", help="a smoke run: few small photos, one round")
    parser.add_argument("--json", metavar="FILE", help="write every measurement")
    parser.add_argument("--svg", metavar="FILE", help="draw elapsed time against the number of workers")
    options = programs.parse(parser, arguments)
    if options.quick:
        vars(options).update(QUICK)
    if not options.workers:
        options.workers = [1, 2] + [4] * (len(os.sched_getaffinity(0)) >= 4)
    return options


def write(path, content):
    with open(path, "w") as file:
        file.write(content)


def main(arguments):
    options = parse(arguments)
    few = photos.simulated(options.camsim, options.photos, options.size, options.number)
    sets = {"few": few}
    if options.many:
        sets["many"] = photos.repeated(few, options.many)
    else:
        options.many_rounds = 0
    bytes_of = {name: photos.warm(paths) for name, paths in sets.items()}

    results = measure_all(options, sets)
    photo_mb = bytes_of["few"] / len(few) / 1e6
    machine = f"{len(os.sched_getaffinity(0))} x {cpu_name()}"
    print(f"{machine}; photos of {options.size}, q{photos.QUALITY} 4:2:2, {photo_mb:.1f} MB each, in the page cache.")
    print("Every program as a whole process, in turn. scan with --similar keep.")
    if options.quick:
        print("A smoke run: too small for its figures to mean anything.")
    names = {program: label for program, (label, _) in PROGRAMS.items()}
    for name, paths in sets.items():
        remark = "" if name == "few" else f", the same {len(few)} repeated, each with a comment of its own"
        print("\n" + "\n".join(goals.table(results, name, len(paths), names, options.workers, remark)))
    counts = {name: len(paths) for name, paths in sets.items()}
    print("\n" + "\n".join(goals.verdicts(results, counts, options.workers)))

    if options.json:
        content = {"machine": machine, "size": options.size, "photos": counts, "measured": results.as_json()}
        write(options.json, json.dumps(content, indent=1) + "\n")
    if options.svg:
        write(options.svg, figure.svg(list(panels(options, sets, results))))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (OSError, RuntimeError) as error:
        sys.exit(f"bench.py: {error}")
