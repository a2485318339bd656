#!/usr/bin/python3
"""TIFF, PNG and FITS with planted bad pixels: only these change, they come close to what they were, and the rest of
the file stays. Pictures are written and read by Pillow and astropy, not by hotpix."""
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image, PngImagePlugin, TiffImagePlugin

HOTPIX = os.environ["HOTPIX"]
WIDTH, HEIGHT = 120, 90
PLACES = [(0, 0), (119, 89), (40, 30), (41, 30), (77, 12), (60, 61)]
RIGHT = (20, 70)  # in the list, but nothing is wrong there
count = 0


def scene(channels, top):
    """A soft slope with an edge along the diagonal and some noise."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    light = 0.2 + 0.3 * x / WIDTH + 0.25 * (x + 2 * y > 170)
    noise = np.random.default_rng(4).normal(0, 0.005, (HEIGHT, WIDTH, channels))
    picture = (light[..., None] * np.linspace(1, 0.7, channels) + noise) * top
    return picture[..., 0] if channels == 1 else picture


def planted(picture, value):
    bad = picture.copy()
    for x, y in PLACES:
        bad[y, x] = value
    return bad


def write_list(source):
    with open("list.csv", "w") as file:
        file.write("x,y,width,height,source\n")
        file.writelines(f"{x},{y},{WIDTH},{HEIGHT},{source}\n" for x, y in PLACES + [RIGHT])


def fix(name, *options):
    return subprocess.run([HOTPIX, "fix", "-d", "list.csv", "-o", "out", "--force", *options, name], capture_output=True, text=True)


def faults(good, bad, after, least):
    """What is wrong with a repair, as text; empty: nothing."""
    same = (after == bad) if bad.ndim == 2 else (after == bad).all(axis=2)
    changed = {(int(x), int(y)) for y, x in zip(*np.nonzero(~same))}
    off = [np.abs(after[y, x].astype(float) - good[y, x]).max() for x, y in PLACES]
    if changed != set(PLACES):
        return f"changed: {sorted(changed)}"
    return f"off by {off}" if max(off) > least else ""


def test(name, check):
    global count
    count += 1
    try:
        fault = check()
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
    print(f"{'not ok' if fault else 'ok'} {count} {name}")
    if fault:
        print(f"# {fault}")
    sys.stdout.flush()


def exif_of(name):
    said = subprocess.run(["exiftool", "-a", "-G1", "-s", "-x", "File:all", "-x", "System:all", "-x", "StripOffsets", "-x",
                           "StripByteCounts", "-x", "IDAT", name], capture_output=True, text=True)  # fmt: skip
    return said.stdout


def pillow(kind, name, dtype, channels, **options):
    def check():
        top = np.iinfo(dtype).max
        good = scene(channels, top).astype(dtype)
        bad = planted(good, top)
        Image.fromarray(bad).save(name, **options)
        write_list(kind)
        done = fix(name)
        if done.returncode or "6 bad pixels repaired, 1 right in this photo" not in done.stdout:
            return done.stdout + done.stderr
        if exif_of(name) != exif_of(f"out/{name}"):
            return "metadata differ"
        return faults(good, bad, np.asarray(Image.open(f"out/{name}")), 0.05 * top)
    return check


def png_chunks(name):
    with open(name, "rb") as file:
        data = file.read()
    at, chunks = 8, []
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big") + 12
        if data[at + 4:at + 8] != b"IDAT":
            chunks.append(data[at:at + size])
        at += size
    return chunks


def png_keeps_chunks():
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Author", "somebody", lang="en")
    Image.fromarray(planted(scene(3, 255).astype(np.uint8), 255)).save("text.png", pnginfo=text, dpi=(300, 300), icc_profile=bytes(200))
    write_list("png")
    done = fix("text.png")
    return done.stderr or ("" if png_chunks("text.png") == png_chunks("out/text.png") else "chunks differ")


def fits(bitpix, dtype, top, *options):
    def check():
        from astropy.io import fits as astro

        good = scene(1, top).astype(dtype)
        bad = planted(good, top)
        header = astro.Header({"OBJECT": "a star", "BUNIT": "adu"})
        astro.PrimaryHDU(bad, header).writeto("a.fits", overwrite=True, checksum=True)
        write_list("fits")
        done = fix("a.fits", *options)
        if done.returncode:
            return done.stderr
        with astro.open("out/a.fits", checksum=True) as after:
            after.verify("exception")
            kept = after[0].header
            if kept["OBJECT"] != "a star" or "6 bad pixels replaced" not in str(kept["HISTORY"]):
                return repr(kept)
            if kept["BITPIX"] != bitpix:
                return f"BITPIX {kept['BITPIX']}"
            if options and sorted(zip(*np.nonzero(after["MASK"].data)[::-1])) != sorted(PLACES + [RIGHT]):
                return "mask"
            return faults(good, bad, after[0].data, 0.05 * top)
    return check


def main():
    os.makedirs("out", exist_ok=True)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[315] = "a description", "an artist"
    for compression in None, "tiff_lzw", "tiff_adobe_deflate", "packbits":
        test(f"TIFF, RGB of 8 bits, compression {compression}",
             pillow("tiff", "a.tif", np.uint8, 3, compression=compression, tiffinfo=tags))  # fmt: skip
        test(f"TIFF, grey of 16 bits, compression {compression}",
             pillow("tiff", "b.tif", np.uint16, 1, compression=compression, tiffinfo=tags))  # fmt: skip
    test("PNG, RGB of 8 bits", pillow("png", "a.png", np.uint8, 3))
    test("PNG, grey of 8 bits", pillow("png", "b.png", np.uint8, 1))
    test("PNG, grey of 16 bits", pillow("png", "c.png", np.uint16, 1))
    test("PNG: every chunk but those of the picture stays as it is", png_keeps_chunks)
    test("FITS of 16 bits, unsigned", fits(16, np.uint16, 60000))
    test("FITS of 16 bits, with a mask", fits(16, np.int16, 30000, "--mask"))
    test("FITS of 32 bits, floating point from 0 to 1", fits(-32, np.float32, 1))
    print(f"1..{count}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
