"""The article's statistic (section 1), by the recurrence of Welford (1962)."""

import os

import numpy as np
from PIL import Image


def welford(paths):
    """(number of photos, mean, M2) of every subpixel, float64 [y, x, channel], photo by photo in path order."""
    n, mean, M2 = 0, None, None
    for path in sorted(paths, key=os.fsencode):
        with Image.open(path) as image:
            values = np.asarray(image.convert("RGB"), np.float64)
        if mean is None:
            mean, M2 = np.zeros_like(values), np.zeros_like(values)
        n += 1
        before = values - mean
        mean += before / n
        M2 += before * (values - mean)
    return n, mean, M2


def subpixel(M2, mean, index):
    y, x, channel = (int(i) for i in np.unravel_index(index, M2.shape))
    return {"value": float(M2[y, x, channel]), "mean": float(mean[y, x, channel]), "x": x, "y": y, "channel": channel}


def lowest(M2, count):
    """Flat indices of the lowest values; equal ones by y, x, channel (which is the order of the array)."""
    values = M2.ravel()
    limit = np.partition(values, count - 1)[count - 1]
    index = np.flatnonzero(values <= limit)
    return index[np.argsort(values[index], kind="stable")][:count]


def summary(n, mean, M2, rank=10):
    """min, max, mean and the `rank` lowest of M2, as `hotpix variance` prints them."""
    return {
        "width": M2.shape[1],
        "height": M2.shape[0],
        "photos_used": n,
        "min": subpixel(M2, mean, M2.argmin()),
        "max": subpixel(M2, mean, M2.argmax()),
        "mean_m2": float(M2.mean()),
        "lowest": [subpixel(M2, mean, i) for i in lowest(M2, min(rank, M2.size))],
    }


def integer_sums(paths):
    """(sum, sum of squares) of every subpixel, int64."""
    total, squares = 0, 0
    for path in paths:
        with Image.open(path) as image:
            values = np.asarray(image.convert("RGB"), np.int64)
        total, squares = total + values, squares + values * values
    return total, squares
