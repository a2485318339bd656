"""Near-duplicates (section 2)."""

import numpy as np

from .maps import dilated

ROWS, COLUMNS, EVERY_ROW = 18, 28, 4
SIMILAR = 0.05
ENOUGH_PHOTOS = 5
FLAT_MOST, DARK_BELOW, RARE_CELLS = 5, 8, 5
BLACK_SHARE, INNER_LEAST = 128, ROWS * COLUMNS // 4


def thumbnail(plane):
    """18 x 28 means of the plane as 256ths of log2(mean + 1), int64; zeros where they show no scene."""
    cells = cells_of(plane)
    return np.zeros_like(cells) if is_dark(cells) or is_flat(cells) else cells


def cells_of(plane):
    height, width = plane.shape
    y = [i * height // ROWS for i in range(ROWS + 1)]
    x = [i * width // COLUMNS for i in range(COLUMNS + 1)]
    cells = np.empty((ROWS, COLUMNS), np.int64)
    for row in range(ROWS):
        for column in range(COLUMNS):
            cell = plane[y[row] : y[row + 1] : EVERY_ROW, x[column] : x[column + 1]]
            cells[row, column] = log2_in_256ths(65536 * int(cell.sum(dtype=np.int64)) // cell.size + 65536)
    return cells


def extremes(cells):
    """The least and the most, but for some."""
    ranked = np.sort(cells, axis=None)
    return ranked[RARE_CELLS], ranked[-1 - RARE_CELLS]


def is_flat(cells):
    """As bright all over."""
    least, most = extremes(cells)
    return most - least <= FLAT_MOST


def is_dark(cells):
    """Plainly dark, of 8 bits."""
    return extremes(cells)[1] < log2_in_256ths(65536 * (DARK_BELOW + 1))


def log2_in_256ths(number):
    """floor(256 log2(number)), exactly: 256 log2(M) = log2(M^256), and Python's integers have no end."""
    return (number**256).bit_length() - 1


def power_of_2(logarithm):
    """The least number of this logarithm or more."""
    low, high = 1, 2**32
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if log2_in_256ths(middle) < logarithm else (low, middle)
    return low


def black(cells):
    """Which cells are as dark as the darkest."""
    least, most = power_of_2(int(cells.min())), power_of_2(int(cells.max()))
    return cells <= log2_in_256ths(least + (most - least) // BLACK_SHARE)


def inner(a, b):
    """Which cells are compared where both have a black surround, or None."""
    both = black(a) & black(b)
    mask = ~dilated(both, 1)
    has_surround = both[0, 0] and both[0, -1] and both[-1, 0] and both[-1, -1]
    return mask if has_surround and mask.sum() >= INNER_LEAST else None


def distance(a, b):
    """D of two thumbnails. 0 for equal ones; infinite where one of two different ones has no variance or no scene."""
    if not a.any() or not b.any():
        return np.inf
    whole = distance_of(a, b)
    mask = inner(a, b) if whole < SIMILAR else None
    return whole if mask is None else distance_of(a[mask], b[mask])


def distance_of(a, b):
    a, b = a - a.mean(), b - b.mean()
    difference = np.mean((a - b) ** 2)
    return 0.0 if difference == 0 else difference / min_not_zero(np.mean(a * a), np.mean(b * b))


def min_not_zero(a, b):
    return min(a, b) or np.finfo(float).tiny


def choose(thumbnails, keep_similar=False):
    """Indices, in order, of the photos that count."""
    everything = list(range(len(thumbnails)))
    if keep_similar:
        return everything
    taken = []
    for i in everything:
        if all(distance(thumbnails[i], thumbnails[j]) >= SIMILAR for j in taken):
            taken.append(i)
    return taken if len(taken) >= ENOUGH_PHOTOS else everything


def effective_number(thumbnails):
    """n_eff: how many different scenes the photos amount to."""
    return sum(1 / sum(a is b or distance(a, b) < SIMILAR for b in thumbnails) for a in thumbnails)
