"""One pass over the photos (section 2): every photo changes the sums by integers only."""

from math import floor, sqrt

import numpy as np

EDGE_STEP = 4
RING = [(dy, dx) for dy in (-2, 0, 2) for dx in (-2, 0, 2) if (dy, dx) != (0, 0)]
SIGMA_FLOOR = np.float32(1)  # DN, of 8 bit samples
WEIGHT_SCALE = 16  # K, of 8 bit samples
Z_UNIT, Z_LIMIT = 16, 64


def shifted(length, offset):
    """The index i + offset for every i of an axis; outside the frame, EDGE_STEP inwards."""
    index = np.arange(length) + offset
    index[index < 0] += EDGE_STEP
    index[index >= length] -= EDGE_STEP
    return index


def ring(plane):
    """The eight neighbours of every pixel, in ascending order: an array of shape (8, height, width)."""
    height, width = plane.shape
    neighbours = [plane[np.ix_(shifted(height, dy), shifted(width, dx))] for dy, dx in RING]
    return np.sort(neighbours, axis=0)


def residual(plane):
    """(e, q, r), int16: what the ring expects, its spread, and what the pixel has beyond it."""
    s = ring(plane).astype(np.int16)
    e = (s[3] + s[4] + 1) >> 1
    return e, s[6] - s[1], plane - e


def differences(plane):
    """g: the sum of |a - b| over the four pairs of pixels opposite to each other beside each one, int16."""
    height, width = plane.shape

    def beside(dy, dx):
        return plane[np.ix_(shifted(height, dy), shifted(width, dx))].astype(np.int16)

    return sum(np.abs(beside(dy, dx) - beside(-dy, -dx)) for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)))


def sigma(r):
    """Noise of a photo in DN, float32: from the rows 8, 24, 40, ..."""
    sample = np.abs(r[8::16]).ravel()
    # The smallest m with 2 #{|r| <= m} >= k is the one of 0-based rank ceil(k/2) - 1 = (k - 1) // 2.
    rank = (sample.size - 1) // 2
    median = np.partition(sample, rank)[rank]
    return max(SIGMA_FLOOR, np.float32(1.4826) * np.float32(median))


def z(r, q, g, noise):
    """Sixteenths of 3/4 of a sigma, int16: float32 throughout, one division, rounded to nearest even."""
    divisor = np.float32(24) * noise + (12 * q + 3 * g).astype(np.float32)
    ratio = (32 * Z_UNIT * r.astype(np.int32)).astype(np.float32) / divisor
    return np.clip(np.rint(ratio), -Z_LIMIT, Z_LIMIT).astype(np.int16)


def weights(exposure_s, gain, noise):
    """(wt, wg): of a photo for pixels that grow with exposure and gain, and with gain alone."""
    noise = float(noise)
    dark_current = WEIGHT_SCALE * gain * sqrt(60 * exposure_s) / noise
    offset = WEIGHT_SCALE * gain / noise
    # The numbers are positive, so halves away from zero are halves up.
    return tuple(int(min(max(floor(w + 0.5), 1), 255)) for w in (dark_current, offset))


class Sums:
    """All sums of a set of photos. The arrays are int64, or uint8 for the extremes."""

    def __init__(self, shape):
        self.shape = shape
        self.n = 0
        self.n_half = 0  # photos whose content hash is odd
        self.weights_t = 0  # sum of wt^2
        self.heaviest_t = self.heaviest_g = 0  # largest wt and wg
        self.weights_g = 0  # sum of wg^2
        self.S1, self.St, self.Sg, self.S2, self.S1h = np.zeros((5, *shape), np.int64)
        self.Sx, self.Sxx, self.Se, self.See, self.Sxe = np.zeros((5, *shape), np.int64)
        self.min = np.full(shape, 255, np.uint8)
        self.max = np.zeros(shape, np.uint8)

    def add(self, plane, exposure_s, gain, is_odd):
        e, q, r = residual(plane)
        noise = sigma(r)
        wt, wg = weights(exposure_s, gain, noise)
        zi = z(r, q, differences(plane), noise).astype(np.int64)
        x, e = plane.astype(np.int64), e.astype(np.int64)

        self.n += 1
        self.weights_t += wt * wt
        self.heaviest_t, self.heaviest_g = max(self.heaviest_t, wt), max(self.heaviest_g, wg)
        self.weights_g += wg * wg
        self.S1 += zi
        self.St += wt * zi
        self.Sg += wg * zi
        self.S2 += zi * zi
        if is_odd:
            self.n_half += 1
            self.S1h += zi
        self.Sx += x
        self.Sxx += x * x
        self.Se += e
        self.See += e * e
        self.Sxe += x * e
        np.minimum(self.min, plane, out=self.min)
        np.maximum(self.max, plane, out=self.max)


def accumulate(photos):
    """The sums over photos (of method.photo)."""
    total = None
    for photo in photos:
        plane = photo.plane()
        if total is None:
            total = Sums(plane.shape)
        total.add(plane, photo.exposure_s, photo.gain, bool(photo.hash & 1))
    return total
