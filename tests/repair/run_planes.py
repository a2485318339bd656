#!/usr/bin/python3
"""TIFF, PNG and FITS with planted bad pixels: only these change, they come close to what they were, and the rest of
the file stays. Pictures are written and read by Pillow and astropy, not by hotpix."""
import os
import shutil
import subprocess
import sys
import tempfile
import warnings

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
    same = (after == bad) | ((after != after) & (bad != bad))  # no value is no value
    same = same if bad.ndim == 2 else same.all(axis=2)
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


def thick_cluster():
    """Bad pixels 30 px thick, and some at the border 12 px deep: the inner ones come from those before them."""
    from astropy.io import fits as astro

    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    good = (1000 + 2 * x + y + np.random.default_rng(5).normal(0, 3, (HEIGHT, WIDTH))).astype(np.uint16)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[30:60, 40:70] = mask[:, -12:] = 1
    astro.writeto("thick.fits", np.where(mask == 1, 60000, good).astype(np.uint16), overwrite=True)
    astro.writeto("mask.fits", mask, overwrite=True)
    done = subprocess.run([HOTPIX, "fix", "-d", "mask.fits", "-o", "out", "thick.fits"], capture_output=True, text=True)
    if f": {mask.sum()} bad pixels repaired\n" not in done.stdout:
        return done.stdout + done.stderr
    off = np.abs(astro.getdata("out/thick.fits").astype(int) - good)
    return "" if off[mask == 0].max() == 0 and off[mask == 1].max() < 60 else f"off by {off.max()}"


def without_value():
    """Those of the list that are NaN are bad, whatever is beside them; others stay NaN."""
    from astropy.io import fits as astro

    good = scene(1, 1000).astype(np.float32)
    bad = planted(good, np.nan)
    bad[80, 100] = np.nan
    astro.writeto("nan.fits", bad, overwrite=True)
    write_list("fits")
    done = fix("nan.fits")
    if "6 bad pixels repaired, 1 right in this photo" not in done.stdout:
        return done.stdout + done.stderr
    return faults(good, bad, astro.getdata("out/nan.fits"), 50)


def masks(name):
    """The bits of every extension MASK."""
    from astropy.io import fits as astro

    with astro.open(name, checksum=True) as file:
        return [sorted((int(x), int(y)) for y, x in zip(*np.nonzero(hdu.data))) for hdu in file if hdu.name == "MASK"]


def mask_again():
    """A photo that has a mask gets no second one, of which programs would not know: its own gets the pixels."""
    from astropy.io import fits as astro

    own = np.zeros((HEIGHT, WIDTH), np.uint8)
    own[5, 5] = 4
    picture = astro.PrimaryHDU(planted(scene(1, 30000), 30000).astype(np.int16))
    astro.HDUList([picture, astro.ImageHDU(own, name="MASK")]).writeto("masked.fits", overwrite=True, checksum=True)
    write_list("fits")
    done = fix("masked.fits", "--mask")
    if done.returncode:
        return done.stderr
    wanted = sorted(PLACES + [RIGHT, (5, 5)])
    return "" if masks("out/masked.fits") == [wanted] else repr(masks("out/masked.fits"))


def mask_alone():
    """A photo in which nothing is wrong gets the mask that was asked for, and nothing else."""
    from astropy.io import fits as astro

    good = scene(1, 30000).astype(np.int16)
    astro.writeto("right.fits", good, overwrite=True)
    with open("right.csv", "w") as file:
        file.write(f"x,y,width,height,source\n{RIGHT[0]},{RIGHT[1]},{WIDTH},{HEIGHT},fits\n")
    for options in [], ["--mask"]:
        done = subprocess.run([HOTPIX, "fix", "-d", "right.csv", "-o", "out", "--force", *options, "right.fits"],
                              capture_output=True, text=True)  # fmt: skip
        said = "masked" if options else "nothing changed"
        if done.stdout != f"right.fits: 1 bad pixel, right in this photo, {said}\n":
            return done.stdout + done.stderr
        if masks("out/right.fits") != [[RIGHT]][: len(options)]:
            return repr(masks("out/right.fits"))
    return "" if (astro.getdata("out/right.fits") == good).all() else "samples changed"


def compressed(dtype, top, kind, tile=None, **options):
    """Tile-compressed; the picture before compressing had a checksum, which is no more."""
    def check():
        from astropy.io import fits as astro

        good = scene(1, top).astype(dtype)
        if good.dtype.kind == "f":
            good[50, 50:60] = np.nan
        bad = planted(good, top)
        hdu = astro.CompImageHDU(bad, astro.Header({"OBJECT": "a star"}), compression_type=kind, tile_size=tile, **options)
        astro.HDUList([astro.PrimaryHDU(), hdu]).writeto("a.fits", overwrite=True, checksum=True)
        write_list("fits")
        done = fix("a.fits", "--mask")
        if done.returncode:
            return done.stderr
        with astro.open("out/a.fits", checksum=True) as after:
            after.verify("exception")
            if "6 bad pixels replaced" not in str(after[1].header["HISTORY"]) or after[1].header["OBJECT"] != "a star":
                return repr(after[1].header)
            if sorted(zip(*np.nonzero(after["MASK"].data)[::-1])) != sorted(PLACES + [RIGHT]):
                return "mask"
            fault = faults(good, bad, after[1].data, 0.05 * top)
        with astro.open("out/a.fits", disable_image_compression=True) as after:
            same = [after[1].header[key] for key in ("ZCMPTYPE", "ZTILE1", "ZTILE2")] == [kind, *(tile or (WIDTH, 1))]
            return fault or ("" if same else repr(after[1].header))
    return check


