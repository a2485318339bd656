#!/usr/bin/python3
"""How many of the planted bad pixels hotpix finds, beside what the trial of its method found.

Makes photos of simulated cameras (each seed of camsim is one sensor), scans the first 5, 10, 25, ... of each
set and compares with what camsim planted. Prints Markdown; -o writes every number as JSON. What was counted for a
sensor is kept in a folder, and neither made nor scanned again while the program is the same: a long run may be
done in pieces. Python's standard library only.
"""

from collections import Counter
import json
import os
import sys

from accuracy_judge import judge, rates
from accuracy_photos import JPEG_ROW, RAW_ROW, ROWS, camera_of, find_scenes, kept_path, look_at_sensor
from accuracy_tables import report
import programs

FIRST_SEED = 1000
FULL_NUMBER = 300


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
    parser = programs.parser_of("Recall of planted bad pixels, beside the table of the method.")
    parser.add_argument("--folder", help="where photos are made (and deleted); default: the temporary folder")
    parser.add_argument("--keep", action="store_true", help="do not delete the photos")
    parser.add_argument("--sensors", type=int, default=6, metavar="N", help=f"how many cameras, seeds {FIRST_SEED} and up")
    parser.add_argument("--cache", help="where counts are kept; default: accuracy in the build folder")
    parser.add_argument("--size", default="2048x1416", metavar="WxH")
    parser.add_argument(
        "--rows", type=lambda text: text.split(","), default=ROWS, metavar="ROW,...",
        help="kinds of photos: CFA and bits, as rggb12, or a JPEG's quality, then perhaps -422, then perhaps -nr (noise "
        f"reduction in camera); after each perhaps -real (real scenes); default: {','.join(ROWS)}",
    )  # fmt: skip
    parser.add_argument("--numbers", type=numbers, default=[5, 10, 25, 50, 100], metavar="N,...")
    parser.add_argument("--full", action="store_true", help=f"from {FULL_NUMBER} photos, too")
    parser.add_argument("--defects-per-class", type=int, default=5, metavar="K")
    parser.add_argument(
        "--scenes", metavar="DIR", default=os.environ.get("HOTPIX_DATA", "../shared/data"),
        help="JPEG photos for the rows of real scenes, in this folder and below it (default: $HOTPIX_DATA or ../shared/data)",
    )  # fmt: skip
    parser.add_argument("-o", dest="out", metavar="FILE", help="write the counts as JSON")
    options = programs.parse(parser, arguments)
    options.numbers = sorted({*options.numbers, *([FULL_NUMBER] if options.full else [])})
    wrong = [name for name in options.rows if not RAW_ROW.fullmatch(name) and not JPEG_ROW.fullmatch(name)]
    if wrong:
        parser.error(f"no such row: {wrong[0]}")
    real = [name for name in options.rows if name.endswith("-real")]
    if real and not find_scenes(options.scenes):
        print(f"{options.scenes}: no photos, so no {', '.join(real)}", file=sys.stderr)
        options.rows = [name for name in options.rows if name not in real]
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
