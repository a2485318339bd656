#!/usr/bin/python3
"""The program of the 2011 article, in our own words, as the measure for `hotpix variance`.

A pixel that is stuck changes less from photo to photo than any other. So: the variance of every RGB subpixel
over all photos, on line after Welford (1962), and the smallest is suspect. The photos are dealt to N processes;
their parts are combined after Chan, Golub and LeVeque (1979). Needs numpy and Pillow.

    article.py [-j N] PHOTO|PATTERN...
"""

import argparse
from glob import glob
import multiprocessing
import resource
import sys
import time

import numpy as np
from PIL import Image

CHANNELS = "RGB"
RANK = 10


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


def part(task):
    """(n, mean, M2, skipped, peak memory in MB) of some of the photos."""
    paths, shape = task
    n, mean, M2, skipped = 0, np.zeros(shape), np.zeros(shape), []
    for path in paths:
        values = pixels(path)
        if values.shape != shape:
            skipped.append(f"{path}: shapes don't match: {values.shape} against {shape}")
            continue
        n += 1
        difference = values - mean
        mean += difference / n
        M2 += difference * (values - mean)
    return n, mean, M2, skipped, memory_mb()


def combine(a, b):
    """(n, mean, M2) of two parts together."""
    (n_a, mean_a, M2_a), (n_b, mean_b, M2_b) = a, b
    if n_a == 0 or n_b == 0:
        return b if n_a == 0 else a
    n = n_a + n_b
    difference = mean_b - mean_a
    mean_a += difference * (n_b / n)
    M2_a += M2_b
    M2_a += difference * difference * (n_a * n_b / n)
    return n, mean_a, M2_a


def memory_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def deal(paths, hands):
    return [paths[i::hands] for i in range(hands)]


def describe(M2, index):
    y, x, channel = np.unravel_index(index, M2.shape)
    return f"{M2[y, x, channel]:16.6f}  x {x:5d}  y {y:5d}  {CHANNELS[channel]}"


def report(n, M2, started):
    print(f"{n} photos of {M2.shape[1]} x {M2.shape[0]}")
    print("min ", describe(M2, M2.argmin()))
    print("max ", describe(M2, M2.argmax()))
    print(f"mean {M2.mean():16.6f}")
    flat = M2.ravel()
    rank = min(RANK, flat.size)
    lowest = np.argpartition(flat, rank - 1)[:rank]
    for index in lowest[np.argsort(flat[lowest], kind="stable")]:
        print("low ", describe(M2, index))
    print(f"{time.monotonic() - started:.2f} seconds")


def main():
    started = time.monotonic()
    parser = argparse.ArgumentParser(description="Variance of every subpixel over photos of one camera.")
    parser.add_argument("-j", type=int, default=2, metavar="N", help="number of processes (default 2)")
    parser.add_argument("photos", nargs="+", metavar="PHOTO")
    options = parser.parse_args()

    paths = sorted(path for name in options.photos for path in (glob(name) or [name]))
    shape = pixels(paths[0]).shape
    tasks = [(hand, shape) for hand in deal(paths, options.j)]
    if options.j == 1:
        parts = [part(tasks[0])]
    else:
        with multiprocessing.Pool(options.j) as pool:
            parts = pool.map(part, tasks, chunksize=1)

    n, mean, M2 = parts[0][:3]
    for other in parts[1:]:
        n, mean, M2 = combine((n, mean, M2), other[:3])
    for line in (line for p in parts for line in p[3]):
        print(line, file=sys.stderr)
    report(n, M2, started)
    workers = [p[4] for p in parts]
    print(f"peak memory: workers {', '.join(f'{mb:.0f}' for mb in workers)} MB, this process {memory_mb():.0f} MB")


if __name__ == "__main__":
    main()
