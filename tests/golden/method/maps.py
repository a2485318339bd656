"""Maps, thresholds, score (section 3, steps 1 to 4)."""

import numpy as np

from .sums import ring

PHASES = 16  # positions inside the MCU of a JPEG, along each axis
MAD_TO_SIGMA = 1.4826
SMALLEST_SCALE = 1e-6
STILL_SCALE = {"z": 0.25, "zt": 0.25, "zg": 0.25, "en": 0.5}  # where most pixels never differ from their ring
SAMPLED_PIXELS = 2**20  # about so many serve for the medians of a large frame
FIRST_THRESHOLD, LOWEST_THRESHOLD, HIGHEST_Z_THRESHOLD, HIGHEST_SHARE_DARK = 8.0, 5.5, 12.0, 0.9
THRESHOLD_ROUNDS, MASK_RADIUS = 5, 4
UNSIGNED = "en"  # the map without a sign of its own
MOST_SIGMAS, ONE_PHOTO_MARGIN = 4, 1.25  # one photo alone must not make a defect
COUNTED_MOST, UNCHANGING_THRESHOLD, PHOTOS_FAR_OFF, Z_MOST = 10, 8.0, 1.5, 64
FLOOR2 = 1.0  # DN^2, the square of the least noise of 8 bit samples
EDGE, EDGE_DIVISOR = 2, 1.25  # px where the ring is folded


def lower_median(values):
    rank = (values.size - 1) // 2
    return np.partition(values, rank, axis=None)[rank]


def raw_maps(sums):
    """{name: map} before normalisation, float64."""
    energy = np.log(sums.S2 / (256 * sums.n) + 0.02)
    around = ring(energy)
    return {
        "z": sums.S1 / (16 * np.sqrt(sums.n)),
        "zt": sums.St / (16 * np.sqrt(sums.weights_t)),
        "zg": sums.Sg / (16 * np.sqrt(sums.weights_g)),
        "en": energy - (around[3] + around[4]) / 2,
    }


def normalise(values, usual, still):
    """Per phase: median to 0, median absolute deviation (times 1.4826) to 1, of those that are usual. Also the typical factor."""
    every = max(1, values.size // SAMPLED_PIXELS)  # of the rows of MCUs, the one that is sampled
    result = np.empty_like(values)
    factors = []
    for phase_y in range(min(PHASES, values.shape[0])):
        for phase_x in range(min(PHASES, values.shape[1])):
            phase = values[phase_y::PHASES, phase_x::PHASES]
            sample = phase[::every][usual[phase_y::PHASES, phase_x::PHASES][::every]]
            sample = sample if sample.size else phase[:1, :1]
            median = lower_median(sample)
            deviation = lower_median(np.abs(sample - median))
            scale = max(MAD_TO_SIGMA * deviation, SMALLEST_SCALE) if deviation > 0 else still
            result[phase_y::PHASES, phase_x::PHASES] = (phase - median) / scale
            factors.append(1 / scale)
    return result, lower_median(np.array(factors))


def maps(sums, usual):
    """({name: map}, normalised; {name: least threshold}; what S1 is typically multiplied by in z)."""
    both = {name: normalise(values, usual, STILL_SCALE[name]) for name, values in raw_maps(sums).items()}
    normal = {name: values for name, (values, _) in both.items()}
    normal[UNSIGNED] = np.maximum(normal[UNSIGNED], 0)
    least = dict.fromkeys(normal, LOWEST_THRESHOLD)
    for name, heaviest, squares in (("zt", sums.heaviest_t, sums.weights_t), ("zg", sums.heaviest_g, sums.weights_g)):
        one_photo = MOST_SIGMAS * heaviest / np.sqrt(squares) * both[name][1]
        least[name] = max(LOWEST_THRESHOLD, ONE_PHOTO_MARGIN * one_photo)
    return normal, least, both["z"][1] / (16 * np.sqrt(sums.n))


def dilated(mask, radius):
    """True within `radius` px (square) of a true pixel."""
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (radius, radius)
        padded = np.pad(mask, padding)
        length = mask.shape[axis]
        mask = np.any([padded.take(range(i, i + length), axis) for i in range(2 * radius + 1)], axis=0)
    return mask


def upper_quantile(values, one_in):
    """Of k values in descending order the one of 0-based rank floor(k / one_in)."""
    rank = values.size - 1 - values.size // one_in
    return np.partition(values, rank)[rank]


def threshold(values, first, lowest, highest):
    """T of a map, by continuing the tail of what is no defect."""
    strength = np.abs(values)
    T = first
    for _ in range(THRESHOLD_ROUNDS):
        rest = strength[~dilated(strength > T, MASK_RADIUS)]
        if rest.size == 0:
            break
        q2, q3 = upper_quantile(rest, 100), upper_quantile(rest, 1000)
        T = max(lowest, min(q3 + 4 * (q3 - q2), highest))
    return float(T)


def highest_z(z_factor, n, dark):
    """Of darks, which show no scene, a little less than a pixel has that is at the limit in each."""
    return min(HIGHEST_Z_THRESHOLD, HIGHEST_SHARE_DARK * Z_MOST * n * z_factor) if dark else HIGHEST_Z_THRESHOLD


def thresholds(normal, least, highest_of_z):
    highest = {"z": highest_of_z}
    return {
        name: threshold(values, FIRST_THRESHOLD, least[name], highest.get(name, np.inf))
        for name, values in normal.items()
    }


def variance(total, squares, n):
    return np.maximum(squares / n - (total / n) ** 2, 0)


def unchanging(sums, effective_number):
    """How little likely it is that a pixel changes no more than it does, in units of the threshold."""
    counted = min(effective_number, COUNTED_MOST)
    ratio = (variance(sums.Se, sums.See, sums.n) + FLOOR2) / (variance(sums.Sx, sums.Sxx, sums.n) + FLOOR2)
    far_off = sums.S2 * counted / sums.n >= PHOTOS_FAR_OFF * Z_MOST**2
    not_cut_off = (sums.min > sums.min.min()) & (sums.max < sums.max.max())
    return np.where(far_off & not_cut_off & inner(sums.shape), (counted - 1) / 2 * np.log(ratio) / UNCHANGING_THRESHOLD, 0)


def inner(shape):
    """Where the ring is not folded."""
    mask = np.zeros(shape, bool)
    mask[EDGE:-EDGE, EDGE:-EDGE] = True
    return mask


def score(normal, limits, sums, effective_number):
    """S: the largest |map| / T of every pixel, with its sign; more where a pixel hardly changes."""
    S = np.zeros(sums.shape)
    for name, values in normal.items():
        ratio = values / limits[name]
        if name == UNSIGNED:
            ratio = np.where(sums.S1 < 0, -ratio, ratio)
        S = np.where(np.abs(ratio) > np.abs(S), ratio, S)
    still = unchanging(sums, effective_number)
    S = np.where(still > np.abs(S), np.where(sums.S1 < 0, -still, still), S)
    return np.where(inner(sums.shape), S, S / EDGE_DIVISOR)
