"""The article's figure as SVG: elapsed time against the number of workers."""

from math import ceil, floor, log10
from xml.sax.saxutils import escape

PANEL_W, PANEL_H, LEFT, TOP, BOTTOM, LABELS, GAP, RIGHT = 200, 240, 48, 58, 46, 172, 6, 18
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #57606a }
  .title { font-size: 15px; font-weight: 600; fill: #24292f }
  .grid { stroke: #8b949e; stroke-opacity: .35; stroke-width: 1 }
  .a { stroke: #bc4c00; fill: #bc4c00 } .b { stroke: #0969da; fill: #0969da } .c { stroke: #1a7f37; fill: #1a7f37 }
  .d { stroke: #6e7781; fill: #6e7781 }
  polyline { fill: none !important; stroke-width: 2.5 }
  .d polyline { stroke-dasharray: 5 4; stroke-width: 1.5 }
  text.a, text.b, text.c, text.d { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #9ea7b3 } .title { fill: #e6edf3 }
    .a { stroke: #f0883e; fill: #f0883e } .b { stroke: #58a6ff; fill: #58a6ff } .c { stroke: #56d364; fill: #56d364 }
    .d { stroke: #9ea7b3; fill: #9ea7b3 }
  }
"""


def text(x, y, words, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def spread(wanted, apart):
    """Heights near the wanted ones, at least `apart` from each other; in the order given."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    heights = dict(enumerate(wanted))
    for _ in range(50):
        for low, high in zip(order, order[1:]):
            lacking = apart - (heights[high] - heights[low])
            if lacking > 0:
                heights[low] -= lacking / 2
                heights[high] += lacking / 2
    return [heights[i] for i in range(len(wanted))]


def round_numbers(low, high):
    """1, 2, 5, 10, 20, ... between two powers of ten."""
    numbers = (digit * 10.0**power for power in range(floor(low), ceil(high)) for digit in (1, 2, 5))
    return [number for number in numbers if low <= log10(number) <= high]


def seconds_text(seconds):
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"


class Panel:
    """One set of axes. series: [(label, css class, {workers: seconds})]"""

    def __init__(self, left, title, series, low, high):
        self.left, self.title, self.series = left, title, series
        self.low, self.high = log10(low), log10(high)
        self.workers = sorted({w for _, _, points in series for w in points})

    def x(self, workers):
        if len(self.workers) == 1:
            return self.left + PANEL_W / 2
        return self.left + PANEL_W * (0.06 + 0.88 * self.workers.index(workers) / (len(self.workers) - 1))

    def y(self, seconds):
        return TOP + PANEL_H * (self.high - log10(seconds)) / (self.high - self.low)

    def axes(self):
        yield text(self.left, TOP - 14, self.title, "title")
        for seconds in round_numbers(self.low, self.high):
            y = self.y(seconds)
            yield f'<line x1="{self.left}" x2="{self.left + PANEL_W}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>'
            yield text(self.left - 8, y + 4, f"{seconds:g}", anchor="end")
        for workers in self.workers:
            yield text(self.x(workers), TOP + PANEL_H + 20, str(workers), anchor="middle")
        yield text(self.left + PANEL_W / 2, TOP + PANEL_H + 39, "workers", anchor="middle")

    def lines(self):
        ends = spread([self.y(points[max(points)]) for _, _, points in self.series], 17)
        for (label, kind, points), end in zip(self.series, ends):
            at = [(self.x(w), self.y(points[w])) for w in sorted(points)]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
            dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in at)
            yield f'<g class="{kind}"><polyline points="{path}"/>{dots}</g>'
            words = f"{label}  {seconds_text(points[max(points)])}"
            yield text(self.left + PANEL_W + 4, end + 4, words, kind)


def svg(panels):
    """panels: [(title, series)], drawn side by side with one logarithmic scale of seconds."""
    seconds = [s for _, series in panels for _, _, points in series for s in points.values()]
    low, high = min(seconds) / 1.2, max(seconds) * 1.2
    step = LEFT + PANEL_W + LABELS + GAP
    parts = [text(14, 20, "Elapsed seconds")]
    for i, (title, series) in enumerate(panels):
        panel = Panel(LEFT + i * step, title, series, low, high)
        parts += [*panel.axes(), *panel.lines()]
    width, height = step * len(panels) + RIGHT, TOP + PANEL_H + BOTTOM
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    return "\n".join([head, f"<style>{STYLE}</style>", *parts, "</svg>"]) + "\n"
