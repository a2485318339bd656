#!/usr/bin/python3
"""Planes of FITS files against astropy. Prints TAP; DUMP_PLANE or HOTPIX_BUILD in the environment."""

import os
import sys
import tempfile
import warnings

import numpy as np
from astropy.io import fits

import pixels
from pixels import GREY16, RANDOM, RGB16, difference, luma, stretched

HEAD = {"INSTRUME": "Camera 1", "EXPTIME": 300.0, "GAIN": 120, "DATE-OBS": "2023-02-03T04:05:06.789"}


def put(data, path="t.fits", extension=False, primary=None, **head):
    header = fits.Header()
    header.update({key.replace("_", "-"): value for key, value in head.items()})
    if extension:
        fits.HDUList([fits.PrimaryHDU(header=fits.Header(primary or {})), fits.ImageHDU(data, header)]).writeto(path, overwrite=True)
    else:
        fits.writeto(path, data, header, overwrite=True)
    return path


def types(tap):
    wide = GREY16.astype("i4")
    below = wide - 3000
    kinds = [
        ("8 bits", (GREY16 & 255).astype("u1"), None), ("unsigned 16 bits", GREY16, None),
        ("signed 16 bits", (GREY16 // 3).astype("i2"), None),
        ("signed 32 bits, 20 of them used", wide * 16, (0, 2**20 - 1)),
        ("signed 32 bits, some below 0", below, (-65535 / 16, 65535)),
        ("64 bits", GREY16.astype("i8"), None), ("floating point", GREY16.astype("f4"), None),
        ("double", GREY16 + 0.25, (0, 65535)), ("0 to 1", (GREY16 / 65535).astype("f4"), (0, 1)),
    ]  # fmt: skip
    for name, data, scale in kinds:
        expected = stretched(data, *scale) if scale else data.astype("u1" if data.dtype == "u1" else "u2")
        wrong = difference(expected, put(data))
        tap.point(not wrong, f"FITS: {name}", wrong)
    wrong = difference(GREY16 >> 4, put(GREY16 >> 4 << 4), bits=12)
    tap.point(not wrong, "FITS: 12 bits in the upper part of 16 are shifted down", wrong)


def places(tap):
    wrong = difference(GREY16, put(GREY16, extension=True))
    tap.point(not wrong, "FITS: the picture in an extension", wrong)
    wrong = difference(GREY16, put(GREY16[None]))
    tap.point(not wrong, "FITS: a third axis of length 1", wrong)
    planes = np.ascontiguousarray(np.moveaxis(RGB16, 2, 0))
    wrong = difference(luma(RGB16), put(planes)) or difference(RGB16, "t.fits", colour=True)
    tap.point(not wrong, "FITS: three planes are colours", wrong)
    large = RANDOM.integers(0, 65536, (1100, 1000)).astype("u2")
    wrong = difference(large, put(large))
    tap.point(not wrong, "FITS: more than is read for the metadata", wrong)


def compressed(tap):
    with_float = (50000 * RANDOM.random(GREY16.shape)).astype("f4")
    for kind in "RICE_1", "GZIP_1", "GZIP_2":
        for tile in None, (GREY16.shape[1], 16):
            image = fits.CompImageHDU(GREY16, compression_type=kind, tile_size=tile)
            fits.HDUList([fits.PrimaryHDU(), image]).writeto("t.fits.fz", overwrite=True)
            wrong = difference(GREY16, "t.fits.fz")
            tap.point(not wrong, f"FITS: {kind}, tiles of {'a row' if tile is None else '16 rows'}", wrong)
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(with_float)]).writeto("t.fits.fz", overwrite=True)
    wrong = difference(stretched(fits.getdata("t.fits.fz", 1), 0, 65535), "t.fits.fz")
    tap.point(not wrong, "FITS: floating point, compressed with loss", wrong)


