"""From the score to single pixels (section 3, steps 5 to 7)."""

import numpy as np

AREA_SCORE, AREA_REACH, AREA_PIXELS, AREA_SPAN = 0.6, 3, 30, 16
# (within px, below this share of the stronger peak's |mean residual|)
GHOST_RULES = [(3, np.inf), (8, 1 / 2), (16, 1 / 4)]
SOFT_WIDTH = 0.55
STROKE_SHARE, STROKE_LEAST, LEAST_STROKES = 0.6, 1.5, 2
CELL, STROKES_REACH, OVERLAY_REACH, STAMP_REACH = 16, 2, 1, 1


def overlays(S, in_line):
    """(mask, number of areas): large and wide areas of |S| > 0.6 outside of lines are date stamps or borders."""
    mask = np.zeros(S.shape, bool)
    unseen = {tuple(p) for p in np.argwhere((np.abs(S) > AREA_SCORE) & ~in_line).tolist()}
    reach = range(-AREA_REACH, AREA_REACH + 1)
    count = 0
    while unseen:
        area = [unseen.pop()]
        for y, x in area:  # grows while it is walked
            near = [(y + dy, x + dx) for dy in reach for dx in reach if (y + dy, x + dx) in unseen]
            unseen.difference_update(near)
            area.extend(near)
        span = np.ptp(area, axis=0).max() + 1
        if len(area) > AREA_PIXELS and span > AREA_SPAN:
            mask[tuple(np.transpose(area))] = True
            count += 1
    return mask, count


def square(y, x, radius, shape):
    """The window of `radius` px around a pixel, cut at the frame."""
    return np.s_[max(y - radius, 0) : min(y + radius + 1, shape[0]), max(x - radius, 0) : min(x + radius + 1, shape[1])]


def is_peak(strength, y, x):
    """Whether a pixel is the largest of its 5x5; of equal ones the first in row order is."""
    around = strength[square(y, x, 2, strength.shape)]
    if around.max() > strength[y, x]:
        return False
    first = np.argwhere(around == strength[y, x])[0] + (max(y - 2, 0), max(x - 2, 0))
    return tuple(first) == (y, x)


def is_ghost(at, m, kept):
    """Whether a peak at (y, x) with mean residual m is but the ghost of a stronger one."""
    for (y, x), stronger in kept:
        away = max(abs(at[0] - y), abs(at[1] - x))
        if any(away <= px and abs(m) < share * abs(stronger) for px, share in GHOST_RULES[1:]):
            return True
        if away <= GHOST_RULES[0][0]:
            return True
    return False


def peaks(S, mean_residual, excluded, least):
    """[(y, x)]: candidates that are single pixels, strongest first."""
    strength = np.abs(S)
    candidates = [(y, x) for y, x in np.argwhere((strength > least) & ~excluded).tolist() if is_peak(strength, y, x)]
    candidates.sort(key=lambda at: (-strength[at], at))
    kept = []
    for at in candidates:
        m = mean_residual[at]
        if not is_ghost(at, m, kept):
            kept.append((at, m))
    return [at for at, _ in kept]


def rings_around(Y, at, *distances):
    """The values of Y on the square rings at the given distances from a pixel, inside the frame."""
    window = square(*at, max(distances), Y.shape)
    y, x = np.mgrid[window]
    away = np.maximum(np.abs(y - at[0]), np.abs(x - at[1]))
    return Y[window][np.isin(away, distances)]


def is_soft_spot(Y, at, sign):
    """Whether a peak of the mean image Y is as wide as the shadow of dust."""
    base = np.median(rings_around(Y, at, 5))
    height = Y[at] - base
    if np.sign(height) != sign:
        return False
    width = (rings_around(Y, at, 1).mean() - base) / height
    around = rings_around(Y, at, 4, 5)
    noise = 1.4826 * np.median(np.abs(around - np.median(around)))
    return width - noise / abs(height) > SOFT_WIDTH


def is_corner(Y, at, m):
    """Whether the mean image has a peak's level in one quarter of its surroundings, and another around it: m is its mean residual."""
    y, x = at

    def fall(dx, dy):
        inside = 0 <= y + dy < Y.shape[0] and 0 <= x + dx < Y.shape[1]
        return (Y[at] - Y[y + dy, x + dx]) / m if inside else np.nan

    def is_quarter(sx, sy):
        steps = [(k * sx, k * sy) for k in (3, 4)]
        inside = [fall(*step) for dx, dy in steps for step in ((dx, dy), (dx, 0), (0, dy))]
        outside = [fall(*step) for dx, dy in steps for step in ((-dx, -dy), (-dx, 0), (0, -dy))]
        return max(map(abs, inside)) <= 0.5 < min(outside) and max(outside) - min(outside) <= 0.1

    return any(is_quarter(sx, sy) for sx in (-1, 1) for sy in (-1, 1))


def is_stroke(Y, at):
    """Whether a peak goes on beside it, one and two pixels away."""
    base = np.median(rings_around(Y, at, 5))
    peak = Y[at] - base
    return peak != 0 and all(((rings_around(Y, at, distance) - base) / peak).max() > STROKE_SHARE for distance in (1, 2))


def stamped(S, Y, overlay, found):
    """What tells whether a place is part of a stamp, or None; found: peaks that are neither soft spots nor corners."""
    grid = S.shape[0] // CELL + 1, S.shape[1] // CELL + 1
    strokes, overlays, stamp = np.zeros(grid, int), np.zeros(grid, bool), np.zeros(grid, bool)
    y, x = np.nonzero(overlay)
    overlays[y // CELL, x // CELL] = True
    like = [at for at in found if is_stroke(Y, at)]
    strong = [at for at in like if abs(S[at]) >= STROKE_LEAST]

    def around(cells, at, reach):
        return cells[square(at[0] // CELL, at[1] // CELL, reach, grid)]

    for y, x in strong:
        strokes[y // CELL, x // CELL] += 1
    for at in like:
        beside = around(overlays, at, OVERLAY_REACH).any()
        if beside or (at in strong and around(strokes, at, STROKES_REACH).sum() >= LEAST_STROKES):
            stamp[at[0] // CELL, at[1] // CELL] = True
    return (lambda at: around(stamp, at, STAMP_REACH).any()) if stamp.any() else None
