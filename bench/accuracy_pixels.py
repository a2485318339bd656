"""Samples of the photos that camsim makes, as numpy arrays. Needs python3-numpy and python3-pil."""

import struct

import numpy as np
from PIL import Image

WIDTH, HEIGHT, BITS, COMPRESSION, STRIPS = 256, 257, 258, 259, 273  # TIFF tags
SIZES = {3: "H", 4: "I"}


def first_values(tiff):
    """{tag: first value} of the first directory, of short and long tags."""
    (at,) = struct.unpack_from("<I", tiff, 4)
    (count,) = struct.unpack_from("<H", tiff, at)
    values = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, number = struct.unpack_from("<HHI", tiff, entry)
        if kind in SIZES:
            fits = number * struct.calcsize(SIZES[kind]) <= 4
            place = entry + 8 if fits else struct.unpack_from("<I", tiff, entry + 8)[0]
            (values[tag],) = struct.unpack_from("<" + SIZES[kind], tiff, place)
    return values


def mosaic(path):
    """uint16 [y, x] of a DNG of 12 bits, not compressed, its strips one behind the other."""
    with open(path, "rb") as file:
        content = file.read()
    tag = first_values(content)
    if tag[BITS] != 12 or tag[COMPRESSION] != 1 or tag[WIDTH] % 2:
        raise ValueError(f"{path}: not a DNG of 12 bits that is not compressed")
    size = tag[WIDTH] * tag[HEIGHT] * 3 // 2
    packed = np.frombuffer(content, np.uint8, size, tag[STRIPS]).reshape(-1, 3).astype(np.uint16)
    pair = np.stack([packed[:, 0] << 4 | packed[:, 1] >> 4, (packed[:, 1] & 15) << 8 | packed[:, 2]], axis=1)
    return pair.reshape(tag[HEIGHT], tag[WIDTH])


def luma(path):
    """uint8 [y, x]: the Y that is stored."""
    with Image.open(path) as image:
        image.draft("L", image.size)
        return np.asarray(image)


def colours(path):
    """uint8 [channel, y, x]"""
    with Image.open(path) as image:
        return np.ascontiguousarray(np.asarray(image.convert("RGB")).transpose(2, 0, 1))


# A network of 19 comparators that sorts eight.
NETWORK = [
    (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7), (0, 1), (2, 3),
    (4, 5), (6, 7), (2, 4), (3, 5), (1, 4), (3, 6), (1, 2), (3, 4), (5, 6),
]  # fmt: skip
SQUARE = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]
DIAMOND = [(-2, 0), (-1, -1), (-1, 1), (0, -2), (0, 2), (1, -1), (1, 1), (2, 0)]  # of green in a Bayer array


def middle(plane, offsets):
    """The fourth and the fifth smallest of the eight pixels at (dy, dx); beyond the frame it is mirrored."""
    reach = max(max(abs(dy), abs(dx)) for dy, dx in offsets)
    padded = np.pad(plane, reach, mode="reflect")
    height, width = plane.shape
    ring = [padded[reach + dy : reach + dy + height, reach + dx : reach + dx + width] for dy, dx in offsets]
    for a, b in NETWORK:
        ring[a], ring[b] = np.minimum(ring[a], ring[b]), np.maximum(ring[a], ring[b])
    return ring[3], ring[4]


def square(distance):
    return [(dy * distance, dx * distance) for dy, dx in SQUARE]
