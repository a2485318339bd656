#!/usr/bin/python3
"""The golden test: hotpix against the numpy writing of docs/method.md, on photos of a simulated camera.

Prints TAP. In the environment: HOTPIX_BUILD, the build folder; or HOTPIX, CAMSIM, DUMP_VARIANCE and DUMP_SUMS, the
paths of the programs.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image, ImageDraw

import compare
from method import defects, photo, sums

PROGRAMS = {
    "HOTPIX": "cli/hotpix",
    "CAMSIM": "tools/camsim/camsim",
    "DUMP_VARIANCE": "tests/golden/dump_variance",
    "DUMP_SUMS": "tests/invariance/dump_sums",
}
SIZE = "640x480"
ODD_SIZE = "611x453"  # no multiple of the MCU, of the edge step or of a vector
LARGE_SIZE = "2048x1416"  # its medians come from a sample of the rows
DEFECTS_PER_CLASS = 1
COUNTS = (5, 10, 25)


def program(name):
    build = os.environ.get("HOTPIX_BUILD")
    path = os.environ.get(name) or (build and os.path.join(build, PROGRAMS[name]))
    if not path:
        sys.exit(f"run.py: set HOTPIX_BUILD to the build folder, or {name} to the path of the program")
    return path


def run(*command):
    """Runs a program; hotpix exits with 3 where it skipped photos, which is no fault here."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(command[:2])} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def make_photos(folder, size, number, quality, subsampling, seed, *more):
    run(
        program("CAMSIM"), "--size", size, "--number", str(number), "--seed", str(seed), "--quality", str(quality),
        "--subsampling", subsampling, "--defects-per-class", str(DEFECTS_PER_CLASS), *more, folder,
    )  # fmt: skip
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".jpg"))


def scan_differences(photos, folder, similar="skip"):
    result = os.path.join(folder, "scan.json")
    run(program("HOTPIX"), "scan", "--quiet", "--force", "--similar", similar, "-o", result, *photos)
    with open(result) as file:
        hotpix = json.load(file)
    reference = defects.scan(photos, similar == "keep")
    remark = f"{len(reference['defects'])} defects, {len(reference['dust'])} of dust, {reference['photos_used']} photos used"
    return compare.scan_differences(hotpix, reference), remark


def sums_differences(photos, folder):
    dumped = os.path.join(folder, "sums")
    os.makedirs(dumped, exist_ok=True)
    printed = run(program("DUMP_SUMS"), "-k", "-o", dumped, *photos)
    reference = sums.accumulate(photo.read_all(photos))
    return compare.sums_differences(printed, dumped, reference), f"{len(photos)} photos"


def variance_differences(photos, folder):
    result, dump = os.path.join(folder, "variance.json"), os.path.join(folder, "variance.sums")
    run(program("HOTPIX"), "variance", "--quiet", "--force", "-o", result, *photos)
    run(program("DUMP_VARIANCE"), dump, *photos)
    with open(result) as file:
        hotpix = json.load(file)
    return compare.variance_differences(hotpix, compare.read_dump(dump), photos), f"{len(photos)} photos"


def make_series(folder, photos, scenes, pictures):
    """Photos as from a tripod: the first `scenes` of a set, each several times, at other qualities."""
    os.mkdir(folder)
    for scene, path in enumerate(photos[:scenes]):
        with Image.open(path) as image:
            for i in range(pictures):
                image.save(os.path.join(folder, f"{scene}-{i}.jpg"), quality=80 + i, exif=image.info.get("exif", b""))
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


def make_stamped(folder, photos, changing=False):
    """Photos with a date in a corner of each, the same or one of its own."""
    os.mkdir(folder)
    for i, path in enumerate(photos):
        date = f"{2011 + i % 3}-{1 + 7 * i % 12:02}-{1 + 11 * i % 28:02} {5 * i % 24:02}:{23 * i % 60:02}" if changing else "2011-07-15"
        with Image.open(path) as image:
            ImageDraw.Draw(image).text((image.width - 10 - 8 * len(date), image.height - 30), date, fill=(255, 160, 40))
            image.save(os.path.join(folder, os.path.basename(path)), quality=95, exif=image.info.get("exif", b""))
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


def make_bordered(folder, photos):
    """Photos with a grey border, and a strip below."""
    os.mkdir(folder)
    for path in photos:
        with Image.open(path) as image:
            draw, width, height = ImageDraw.Draw(image), image.width, image.height
            draw.rectangle((0, 0, width - 1, height - 1), outline=(128, 128, 128), width=4)
            draw.rectangle((0, height - 25, width, height), fill=(20, 20, 20))
            image.save(os.path.join(folder, os.path.basename(path)), quality=95, exif=image.info.get("exif", b""))
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


