"""Other ways to find bad pixels, on the same photos: a score for every pixel. Needs python3-numpy and python3-pil.

lowest M2: the variance of each RGB subpixel (of a RAW's pixel), the smallest first (the article of 2011).
vote: in how many photos |v - median of its 3x3 of the same colour| > max(max/150, 20), v of any channel.
mean residual: the mean over the photos of v less the median of its ring (of a JPEG: Y).
jpeghotp (Debian's jpegpixi): one photo taken with the lens cap on.
"""

import re
import subprocess

import numpy as np

from accuracy_judge import MATCH_PX
from accuracy_pixels import DIAMOND, colours, luma, middle, mosaic, square

VOTE_SHARE, VOTE_PART, VOTE_LEAST = 0.9, 150, 20
JPEGHOTP_PERCENT = [10, 5, 7, 15, 20, 25, 30, 40, 50]  # 10: its own
BLOCK_MOST = 16  # px; a wider block points at no pixel


class Rivals:
    """Sums of the photos so far."""

    def __init__(self, is_raw):
        self.is_raw, self.photos = is_raw, 0
        self.sum, self.squares, self.votes, self.residual = 0, 0, 0, 0

    def planes(self, path):
        return mosaic(path)[np.newaxis] if self.is_raw else colours(path)

    def add(self, path):
        planes = self.planes(path)
        self.photos += 1
        wide = planes.astype(np.uint32)
        self.sum = self.sum + wide
        self.squares = self.squares + wide.astype(np.uint64) ** 2
        limit = max(planes.max() / VOTE_PART, VOTE_LEAST)
        voted = False
        for plane in planes:
            low, high = middle(plane, square(2 if self.is_raw else 1))
            median = np.clip(plane, low, high)  # of the nine, the pixel among them
            voted = voted | (np.abs(plane.astype(np.int32) - median) > limit)
        self.votes = self.votes + voted.astype(np.uint16)
        self.residual = self.residual + self.residual_of(path, planes)

    def residual_of(self, path, planes):
        plane = planes[0] if self.is_raw else luma(path)
        low, high = middle(plane, square(2))
        level = (low.astype(np.int32) + high + 1) >> 1
        if self.is_raw:
            low, high = middle(plane, DIAMOND)
            is_green = np.add.outer(np.arange(plane.shape[0]), np.arange(plane.shape[1])) % 2 == 1
            level = np.where(is_green, (low.astype(np.int32) + high + 1) >> 1, level)
        return plane.astype(np.int32) - level

    def scores(self):
        """{rival: score of every pixel}"""
        spread = self.squares * np.uint64(self.photos) - self.sum.astype(np.uint64) ** 2
        return {
            "lowest M2": -spread.min(axis=0).astype(np.float64),
            "vote": self.votes / self.photos,
            "mean residual": np.abs(self.residual) / self.photos,
        }


def blocks_of_jpeghotp(photo, percent):
    """[(x, y, width, height)]"""
    done = subprocess.run(["jpeghotp", "-t", f"{percent}%", photo], capture_output=True, text=True, check=True)
    return [tuple(map(int, m)) for m in re.findall(r"^(\d+),(\d+),(\d+),(\d+)", done.stdout, re.MULTILINE)]


def is_in(p, block):
    x, y, width, height = block
    return -MATCH_PX <= p["x"] - x < width + MATCH_PX and -MATCH_PX <= p["y"] - y < height + MATCH_PX


def jpeghotp(photo, planted):
    """{percent: (number of planted ones found, false blocks)}"""
    counts = {}
    for percent in JPEGHOTP_PERCENT:
        blocks = blocks_of_jpeghotp(photo, percent)
        small = [b for b in blocks if max(b[2:]) <= BLOCK_MOST]
        found = sum(any(is_in(p, block) for block in small) for p in planted)
        false = sum(not any(is_in(p, block) for p in planted) for block in blocks) + len(blocks) - len(small)
        counts[percent] = (found, false)
    return counts