def fpacked():
    """fpack and funpack are CFITSIO's own programs: what they make of it is the picture with its bad pixels repaired."""
    from astropy.io import fits as astro

    good = scene(1, 60000).astype(np.uint16)
    bad = planted(good, 60000)
    astro.PrimaryHDU(bad, astro.Header({"OBJECT": "a star"})).writeto("plain.fits", overwrite=True, checksum=True)
    write_list("fits")
    for name in "plain.fits.fz", "out/unpacked.fits":
        if os.path.exists(name):
            os.remove(name)
    subprocess.run(["fpack", "plain.fits"], check=True)
    done = fix("plain.fits.fz")
    if done.returncode:
        return done.stderr
    subprocess.run(["funpack", "-C", "-O", "out/unpacked.fits", "out/plain.fits.fz"], check=True)
    with astro.open("out/unpacked.fits", checksum=True) as after:
        after.verify("exception")
        return faults(good, bad, after[0].data, 0.05 * 60000)


def lossy():
    from astropy.io import fits as astro

    hdu = astro.CompImageHDU(scene(1, 1).astype(np.float32), compression_type="RICE_1")
    astro.HDUList([astro.PrimaryHDU(), hdu]).writeto("lossy.fits", overwrite=True)
    write_list("fits")
    done = fix("lossy.fits")
    said = "whose compression loses: its samples would not stay; funpack makes a plain one" in done.stderr
    return "" if said and not os.path.exists("out/lossy.fits") else done.stderr


def main():
    warnings.filterwarnings("error", message=".*verification failed")  # a checksum that does not agree
    os.makedirs("out", exist_ok=True)
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[315] = "a description", "an artist"
    for compression in None, "tiff_lzw", "tiff_adobe_deflate", "packbits":
        test(f"TIFF, RGB of 8 bits, compression {compression}",
             pillow("tiff", "a.tif", np.uint8, 3, compression=compression, tiffinfo=tags))  # fmt: skip
        test(f"TIFF, grey of 16 bits, compression {compression}",
             pillow("tiff", "b.tif", np.uint16, 1, compression=compression, tiffinfo=tags))  # fmt: skip
    test("TIFF, grey of 16 bits, big-endian", pillow("tiff", "c.tif", np.dtype(">u2"), 1, tiffinfo=tags))
    test("PNG, RGB of 8 bits", pillow("png", "a.png", np.uint8, 3))
    test("PNG, grey of 8 bits", pillow("png", "b.png", np.uint8, 1))
    test("PNG, grey of 16 bits", pillow("png", "c.png", np.uint16, 1))
    test("PNG: every chunk but those of the picture stays as it is", png_keeps_chunks)
    test("FITS of 16 bits, unsigned", fits(16, np.uint16, 60000))
    test("FITS of 16 bits, with a mask", fits(16, np.int16, 30000, "--mask"))
    test("FITS of 32 bits, floating point from 0 to 1", fits(-32, np.float32, 1))
    test("FITS: a mask that is there gets the pixels, and no second one is made", mask_again)
    test("FITS: a mask where nothing else changes", mask_alone)
    test("FITS: pixels of the list that have no value get one", without_value)
    test("FITS: bad pixels in the middle of many", thick_cluster)
    for kind in "RICE_1", "GZIP_1", "GZIP_2":
        test(f"FITS compressed by {kind}, 16 bits, tiles of a row", compressed(np.int16, 30000, kind))
        test(f"FITS compressed by {kind}, 16 bits unsigned, tiles of 50x32", compressed(np.uint16, 60000, kind, (50, 32)))
    test("FITS compressed by RICE_1, 8 bits", compressed(np.uint8, 255, "RICE_1"))
    test("FITS compressed by RICE_1, 32 bits, one tile", compressed(np.int32, 100000, "RICE_1", (WIDTH, HEIGHT)))
    test("FITS compressed by GZIP_2, floating point, without loss", compressed(np.float32, 1, "GZIP_2", (50, 32), quantize_level=0))
    test("FITS compressed with loss is refused, and nothing is written", lossy)
    if shutil.which("fpack") or os.environ.get("CI") == "true":
        test("FITS compressed by fpack", fpacked)
    print(f"1..{count}")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