def make_dusty(folder, photos):
    """Photos with three shadows of dust, the last of two so near that they are one."""
    os.mkdir(folder)
    for path in photos:
        with Image.open(path) as image:
            pixels, exif = np.asarray(image.convert("RGB")).astype(float), image.info.get("exif", b"")
        y, x = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
        for at_x, at_y, sigma in ((150, 100, 2.5), (300, 200, 2.2), (400, 300, 2.5), (412, 309, 2)):
            pixels *= (1 - 0.5 * np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / (2 * sigma**2)))[..., None]
        name = os.path.join(folder, os.path.basename(path))
        Image.fromarray(pixels.round().astype("uint8")).save(name, quality=95, exif=exif)
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


def make_warm(folder):
    """Darks of a warm sensor: the dark currents of its pixels differ by more than the noise, and a few are hot."""
    os.mkdir(folder)
    random = np.random.default_rng(1)
    current = 2 + random.gamma(1, 1.5, (480, 640))
    current[random.integers(0, 480, 30), random.integers(0, 640, 30)] += 60
    for i in range(6):
        photo = np.clip(np.rint(current + random.normal(0, 2, current.shape)), 0, 255)
        Image.fromarray(photo.astype("uint8")).save(os.path.join(folder, f"dark-{i}.jpg"), quality=98)
    return sorted(os.path.join(folder, name) for name in os.listdir(folder))


class Tap:
    """Prints a line a test; a test is a function that returns (sentences of disagreement, remark)."""

    def __init__(self):
        self.count = self.failures = 0

    def test(self, sentence, function, *arguments):
        self.count += 1
        try:
            differences, remark = function(*arguments)
        except (RuntimeError, OSError, ValueError, KeyError) as error:
            differences, remark = [f"{type(error).__name__}: {error}"], ""
        self.failures += bool(differences)
        print(f"{'not ok' if differences else 'ok'} {self.count} - {sentence}" + (f" ({remark})" if remark else ""))
        for line in differences[:20]:
            print(f"# {line}")
        sys.stdout.flush()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="hotpix-golden-") as folder:
        for seed, (quality, subsampling) in enumerate([(95, "420"), (95, "422"), (90, "420"), (90, "422")], 1):
            name = f"q{quality} 4:{subsampling[1]}:{subsampling[2]}"
            camera = os.path.join(folder, f"{quality}-{subsampling}")
            photos = make_photos(camera, SIZE, max(COUNTS), quality, subsampling, seed)
            for n in COUNTS:
                sentence = f"the same defects as the numpy writing, {name}, {n} photos"
                tap.test(sentence, scan_differences, photos[:n], folder)
            sentence = f"the same variance as numpy by Welford, {name}, 10 photos"
            tap.test(sentence, variance_differences, photos[:10], folder)
        tap.test("the same sums as numpy, bit by bit", sums_differences, photos, folder)

        odd = make_photos(os.path.join(folder, "odd"), ODD_SIZE, 10, 92, "444", 5)
        tap.test(f"the same defects in frames of {ODD_SIZE}, 4:4:4", scan_differences, odd, folder)
        tap.test(f"the same variance in frames of {ODD_SIZE}, 4:4:4", variance_differences, odd, folder)
        tap.test(f"the same sums in frames of {ODD_SIZE}, 4:4:4", sums_differences, odd, folder)
        large = make_photos(os.path.join(folder, "large"), LARGE_SIZE, 5, 92, "422", 6)
        tap.test(f"the same defects in frames of {LARGE_SIZE}", scan_differences, large, folder)

        lined = make_photos(os.path.join(folder, "lined"), SIZE, 10, 92, "420", 7, "--columns", "3", "--rows", "3")
        tap.test("the same bad columns and rows", scan_differences, lined, folder)
        stamped = make_stamped(os.path.join(folder, "stamped"), photos[:10])
        tap.test("the same defects beside a date in the picture", scan_differences, stamped, folder)
        stamped = make_stamped(os.path.join(folder, "changing"), photos[:10], changing=True)
        tap.test("the same defects beside a date that changes", scan_differences, stamped, folder)
        bordered = make_bordered(os.path.join(folder, "bordered"), photos[:10])
        tap.test("the same defects in a border", scan_differences, bordered, folder)
        dusty = make_dusty(os.path.join(folder, "dusty"), photos[:10])
        tap.test("the same dust", scan_differences, dusty, folder)
        warm = make_warm(os.path.join(folder, "warm"))
        tap.test("the same hot pixels in darks of a warm sensor", scan_differences, warm, folder, "keep")
        series = make_series(os.path.join(folder, "series"), photos, 6, 2)
        tap.test("the same defects when near-duplicates are skipped", scan_differences, series, folder)
        tap.test("the same defects when near-duplicates are kept", scan_differences, series, folder, "keep")
        tripod = make_series(os.path.join(folder, "tripod"), photos, 4, 3)
        tap.test("the same defects when there are too few different scenes", scan_differences, tripod, folder)
    print(f"1..{tap.count}")
    return 1 if tap.failures else 0


if __name__ == "__main__":
    sys.exit(main())
