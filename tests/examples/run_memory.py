#!/usr/bin/python3
"""Frames from memory: the same bytes as files, and what the simulator planted is found in numpy arrays. Prints TAP."""
import ctypes
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import PIL.Image
import xxhash

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples"))
import numpy_frames as example  # noqa: E402

if os.environ.get("SANITIZER"):
    print("1..1\nok 1 # skip not with sanitizers: Python is built without them, and loads the library")
    sys.exit()
HOTPIX, CAMSIM = os.environ["HOTPIX"], os.environ["CAMSIM"]
LIBRARY = ctypes.CDLL(os.path.join(os.environ["HOTPIX_BUILD"], "src/libhotpix.so.1"))
PNG = 4  # HP_SOURCE_PNG
COUNT, HEIGHT, WIDTH = 14, 96, 128
tests = []


def test(sentence):
    def keep(function):
        tests.append((sentence, function))
        return function
    return keep


def frames(dtype, seed):
    """Smooth scenes, all different, with noise and three pixels that are bad."""
    random = numpy.random.default_rng(seed)
    top = numpy.iinfo(dtype).max
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    for i in range(COUNT):
        a, b, c = random.uniform(0.01, 0.09, 3)
        scene = 0.4 + 0.2 * numpy.sin(a * x + 9 * c) * numpy.cos(b * y + i)
        samples = top * (scene + random.normal(0, 0.01, scene.shape))
        samples[50, 60] += top * 0.2
        samples[20, 99] = top
        samples[70, 11] -= top * 0.15
        yield numpy.clip(samples, 0, top).astype(dtype)


def write_files(folder, dtype):
    for i, samples in enumerate(frames(dtype, 5)):
        path = folder / f"frame{i:02}.png"
        PIL.Image.fromarray(samples).save(path)
        yield str(path), samples
    # The same photo under another name counts once, from memory too.
    copy = folder / "frame99.png"
    copy.write_bytes((folder / "frame03.png").read_bytes())
    yield str(copy), numpy.asarray(PIL.Image.open(copy)).astype(dtype)



def feed_files(files, dtype, pad):
    """Adds them to a feed, rows `pad` samples apart, with the hash of the file as id. Returns the JSON's text."""
    error, feed, result = example.Error(), ctypes.c_void_p(), ctypes.c_void_p()
    shape = example.Camera(width=WIDTH, height=HEIGHT, source=PNG, bits=8 * numpy.dtype(dtype).itemsize)
    example.checked(LIBRARY.hp_feed_open(ctypes.byref(shape), None, ctypes.byref(feed), ctypes.byref(error)), error)
    for path, samples in files:
        digest = xxhash.xxh3_128_intdigest(pathlib.Path(path).read_bytes())
        wide = numpy.full((HEIGHT, WIDTH + pad), 77, dtype)
        wide[:, :WIDTH] = samples
        frame = example.Frame(samples=wide.ctypes.data, stride_bytes=wide.strides[0], name=path.encode())
        frame.id[:] = [digest >> 64, digest & (1 << 64) - 1]
        example.checked(LIBRARY.hp_feed_add(feed, ctypes.byref(frame), ctypes.byref(error)), error)
    example.checked(LIBRARY.hp_feed_finish(feed, ctypes.byref(result), ctypes.byref(error)), error)
    again = ctypes.c_void_p()
    assert LIBRARY.hp_feed_finish(feed, ctypes.byref(again), ctypes.byref(error)) != 0
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder, "bad.json")
        example.checked(LIBRARY.hp_result_write(result, bytes(target), False, ctypes.byref(error)), error)
        text = target.read_text()
    LIBRARY.hp_result_free(ctypes.byref(result))
    LIBRARY.hp_feed_free(ctypes.byref(feed))
    return text


def without_time(text):
    return [line for line in text.splitlines() if '"seconds"' not in line]


def compare_with_scan(dtype):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "photos").mkdir()
        files = list(write_files(folder / "photos", dtype))
        subprocess.run([HOTPIX, "scan", "--quiet", folder / "photos", "-o", folder / "bad.json"], check=True,
                       stdout=subprocess.DEVNULL)
        theirs = (folder / "bad.json").read_text()
        ours = feed_files(files, dtype, 13)
        assert '"x"' in theirs, "nothing was found at all"
        assert without_time(ours) == without_time(theirs), f"{ours}\n{theirs}"


