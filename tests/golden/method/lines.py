"""Bad columns and rows (section 3, step 12)."""

from math import sqrt

import numpy as np

CHUNK, SAMPLED_CHUNKS = 16, 2**20
PIXEL_MOST, LEAST_SCORE = 3.0, 8.0
LEVELS = (1, 2, 4, 8)
LEAST_LENGTH, EDGE_REACH, EDGE = 32, 8, 2
NEAR, STEP_FROM, STEP_TO, STEP_MOST = 4, 5, 6, 2.0
HALVES_SHARE, ONE_PHOTO, FAINTEST, MANY_SCENES, Z_LIMIT = 1 / 3, 1.25, 0.4, 0.5, 64
STAMP_REACH, STAMP_DIVISOR, FAR_WORSE = 12, 8, 3.0
SPREAD_SHARE = 0.25


def lower_median(values):
    values = np.ravel(values)
    rank = (values.size - 1) // 2
    return np.partition(values, rank)[rank]


def best_run(values, level):
    """(start, end, level * gain) of the run of the largest sum of value - level / 2."""
    best, best_gain, first, gain = (0, 0), 0.0, 0, 0.0
    for i, value in enumerate(values):
        if gain <= 0:
            first, gain = i, 0.0
        gain += value - level / 2
        if gain > best_gain:
            best, best_gain = (first, i + 1), gain
    return *best, level * best_gain


class Line:
    """A column, or a row of a frame that was transposed."""

    def __init__(self, at, start, end, score, sign):
        self.at, self.start, self.end, self.score, self.sign = at, start, end, score, sign
        self.is_row = False
        self.residual = 0.0

    def along(self, values, offset=0):
        return values[self.start : self.end, self.at + offset]

    def strength(self):
        return abs(self.residual) * sqrt(self.end - self.start)


def chunks(z):
    """Sums of 16 values down each column, as multiples of their usual deviation: [chunk, column]."""
    count = z.shape[0] // CHUNK
    sums = np.clip(z[: count * CHUNK], -PIXEL_MOST, PIXEL_MOST).reshape(count, CHUNK, -1).sum(axis=1)
    return sums


