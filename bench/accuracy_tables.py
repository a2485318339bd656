"""Tables of what was counted, in Markdown."""

from accuracy_judge import CLASS_PHOTOS, CLASSES, DEFAULT_RATE, GROUP_PHOTOS, GROUPS, RAW_KINDS, megapixels, rates
from accuracy_photos import is_raw, label
from programs import head, row

TOLERATED_LOSS = 0.03

# What the trial of the method reached: 6 sensors of 2.9 Mpx, 720 defects, JPEG 4:2:0 and RAW of 12 bits.
TRIAL_RECALL = {
    "rggb12": {5: 0.696, 10: 0.785, 25: 0.887, 50: 0.911, 100: 0.938, 300: 0.951},
    "q95": {5: 0.632, 10: 0.699, 25: 0.825, 50: 0.876, 100: 0.899, 300: 0.925},
    "q90": {5: 0.589, 10: 0.651, 25: 0.771, 50: 0.843, 100: 0.878, 300: 0.907},
}


def share(part, whole):
    return part / whole if whole else float("nan")


def entry(value, trial):
    """A cell: the value, and the trial's in brackets; bold where it is lost by more than is tolerated."""
    if trial is None:
        return f"{value:.3f}"
    text = f"{value:.3f} ({trial:.3f})"
    return f"**{text}**" if value < trial - TOLERATED_LOSS else text


def recall_table(options, totals):
    lines = head("by number of photos", *options.numbers)
    default, one_in_10, *many = rates(options)
    per_10 = 10 / (megapixels(options) * options.sensors)
    for quality, by_number in totals.items():
        name, trial = label(quality), TRIAL_RECALL.get(quality.removesuffix("-real"), {})

        def line(what, rate, cell):
            lines.append(row(f"{name}: {what}", *(cell(n, by_rate[rate]) for n, by_rate in by_number.items())))

        line("recall", default, lambda n, c: entry(share(c["matched"], c["planted"]), trial.get(n)))
        line("false in 10 Mpx", default, lambda _, c: f"{c['false'] * per_10:.1f}")
        line("recall at 1 false in 10 Mpx", one_in_10, lambda _, c: f"{share(c['matched'], c['planted']):.3f}")
        line("false in 10 Mpx then", one_in_10, lambda _, c: f"{c['false'] * per_10:.1f}")
        for rate in many:
            line(f"false a sensor where {rate} is expected", rate, lambda _, c: f"{c['false'] / options.sensors:.1f}")
        line("ghosts", default, lambda _, c: c["ghosts"])
        line("false ones that are dark", default, lambda _, c: c["negative"])
        line("kinds right", default, lambda _, c: f"{kinds_right(c):.3f}")
        line("share of photos used", default, lambda _, c: f"{share(c['used'], c['asked']):.2f}")
    return lines


def kinds_right(counts):
    kinds = {key[1:]: count for key, count in counts.items() if key[0] == "kind"}
    return share(sum(count for (planted, found), count in kinds.items() if planted == found), sum(kinds.values()))


def group_table(options, totals, n):
    lines = head(f"recall from {n} photos, by class", *(label(q) for q in totals))
    for name, (*_, jpeg, raw) in GROUPS.items():
        cells = []
        for quality, by_number in totals.items():
            counts = by_number[n][DEFAULT_RATE]
            is_compared = quality in ("q95", "rggb12") and n == GROUP_PHOTOS
            trial = raw if is_raw(quality) else jpeg
            value = share(counts["matched", name], counts["planted", name])
            cells.append(entry(value, trial if is_compared else None))
        lines.append(row(name, *cells))
    return lines


def kind_table(options, totals, n):
    lines = head(f"class right, from {n} photos", *(label(q) for q in totals))
    for name, (planted, right, trial) in CLASSES.items():
        cells = []
        for quality, by_number in totals.items():
            kinds = {key[1:]: count for key, count in by_number[n][DEFAULT_RATE].items() if key[0] == "kind" and key[1] in planted}
            value = share(sum(count for (_, kind), count in kinds.items() if kind in right), sum(kinds.values()))
            cells.append(entry(value, RAW_KINDS if is_raw(quality) else trial if n == CLASS_PHOTOS else None))
        lines.append(row(name, *cells))
    exact = (share(by_number[n][DEFAULT_RATE]["exact"], by_number[n][DEFAULT_RATE]["matched"]) for by_number in totals.values())
    lines.append(row("position exact", *(entry(value, 0.999) for value in exact)))
    return lines


def nearest(numbers, wanted):
    return min(numbers, key=lambda n: (abs(n - wanted), n))


def report(options, totals):
    planted = max(c[DEFAULT_RATE]["planted"] for by_number in totals.values() for c in by_number.values())
    return "\n".join(
        [
            f"{options.sensors} simulated sensors of {options.size} px, {planted} defects. JPEG: 4:2:0 unless said; NR: noise reduction in camera.",
            f"In brackets what the trial of the method reached; bold: more than {TOLERATED_LOSS} below that.",
            "",
            *recall_table(options, totals),
            "",
            *group_table(options, totals, nearest(options.numbers, GROUP_PHOTOS)),
            "",
            *kind_table(options, totals, nearest(options.numbers, CLASS_PHOTOS)),
        ]
    )
