#!/usr/bin/python3
"""docs/method.md in numpy, to compare hotpix with.

    reference.py scan [--similar skip|keep] [-o FILE] PHOTO...
    reference.py variance [--rank N] [-o FILE] PHOTO...

The photos are JPEGs of one camera. The result is JSON, on stdout or in FILE. The steps are in the
package `method` beside this file. Needs Debian's python3-numpy, python3-pil and python3-xxhash.
"""

import argparse
import json
import sys

from method import defects, variance


def parse(arguments):
    parser = argparse.ArgumentParser(description="docs/method.md in numpy, to compare hotpix with.")
    commands = parser.add_subparsers(dest="command", required=True)
    scan = commands.add_parser("scan", help="find the defects")
    scan.add_argument("--similar", choices=["skip", "keep"], default="skip", help="near-duplicates")
    ranks = commands.add_parser("variance", help="the article's statistic")
    ranks.add_argument("--rank", type=int, default=10, metavar="N", help="how many of the lowest to name")
    for command in (scan, ranks):
        command.add_argument("-o", dest="out", metavar="FILE", help="where to write (default: stdout)")
        command.add_argument("photos", nargs="+", metavar="PHOTO")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    if options.command == "scan":
        result = defects.scan(options.photos, options.similar == "keep")
    else:
        result = variance.summary(*variance.welford(options.photos), options.rank)
    with open(options.out, "w") if options.out else sys.stdout as out:
        json.dump(result, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
