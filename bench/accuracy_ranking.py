"""How a score for every pixel is held to what was planted: by its ranking, whatever its unit. Needs python3-numpy."""

import numpy as np

from accuracy_judge import GHOST_PX, MATCH_PX

PEAKS_MOST, CANDIDATES = 1000, 30000


def box(planted, reach, shape):
    """True within reach of the planted pixels."""
    near = np.zeros(shape, bool)
    for p in planted:
        near[max(0, p["y"] - reach) : p["y"] + reach + 1, max(0, p["x"] - reach) : p["x"] + reach + 1] = True
    return near


def peaks(score):
    """[(score, y, x)] the strongest first; what is within 2 px of a stronger one is part of it."""
    flat = score.ravel()
    places = np.argpartition(flat, -CANDIDATES)[-CANDIDATES:] if flat.size > CANDIDATES else np.arange(flat.size)
    places = places[np.argsort(-flat[places], kind="stable")]
    taken, found = np.zeros(score.shape, bool), []
    for y, x in zip(*np.unravel_index(places, score.shape)):
        if taken[y, x]:
            continue
        taken[max(0, y - MATCH_PX) : y + MATCH_PX + 1, max(0, x - MATCH_PX) : x + MATCH_PX + 1] = True
        found.append((float(score[y, x]), int(y), int(x)))
        if len(found) == PEAKS_MOST:
            break
    return found


def rank(score, planted):
    """{"matched": the best score within 2 px of each planted pixel; "false": scores beyond 16 px of all; "top": how many
    planted ones are among as many peaks as were planted}"""
    matched = [
        float(score[max(0, p["y"] - MATCH_PX) : p["y"] + MATCH_PX + 1, max(0, p["x"] - MATCH_PX) : p["x"] + MATCH_PX + 1].max())
        for p in planted
    ]
    false = [s for s, _, _ in peaks(np.where(box(planted, GHOST_PX, score.shape), -np.inf, score))]
    first = [(y, x) for _, y, x in peaks(score)[: len(planted)]]
    top = sum(any(abs(p["y"] - y) <= MATCH_PX and abs(p["x"] - x) <= MATCH_PX for y, x in first) for p in planted)
    return {"matched": matched, "false": false, "top": top}


def cut(ranked, false_allowed):
    """The lowest limit above which all sensors together have no more false ones than that; 0, which is the score of what
    was not found, where a list has no more."""
    false = sorted((s for r in ranked for s in r["false"]), reverse=True)
    return false[false_allowed] if len(false) > false_allowed else 0.0


def recall_above(ranked, limit):
    matched = [s for r in ranked for s in r["matched"]]
    return sum(s > limit for s in matched) / len(matched)
