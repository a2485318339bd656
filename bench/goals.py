"""The tables of bench.py: what was measured, and the goals."""

import statistics

from programs import head, row

# Of a photo of D80 size. (what, goal, limit); a figure is met up to the goal, tolerated up to the limit.
SCAN_TO_RGB, VARIANCE_TO_RGB = (1.0, 1.15), (1.25, 1.45)
ARTICLE_TO_OURS = {"few": (18, 13), "many": (8.5, 7)}
TWO_TO_ONE = (1.9, 1.8)
ISOLATION = (1.03, 1.03)  # what processes cost that decode, against threads
SCAN_MB, VARIANCE_MB = (560, 640), (420, 520)
MORE_MB_A_THREAD = (0.03, 0.03)


def spread(values, digits):
    """median (least to most)"""
    if not values:
        return "-"
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(results, name, number, labels, workers, remark):
    columns = ("workers", "seconds", "ms a photo", "times RGB decode", "peak MB")
    lines = head(f"{number} photos{remark}", *columns)
    for program, label in labels.items():
        for count in workers:
            runs = results.of(name, program, count)
            if not runs:
                continue
            seconds = [r.seconds for r in runs]
            ratios = results.ratios(name, (program, count), ("rgb", count))
            memory = f"{max(r.peak_mb for r in runs):.0f}"
            all_mb = max(r.all_mb for r in runs) if program == "article" else results.all_mb.get((name, program, count))
            if all_mb:
                memory += f" (all: {all_mb:.0f})"
            a_photo = 1e3 * statistics.median(seconds) / number
            lines.append(row(label, count, spread(seconds, 2), f"{a_photo:.1f}", spread(ratios, 2), memory))
    return lines


def verdict(value, goal, limit):
    """Whether a figure is good; goals that are above their limit are of the kind the more the better."""
    sign = -1 if goal > limit else 1
    if sign * value <= sign * goal:
        return "met"
    return "within the limit" if sign * value <= sign * limit else "**missed**"


def verdict_row(what, values, goal_and_limit, digits=2, unit=""):
    goal, limit = goal_and_limit
    if not values:
        return row(what, f"{goal:g}{unit}", f"{limit:g}{unit}", "not measured", "")
    middle = statistics.median(values)
    return row(what, f"{goal:g}{unit}", f"{limit:g}{unit}", spread(values, digits), verdict(middle, goal, limit))


def peak_mb(results, program, workers=None):
    """Peak memory over all runs of a program, on any number of photos: [MB], or [] without one."""
    values = [
        r.peak_mb
        for (_, what, count), runs in results.runs.items()
        if what == program and workers in (None, count)
        for r in runs
    ]
    return [max(values)] if values else []


def more_a_thread(results, program, workers):
    """Share of memory that each further thread adds."""
    least, most = min(workers), max(workers)
    low, high = peak_mb(results, program, least), peak_mb(results, program, most)
    return [100 * (high[0] / low[0] - 1) / (most - least)] if low and high and most > least else []


def verdicts(results, counts, workers):
    lines = head("what it must reach", "goal", "limit", "measured", "")
    for program, limits in (("scan", SCAN_TO_RGB), ("variance", VARIANCE_TO_RGB)):
        for count in workers:
            ratios = results.ratios("few", (program, count), ("rgb", count))
            lines.append(verdict_row(f"{program} against plain RGB decode, -j {count}", ratios, limits))
    for name, limits in ARTICLE_TO_OURS.items():
        for program in ("variance", "scan"):
            ratios = results.ratios(name, ("article", 2), (program, 2))
            photos = f"{counts[name]} photos" if name in counts else "the large set"
            lines.append(verdict_row(f"the article against {program}, {photos}, 2 workers each", ratios, limits, 1))
    for name in counts:
        for count in workers:
            ratios = results.ratios(name, ("scan", count), ("threads", count))
            what = f"scan against scan --no-isolation, {counts[name]} photos, -j {count}"
            lines.append(verdict_row(what, ratios, ISOLATION, 3))
    for program in ("scan", "variance"):
        ratios = results.ratios("few", (program, 1), (program, 2))
        lines.append(verdict_row(f"{program}: 2 threads against 1", ratios, TWO_TO_ONE))
    for program, limits in (("scan", SCAN_MB), ("variance", VARIANCE_MB)):
        lines.append(verdict_row(f"{program}: peak memory", peak_mb(results, program), limits, 0, " MB"))
        percent = tuple(100 * share for share in MORE_MB_A_THREAD)
        more = more_a_thread(results, program, workers)
        lines.append(verdict_row(f"{program}: more memory for each further thread", more, percent, 1, " %"))
    return lines
