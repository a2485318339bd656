"""Borders, bars and strips of text (section 3, step 5)."""

import numpy as np

from .maps import lower_median

SAMPLED, STILL_DIVISOR, STILL_PERCENT, BLUR_MOST, BESIDE = 512, 8, 90, 8, 3


def width_of(spans):
    """From the first row on; spans: max - min of each pixel over the photos."""
    sample = spans[:, :: 1 + spans.shape[1] // SAMPLED]
    middle = np.array([int(lower_median(row)) for row in sample])
    usual, half = int(lower_median(middle)), len(middle) // 2

    def is_still(row):
        return STILL_PERCENT * row.size <= 100 * (STILL_DIVISOR * row <= usual).sum()

    still = next((i for i in range(half) if not is_still(sample[i])), half)
    first = next((i for i in range(still, half) if 2 * middle[i] >= usual), half)
    return first + BESIDE if still > 0 and first < half and first - still <= BLUR_MOST else 0


def find(sums):
    """(left, right, top, bottom), px."""
    spans = sums.max.astype(int) - sums.min
    return tuple(width_of(turned) for turned in (spans.T, spans.T[::-1], spans, spans[::-1]))


def mask(border, shape):
    left, right, top, bottom = border
    inside = np.zeros(shape, bool)
    inside[top : shape[0] - bottom, left : shape[1] - right] = True
    return ~inside


def runs_along(border, line, shape):
    left, right, top, bottom = border
    first, last, count = (top, bottom, shape[0]) if line.is_row else (left, right, shape[1])
    return line.at < first or line.at + last >= count
