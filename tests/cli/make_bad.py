#!/usr/bin/python3
"""Makes damaged and unusual photos out of a good JPEG: make_bad.py KIND IN OUT [NUMBER]"""
import sys


def frame_header(data):
    """Offset of the SOF marker."""
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return at


def scan_start(data):
    """Offset of the first byte of entropy-coded data."""
    at = 2
    while data[at + 1] != 0xDA:
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return at + 2 + int.from_bytes(data[at + 2:at + 4], "big")


def patch(data, at, new):
    return data[:at] + bytes(new) + data[at + len(new):]


def truncated(data, number):
    """The first bytes; a negative number leaves that many out at the end."""
    return data[:number]


def early_end(data, _):
    return patch(data, (scan_start(data) + len(data)) // 2, b"\xff\xd9")


def zeros(data, _):
    return patch(data, (scan_start(data) + len(data)) // 2, bytes(512))


def stray_marker(data, _):
    return patch(data, (scan_start(data) + len(data)) // 2, b"\xff\xc4")


def twelve_bits(data, _):
    return patch(data, frame_header(data) + 4, [12])


def arithmetic(data, _):
    return patch(data, frame_header(data) + 1, [0xC9])


def huge(data, _):
    side = (65500).to_bytes(2, "big")
    return patch(data, frame_header(data) + 5, side + side)


def comment(data, number):
    """The same photo as another file: a comment more."""
    text = f"number {number}".encode()
    at = frame_header(data)
    return data[:at] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + data[at:]


def trailing(data, _):
    """What some cameras put behind the photo."""
    return data + b"maker's data" * 20


def cmyk(data, _):
    import io
    from PIL import Image
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("CMYK").save(out, "JPEG", quality=90)
    return out.getvalue()


def png(data, _):
    import io
    from PIL import Image
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).save(out, "PNG")
    return out.getvalue()


def gif(data, _):
    import io
    from PIL import Image
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("L").save(out, "GIF")
    return out.getvalue()


KINDS = {f.__name__: f for f in (truncated, early_end, zeros, stray_marker, twelve_bits, arithmetic, huge, comment,
                                 trailing, cmyk, png, gif)}


def main():
    kind, source, target = sys.argv[1:4]
    number = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    with open(source, "rb") as file:
        data = file.read()
    with open(target, "wb") as file:
        file.write(KINDS[kind](data, number))


if __name__ == "__main__":
    main()
