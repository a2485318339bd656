#!/usr/bin/python3
"""Makes a broken state out of a good one: broken.py HOW IN OUT"""
import sys

from astropy.io import fits
import numpy as np


def cut(data, size):
    return data[:size]


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def fill_card(data, at):
    return data[:at + 10] + b"z" * 70 + data[at + 80:]


def many_axes(data):
    """More than CFITSIO has room for."""
    at = data.index(b"NAXIS   =")
    return data[:at + 10] + b"200".rjust(20) + data[at + 30:]


def lengthen_header(data, part):
    """By more than a MiB of remarks."""
    at, body, _ = part
    cards = data[at:data.index(b"END".ljust(80), at)] + 15000 * b"COMMENT".ljust(80) + b"END".ljust(80)
    return data[:at] + cards + b" " * (-len(cards) % 2880) + data[body:]


def places(source):
    """Where the header and the data of each part begin, and where the data end."""
    with fits.open(source) as parts:
        return {part.name: (part._header_offset, part._data_offset, part._data_offset + part._data_size)
                for part in parts}


BYTES = {
    "cut-table": lambda d, p: cut(d, p["PHOTOS"][1] + 100),
    "cut-images": lambda d, p: cut(d, p["SX"][1] + 100),
    "cut-header": lambda d, p: cut(d, 1000),
    "flip-image": lambda d, p: flip(d, p["SXX"][1] + 1000),
    "flip-image-header": lambda d, p: flip(d, p["SXX"][0] + 11 * 80 + 40),
    "flip-table": lambda d, p: flip(d, p["PHOTOS"][1] + 3),
    "flip-header": lambda d, p: flip(d, 6 * 80 + 12),
    "flip-padding": lambda d, p: flip(d, p["PHOTOS"][2] - 1),
    "long-name": lambda d, p: fill_card(d, d.index(b"TTYPE7  =")),
    "many-axes": lambda d, p: many_axes(d),
    "long-header": lambda d, p: lengthen_header(d, p["S1"]),
    "no-fits": lambda d, p: b"x" + d[1:],
    "empty": lambda d, p: b"",
    "gzip": lambda d, p: __import__("gzip").compress(d, 1),
}


def older(parts):
    parts[0].header["HPSTATE"] = 2


def newer(parts):
    parts[0].header["HPSTATE"] = 4


def foreign(parts):
    del parts[0].header["HPSTATE"]


def no_camera(parts):
    del parts[0].header["MAKE"]


def no_ring(parts):
    header = parts[0].header
    header["CFA"], header["CFACOLS"], header["CFAROWS"] = "R" + 34 * "G" + "B", 6, 6


def period(parts):
    header = parts[0].header
    header["CFA"], header["CFACOLS"], header["CFAROWS"] = "RGGGGBGGGG", 5, 2


def huge(parts):
    parts[0].header["WIDTH"] = 1 << 20
    parts[0].header["HEIGHT"] = 1 << 20


def count(parts):
    parts[0].header["NPHOTOS"] += 1


def number(parts):
    sums = parts["S1"].data.copy()
    sums[5, 5] = 2**31 - 1
    parts["S1"].data = sums


def twice(parts):
    rows = parts["PHOTOS"].data
    rows["HASH"][1] = rows["HASH"][0]


def hash_(parts):
    parts["PHOTOS"].data["HASH"][0] = "no hash".ljust(32)


def sigma(parts):
    parts["PHOTOS"].data["SIGMA"][0] = np.nan


def escape(parts):
    parts["PHOTOS"].data["PATH"][0] = "bad\\x0"


def columns(parts):
    parts["PHOTOS"].columns["SIGMA"].name = "NOISE"


def images(parts):
    parts["S1"].name = "S9"


def no_table(parts):
    del parts["PHOTOS"]


def rewritten(parts):
    """Not broken: another program saved it again."""
    parts[0].header["HISTORY"] = "saved again"


def main(how, source, target):
    if how in BYTES:
        with open(source, "rb") as good, open(target, "wb") as bad:
            bad.write(BYTES[how](good.read(), places(source)))
        return
    with fits.open(source, uint=True, memmap=False) as parts:
        for part in parts:
            part.data  # read, so that it is written anew
        {"hash": hash_}.get(how, globals().get(how))(parts)
        parts.writeto(target, checksum=True, overwrite=True)


main(*sys.argv[1:])
