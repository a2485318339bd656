"""What is to be expected by chance (section 3, step 6)."""

from dataclasses import dataclass
from math import exp

import numpy as np

from .maps import EDGE, dilated
from .peaks import is_peak

LEAST, DEFECT, SHAPE = 0.62, 1.0, 1.5
DEFECT_REACH, SIDE_RATIO = 8, 4
PRIOR_MARKS, PRIOR_SLOPE, LEAST_SCORE, MOST_SCORE = 50, 16.0, 0.7, 8.0


@dataclass
class Tail:
    sides: list  # (count, slope) of dark ones and of light ones

    def expected(self, score):
        """False detections with |S| of at least score."""
        few, many = sorted(count * exp(-slope * (score**SHAPE - LEAST**SHAPE)) for count, slope in self.sides)
        return few + min(many, SIDE_RATIO * few)

    def score(self, false_rate):
        low, high = LEAST_SCORE, MOST_SCORE
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if self.expected(middle) > false_rate else (low, middle)
        return high


def fit(S, excluded):
    """The tails of the peaks that stand out a little; excluded: pixels of overlays and lines."""
    strength = np.abs(S)
    rest = (strength > LEAST) & (strength <= DEFECT) & ~excluded & ~dilated(strength > DEFECT, DEFECT_REACH)
    inner = np.zeros(S.shape, bool)
    inner[EDGE:-EDGE, EDGE:-EDGE] = True
    places = [(y, x) for y, x in np.argwhere(rest & inner).tolist() if is_peak(strength, y, x)]
    sides = []
    for sign in (-1, 1):
        beyond = [strength[at] ** SHAPE - LEAST**SHAPE for at in places if np.sign(S[at]) == sign]
        slope = (len(beyond) + PRIOR_MARKS) / (sum(beyond) + PRIOR_MARKS / PRIOR_SLOPE)
        sides.append((len(beyond) + 0.5, slope))
    return Tail(sides)
