"""What the programs of this folder do alike: they are told where hotpix is built, run what is there, print Markdown."""

import argparse
import os
import subprocess
import sys

# option: where it is in the build folder, unless it is told
PLACES = {
    "hotpix": "cli/hotpix",
    "mpi": "cli/hotpix-mpi",
    "camsim": "tools/camsim/camsim",
    "coefficients": "tests/repair/coefficients",
    "decode_loop": "bench/decode_loop",
    "read_loop": "bench/read_loop",
    "state_loop": "bench/state_loop",
    "photos": "bench-photos",
    "cache": "accuracy",
}


def parser_of(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", default="build", metavar="DIR", help="where hotpix is built (default: build)")
    return parser


def parse(parser, arguments):
    """The options, and all of PLACES."""
    options = parser.parse_args(arguments)
    for name, place in PLACES.items():
        if not getattr(options, name, None):
            setattr(options, name, os.path.join(options.build, place))
    return options


def run(*command):
    """hotpix exits with 3 where photos were skipped (near-duplicates among them)."""
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(command[:2])} ended with {done.returncode}: {done.stderr.strip()}")


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def head(*cells):
    return [row(*cells), "|" + "---|" * len(cells)]
