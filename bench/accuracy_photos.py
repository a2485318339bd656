"""The kinds of photos that accuracy is measured on, made by camsim and scanned, each sensor once."""

import glob
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile

from programs import run

SCAN_FALSE_RATE = 3  # expected false ones on a sensor: far more than is judged by, so that one scan tells all

RAW_ROW = re.compile(r"(rggb|bggr|grbg|gbrg|xtrans|mono)(12|14|16)(-real)?")
JPEG_ROW = re.compile(r"q(\d+)(-422|-444)?(-nr)?(-real)?")
ROWS = ["rggb12", "q95", "q90", "q95-nr", "q90-nr", "q80", "q90-422", "rggb14", "xtrans12", "mono12"]


def is_raw(row_name):
    return RAW_ROW.fullmatch(row_name) is not None


def label(row_name):
    if is_raw(row_name):
        cfa, bits, real = RAW_ROW.fullmatch(row_name).groups()
        words = ["RAW", cfa.upper(), bits, "bit"]
    else:
        quality, subsampling, reduction, real = JPEG_ROW.fullmatch(row_name).groups()
        words = ["JPEG", f"q{quality}", ":".join(subsampling[1:]) if subsampling else "", "NR" if reduction else ""]
    return " ".join(word for word in (*words, "real scenes" if real else "") if word)


def camera_of(row_name):
    """Rows of one camera are made of the same exposures, in one run of camsim."""
    return row_name if is_raw(row_name) else "rggb12" + (JPEG_ROW.fullmatch(row_name)[4] or "")


def settings_of(row_name):
    """As camsim's --also wants them."""
    if is_raw(row_name):
        return "format=dng"
    quality, subsampling, reduction, _ = JPEG_ROW.fullmatch(row_name).groups()
    subsampling, reduction = (subsampling or "-420")[1:], "on" if reduction else "off"
    return f"format=jpeg,quality={quality},subsampling={subsampling},noise-reduction={reduction}"


def find_scenes(folder):
    """JPEG photos in a folder and below it."""
    return sorted(glob.glob(os.path.join(folder, "**", "*.[jJ][pP][gG]"), recursive=True))


def gather_scenes(folder, below):
    """A folder with links to all of them, as camsim wants it."""
    gathered = os.path.join(below, "scenes")
    os.mkdir(gathered)
    for i, path in enumerate(find_scenes(folder)):
        os.symlink(os.path.abspath(path), os.path.join(gathered, f"{i:04d}.jpg"))
    return gathered


def make_sensor(options, names, seed, folder):
    """Makes folder/NAME for each row; the photos of all rows are of the same exposures."""
    cfa, bits, real = RAW_ROW.fullmatch(camera_of(names[0])).groups()
    scenes = ["--scenes", gather_scenes(options.scenes, folder)] if real else []
    also = [word for name in names[1:] for word in ("--also", f"{settings_of(name)},dir={os.path.join(folder, name)}")]
    settings = (setting.split("=") for setting in settings_of(names[0]).split(","))
    first = [word for name, value in settings for word in (f"--{name}", value)]
    run(
        options.camsim, "--size", options.size, "--number", str(max(options.numbers)), "--seed", str(seed),
        "--cfa", cfa.upper(), "--bits", bits, "--defects-per-class", str(options.defects_per_class), *scenes, *first, *also,
        os.path.join(folder, names[0]),
    )  # fmt: skip


def photos_of(folder):
    """(photos in order, planted defects)"""
    with open(os.path.join(folder, "defects.json")) as file:
        planted = json.load(file)["defects"]
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith((".jpg", ".dng"))), planted


def scan(options, photos, folder):
    """(found defects, number of photos used). The sums are kept beside the photos: only new ones are added."""
    result, state = os.path.join(folder, "scan.json"), os.path.join(folder, "sums.fits")
    limit = ["--false-rate", str(SCAN_FALSE_RATE)]
    run(options.hotpix, "scan", "--quiet", "--force", "--state", state, *limit, "-o", result, *photos)
    with open(result) as file:
        cameras = json.load(file)["cameras"]
    if len(cameras) != 1:
        sys.exit(f"{folder}: {len(cameras)} cameras instead of one")
    found = [d for d in cameras[0]["defects"] if "expected_false" in d]  # columns and rows have none
    return found, cameras[0]["photos"]["used"]


def program_files(options):
    return [options.hotpix, options.camsim, *sorted(glob.glob(os.path.join(options.build, "src", "libhotpix.so.?")))]


def hash_of(paths):
    """What programs find is worth keeping as long as they are the same."""
    digest = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]


def kept_path(options, name, seed, programs=None):
    """programs: paths of what the result depends on (default: hotpix and camsim)"""
    numbers = "-".join(map(str, options.numbers))
    file = f"{name}-{options.size}-{options.defects_per_class}-{seed}-{numbers}.json"
    return os.path.join(options.cache, hash_of(programs or program_files(options)), file)


def keep(path, seen):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "w") as file:
        json.dump(seen, file)
    os.replace(path + ".part", path)


def scan_row(options, folder):
    """{"planted": defects, number of photos: {"found": defects, "used": photos}}"""
    photos, planted = photos_of(folder)
    seen = {"planted": planted}
    for n in options.numbers:
        found, used = scan(options, photos[:n], folder)
        keys = ("x", "y", "kind", "score", "mean", "expected_false")
        seen[str(n)] = {"found": [{key: d[key] for key in keys} for d in found], "used": used}
    return seen


def look_at_sensor(options, names, seed):
    """Makes and scans the rows of one camera that are not kept yet."""
    names = [name for name in names if not os.path.exists(kept_path(options, name, seed))]
    if not names:
        return
    folder = tempfile.mkdtemp(prefix=f"accuracy-{seed}-", dir=options.folder)
    try:
        make_sensor(options, names, seed, folder)
        for name in names:
            keep(kept_path(options, name, seed), scan_row(options, os.path.join(folder, name)))
            print(f"{label(name)}, seed {seed}: done", file=sys.stderr)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