def normalised(sums, as_stored, usual):
    """as_stored: the same in the order of which every k-th is sampled; usual: which of them are in no border."""
    flat = as_stored.ravel()
    every = max(1, flat.size // SAMPLED_CHUNKS)
    sample = flat[::every][usual.ravel()[::every]]
    centre = lower_median(sample)
    deviation = max(1.4826 * lower_median(np.abs(sample - centre)), 1e-3)
    return (sums - centre) / deviation


def refined(z, at, start, end, sign):
    """The same run to the pixel."""
    side = z.shape[0]
    low, high = max(start - 1, 0) * CHUNK, min((end + 1) * CHUNK, side)
    values = sign * np.clip(z[:, at], -PIXEL_MOST, PIXEL_MOST)
    first, last, _ = best_run(values[low:high], values[start * CHUNK : end * CHUNK].mean())
    first, last = first + low, last + low
    return 0 if first <= EDGE_REACH else first, side if last + EDGE_REACH >= side else last


def usual_chunks(shape, border):
    """Which chunks, and columns of them, lie in no border: two slices."""
    left, right, top, bottom = border
    first, last = -(-top // CHUNK), -(-bottom // CHUNK)
    if left + right >= shape[1] or first + last >= shape[0]:
        return slice(None), slice(None)
    return slice(first, shape[0] - last), slice(left, shape[1] - right)


def columns(z, is_transposed, border):
    sums = chunks(z)
    if sums.shape[0] == 0:
        return
    inner = usual_chunks(sums.shape, border)
    usual = np.zeros(sums.shape, bool)
    usual[inner] = True
    c = normalised(sums, *((sums.T, usual.T) if is_transposed else (sums, usual)))
    means = c[inner].mean(axis=0)
    pattern2 = max((1.4826 * lower_median(np.abs(means - lower_median(means)))) ** 2 - 1 / len(c[inner]), 0)
    for at in range(EDGE, z.shape[1] - EDGE):
        for sign in (-1, 1):
            start, end, gain = max((best_run(sign * c[:, at], level) for level in LEVELS), key=lambda run: run[2])
            if gain <= 0:
                continue
            length = end - start
            score = (sign * c[start:end, at]).mean() / sqrt(1 / length + pattern2) / LEAST_SCORE
            if score <= 1:
                continue
            first, last = refined(z, at, start, end, sign)
            if last - first >= LEAST_LENGTH:
                yield Line(at, first, last, score, sign)


def is_line(line, z, one_photo, sums, share, mean_residual, Y):
    """sums: (n, n of the odd half, S1, S1h), the arrays turned as z is."""
    n, odd, S1, S1h = sums
    sign = line.sign
    line.residual = float(lower_median(line.along(mean_residual)))
    if line.residual * sign <= 0:
        return False
    margin = FAINTEST if 1 <= odd <= n - 1 and share >= MANY_SCENES else ONE_PHOTO
    if sign * lower_median(line.along(z)) * share <= margin * one_photo:
        return False
    if 1 <= odd <= n - 1:
        least = HALVES_SHARE * sign * lower_median(line.along(S1)) / n
        halves = lower_median(line.along(S1h)) / odd, lower_median(line.along(S1 - S1h)) / (n - odd)
        if any(sign * half < least for half in halves):
            return False
    last = z.shape[1] - 1
    difference = np.mean([
        lower_median(line.along(Y, min(line.at + k, last) - line.at)) - lower_median(line.along(Y, max(line.at - k, 0) - line.at))
        for k in range(STEP_FROM, STEP_TO + 1)
    ])  # fmt: skip
    return abs(difference) <= STEP_MOST * abs(line.residual)


def find(z, factor, sums, effective_share, border):
    """Lines, strongest first. z: the normalised map; factor: from S1 to it, typically."""
    left, right, top, bottom = border
    mean_residual, Y = (sums.Sx - sums.Se) / sums.n, sums.Sx / sums.n
    found = []
    for is_row in (False, True):
        turn = np.transpose if is_row else np.asarray
        own = (sums.n, sums.n_half, turn(sums.S1), turn(sums.S1h))
        for line in columns(turn(z), is_row, (top, bottom, left, right) if is_row else border):
            line.is_row = is_row
            if is_line(line, turn(z), Z_LIMIT * factor, own, effective_share, turn(mean_residual), turn(Y)):
                found.append(line)
    found.sort(key=lambda line: (-line.strength(), line.is_row, line.at))
    kept = []
    for line in found:
        if not any(is_trace(line, other) for other in kept):
            kept.append(line)
    return kept


def overlap(line, other):
    return line.is_row == other.is_row and line.start < other.end and other.start < line.end


def is_trace(line, stronger):
    return overlap(line, stronger) and abs(line.at - stronger.at) <= NEAR


def is_inside(line, shape):
    return line.start > 0 and line.end < shape[line.is_row]


def has_twin(line, kept, shape):
    """Whether another line runs beside it, and none of the two ends at the frame's edge."""
    return any(
        overlap(line, other) and NEAR < abs(line.at - other.at) <= STAMP_REACH and is_inside(line, shape) and is_inside(other, shape)
        for other in kept
    )


def around(line, reach, shape):
    """The window of all that is at most `reach` px across from a line."""
    across, along = slice(max(line.at - reach, 0), line.at + reach + 1), slice(line.start, line.end)
    return (across, along) if line.is_row else (along, across)


def flags(kept, mean_residual, shape):
    """Which pixels belong to the lines."""
    mask = np.zeros(shape, bool)
    for line in kept:
        window = around(line, NEAR, shape)
        mask[window] |= np.abs(mean_residual[window]) <= FAR_WORSE * abs(line.residual)
    return mask


def take(kept, S, sums):
    """(lines that are no strokes of a stamp, mask of the pixels that are theirs)."""
    mean_residual = (sums.Sx - sums.Se) / sums.n
    marks = np.abs(S) > 0.6
    mask = flags(kept, mean_residual, S.shape)
    left = []
    for line in kept:
        beside = marks & ~mask
        beside[around(line, NEAR, S.shape)] = False
        is_stamp = beside[around(line, STAMP_REACH, S.shape)].sum() * STAMP_DIVISOR > line.end - line.start
        if not is_stamp and not has_twin(line, kept, S.shape):
            left.append(line)
    return left, flags(left, mean_residual, S.shape)


def box(line, mean_residual):
    turned = mean_residual.T if line.is_row else mean_residual
    reach = [0, 0]
    for side, step in enumerate((-1, 1)):
        while reach[side] < NEAR:
            at = line.at + step * (reach[side] + 1)
            if not 0 <= at < turned.shape[1]:
                break
            if lower_median(turned[line.start : line.end, at]) / line.residual < SPREAD_SHARE:
                break
            reach[side] += 1
    first, width, length = line.at - reach[0], sum(reach) + 1, line.end - line.start
    corner = [line.start, first, length, width] if line.is_row else [first, line.start, width, length]
    return [int(v) for v in corner]
