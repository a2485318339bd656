"""An oracle that knows the scene, for a bound of what could be found. Needs python3-numpy and python3-pil.

It is given each photo as a sensor without noise would have taken it, the noise of every sample and the exposure.
A sample above its scene is, in DN of a 12 bit sensor, a defect a and a fixed pattern p L + o: y = a + p L + o + noise,
L the light, p of 0.8 %, o of 0.4 DN. The best test for a defect of known course a (the gain: an offset; gain times
seconds: dark current; L: a weak pixel) is a' V^-1 y / sqrt(a' V^-1 a), V the covariance of pattern and noise; the
oracle takes the largest |test| of the three. Of a JPEG it knows in addition how steep the tone curve is at each place,
and how a bad pixel spreads: the three maps are filtered by the 5x5 filter that parts the spread of strong planted
pixels best from the noise (covariance^-1 times spread), for each of the four places in the Bayer array.
"""

import numpy as np

from accuracy_pixels import luma, mosaic

BLACK_DN, WHITE_DN, ELECTRONS_PER_DN, READ_ELECTRONS, READ_DN = 128.0, 4095.0, 6.0, 4.0, 1.0
PATTERN_SHARE, PATTERN_DN = 0.008, 0.4
ROUNDING = 1 / 12  # variance of a rounded value; that of the scene is rounded too
NEAR_WHITE = 0.97  # above it a sample tells nothing
JPEG_CLIPPED, BINS = 250, 256
SPREAD, SAMPLES, AWAY = 2, 60000, 12  # px of the filter each way; pixels for the covariance; px from planted ones
COURSES = {"offset": "g", "dark current": "d", "weak": "L"}


def fill_tones():
    """(level of 8 bits, DN a level) for linear light 0..1, of camsim's tone curve."""
    light = np.linspace(0, 1, 16384)
    v = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    level = 255 * (0.8 * v + 0.2 * v * v * (3 - 2 * v))
    return light, level


class Oracle:
    """Sums of the photos so far: products of the courses 1, L, g (gain), d (gain times seconds), and of each with y."""

    PAIRS = ["11", "1L", "LL", "1g", "1d", "Lg", "Ld", "gg", "dd", "1y", "Ly", "gy", "dy"]

    def __init__(self, is_raw):
        self.is_raw = is_raw
        self.sums = dict.fromkeys(self.PAIRS, 0)
        light, level = fill_tones()
        self.light_of_level = np.interp(np.arange(256), level, light) * (WHITE_DN - BLACK_DN)
        self.slope_of_level = np.gradient(self.light_of_level)  # DN a level

    def samples(self, photo, scene, gain):
        """(y and L in DN, 1/variance of y)"""
        if self.is_raw:
            light = mosaic(scene).astype(np.float32) - np.float32(BLACK_DN)
            variance = light * (gain / ELECTRONS_PER_DN) + (READ_ELECTRONS * gain / ELECTRONS_PER_DN) ** 2 + READ_DN**2 + 2 * ROUNDING
            weight = np.where(light < NEAR_WHITE * (WHITE_DN - BLACK_DN), 1 / variance, 0).astype(np.float32)
            return mosaic(photo) - np.float32(BLACK_DN) - light, light, weight
        scene = luma(scene)
        difference = luma(photo) - scene.astype(np.float32)
        bins = scene + BINS * place_in_array(scene.shape)
        mean, variance = spread_by_bin(bins, difference)
        slope = self.slope_of_level.astype(np.float32)[scene]
        y = (difference - mean[bins]) * slope
        weight = np.where(scene < JPEG_CLIPPED, 1 / (variance[bins] * slope**2), 0)
        return y, self.light_of_level.astype(np.float32)[scene], weight.astype(np.float32)

    def add(self, photo, scene, gain, exposure_s):
        y, light, weight = self.samples(photo, scene, np.float32(gain))
        dark = np.float32(gain * exposure_s)
        gain = np.float32(gain)
        weighted = {"1": weight, "L": weight * light, "y": weight * y}
        products = {"11": weight, "1L": weighted["L"], "LL": weighted["L"] * light, "1y": weighted["y"], "Ly": weighted["y"] * light}
        products |= {"1g": gain * weight, "1d": dark * weight, "Lg": gain * weighted["L"], "Ld": dark * weighted["L"]}
        products |= {"gg": gain**2 * weight, "dd": dark**2 * weight, "gy": gain * weighted["y"], "dy": dark * weighted["y"]}
        for pair, product in products.items():
            self.sums[pair] += product

    def tests(self):
        """{course: test of every pixel}, of a normal distribution where there is no defect."""
        s = self.sums
        one, both, two = s["11"] + 1 / PATTERN_DN**2, s["1L"], s["LL"] + 1 / PATTERN_SHARE**2
        determinant = one * two - both * both
        found = {}
        for name, course in COURSES.items():
            own = s[course + course]
            with_one, with_light = s["1" + course], s["LL"] if course == "L" else s["L" + course]
            k1 = (two * with_one - both * with_light) / determinant
            k2 = (one * with_light - both * with_one) / determinant
            numerator = s[course + "y"] - k1 * s["1y"] - k2 * s["Ly"]
            found[name] = numerator / np.sqrt(np.maximum(own - k1 * with_one - k2 * with_light, 1e-12))
        return found

    def score(self, strong, planted):
        """The largest |test| at every pixel. strong: which planted pixels show how one spreads (JPEG)."""
        maps = self.tests().values()
        if not self.is_raw:
            maps = [filtered(m, strong, planted) for m in maps]
        return np.max([np.abs(m) / deviation(m) for m in maps], axis=0)


