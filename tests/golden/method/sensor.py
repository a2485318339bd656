"""z of a sensor's own samples (section 2): held to the light, and to what is beside the pixel."""

import numpy as np

SEARCH = 4  # px each way in which pixels of the same colour are looked for
RESPONSE2 = np.float32(0.02 * 0.02)
LIGHT_LEAST = 4  # sigma
BLACK_SHARE = 256
LARGER_MOST = np.float32(48)
Z_UNIT, Z_LIMIT = 64, 64


def ring_of(cfa, y, x):
    """The (dy, dx) of the eight nearest of the colour at (y, x); cfa: the colours of one period, [y, x]."""
    height, width = cfa.shape
    around = [
        (dy * dy + dx * dx, dy, dx)
        for dy in range(-SEARCH, SEARCH + 1)
        for dx in range(-SEARCH, SEARCH + 1)
        if (dy or dx) and cfa[(y + dy) % height, (x + dx) % width] == cfa[y % height, x % width]
    ]
    return [(dy, dx) for _, dy, dx in sorted(around)[:8]]


def rings_of(cfa):
    """Of every phase, in rows; without a mosaic the eight beside."""
    if cfa.size == 1:
        return [[[(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]]]
    return [[ring_of(cfa, y, x) for x in range(cfa.shape[1])] for y in range(cfa.shape[0])]


def edge_step(cfa, reach):
    """The least multiple of both periods that is twice the reach or more."""
    period = int(np.lcm(*cfa.shape))
    return -(-2 * reach // period) * period


def inside(length, pad, step):
    """Where the samples from -pad to length + pad - 1 are taken from."""
    index = np.arange(-pad, length + pad)
    index[index < 0] += step
    index[index >= length] -= step
    return index


def residual(plane, cfa):
    """(e, q, r) of all pixels and of those 1 px beyond the frame, int32."""
    rings = rings_of(cfa)
    reach = max(max(abs(dy), abs(dx)) for row in rings for ring in row for dy, dx in ring)
    pad, step = reach + 1, edge_step(cfa, reach)
    height, width = plane.shape
    wide = plane[np.ix_(inside(height, pad, step), inside(width, pad, step))].astype(np.int32)
    e, q = np.zeros((2, height + 2, width + 2), np.int32)
    for y, row in enumerate(rings):
        for x, ring in enumerate(row):
            # The first row and column of e are those of -1.
            ys = np.arange((y + 1) % len(rings), height + 2, len(rings))
            xs = np.arange((x + 1) % len(row), width + 2, len(row))
            s = np.sort([wide[np.ix_(ys + reach + dy, xs + reach + dx)] for dy, dx in ring], axis=0)
            e[np.ix_(ys, xs)] = (s[3] + s[4] + 1) >> 1
            q[np.ix_(ys, xs)] = s[6] - s[1]
    return e, q, wide[reach : reach + height + 2, reach : reach + width + 2] - e


def quantile(values, share):
    """The least value that one in `share` is not above."""
    ordered = np.sort(values, axis=None)
    return int(ordered[-(-ordered.size // share) - 1])


def variance(e, sampled, black, sigma, floor_dn):
    """V of every pixel, float32. sampled: the e of the rows that sigma is from."""
    if not black:
        black = quantile(sampled, BLACK_SHARE)
    square, light = float(sigma) ** 2, max(0, quantile(sampled, 2) - black)
    if light < LIGHT_LEAST * float(sigma):
        return np.full(e.shape, np.float32(square))
    dark = max(floor_dn**2, square / 16)
    by_light = np.float32((square - dark) / light)
    over = np.maximum(e - black, 0).astype(np.float32)
    return np.float32(dark) + over * (by_light + over * RESPONSE2)


def restless(squares, dy, dx, v):
    """Of the two pixels opposite to each other at (dy, dx)."""
    height, width = v.shape

    def at(y, x):
        return squares[1 + y : 1 + y + height, 1 + x : 1 + x + width]

    a, b = at(dy, dx), at(-dy, -dx)
    return np.float32(8) * np.minimum(a, b) + np.minimum(np.maximum(a, b), LARGER_MOST * v)


def z(plane, cfa, black, floor_dn):
    """(z, int32; sigma, float32) of a photo. black: the mean of the CFA's sites, DN; 0: unknown."""
    e, q, r = residual(plane, cfa)
    squares = r.astype(np.float32) ** 2
    e, q, r = e[1:-1, 1:-1], q[1:-1, 1:-1], r[1:-1, 1:-1]
    every = 17 if cfa.size > 1 else 16
    sigma = max(np.float32(floor_dn), np.float32(1.4826) * np.float32(quantile(np.abs(r[8::every]), 2)))
    v = variance(e, e[8::every], black, sigma, floor_dn)
    straight = restless(squares, 0, -1, v) + restless(squares, -1, 0, v)
    across = restless(squares, -1, -1, v) + restless(squares, -1, 1, v)
    divisor = np.float32(4) * np.sqrt(v + (straight + across) / np.float32(16)) + q.astype(np.float32)
    exact = np.float32(Z_UNIT) * (r.astype(np.float32) / divisor)
    return np.clip(np.rint(exact), -Z_LIMIT, Z_LIMIT).astype(np.int32), sigma
