#!/usr/bin/python3
"""How much of their strength pixels that stand out in one half of a set keep in the other, by strength.

Reads a state of a developed camera (hotpix scan --state FILE). Of those that stand out by chance the luckiest are picked, so real
ones keep less than all of it: where the number of pixels falls off as exp(-k u) beyond u sigma, what is
expected of a pixel with noise of one sigma is (u - k)/u. Needs python3-astropy and python3-numpy.
"""

import sys

from astropy.io import fits
import numpy as np

LIMITS = [4, 5, 6, 7, 8, 10, 30]
EDGE = 4  # px that are left out on each side


def halves(path):
    """Mean z by photo of each half, each phase of a 2x2 CFA less its median."""
    with fits.open(path) as state:
        taken = [row for row in state["PHOTOS"].data if row["VERDICT"] == "taken"]
        odd = sum(int(row["HASH"].strip()[-1], 16) % 2 for row in taken)
        of_odd = state["S1H"].data.astype(float)
        of_even = state["S1"].data - of_odd
    return [of_odd / odd, of_even / (len(taken) - odd)]


def sigma_of(values):
    return 1.4826 * np.median(np.abs(values - np.median(values)))


def table(path):
    lines = ["| position | stands out in one half by | pixels | kept in the other | expected of real ones |", "|" + "---|" * 5]
    whole = halves(path)
    for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)):
        both = [half[y::2, x::2][EDGE:-EDGE, EDGE:-EDGE] for half in whole]
        both = [(half - np.median(half)) / sigma_of(half) for half in both]
        for low, high in zip(LIMITS, LIMITS[1:]):
            picks = [(own > low) & (own <= high) for own in both]
            count = sum(int(pick.sum()) for pick in picks)
            more = sum(int((own > low + 1).sum()) for own in both)
            all_above = sum(int((own > low).sum()) for own in both)
            if count < 10 or more == 0:
                continue
            own = sum(float(half[pick].sum()) for half, pick in zip(both, picks))
            other = sum(float(half[pick].sum()) for half, pick in zip(reversed(both), picks))
            fall = np.log(all_above / more)
            expected = 1 - fall * count / own
            lines.append(f"| x {'odd' if x else 'even'}, y {'odd' if y else 'even'} | {low} to {high} sigma | {count} | {other / own:.2f} | {expected:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: halves.py STATE")
    print(table(sys.argv[1]))
