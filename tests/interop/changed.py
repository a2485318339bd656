#!/usr/bin/python3
"""Prints "x y" of every pixel that differs between two pictures (PNM, plain TIFF, FITS, others through PIL), by y, x.

changed.py A B [DX DY]: DX and DY are added, for programs that cut off a border.
"""
import struct
import sys

import numpy as np


def read_pnm(data):
    magic, size, most, samples = data.split(b"\n", 3)
    width, height = map(int, size.split())
    kind = ">u2" if int(most) > 255 else "u1"
    return np.frombuffer(samples, kind).reshape(height, width, {b"P5": 1, b"P6": 3}[magic])


def read_tiff(data):
    order = "<" if data[:2] == b"II" else ">"
    start, = struct.unpack(order + "I", data[4:8])
    count, = struct.unpack(order + "H", data[start:start + 2])
    tags = {}
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, number = struct.unpack(order + "HHI", data[at:at + 8])
        letter = {3: "H", 4: "I"}.get(kind)
        if not letter:
            continue
        size = struct.calcsize(letter) * number
        place = at + 8 if size <= 4 else struct.unpack(order + "I", data[at + 8:at + 12])[0]
        tags[tag] = struct.unpack(f"{order}{number}{letter}", data[place:place + size])
    assert tags.get(259, (1,))[0] == 1, "a compressed TIFF"
    samples = b"".join(data[o:o + n] for o, n in zip(tags[273], tags[279]))
    kind = order + ("u2" if tags[258][0] == 16 else "u1")
    return np.frombuffer(samples, kind).reshape(tags[257][0], tags[256][0], tags[277][0])


def read_fits(path):
    from astropy.io import fits
    data = fits.getdata(path)
    return data[..., None] if data.ndim == 2 else np.moveaxis(data, 0, -1)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] in (b"P5", b"P6"):
        return read_pnm(data)
    if data[:2] in (b"II", b"MM"):
        return read_tiff(data)
    if data[:6] == b"SIMPLE":
        return read_fits(path)
    from PIL import Image
    return np.atleast_3d(np.asarray(Image.open(path)))


def main():
    first, second = read(sys.argv[1]), read(sys.argv[2])
    shift = [int(word) for word in sys.argv[3:5]] or [0, 0]
    assert first.shape == second.shape, (first.shape, second.shape)
    for y, x in np.argwhere((first != second).any(axis=2)):
        print(x + shift[0], y + shift[1])


main()
