#!/usr/bin/python3
"""
One scan of 50 good photos and many that zzuf damaged, of every kind: mutated.py COUNT [SEED]

The scan must end well, and its result be that of a scan of the photos it counted, to the byte. Every damaged photo is
either named, or counted; what was counted is compared with the undamaged photo, sample by sample. Kinds with a checksum
may not let a single changed sample pass; of the others it is told how many did.
HOTPIX, CAMSIM and HOTPIX_BUILD in the environment; works in the current folder.
"""

import collections
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "formats"))
import pixels  # noqa: E402

GOOD = 50
RATIOS = "0.0001", "0.001", "0.01"
SURE = {"png"}  # kinds whose files carry checksums of their samples
KINDS = {
    "jpg": ["--format", "jpeg"],
    "progressive": ["--format", "jpeg", "--progressive", "--restart", "1"],
    "dng": ["--format", "dng"],
    "ljpeg": ["--format", "dng", "--compress", "ljpeg"],
}
CONVERTED = {"tif": "dng", "png": "dng", "fits": "dng", "fz": "dng", "heic": "jpg"}


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def make_good(camsim):
    """Paths of the good photos, of every kind."""
    paths = []
    os.mkdir("good")
    for kind, options in KINDS.items():
        run(camsim, "--size", "96x64", "--number", str(GOOD // (len(KINDS) + len(CONVERTED)) + 1), "--seed", "4",
            "--defects-per-class", "0", *options, f"good/{kind}")  # fmt: skip
        os.remove(f"good/{kind}/defects.json")
    convert = os.path.join(os.path.dirname(pixels.__file__), "convert.py")
    for kind, source in CONVERTED.items():
        run("/usr/bin/python3", convert, kind, f"good/{source}", f"good/{kind}")
    for folder, _, names in os.walk("good"):
        paths += [os.path.join(folder, name) for name in names]
    return sorted(paths)


def damage(good, count, seed):
    """{damaged path: good path}, all kinds and ratios in turn; a file that no bit was changed in is tried again."""
    made = {}
    while len(made) < count:
        source = good[len(made) % len(good)]
        kind, ending = source.split("/")[1], os.path.splitext(source)[1]
        target = f"all/{kind}/bad-{len(made):05d}{ending}"
        ratio = RATIOS[len(made) // len(good) % len(RATIOS)]
        with open(source, "rb") as file:
            data = file.read()
        changed = subprocess.run(["zzuf", "-s", str(seed), "-r", ratio], input=data, stdout=subprocess.PIPE, check=True)
        seed += 1
        if changed.stdout != data:
            pixels.write(target, changed.stdout)
            made[target] = source
    return made


def scan(folder, out):
    """(exit status, the JSON)"""
    command = [os.environ["HOTPIX"], "scan", "-q", "--similar", "keep", folder, "-o", out]
    with open("said", "ab") as said:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=said, timeout=1500)
    with open(out, encoding="utf-8", errors="surrogateescape") as file:
        return done.returncode, json.load(file)


def skipped_in(document):
    parts = [document, *(camera["photos"] for camera in document["cameras"])]
    return {entry["path"]: entry["reason"] for part in parts for entry in part["skipped"]}


def results(document):
    """What is said of the sensors; cameras of which nothing was used say nothing."""
    cameras = [camera for camera in document["cameras"] if camera["photos"]["used"]]
    for camera in cameras:
        camera["photos"] = camera["photos"]["used"]
    return json.dumps(cameras)


def compare(damaged, skipped):
    """By kind: how many were named, counted with the samples of the undamaged photo, counted with others."""
    table = collections.defaultdict(collections.Counter)
    originals = {}
    for path, source in damaged.items():
        if source not in originals:
            originals[source] = pixels.dump(source)[1]
        original = originals[source]
        if path in skipped:
            table[source.split("/")[1]]["named"] += 1
            continue
        samples = pixels.dump(path)[1]
        same = samples is not None and samples.shape == original.shape and (samples == original).all()
        table[source.split("/")[1]]["same" if same else "changed"] += 1
    return table


def main(count, seed="1"):
    good = make_good(pixels.program("CAMSIM", "tools/camsim/camsim"))
    shutil.copytree("good", "all")
    damaged = damage(good, int(count), int(seed))
    status, first = scan("all", "first.json")
    skipped = skipped_in(first)
    for path in skipped:
        os.remove(path)
    _, second = scan("all", "second.json")
    wrong = []
    if status not in (0, 3):
        wrong.append(f"the scan ended with {status}")
    wrong += [f"{path} is good, and was skipped: {skipped[path]}" for path in skipped if path not in damaged]
    wrong += [f"{path}: skipped by the second scan only: {why}" for path, why in skipped_in(second).items()]
    if results(first) != results(second):
        wrong.append("the result is not that of the photos that were counted")
    print(f"{'kind':12} {'named':>6} {'same':>6} {'changed, not noticed':>22}")
    for kind, counts in sorted(compare(damaged, skipped).items()):
        print(f"{kind:12} {counts['named']:6} {counts['same']:6} {counts['changed']:22}")
        if kind in SURE and counts["changed"]:
            wrong.append(f"{counts['changed']} changed {kind} were counted")
    print("\n".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