@test("frames of 8 bits from memory give what a scan of PNG files with these samples gives")
def eight_bits():
    compare_with_scan(numpy.uint8)


@test("frames of 16 bits likewise")
def sixteen_bits():
    compare_with_scan(numpy.uint16)


@test("numpy arrays through the Python example: what the simulator planted is found, and little else")
def planted():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([CAMSIM, "--size", "640x480", "--number", "25", "--seed", "8", "--defects-per-class", "4",
                        folder], check=True, stdout=subprocess.DEVNULL)
        import json
        truth = json.loads(next(pathlib.Path(folder).glob("*.json")).read_text())["defects"]
        arrays = [numpy.asarray(PIL.Image.open(p).convert("YCbCr"))[:, :, 0]
                  for p in sorted(pathlib.Path(folder).glob("*.jpg"))]
        camera = example.bad_pixels(LIBRARY, arrays, source=1)["cameras"][0]
    found = [(d["x"], d["y"]) for d in camera["defects"]]
    near = [any(abs(x - d["x"]) <= 1 and abs(y - d["y"]) <= 1 for d in truth) for x, y in found]
    strong = [d for d in truth if d["kind"] in ("stuck", "dead")]
    seen = [any(abs(x - d["x"]) <= 1 and abs(y - d["y"]) <= 1 for x, y in found) for d in strong]
    assert strong and sum(seen) >= 0.85 * len(seen), f"{sum(seen)} of {len(seen)} stuck and dead pixels"
    assert sum(near) >= 0.9 * len(near), f"{sum(near)} of {len(near)} found are planted"


@test("arrays of the other byte order are the same to the Python example, other types and shapes are refused")
def types():
    arrays = numpy.array(list(frames(numpy.uint16, 5)))
    found = [example.bad_pixels(LIBRARY, a)["cameras"] for a in (arrays, arrays.astype(">u2"))]
    assert found[0] == found[1] and found[0][0]["defects"], found
    for wrong in (arrays.view(numpy.int16), arrays.view(numpy.float16), [*arrays, arrays[0][:40]]):
        try:
            example.bad_pixels(LIBRARY, wrong)
        except ValueError:
            continue
        raise AssertionError("was taken")


@test("a frame that cannot be is refused with a reason, and the feed goes on")
def refused():
    error, feed = example.Error(), ctypes.c_void_p()
    shape = example.Camera(width=64, height=64, bits=12)
    assert LIBRARY.hp_feed_open(ctypes.byref(shape), None, ctypes.byref(feed), ctypes.byref(error)) == 0
    samples = numpy.full((64, 64), 4096, numpy.uint16)
    frame = example.Frame(samples=samples.ctypes.data, stride_bytes=128)
    assert LIBRARY.hp_feed_add(feed, ctypes.byref(frame), ctypes.byref(error)) != 0
    assert b"more than 12 bits" in error.message, error.message
    frame.stride_bytes = 127
    assert LIBRARY.hp_feed_add(feed, ctypes.byref(frame), ctypes.byref(error)) != 0
    samples[:] = 5
    frame.stride_bytes = 128
    assert LIBRARY.hp_feed_add(feed, ctypes.byref(frame), ctypes.byref(error)) == 0
    LIBRARY.hp_feed_free(ctypes.byref(feed))
    for wrong in ({"bits": 17}, {"bits": 0}, {"width": 8}, {"cfa": b"RGB"}):
        shape = example.Camera(**{"width": 64, "height": 64, "bits": 8, **wrong})
        assert LIBRARY.hp_feed_open(ctypes.byref(shape), None, ctypes.byref(feed), ctypes.byref(error)) != 0
        assert not feed.value and error.message


if __name__ == "__main__":
    print(f"1..{len(tests)}")
    failed = 0
    for number, (sentence, function) in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {sentence}")
        except Exception as reason:  # noqa: BLE001
            failed += 1
            print(f"not ok {number} - {sentence}")
            print("\n".join(f"# {line}" for line in f"{type(reason).__name__}: {reason}".splitlines()))
    sys.exit(1 if failed else 0)
