#!/usr/bin/python3
"""
Photos of a simulated camera in another kind: convert.py KIND FROM TO [KEY=VALUE]...
KIND: tif, png, fits, fz (out of DNG), heic (out of JPEG). KEY=VALUE become FITS keywords.
"""

import os
import subprocess
import sys

import numpy as np
from PIL import Image

import pixels


def mosaic(path):
    done = subprocess.run(["dcraw", "-D", "-4", "-t", "0", "-c", path], stdout=subprocess.PIPE, check=True)
    _, size, _, samples = done.stdout.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(samples, ">u2").reshape(height, width).astype("u2")


def exposure(path):
    done = subprocess.run(["exiftool", "-s3", "-n", "-ExposureTime", path], stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def write_fits(path, samples, exposure_s, compress, keywords):
    from astropy.io import fits

    header = fits.Header({"INSTRUME": "Simulated", "EXPTIME": exposure_s} | keywords)
    if compress:
        fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(samples, header)]).writeto(path)
    else:
        fits.writeto(path, samples, header)


def convert(kind, source, target, keywords):
    if kind == "heic":
        subprocess.run(["heif-enc", "-q", "95", source, "-o", target], stdout=subprocess.DEVNULL, check=True)
    elif kind == "tif":
        pixels.write(target, pixels.tiff(mosaic(source), 16))
    elif kind == "png":
        Image.fromarray(mosaic(source)).save(target)
    else:
        write_fits(target, mosaic(source), exposure(source), kind == "fz", keywords)


def main(kind, source, target, *keywords):
    pairs = dict(word.split("=", 1) for word in keywords)
    os.makedirs(target, exist_ok=True)
    for name in sorted(os.listdir(source)):
        stem, ending = os.path.splitext(name)
        if ending in (".jpg", ".dng"):
            convert(kind, os.path.join(source, name), os.path.join(target, f"{stem}.{kind}"), pairs)


if __name__ == "__main__":
    main(*sys.argv[1:])
