#!/usr/bin/python3
"""JPEG segments, without any library.

segments.py list FILE        every segment but those of entropy coding (DHT, SOS, DAC, DRI), with a hash of its bytes,
                             and what is behind the end
segments.py rich IN OUT      IN with a thumbnail in its EXIF's place, XMP, ICC, comments, a maker's segment and,
                             behind its end, a second picture that an MPF index points to
segments.py scans FILE       planes and bits of every scan
segments.py second FILE      the second picture, found through the index, as hash
"""
import hashlib
import struct
import sys


def segments(data):
    """(marker, bytes of the segment) to the first EOI; then (None, what is behind it)."""
    at = 0
    while True:
        start = at
        assert data[at] == 0xFF, f"no marker at {at}"
        while data[at] == 0xFF:
            at += 1
        code = data[at]
        at += 1
        if code == 0xD8:
            yield code, data[start:at]
        elif code == 0xD9:
            yield code, data[at - 2:at]
            yield None, data[at:]
            return
        else:
            at += int.from_bytes(data[at:at + 2], "big")
            yield code, data[start:at]
        if code == 0xDA:
            while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
                at += 1 + (data[at] == 0xFF and data[at + 1] != 0xFF)
                if data[at - 1] == 0xFF and data[at] == 0xFF:
                    continue
            while data[at + 1] == 0xFF:
                at += 1


def show(data):
    for code, body in segments(data):
        if code not in (0xC4, 0xCC, 0xDA, 0xDD):
            print("behind" if code is None else f"{code:02x}", len(body), hashlib.sha256(body).hexdigest()[:16])


def segment(code, body):
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def rich(data):
    small = data  # any JPEG will do as second picture
    parts = list(segments(data))
    end = next(i for i, (code, _) in enumerate(parts) if code == 0xDB)
    head = b"".join(body for code, body in parts[:end] if code != 0xE0)
    scan = data[data.index(parts[end][1]):]
    extra = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>")
    extra += segment(0xE2, b"ICC_PROFILE\0\1\1" + b"\0\0\0\x80" + bytes(124))
    extra += segment(0xFE, b"a comment") + segment(0xED, b"Photoshop 3.0\0") + segment(0xEF, b"of a maker")
    index = len(head) + len(extra) + 8  # where the MPF block's own header begins, from the beginning of the file
    size = 8 + 2 + 3 * 12 + 4 + 2 * 16
    first = len(head) + len(extra) + 4 + 4 + size + len(scan)
    block = b"MM\0*\0\0\0\x08" + struct.pack(">H", 3)
    block += struct.pack(">HHI4s", 0xB000, 7, 4, b"0100") + struct.pack(">HHII", 0xB001, 4, 1, 2)
    block += struct.pack(">HHII", 0xB002, 7, 32, 8 + 2 + 36 + 4) + bytes(4)
    block += struct.pack(">IIIHH", 0x030000, first, 0, 0, 0) + struct.pack(">IIIHH", 0, len(small), first - index, 0, 0)
    return head + extra + segment(0xE2, b"MPF\0" + block) + scan + small


def second(data):
    for code, body in segments(data):
        if code == 0xE2 and body[4:8] == b"MPF\0":
            header = data.index(body) + 8
            entry = header + 8 + 2 + 36 + 4 + 16
            size, place = struct.unpack(">II", data[entry + 4:entry + 12])
            return hashlib.sha256(data[header + place:header + place + size]).hexdigest()
    return "no index"


if __name__ == "__main__":
    with open(sys.argv[2], "rb") as file:
        content = file.read()
    if sys.argv[1] == "list":
        show(content)
    elif sys.argv[1] == "scans":
        for code, body in segments(content):
            if code == 0xDA:
                print(body[5:-3:2].hex(), body[-3:].hex())
    elif sys.argv[1] == "rich":
        with open(sys.argv[3], "wb") as file:
            file.write(rich(content))
    else:
        print(second(content))