def place_in_array(shape):
    return (np.arange(shape[0])[:, np.newaxis] % 2) * 2 + np.arange(shape[1]) % 2


def spread_by_bin(bins, values):
    """(mean, variance) of the values in each bin; few outliers are cut, 0.2 of variance is the least."""
    flat, count = bins.ravel(), np.maximum(np.bincount(bins.ravel(), minlength=4 * BINS), 1)
    mean = np.bincount(flat, values.ravel(), 4 * BINS) / count
    rest = np.minimum((values.ravel() - mean[flat]) ** 2, 400)
    variance = np.bincount(flat, rest, 4 * BINS) / count
    return mean.astype(np.float32), np.maximum(variance, 0.2).astype(np.float32)


def deviation(values):
    part = values[::3, ::3]
    return 1.4826 * np.median(np.abs(part - np.median(part)))


def patches(values, ys, xs):
    """[pixel, 25]"""
    reach = range(-SPREAD, SPREAD + 1)
    return np.stack([values[ys + dy, xs + dx] for dy in reach for dx in reach], axis=1)


def filtered(values, strong, planted):
    """The filter of each place in the Bayer array, learned from strong pixels and from what is far from all planted."""
    height, width = values.shape
    place, out = place_in_array(values.shape), np.zeros_like(values)
    far = np.zeros(values.shape, bool)
    far[AWAY:-AWAY, AWAY:-AWAY] = True
    for p in planted:
        far[p["y"] - AWAY : p["y"] + AWAY + 1, p["x"] - AWAY : p["x"] + AWAY + 1] = False
    random = np.random.default_rng(1)
    reach = range(-SPREAD, SPREAD + 1)
    padded = np.pad(values, SPREAD)
    for phase in range(4):
        ys, xs = np.nonzero(far & (place == phase))
        chosen = random.integers(len(ys), size=SAMPLES)
        covariance = np.cov(patches(values, ys[chosen], xs[chosen]), rowvar=False)
        at = [(p["y"], p["x"]) for p in strong if place[p["y"], p["x"]] == phase]
        if not at:
            out = np.where(place == phase, values, out)
            continue
        shape = patches(values, *map(np.array, zip(*at)))
        spread = np.mean(shape / shape[:, [shape.shape[1] // 2]], axis=0)
        ridge = 0.02 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
        weights = np.linalg.solve(covariance + ridge, spread)
        weights /= np.sqrt(weights @ covariance @ weights)
        answer, k = 0, 0
        for dy in reach:
            for dx in reach:
                answer = answer + np.float32(weights[k]) * padded[SPREAD + dy : SPREAD + dy + height, SPREAD + dx : SPREAD + dx + width]
                k += 1
        out = np.where(place == phase, answer, out)
    return out