def holes(tap):
    values = (60000 * RANDOM.random(GREY16.shape)).astype("f4")
    expected = stretched(values, 0, 65535)
    values[10, 10:14], expected[10, 10:14] = np.nan, expected[10, 9]
    values[0, 0], expected[0, 0] = np.nan, expected[0, 1]
    wrong = difference(expected, put(values))
    tap.point(not wrong, "FITS: NaN takes its neighbour's value", wrong)
    image = fits.PrimaryHDU((GREY16 // 3).astype("i2"))
    image.data[5, 7] = -999
    image.header["BLANK"] = -999
    image.writeto("t.fits", overwrite=True)
    expected = GREY16 // 3
    expected[5, 7] = expected[5, 6]
    wrong = difference(expected, "t.fits")
    tap.point(not wrong, "FITS: BLANK takes its neighbour's value", wrong)


def heads(tap):
    wrong = difference(GREY16, put(GREY16, **HEAD), model="Camera 1", exposure_s=300, gain=1.2, taken_s=1675397106)
    tap.point(not wrong, "FITS: camera, exposure, gain and date", wrong)
    day = {"DATE-OBS": "2023-02-03"}
    for beside, seconds in ({}, 0), ({"TIME-OBS": "04:05:06.7"}, 14706), ({"UT": "04:05:06"}, 14706), ({"TIME-OBS": "soon"}, None):
        taken = 0 if seconds is None else 1675382400 + seconds
        wrong = difference(GREY16, put(GREY16, **day, **beside), taken_s=taken)
        tap.point(not wrong, f"FITS: a day alone in DATE-OBS, and beside it {beside or 'nothing'}", wrong)
    wrong = difference(GREY16, put(GREY16, extension=True, primary=HEAD, EXPTIME=20.0), model="Camera 1", exposure_s=20, gain=1.2)
    tap.point(not wrong, "FITS: what a picture in an extension does not say is in the primary header", wrong)
    bayer = {"BAYERPAT": "RGGB", "XBAYROFF": 1}
    wrong = difference(GREY16, put(GREY16, extension=True, primary=bayer), cfa="GRBG")
    wrong = wrong or difference(GREY16, put(GREY16, extension=True, primary=bayer, BAYERPAT="GBRG"), cfa="GBRG")
    tap.point(not wrong, "FITS: a Bayer pattern and its place are of one header", wrong)
    even = GREY16[:96]
    for order, offset, cfa in ("TOP-DOWN", 0, "RGGB"), ("BOTTOM-UP", 0, "GBRG"), ("TOP-DOWN", 1, "GBRG"), (None, 0, "RGGB"):
        head = {"BAYERPAT": "RGGB", "YBAYROFF": offset} | ({"ROWORDER": order} if order else {})
        wrong = difference(even, put(even, **head), cfa=cfa)
        tap.point(not wrong, f"FITS: Bayer pattern, rows {order}, offset {offset}", wrong)
    scaled = fits.PrimaryHDU((GREY16 // 4).astype("i2"))
    scaled.header["BSCALE"], scaled.header["BZERO"] = 0.5, 100.0
    scaled.writeto("t.fits", overwrite=True)
    wrong = difference(stretched(fits.getdata("t.fits"), 0, 65535), "t.fits")
    tap.point(not wrong, "FITS: BSCALE and BZERO", wrong)


def ends(tap):
    put(GREY16)
    with open("t.fits", "rb") as file:
        data = file.read()
    full = len(data) - (-2 * GREY16.size % 2880)
    wrong = difference(GREY16, pixels.write("c.fits", data[:full]))
    tap.point(not wrong, "FITS: the padding at the end may be missing", wrong)
    for length in full - 1, full - 5000, 2880, 100:
        reason, samples = pixels.dump(pixels.write("c.fits", data[:length]))
        tap.point(samples is None and "damaged" in reason, f"FITS: {full - length} bytes less are damage", reason)


def main():
    warnings.simplefilter("ignore")
    tap = pixels.Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for test in types, places, compressed, holes, heads, ends:
            test(tap)
        os.chdir("/")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
