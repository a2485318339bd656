"""The photos that bench.py measures on: made once, kept in a folder."""

import os
import subprocess

QUALITY, SUBSAMPLING = 92, "422"
SEED = 1


def jpegs(folder):
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".jpg"))


def is_made(folder, number):
    return os.path.isdir(folder) and os.path.exists(os.path.join(folder, "complete")) and len(jpegs(folder)) == number


def mark_made(folder):
    with open(os.path.join(folder, "complete"), "w"):
        pass


def simulated(camsim, cache, size, number):
    """Paths of `number` photos of camsim."""
    folder = os.path.join(cache, f"camsim-{size}-{number}")
    if not is_made(folder, number):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(
            [
                camsim, "--size", size, "--number", str(number), "--seed", str(SEED),
                "--quality", str(QUALITY), "--subsampling", SUBSAMPLING, folder,
            ],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        mark_made(folder)
    return jpegs(folder)


def with_comment(jpeg, text):
    """The bytes of a JPEG with a comment after its APP segments: another file, the same picture."""
    at = 2
    while jpeg[at] == 0xFF and 0xE0 <= jpeg[at + 1] <= 0xEF:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    comment = b"\xff\xfe" + (2 + len(text)).to_bytes(2, "big") + text
    return jpeg[:at] + comment + jpeg[at:]


def repeated(paths, number):
    """Paths of `number` files: the given ones again and again, each with a comment of its own.

    hotpix counts the same content once, so links or plain copies would not do.
    """
    folder = f"{os.path.dirname(paths[0])}-repeated-{number}"
    if not is_made(folder, number):
        os.makedirs(folder, exist_ok=True)
        for i in range(number):
            with open(paths[i % len(paths)], "rb") as file:
                jpeg = file.read()
            with open(os.path.join(folder, f"photo-{i + 1:04d}.jpg"), "wb") as file:
                file.write(with_comment(jpeg, b"repeated, number %d" % (i + 1)))
        mark_made(folder)
    return jpegs(folder)


def warm(paths):
    """Reads the files once, so that no program is the one that waits for the disk. Returns their bytes.

    A part at a time: what this process once held counts in the peak memory of the programs that it starts.
    """
    total = 0
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            while part := file.read(1 << 20):
                total += len(part)
    return total
