#!/usr/bin/python3
"""Planes of TIFF and PNG files against numpy and PIL. Prints TAP; DUMP_PLANE or HOTPIX_BUILD in the environment."""

import os
import sys
import tempfile

import numpy as np
from PIL import Image

import pixels
from pixels import GREY8, GREY16, RANDOM, RGB8, RGB16, difference, luma, png, stretched, tiff, write

SHAPE = GREY16.shape


def uncompressed(tap):
    for order in "<", ">":
        name = {"<": "little endian", ">": "big endian"}[order]
        tap.point(*same(tiff(GREY8, 8, order=order), GREY8, f"8 bits, {name}"))
        tap.point(*same(tiff(GREY16, 16, order=order), GREY16, f"16 bits, {name}"))
    tap.point(*same(tiff(RGB8, 8, 2), luma(RGB8), "RGB of 8 bits, as luma"))
    tap.point(*same(tiff(RGB8, 8, 2), RGB8, "RGB of 8 bits, all channels", colour=True))
    for bits in 10, 12, 14:
        packed = GREY16 >> (16 - bits)
        tap.point(*same(tiff(packed, bits), packed, f"{bits} bits, packed", bits=bits))
    tap.point(*same(tiff(GREY16, 16, 0), 65535 - GREY16, "white is 0"))
    mosaic = [(33421, (3, (2, 2))), (33422, (1, bytes([2, 1, 1, 0])))]
    tap.point(*same(tiff(GREY16, 16, 32803, extra=mosaic), GREY16, "a mosaic with its pattern", cfa="BGGR"))
    odd = [(33421, (3, (2, 5))), (33422, (1, bytes([2, 1, 1, 0, 1] * 2)))]
    reason, samples = pixels.dump(write("t.tif", tiff(GREY16, 16, 32803, extra=odd)))
    tap.point(samples is None and "a mosaic of 5 x 2 px, which is not read" in reason, "a mosaic of a period no camera has is refused", reason)


def scales(tap):
    shifted = GREY16 >> 6 << 6
    tap.point(*same(tiff(shifted, 16), shifted >> 6, "10 bits in the upper part of 16 are shifted down", bits=10))
    unit = RANDOM.random(SHAPE).astype("f4")
    tap.point(*same(tiff(unit, 32), stretched(unit, 0, 1), "floating point from 0 to 1"))
    adu = (60000 * RANDOM.random(SHAPE)).astype("f4")
    tap.point(*same(tiff(adu, 32), stretched(adu, 0, 65535), "floating point of 16 bits' range"))
    signed = RANDOM.integers(-3000, 30000, SHAPE).astype("i2")
    expected = stretched(signed, -65535 / 16, 65535)
    tap.point(*same(tiff(signed, 16), expected, "signed 16 bits with values below 0"))
    positive = np.abs(signed)
    tap.point(*same(tiff(positive, 16), positive.astype("u2"), "signed 16 bits without values below 0"))
    long = RANDOM.integers(0, 1 << 20, SHAPE).astype("u4")
    tap.point(*same(tiff(long, 32), stretched(long, 0, 2**20 - 1), "20 of 32 bits"))


def holes(tap):
    values = (60000 * RANDOM.random(SHAPE)).astype("f4")
    expected = stretched(values, 0, 65535)
    values[10, 10:14], expected[10, 10:14] = np.nan, expected[10, 9]
    values[0, 0], expected[0, 0] = np.inf, expected[0, 1]
    values[30:33], expected[30:33] = np.nan, expected[29]
    tap.point(*same(tiff(values, 32), expected, "pixels without a value take their neighbour's"))
    values[:70] = np.nan
    reason, samples = pixels.dump(write("t.tif", tiff(values, 32)))
    tap.point(samples is None and "has no value in" in reason, "a photo that is mostly NaN is refused", reason)


def by_pil(tap):
    for name, picture in ("grey", GREY8), ("colour", RGB8):
        for compression in "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg":
            Image.fromarray(picture).save("t.tif", compression=compression)
            expected = np.asarray(Image.open("t.tif"))
            wrong = difference(luma(expected) if name == "colour" else expected, "t.tif")
            tap.point(not wrong, f"{name} by PIL, {compression}", wrong)


def same(data, expected, name, colour=False, **wanted):
    wrong = difference(expected, write("t.tif", data), colour, **wanted)
    return not wrong, f"TIFF: {name}", wrong


def pngs(tap):
    alpha = np.dstack([RGB16, GREY16])
    kinds = [
        ("grey of 8 bits", GREY8, GREY8), ("grey of 16 bits", GREY16, GREY16),
        ("colour of 8 bits", RGB8, luma(RGB8)), ("colour and alpha of 16 bits", alpha, luma(RGB16)),
        ("grey and alpha", np.dstack([GREY8, GREY8]), GREY8),
    ]  # fmt: skip
    for name, picture, expected in kinds:
        for interlaced in False, True:
            wrong = difference(expected, write("t.png", png(picture, interlaced)))
            tap.point(not wrong, f"PNG: {name}{', interlaced' if interlaced else ''}", wrong)
    wrong = difference(RGB16, write("t.png", png(alpha)), colour=True)
    tap.point(not wrong, "PNG: all channels, without alpha", wrong)
    wrong = difference(GREY16 >> 4, write("t.png", png(GREY16 >> 4 << 4)), bits=12)
    tap.point(not wrong, "PNG: 12 bits in the upper part of 16 are shifted down", wrong)


def main():
    tap = pixels.Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for test in uncompressed, scales, holes, by_pil, pngs:
            test(tap)
        os.chdir("/")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
