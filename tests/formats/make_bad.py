#!/usr/bin/python3
"""Damaged and hostile photos of every kind: make_bad.py KIND OUT [IN]"""

import struct
import sys

import numpy as np

import pixels

SHAPE = 100, 120
PICTURE = np.random.default_rng(5).integers(0, 65536, SHAPE).astype("u2")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def entry_at(data, tag):
    """Offset of a tag's entry in the first directory of a little endian TIFF."""
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    for i in range(count):
        if struct.unpack_from("<H", data, at + 2 + 12 * i)[0] == tag:
            return at + 2 + 12 * i
    raise KeyError(tag)


def with_value(data, tag, *values):
    """The values of a tag replaced: of 4 bytes each, where they stand."""
    at = entry_at(data, tag)
    kind, count = struct.unpack_from("<HI", data, at + 2)
    place = at + 8 if {1: 1, 3: 2, 4: 4}[kind] * count <= 4 else struct.unpack_from("<I", data, at + 8)[0]
    new = b"".join(struct.pack("<H" if kind == 3 else "<I", value) for value in values)
    return data[:place] + new + data[place + len(new) :]


def area_outside(data):
    return with_value(data, 50829, 0, 0, 5000, 7000)


def no_cfa_pattern(data):
    """CFAPlaneColor stands where the pattern stood."""
    at = entry_at(data, 33422)
    return data[:at] + struct.pack("<H", 50710) + data[at + 2 :]


def strange_colour(data):
    at = entry_at(data, 33422) + 8
    return data[:at] + b"\x00\x01\x01\x12" + data[at + 4 :]


def rare_colours(data):
    """Of 36 photosites one is red and one blue: too far apart for a ring."""
    (at,) = struct.unpack_from("<I", data, entry_at(data, 33422) + 8)
    return data[:at] + b"\x00" + b"\x01" * 34 + b"\x02" + data[at + 36 :]


def linear_dng(_):
    extra = [(50706, (1, bytes([1, 4, 0, 0]))), (271, (2, b"A\0")), (50708, (2, b"A B\0")), (258, (3, 16))]
    return pixels.tiff(np.dstack([PICTURE] * 3), 16, 34892, extra=extra)


def many_tiles(_):
    side = 1 << 19
    extra = [(256, (4, side)), (257, (4, side)), (322, (4, 16)), (323, (4, 16)), (324, (4, 8)), (325, (4, 256))]
    return pixels.tiff(PICTURE, 16, extra=extra)


def huge_tiff(_):
    return pixels.tiff(PICTURE, 16, extra=[(256, (4, 1000000)), (257, (4, 1000000)), (278, (4, 1000000))])


def looped_tiff(_):
    """A TIFF whose directory names itself as the next one."""
    data = pixels.tiff(PICTURE, 16)
    return data[:-4] + data[4:8]


def many_strips(_):
    """64 directories, each with four million strips whose places are not in the file."""
    bytes_each, count = 2 + 2 * 12 + 4, 1 << 22
    data = b"II*\0" + struct.pack("<I", 8)
    for i in range(1, 65):
        data += struct.pack("<HHHIIHHIII", 2, 273, 4, count, 0xFFFFFF00, 279, 4, count, 0xFFFFFF00, 8 + i % 64 * bytes_each)
    return data


def palette_tiff(_):
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.fromarray((PICTURE & 255).astype("u1")).convert("P").save(out, "TIFF")
    return out.getvalue()


def card(key, value):
    return f"{key:<8}= {value:>20}".ljust(80).encode()


def fits(*cards, data=b""):
    head = b"".join(card(key, value) for key, value in cards) + b"END".ljust(80)
    return head + b" " * (-len(head) % 2880) + data + bytes(-len(data) % 2880)


def no_axes(_):
    return fits(("SIMPLE", "T"), ("BITPIX", 16), ("NAXIS", 0))


def many_axes(_):
    axes = [(f"NAXIS{i}", 2) for i in range(1, 1000)]
    return fits(("SIMPLE", "T"), ("BITPIX", 16), ("NAXIS", 999), *axes)


def huge_fits(_):
    return fits(("SIMPLE", "T"), ("BITPIX", 16), ("NAXIS", 2), ("NAXIS1", 2**40), ("NAXIS2", 2**40), data=bytes(2880))


def no_tile(data):
    """Of a tile-compressed image: tiles without width."""
    at = data.index(b"ZTILE1  =")
    return data[:at] + card("ZTILE1", 0) + data[at + 80 :]


def vast_table(data):
    """Of a tile-compressed image: more rows than bytes can be counted."""
    at = data.index(b"NAXIS2  =", data.index(b"XTENSION"))
    return data[:at] + card("NAXIS2", 2**62) + data[at + 80 :]


def endless_header(_):
    return card("SIMPLE", "T") + b" " * 8000


def cube(_):
    axes = [("NAXIS1", 64), ("NAXIS2", 64), ("NAXIS3", 7)]
    return fits(("SIMPLE", "T"), ("BITPIX", 8), ("NAXIS", 3), *axes, data=bytes(64 * 64 * 7))


def png_bomb(_):
    head = struct.pack(">IIBBBBB", 1000000, 1000000, 16, 6, 0, 0, 0)
    return pixels.png(PICTURE)[:8] + pixels.chunk(b"IHDR", head) + pixels.png(PICTURE)[33:]


def png_text_bomb(_):
    import zlib

    text = pixels.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 << 20)))
    data = pixels.png(PICTURE)
    return data[:33] + text + data[33:]


def half(data):
    return data[: len(data) // 2]


def torn(data):
    """Zeros over a part of the second half."""
    at = len(data) * 2 // 3
    return data[:at] + bytes(2000) + data[at + 2000 :]


def main(kind, out, source=None):
    pixels.write(out, globals()[kind](read(source) if source else None))


if __name__ == "__main__":
    main(*sys.argv[1:])
