#!/usr/bin/python3
"""
Planes of RAW files against dcraw -D, and of HEIC against heif-convert. Prints TAP; CAMSIM and DUMP_PLANE, or
HOTPIX_BUILD, in the environment, and HOTPIX_DATA with real photos.
"""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image, ImageFilter

import pixels
from pixels import RANDOM, difference, program


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def netpbm(data):
    _, size, _, samples = data.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(samples, ">u2").reshape(height, width).astype("u2")


def simulated(tap):
    """Every CFA, every depth, packed and compressed, with odd margins and all orientations."""
    cfas = "RGGB", "BGGR", "GRBG", "GBRG", "XTRANS", "MONO"
    kinds = [*itertools.product(cfas, (12,), ("none",)), *itertools.product(cfas, (14,), ("ljpeg",)), ("RGGB", 16, "none")]
    for i, (cfa, bits, compression) in enumerate(kinds):
        run(
            program("CAMSIM", "tools/camsim/camsim"), "--format", "dng", "--cfa", cfa, "--bits", str(bits),
            "--compress", compression, "--margins", "7,5,4,3", "--orientation", str(i % 8 + 1), "--size", "322x242",
            "--number", "1", "--defects-per-class", "1", "sim",
        )  # fmt: skip
        expected = netpbm(run("dcraw", "-D", "-4", "-t", "0", "-c", "sim/photo-0001.dng"))
        sites = {"XTRANS": 36, "MONO": 1}.get(cfa, 4)
        wanted = {"bits": bits, "black": " ".join([str(128 << (bits - 12))] * sites)}
        if cfa != "XTRANS":
            wanted["cfa"] = "" if cfa == "MONO" else cfa
        wrong = difference(expected, "sim/photo-0001.dng", **wanted)
        tap.point(not wrong, f"RAW: {cfa}, {bits} bits, {compression}, as dcraw", wrong)
        shutil.rmtree("sim")


def real(tap):
    folder = os.path.join(os.environ.get("HOTPIX_DATA", ""), "raw")
    kinds = {
        "canon-d30.crw": {"make": "Canon", "serial": "1235-02474", "cfa": "RGGB", "bits": 12, "gain": 1,
                          "exposure_s": 4.96743, "taken_s": 1514811812, "black": "127 128 128 128"},
        "kiss-x4-colorchart.dng": {"model": "Canon EOS Kiss X4", "cfa": "RGGB", "bits": 14,
                                   "black": "2056 2056 2056 2056"},
    }  # fmt: skip
    for name, wanted in kinds.items():
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            missing = os.environ.get("CI") == "true"
            tap.point(not missing, f"RAW: {name} # skip no real photos: HOTPIX_DATA is not set", f"{path} is missing")
            continue
        expected = netpbm(run("dcraw", "-D", "-4", "-t", "0", "-c", path))
        wrong = difference(expected, path, **wanted)
        tap.point(not wrong, f"RAW: {name}, as dcraw", wrong)


def heic(tap):
    if not shutil.which("heif-enc"):
        tap.point(os.environ.get("CI") != "true", "HEIC # skip there is no heif-enc", "there is no heif-enc")
        return
    picture = RANDOM.integers(0, 256, (240, 320, 3), dtype="u1")
    Image.fromarray(picture).filter(ImageFilter.GaussianBlur(3)).save("h.png")
    for name, options in ("4:2:0", []), ("4:4:4", ["-p", "chroma=444"]), ("AVIF", ["-A"]):
        run("heif-enc", "-q", "90", *options, "h.png", "-o", "h.heic")
        run("heif-convert", "--quiet", "h.heic", "h.y4m")
        with open("h.y4m", "rb") as file:
            frame = file.read().split(b"FRAME\n", 1)[1]
        expected = np.frombuffer(frame[: 320 * 240], "u1").reshape(240, 320)
        wrong = difference(expected, "h.heic")
        tap.point(not wrong, f"HEIC: the Y plane, {name}, as heif-convert", wrong)
    with open("h.heic", "rb") as file:
        data = file.read()
    for share in 5, 50, 99:
        reason, samples = pixels.dump(pixels.write("c.heic", data[: len(data) * share // 100]))
        tap.point(samples is None and "damaged HEIC" in reason, f"HEIC: {share} % of a file are damage", reason)


def main():
    tap = pixels.Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for test in simulated, real, heic:
            test(tap)
        os.chdir("/")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
