"""Borders, bars and strips of text (section 3, step 5)."""

import numpy as np

from .maps import lower_median

SAMPLED, STILL_DIVISOR, BLUR_MOST, BESIDE = 512, 8, 8, 3


def ranges(spans):
    """How far the samples of each row go over the photos, in the middle; spans: max - min."""
    every = 1 + spans.shape[1] // SAMPLED
    return [int(lower_median(row[::every])) for row in spans]


def width_of(of_rows):
    """From the first row on."""
    usual, half = int(lower_median(np.array(of_rows))), len(of_rows) // 2
    still = next((i for i in range(half) if STILL_DIVISOR * of_rows[i] > usual), half)
    first = next((i for i in range(still, half) if 2 * of_rows[i] >= usual), half)
    return first + BESIDE if still > 0 and first < half and first - still <= BLUR_MOST else 0


def find(sums):
    """(left, right, top, bottom), px."""
    spans = sums.max.astype(int) - sums.min
    rows, columns = ranges(spans), ranges(spans.T)
    return width_of(columns), width_of(columns[::-1]), width_of(rows), width_of(rows[::-1])


def mask(border, shape):
    left, right, top, bottom = border
    inside = np.zeros(shape, bool)
    inside[top : shape[0] - bottom, left : shape[1] - right] = True
    return ~inside


def runs_along(border, line, shape):
    left, right, top, bottom = border
    first, last, count = (top, bottom, shape[0]) if line.is_row else (left, right, shape[1])
    return line.at < first or line.at + last >= count
