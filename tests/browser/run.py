#!/usr/bin/python3
"""The report in a browser: makes pages and the lists to hold them against, then report.mjs looks at them. Prints TAP."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("HOTPIX_BUILD", HERE.parents[1] / "build")).resolve()
HOTPIX = os.environ.get("HOTPIX", str(BUILD / "cli/hotpix"))
CAMSIM = os.environ.get("CAMSIM", str(BUILD / "tools/camsim/camsim"))

MAKE = "<script>hacked=1</script>"
MODEL = "\"x' onload='hacked=1' \u202egnp.exe &lt;b&gt; " + "M" * 300
SERIAL = "\u2066S-1\u2069]]>"


def missing(reason):
    """As tests/need.bash: skipped, and failed where CI=true."""
    if os.environ.get("CI") == "true":
        print(f"1..1\nnot ok 1 - the report in a browser\n# in CI nothing may be missing: {reason}")
        sys.exit(1)
    print(f"1..0 # skip {reason}")
    sys.exit(0)


def need():
    for program in "node", "npm", "chromium", "exiftool":
        if not shutil.which(program):
            missing(f"{program} is not installed")
    if not (HERE / "node_modules/playwright-core").is_dir():
        made = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, capture_output=True, text=True)
        if made.returncode:
            missing(f"npm ci: {made.stderr.strip().splitlines()[-1:]}")


def run(*arguments, accept=(0,)):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if done.returncode not in accept:
        sys.exit(f"Bail out! {arguments[0]} {arguments[1]}: {done.returncode}: {done.stderr}")


def photos(folder):
    """JPEGs of a camera whose names are hostile, raws of another, and files that are no photos with hostile names."""
    run(CAMSIM, "--size", "640x480", "--number", "10", "--seed", "3", "--defects-per-class", "2", folder / "jpeg")
    run("exiftool", "-q", "-overwrite_original", f"-Make={MAKE}", f"-Model={MODEL}", f"-SerialNumber={SERIAL}", folder / "jpeg", "-ext", "jpg")
    run(CAMSIM, "--size", "320x240", "--number", "8", "--seed", "4", "--defects-per-class", "1", "--format", "dng", folder / "raw")
    bad = folder / "raw" / ("d" * 150) / ("e" * 150)
    bad.mkdir(parents=True)
    for name in "<img src=x onerror=hacked=1>.jpg", "\u202egpj.exe\u202c.jpg", "a\"b'c&amp;d\u0007.jpg":
        (bad / name).write_bytes(b"\xff\xd8\xff no photo")
    for path in (folder / "jpeg").glob("*.json"):
        path.unlink()


def scanned(folder):
    photos(folder)
    outputs = "two.html", "two.json", "map.png", "map.svg"
    run(HOTPIX, "scan", folder / "jpeg", folder / "raw", *sum((["-o", folder / name] for name in outputs), []), accept=(3,))


def dated(folder):
    """One camera with the history of its pixels, and every list of it as scan itself writes it."""
    kinds = "json", "csv", "dcraw", "rawtherapee", "jpegpixi", "siril", "iraf", "ds9", "phd2"
    run(CAMSIM, "--size", "320x240", "--number", "12", "--seed", "6", "--defects-per-class", "1", "--onsets", folder / "dated")
    run(HOTPIX, "scan", "--history", folder / "dated", "-o", folder / "one.html", *sum((["-o", f"{kind}:{folder}/one.{kind}"] for kind in kinds), []))


def listed(folder):
    """A list without evidence: a row, a column, a cluster that overlaps a pixel, times, words and numbers at their ends."""
    defect = lambda x, y, box=None, **more: {"x": x, "y": y, "kind": "hot", "grade": "certain", "score": 1.5, "mean": 12.25,
                                             "deviation": 1.0, "box": box or [x, y, 1, 1], **more}
    defects = [defect(31, 0, [0, 0, 64, 1]), defect(12, 5, kind="stuck", score=1000000000000.0, dark_current=2.5), defect(63, 6, mean=-0.0, score=0.001),
               defect(11, 8, [10, 7, 3, 3], kind="dead", grade="probable"), defect(10, 9, since=1393063200, until=1425945600, kind="weak"),
               defect(20, 23, [20, 0, 1, 48], since=4000000000), defect(5, 47, kind="dead", deviation=0.01)]
    camera = {"make": MAKE, "model": MODEL[:40], "serial": "7/8\\9", "width": 64, "height": 48, "bits": 16, "cfa": None,
              "photos": {"used": 3, "skipped": [{"path": "a</script>\\u003cb", "reason": "\u0001", "harmless": True}]},
              "defects": sorted(defects, key=lambda d: (d["y"], d["x"])), "negative": 0, "warnings": ["</title><b>bold</b>"]}
    cameras = [{**camera, "source": "fits"}, {**camera, "source": "jpeg", "model": "second", "width": 640, "height": 480}]
    (folder / "given.json").write_text(json.dumps({"hotpix": "0.1.0", "cameras": cameras, "skipped": []}))
    run(HOTPIX, "convert", folder / "given.json", "-o", folder / "list.html", "-o", folder / "list.json")


def empty(folder):
    run(CAMSIM, "--size", "320x240", "--number", "8", "--seed", "5", "--defects-per-class", "0", folder / "clean")
    run(HOTPIX, "scan", folder / "clean", "-o", folder / "clean.html")


def main():
    need()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        scanned(folder)
        dated(folder)
        listed(folder)
        empty(folder)
        shots = BUILD / "tests/browser"
        shots.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "HOTPIX": HOTPIX, "PAGES": name, "SHOTS": str(shots)}
        sys.exit(subprocess.run(["node", HERE / "report.mjs"], env=environment).returncode)


main()
