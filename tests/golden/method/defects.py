"""The list of defects (section 3, steps 8 to 10), and the whole scan."""

from collections import Counter
from math import sqrt

import numpy as np

from . import beside, border as border_of, lines, maps, peaks, photo, similar, sums as sums_of, tail as tail_of

CERTAIN = 1.2
FALSE_RATE, FEW_SCENES = 0.1, 0.5
KINDS = ("hot", "stuck", "dead", "weak")
STUCK_VARIANCE, STUCK_SLOPE, DEAD_MEAN = 0.20, 0.45, 55
OVERSHOOT_VARIANCE, OVERSHOOT_SLOPE, OFF_THE_LINE = 0.6, -0.20, 0.05
BOX_REACH, BOX_SHARE = 6, 0.15


def moments(sums, at):
    """(mean x, m, Var(x), Var(e), Cov(x, e)) of a pixel over the photos, from its integer sums.

    n sum(x^2) - sum(x)^2 is an exact integer, so a pixel that never changes has variance 0, not nearly 0.
    """
    n, x, e, xx, ee, xe = (int(v) for v in (sums.n, *(s[at] for s in (sums.Sx, sums.Se, sums.Sxx, sums.See, sums.Sxe))))
    square = n * n
    return x / n, (x - e) / n, (n * xx - x * x) / square, (n * ee - e * e) / square, (n * xe - x * e) / square


def kind(mean_x, m, var_x, var_e, covariance):
    """hot, weak, stuck or dead."""
    if var_e == 0:
        return "hot" if m >= 0 else "weak"
    slope, ratio = covariance / var_e, var_x / var_e
    if m >= 0:
        is_stuck = ratio < OVERSHOOT_VARIANCE and slope < STUCK_SLOPE and ratio - slope * slope < OFF_THE_LINE
        return "stuck" if is_stuck else "hot"
    overshoots = slope < OVERSHOOT_SLOPE
    if not (ratio < STUCK_VARIANCE and slope < STUCK_SLOPE or ratio < OVERSHOOT_VARIANCE and overshoots):
        return "weak"
    return "dead" if mean_x < DEAD_MEAN and not overshoots else "stuck"


def box(S, mean_residual, at):
    """[x, y, width, height] of the connected pixels the defect shows in."""
    m = mean_residual[at]
    window = peaks.square(*at, BOX_REACH, S.shape)
    residual = mean_residual[window]
    belongs = (residual * m > 0) & (np.abs(residual) >= BOX_SHARE * abs(m)) & (np.abs(S[window]) > peaks.AREA_SCORE)
    corner = window[0].start, window[1].start
    peak = at[0] - corner[0], at[1] - corner[1]
    reached = np.zeros_like(belongs)
    reached[peak] = True
    while True:
        grown = reached | (maps.dilated(reached, 1) & belongs)
        if (grown == reached).all():
            break
        reached = grown
    y, x = np.nonzero(reached)
    return [int(v) for v in (corner[1] + x.min(), corner[0] + y.min(), np.ptp(x) + 1, np.ptp(y) + 1)]


def defect(sums, S, mean_residual, scale, at):
    mean_x, m, var_x, var_e, covariance = moments(sums, at)
    tail, factor, least = scale
    lowered = abs(float(S[at])) * factor
    return {
        "x": at[1],
        "y": at[0],
        "shape": "pixel",
        "kind": kind(mean_x, m, var_x, var_e, covariance),
        "grade": "certain" if lowered / least > CERTAIN else "probable",
        "score": lowered / least,
        "expected_false": tail.expected(lowered),
        "mean": m,
        "deviation": sqrt(max(var_x + var_e - 2 * covariance, 0)),
        "box": box(S, mean_residual, at),
    }


def line_defect(sums, mean_residual, line):
    """A column or row: its place is the middle, its kind that of most of its pixels."""
    middle = line.start + (line.end - line.start - 1) // 2
    at = (line.at, middle) if line.is_row else (middle, line.at)
    along = [(line.at, i) if line.is_row else (i, line.at) for i in range(line.start, line.end)]
    counts = Counter(kind(*moments(sums, pixel)) for pixel in along)
    _, _, var_x, var_e, covariance = moments(sums, at)
    return {
        "x": at[1],
        "y": at[0],
        "shape": "row" if line.is_row else "column",
        "kind": max(KINDS, key=lambda name: counts[name]),
        "grade": "certain" if line.score > CERTAIN else "probable",
        "score": float(line.score),
        "mean": line.residual,
        "deviation": sqrt(max(var_x + var_e - 2 * covariance, 0)),
        "box": lines.box(line, mean_residual),
    }


def detect(sums, effective_number, dark):
    """What step 3 makes of the sums: {"thresholds", "overlays", "dust", "checks", "defects", "negative"}."""
    border = border_of.find(sums)
    normal, least, z_factor = maps.maps(sums, ~border_of.mask(border, sums.shape))
    found_lines = lines.find(normal["z"], z_factor, sums, effective_number / sums.n, border)
    limits = maps.thresholds(normal, least, maps.highest_z(z_factor, sums.n, dark))
    S = maps.score(normal, limits, sums, effective_number)
    share = effective_number / sums.n
    factor = sqrt(share) if share < FEW_SCENES else 1
    mean_residual = (sums.Sx - sums.Se) / sums.n
    found_lines = [line for line in found_lines if not border_of.runs_along(border, line, S.shape)]
    found_lines, in_line = lines.take(found_lines, S, sums)
    in_line |= border_of.mask(border, S.shape)
    overlay, overlay_count = peaks.overlays(S, in_line)
    overlay_count += any(border)
    Y = sums.Sx / sums.n
    excluded = overlay | in_line
    tail = tail_of.fit(S, excluded)
    least = tail.score(FALSE_RATE)
    every = peaks.peaks(S, mean_residual, excluded, least / factor)
    soft = [at for at in every if peaks.is_soft_spot(Y, at, np.sign(S[at]))]
    found = [at for at in every if at not in soft and not peaks.is_corner(Y, at, mean_residual[at])]
    is_stamped = peaks.stamped(S, Y, overlay, found)
    if is_stamped:
        soft, found = ([at for at in some if not is_stamped(at)] for some in (soft, found))
        overlay_count = max(overlay_count, 1)
    pixels = [defect(sums, S, mean_residual, (tail, factor, least), at) for at in sorted(found)]
    return {
        "thresholds": limits,
        "overlays": overlay_count,
        "dust": beside.dust(Y, [(at, np.sign(S[at])) for at in soft]),
        "checks": beside.checks(sums, normal["z"], z_factor, pixels),
        "defects": pixels
        + [line_defect(sums, mean_residual, line) for line in found_lines],
        "negative": sum(bool(S[at] < 0) for at in found),
    }


def scan(paths, keep_similar=False):
    """Everything: the photos of one camera in, a dictionary as of `reference.py scan` out."""
    photos = photo.read_all(paths)
    thumbnails = [similar.thumbnail(p.plane()) for p in photos]
    taken = similar.choose(thumbnails, keep_similar)
    sums = sums_of.accumulate(photos[i] for i in taken)
    effective_number = similar.effective_number([thumbnails[i] for i in taken])
    result = {
        "width": sums.shape[1],
        "height": sums.shape[0],
        "photos_used": sums.n,
        "effective_number": effective_number,
    }
    dark = all(similar.is_dark(similar.cells_of(photos[i].plane())) for i in taken)
    return result | detect(sums, effective_number, dark)
