"""What the format tests share: dump_plane's answer, comparisons printed as TAP, and small files of every kind."""

import os
import struct
import subprocess
import tempfile
import zlib

import numpy as np

BUILD = os.path.abspath(os.environ.get("HOTPIX_BUILD", "build"))
WIDTH, HEIGHT = 123, 97
RANDOM = np.random.default_rng(1)
GREY8 = RANDOM.integers(0, 256, (HEIGHT, WIDTH), dtype="u1")
GREY16 = RANDOM.integers(0, 65536, (HEIGHT, WIDTH)).astype("u2")
RGB8 = RANDOM.integers(0, 256, (HEIGHT, WIDTH, 3), dtype="u1")
RGB16 = RANDOM.integers(0, 65536, (HEIGHT, WIDTH, 3)).astype("u2")


class Tap:
    """Counts and prints test points."""

    def __init__(self):
        self.count = self.failed = 0

    def point(self, good, name, why=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            print("\n".join(f"# {line}" for line in str(why).splitlines()))

    def end(self):
        print(f"1..{self.count}")
        return self.failed > 0


def program(name, path):
    return os.environ.get(name) or os.path.join(BUILD, path)


def dump(path, colour=False):
    """(info, samples) of a photo as hotpix decodes it; (reason, None) when it is refused."""
    with tempfile.NamedTemporaryFile() as out:
        command = [program("DUMP_PLANE", "tests/formats/dump_plane"), *(["-c"] if colour else []), path, out.name]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if done.returncode != 0 or done.stderr:
            return done.stdout.strip() + done.stderr.strip(), None
        info = {line.split(" ", 1)[0]: line.split(" ", 1)[1].strip() for line in done.stdout.splitlines()}
        width, height = map(int, info["size"].split(" x "))
        channels = int(info["channels"])
        samples = np.fromfile(out.name, "u1" if int(info["bits"]) <= 8 else "u2").reshape(height, width, channels)
    return info, samples[..., 0] if channels == 1 else samples


def difference(expected, path, colour=False, **wanted):
    """What is wrong with a photo's samples and info, or an empty text."""
    info, samples = dump(path, colour)
    if samples is None:
        return f"refused: {info}"
    if samples.shape != expected.shape:
        return f"shape {samples.shape} instead of {expected.shape}"
    if (samples != expected).any():
        where = tuple(int(i[0]) for i in np.nonzero(samples != expected))
        return f"{(samples != expected).sum()} samples differ, first at {where}: {samples[where]}, not {expected[where]}"
    wrong = [f"{key} is {info[key]}, not {value}" for key, value in wanted.items() if info[key] != str(value)]
    return "; ".join(wrong)


def luma(rgb):
    red, green, blue = (rgb[..., i].astype("u8") for i in range(3))
    return ((299 * red + 587 * green + 114 * blue + 500) // 1000).astype(rgb.dtype)


def stretched(values, low, high):
    """Values brought to 16 bits, as docs/formats.md says."""
    scaled = np.rint((values.astype("f8") - low) * (65535 / (high - low)))
    return np.clip(scaled, 0, 65535).astype("u2")


def tiff(samples, bits, photometric=1, order="<", extra=()):
    """A TIFF of one strip; bits 9 to 15 are packed."""
    height, width = samples.shape[:2]
    channels = samples.shape[2] if samples.ndim == 3 else 1
    if bits in (8, 16, 32):
        data = samples.astype(samples.dtype.newbyteorder(order)).tobytes()
    else:
        rows = (samples.reshape(height, -1)[..., None] >> np.arange(bits - 1, -1, -1)) & 1
        data = np.packbits(rows.reshape(height, -1).astype("u1"), axis=1).tobytes()
    kind = {"u": 1, "i": 2, "f": 3}[samples.dtype.kind]
    tags = {256: (4, width), 257: (4, height), 258: (3, bits), 259: (3, 1), 262: (3, photometric), 273: (4, 8),
            277: (3, channels), 278: (4, height), 279: (4, len(data)), 339: (3, kind)}  # fmt: skip
    tags.update(dict(extra))
    entries = b""
    for tag, (type_, value) in sorted(tags.items()):
        if isinstance(value, bytes) and len(value) > 4:
            entries += struct.pack(order + "HHII", tag, type_, len(value), 8 + len(data))
            data += value + b"\0" * (len(value) % 2)
        elif isinstance(value, bytes):
            entries += struct.pack(order + "HHI", tag, type_, len(value)) + value.ljust(4, b"\0")
        elif isinstance(value, tuple):
            entries += struct.pack(order + "HHIHH", tag, type_, len(value), *value)
        else:
            field = struct.pack(order + ("H2x" if type_ == 3 else "I"), value)
            entries += struct.pack(order + "HHI", tag, type_, 1) + field
    start = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8 + len(data))
    return start + data + struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", 0)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(samples, interlaced=False):
    """A PNG of 8 or 16 bits, grey or colour, with alpha where there are 2 or 4 channels."""
    height, width = samples.shape[:2]
    channels = samples.shape[2] if samples.ndim == 3 else 1
    bits = 8 * samples.dtype.itemsize
    values = samples.astype(">u2") if bits == 16 else samples
    adam7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b""
    for x, y, dx, dy in adam7 if interlaced else [(0, 0, 1, 1)]:
        part = np.ascontiguousarray(values[y::dy, x::dx])
        data += b"".join(b"\0" + row.tobytes() for row in part if part.size)
    head = struct.pack(">IIBBBBB", width, height, bits, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path
