"""What stands beside the list (section 4): dust, and the checks that need no halves."""

import numpy as np

from . import peaks

DUST_REACH = 24  # px: the ring that is taken to be without dust; nearer spots are one
MOST, STEADY, UNSTEADY = 64, 60, 0.35
TURNED_MOST = 6


def dust(Y, soft):
    """Dark soft spots, one within 24 px. soft: [(y, x)], strongest first, with their sign."""
    spots = []
    for (y, x), sign in soft:
        if sign > 0 or any(abs(s["x"] - x) < DUST_REACH and abs(s["y"] - y) < DUST_REACH for s in spots):
            continue
        rings = [np.median(peaks.rings_around(Y, (y, x), d)) for d in range(1, DUST_REACH + 1)]
        base = rings[-1]
        depth = rings[0] - base
        if depth < 0:
            wide = next((d for d, ring in enumerate(rings[:-1], 1) if ring - base >= depth / 2), DUST_REACH)
            spots.append({"x": x, "y": y, "diameter": 2 * wide, "mean": depth})
    return sorted(spots, key=lambda s: (s["y"], s["x"]))


def largest_share(values, number):
    return np.bincount(values, minlength=number).max() / len(values)


def is_unsteady(sums, noise, at):
    mean = abs(int(sums.S1[at])) / sums.n
    return mean < STEADY and int(sums.S2[at]) / sums.n - mean**2 - noise > UNSTEADY * mean * (MOST - mean)


def turned(z, certain):
    """How far the places stand out together that certain pixels come to lie at by turning; of frames that are not square."""
    height, width = z.shape
    places = [(height - 1 - d["y"], width - 1 - d["x"], np.sign(d["mean"])) for d in certain]
    places = [p for p, d in zip(places, certain) if p[:2] != (d["y"], d["x"])]
    total = sum(sign * np.clip(z[y, x], -TURNED_MOST, TURNED_MOST) for y, x, sign in places)
    return max(0, total / np.sqrt(len(places))) if len(places) > 1 else 0


def checks(sums, z, factor, pixels):
    """pixels: defects that are no lines; factor: what S1 is typically multiplied by in z."""
    if not pixels:
        return {}
    x, y = (np.array([d[name] for d in pixels]) for name in ("x", "y"))
    certain = [d for d in pixels if d["grade"] == "certain"]
    noise = 1 / (factor**2 * sums.n)
    unsteady = [is_unsteady(sums, noise, (d["y"], d["x"])) for d in certain]
    result = {
        "phase_share": largest_share(y % 2 * 2 + x % 2, 4),
        "block_share": max(largest_share(x % 8, 8), largest_share(y % 8, 8)),
        "weak_share": np.mean([d["kind"] == "weak" for d in pixels]),
        "unsteady_share": np.mean(unsteady) if certain else 0,
    }
    return result | ({"turned_sigmas": turned(z, certain)} if z.shape[0] != z.shape[1] else {})
