#!/usr/bin/python3
"""Names the parts of two states that are not equal: compare_states.py A B"""
import sys

from astropy.io import fits


def main(first, second):
    with fits.open(first) as a, fits.open(second) as b:
        assert [part.name for part in a] == [part.name for part in b]
        sums = ("CHECKSUM", "DATASUM")
        unlike = [x.name for x, y in zip(a, b) if any(x.header[key] != y.header[key] for key in sums)]
    print(" ".join(sorted(unlike)))


main(*sys.argv[1:])
