#!/usr/bin/python3
"""
full.py white PHOTO N: a white photo of 16 bits, the N-th of its kind.
full.py fill STATE-OF-ONE-PHOTO STATE COUNT [NAME]: the state that COUNT photos like that one would have made.
full.py sums STATE: the least and the largest number of its first sum.
"""
import sys

from astropy.io import fits
import numpy as np
from PIL import Image, PngImagePlugin

SIZE, WHITE = (64, 48), 65535


def white(path, number):
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", number)
    Image.fromarray(np.full(SIZE[::-1], WHITE, np.uint16)).save(path, pnginfo=info)


def fill(source, target, count, name="many"):
    count = int(count)
    with fits.open(source, uint=True, memmap=False) as parts:
        for part in parts[1:-1]:
            if part.name not in ("MIN", "MAX"):
                part.data = (part.data.astype(object) * count).astype(part.data.dtype)
        one, shape = parts["PHOTOS"], parts["PHOTOS"].columns
        columns = []
        for column in shape:
            values = np.repeat(one.data[column.name][:1], count, axis=0)
            if column.name == "HASH":
                values = np.array([f"{ord(name[0]):02x}{i:030x}" for i in range(count)])
            elif column.name == "PATH":
                values = np.array([f"{name}/{i:08d}" for i in range(count)])
            columns.append(fits.Column(column.name, f"{len(values[0])}A" if column.name == "PATH" else column.format,
                                       array=values, bzero=column.bzero, bscale=column.bscale, dim=column.dim))
        parts["PHOTOS"] = fits.BinTableHDU.from_columns(columns, header=None, name="PHOTOS")
        parts[0].header["NPHOTOS"] = count
        parts.writeto(target, checksum=True, overwrite=True)


def sums(path):
    with fits.open(path, uint=True, checksum=True) as parts:
        print(parts[1].data.min(), parts[1].data.max())


{"white": white, "fill": fill, "sums": sums}[sys.argv[1]](*sys.argv[2:])
