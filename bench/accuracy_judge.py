"""What is planted, by class and strength, and how a list of found pixels is held to it."""

from collections import Counter

DEFAULT_RATE = 0.1  # of hotpix
MANY_RATES = (1, 3)
MATCH_PX, GHOST_PX = 2, 16  # distances are max(|dx|, |dy|)

# name: (camsim's class, least and greatest strength, the trial's recall from 25 photos at q95, the same of RAW)
GROUPS = {
    "hot, offset 4 DN": ("hot-offset", 4, 4, None, None),
    "hot, offset 8 DN": ("hot-offset", 8, 8, None, None),
    "hot, offset 16 DN": ("hot-offset", 16, 16, None, None),
    "hot, offset 32-128 DN": ("hot-offset", 32, 128, 0.98, 1.0),
    "hot, offset 256 DN and more": ("hot-offset", 256, 1e9, 1.0, 1.0),
    "hot, dark current 300 DN/s": ("hot-dark", 300, 300, None, None),
    "hot, dark current 1k DN/s": ("hot-dark", 1000, 1000, None, None),
    "hot, dark current 3k DN/s": ("hot-dark", 3000, 3000, None, None),
    "hot, dark current 10k DN/s and more": ("hot-dark", 10000, 1e9, 1.0, 1.0),
    "stuck high": ("stuck", 4095, 4095, 1.0, 1.0),
    "stuck in the middle": ("stuck", 2000, 2000, 1.0, 1.0),
    "stuck low": ("stuck", 400, 400, 0.73, 1.0),
    "dead": ("dead", 0, 0, 1.0, 1.0),
    "weak, response 0.3-0.5": ("weak", 0.3, 0.5, 1.0, 1.0),
    "weak, response 0.7-0.8": ("weak", 0.7, 0.8, 0.93, 1.0),
    "weak, response 0.9": ("weak", 0.9, 0.9, 0.10, 0.43),
}
GROUP_PHOTOS = 25
# kinds planted: (kinds that are right, the trial's share from 50 photos)
CLASSES = {
    "hot": ({"hot"}, {"hot"}, 0.95),
    "stuck": ({"stuck"}, {"stuck"}, 0.90),
    "weak": ({"weak"}, {"weak"}, 0.95),
    "dead or weak": ({"dead", "weak"}, {"dead", "weak"}, 1.0),
}
CLASS_PHOTOS = 50
RAW_KINDS = 1.0  # all 706 of 706


def group_of(defect):
    for name, (kind, low, high, *_) in GROUPS.items():
        if defect["class"] == kind and low - 1e-6 <= defect["strength"] <= high + 1e-6:
            return name
    raise ValueError(f"no group for {defect}")


def distance(a, b):
    return max(abs(a["x"] - b["x"]), abs(a["y"] - b["y"]))


def judge(planted, found):
    """Counts of one scan: found defects matched to planted ones, each at most once, the nearest pair first."""
    pairs = sorted(
        (distance(p, f), -f["score"], i, k)
        for i, p in enumerate(planted)
        for k, f in enumerate(found)
        if distance(p, f) <= MATCH_PX
    )
    match_of, used = {}, set()
    for _, _, i, k in pairs:
        if i not in match_of and k not in used:
            match_of[i] = k
            used.add(k)

    counts = Counter(planted=len(planted), matched=len(match_of))
    for i, defect in enumerate(planted):
        group, kind = group_of(defect), defect["kind"]
        counts["planted", group] += 1
        if i not in match_of:
            continue
        match = found[match_of[i]]
        counts["matched", group] += 1
        counts["exact"] += distance(defect, match) == 0
        counts["kind", kind, match["kind"]] += 1
    for k, defect in enumerate(found):
        if k in used:
            continue
        is_ghost = any(distance(p, defect) <= GHOST_PX for p in planted)
        counts["ghosts" if is_ghost else "false"] += 1
        counts["negative"] += not is_ghost and defect["mean"] < 0
    return counts


def megapixels(options):
    width, height = (int(side) for side in options.size.split("x"))
    return width * height / 1e6


def rates(options):
    """Expected false detections on a sensor: the program's default, one in 10 Mpx, and many, to hold it to them."""
    return (DEFAULT_RATE, megapixels(options) / 10, *MANY_RATES)
