#!/usr/bin/python3
"""The sums of raw photos against the numpy writing of docs/method.md: Bayer, X-Trans and no mosaic, with and without light.

Prints TAP. In the environment: HOTPIX_BUILD, the build folder.
"""

import os
import struct
import subprocess
import sys
import tempfile

import numpy as np
from astropy.io import fits

from method import sensor

BITS = 12
FLOOR_DN = 2
SETS = {
    "Bayer": ("--cfa", "GRBG", "--size", "160x144"),
    "Bayer, a width that no vector divides": ("--cfa", "RGGB", "--size", "614x90"),
    "X-Trans": ("--cfa", "XTRANS", "--size", "180x132"),
    "no mosaic": ("--cfa", "MONO", "--size", "150x130"),
    "FITS, black unknown": ("fits", "--cfa", "MONO", "--size", "150x130"),
    "darks": ("--cfa", "RGGB", "--size", "160x144", "--scene", "dark"),
}
TAGS = {"width": 256, "height": 257, "strips": 273, "period": 33421, "pattern": 33422, "black": 50714}
FORMATS = {1: "B", 3: "H", 4: "I", 5: "Q"}  # a rational: two numbers of 4 bytes


def values_of(tiff, at, kind, count):
    size = struct.calcsize(FORMATS[kind]) * count
    place = at + 8 if size <= 4 else struct.unpack_from("<I", tiff, at + 8)[0]
    return struct.unpack_from(f"<{count}{FORMATS[kind]}", tiff, place)


def read_dng(path):
    """(samples [y, x], colours of a period [y, x], black, which is one for all sites) of an uncompressed DNG of 12 bits."""
    with open(path, "rb") as file:
        tiff = file.read()
    (directory,) = struct.unpack_from("<I", tiff, 4)
    (count,) = struct.unpack_from("<H", tiff, directory)
    found = {}
    for at in range(directory + 2, directory + 2 + 12 * count, 12):
        tag, kind, number = struct.unpack_from("<HHI", tiff, at)
        if kind in FORMATS:
            found[tag] = values_of(tiff, at, kind, number)
    tag = {name: found.get(number) for name, number in TAGS.items()}
    width, height = tag["width"][0], tag["height"][0]
    packed = np.frombuffer(tiff, np.uint8, width * height * 3 // 2, tag["strips"][0]).reshape(-1, 3).astype(np.uint16)
    pairs = np.stack([packed[:, 0] << 4 | packed[:, 1] >> 4, (packed[:, 1] & 15) << 8 | packed[:, 2]], axis=1)
    colours = np.array(tag["pattern"] or [0]).reshape(tag["period"] or (1, 1))
    below, above = tag["black"][0] >> 32, tag["black"][0] & 0xFFFFFFFF
    return pairs.reshape(height, width), colours, round(above / below)


def photos_of(build, arguments, folder):
    """Takes photos: [(samples, colours, black)]"""
    camsim = [os.path.join(build, "tools/camsim/camsim"), "--number", "3", "--defects-per-class", "0", "--pairs", "2"]
    run(*camsim, "--seed", "77", "--format", "dng", "--bits", str(BITS), *arguments, folder)
    return [read_dng(os.path.join(folder, name)) for name in sorted(os.listdir(folder)) if name.endswith(".dng")]


def without_black(photos, folder):
    """The same as FITS files, which do not tell their black: 0 is unknown."""
    os.mkdir(folder)
    for i, (plane, _, _) in enumerate(photos):
        fits.writeto(os.path.join(folder, f"{i}.fits"), plane)
    return [(plane, colours, 0) for plane, colours, _ in photos]


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def unlike(build, arguments, folder):
    """Names of the sums that differ, or are all alike."""
    kept, state = os.path.join(folder, "photos"), os.path.join(folder, "sums.fits")
    photos = photos_of(build, [word for word in arguments if word != "fits"], kept)
    if "fits" in arguments:
        kept = os.path.join(folder, "fits")
        photos = without_black(photos, kept)
    run(os.path.join(build, "cli/hotpix"), "scan", "-q", "--similar", "keep", "--state", state, kept)
    z = np.array([sensor.z(*photo, FLOOR_DN)[0] for photo in photos])
    wanted = {"S1": z.sum(axis=0), "S2": (z * z).sum(axis=0)}
    with fits.open(state) as sums:
        return [name for name, values in wanted.items() if not np.array_equal(sums[name].data, values) or not np.ptp(values)]


def main():
    build = os.environ.get("HOTPIX_BUILD") or sys.exit("run_sensor.py: set HOTPIX_BUILD to the build folder")
    failed = 0
    print(f"1..{len(SETS)}")
    for number, (name, arguments) in enumerate(SETS.items(), 1):
        with tempfile.TemporaryDirectory() as folder:
            wrong = unlike(build, arguments, folder)
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} {name}: sums of raw samples are numpy's")
        if wrong:
            print(f"# differ: {', '.join(wrong)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
