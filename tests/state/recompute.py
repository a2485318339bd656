#!/usr/bin/python3
"""
Opens states with astropy and computes the mean and M2 of some pixels from the sums and from the photos themselves:
recompute.py SCAN-STATE VARIANCE-STATE PHOTO...
"""
import sys
import warnings

from astropy.io import fits
import numpy as np
from PIL import Image
import xxhash

warnings.simplefilter("error")


def luma(path):
    with Image.open(path) as image:
        image.draft("L", image.size)
        return np.asarray(image).astype(np.int64)


def colours(path):
    with Image.open(path) as image:
        return np.moveaxis(np.asarray(image), 2, 0).astype(np.int64)


def compare(total, squares, photos):
    """Mean and M2 of every number, from its sums and from the photos."""
    n = len(photos)
    mean, m2 = photos.mean(axis=0), photos.var(axis=0) * n
    rng = np.random.default_rng(1)
    for _ in range(200):
        at = tuple(rng.integers(size) for size in total.shape)
        s, ss = int(total[at]), int(squares[at])
        assert abs(s / n - mean[at]) < 1e-9, (at, s, mean[at])
        assert abs((n * ss - s * s) / n - m2[at]) < 1e-6 * max(1, m2[at]), (at, m2[at])


def check_table(table, paths):
    rows = table.data
    assert list(rows["PATH"]) == sorted(paths), rows["PATH"]
    for row in rows:
        with open(row["PATH"], "rb") as file:
            data = file.read()
        assert row["HASH"] == xxhash.xxh3_128_hexdigest(data), row["PATH"]
        assert row["VERDICT"] == "taken"
        assert row["THUMB"].shape == (18, 28)
    assert rows["THUMB"].dtype == np.uint16


def main(scan, variance, *paths):
    with fits.open(scan, checksum=True, uint=True) as state:
        state.verify("exception")
        assert state[0].header["NPHOTOS"] == len(paths)
        assert [part.name for part in state[1:]] == "S1 ST SG S1H S2 SX SE SXX SEE SXE MIN MAX PHOTOS".split()
        photos = np.array([luma(path) for path in paths])
        compare(state["SX"].data, state["SXX"].data, photos)
        assert (state["MIN"].data == photos.min(axis=0)).all()
        assert (state["MAX"].data == photos.max(axis=0)).all()
        check_table(state["PHOTOS"], paths)
    with fits.open(variance, checksum=True, uint=True) as state:
        state.verify("exception")
        photos = np.array([colours(path) for path in paths])
        assert state["SUM"].data.shape == photos.shape[1:]
        compare(state["SUM"].data, state["SQUARES"].data, photos)
        check_table(state["PHOTOS"], paths)


main(*sys.argv[1:])
