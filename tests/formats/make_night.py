#!/usr/bin/python3
"""
Frames of an astronomer's camera as FITS: make_night.py FOLDER [KEY=VALUE]...
dark: mean dark current, DN/s, different for each pixel (0.01); hot: pixels of 0.5 to 5 DN/s more (20), written to
FOLDER/../hot.json; exposure (300), s; first (0), number (10); type: uint16, float32; combine: frames in each of them (1);
size (320x240). Other keys, in capitals, become FITS keywords.
"""

import json
import os
import sys

import numpy as np
from astropy.io import fits

OFFSET, READ_NOISE = 1000, 6


def sensor(width, height, mean, hot):
    random = np.random.default_rng(1)
    current = random.gamma(1, mean, (height, width))
    places = [(int(x), int(y)) for x, y in zip(random.integers(8, width - 8, hot), random.integers(8, height - 8, hot))]
    for (x, y), extra in zip(places, np.geomspace(0.5, 5, hot)):
        current[y, x] += extra
    return current, places


def main(folder, *settings):
    values = {"dark": 0.01, "hot": 20, "exposure": 300, "first": 0, "number": 10, "type": "uint16", "combine": 1, "size": "320x240"}
    values |= dict(word.split("=", 1) for word in settings)
    keywords = {key: value for key, value in values.items() if key.isupper()}
    number = {key: int(values[key]) for key in ("hot", "first", "number", "combine")}
    seconds = float(values["exposure"])
    width, height = map(int, values["size"].split("x"))
    current, places = sensor(width, height, float(values["dark"]), number["hot"])
    os.makedirs(folder, exist_ok=True)
    for i in range(number["first"], number["first"] + number["number"]):
        random = np.random.default_rng(100 + i)
        frames = [OFFSET + random.poisson(current * seconds) + random.normal(0, READ_NOISE, current.shape) for _ in range(number["combine"])]
        samples = np.mean([np.clip(np.rint(frame), 0, 65535) for frame in frames], 0)
        header = fits.Header({"INSTRUME": "Simulated", "EXPTIME": seconds} | keywords)
        samples = samples if values["type"] == "float32" else np.rint(samples)
        fits.writeto(os.path.join(folder, f"{i}-{values['type']}.fits"), samples.astype(values["type"]), header)
    with open(os.path.join(os.path.dirname(folder) or ".", "hot.json"), "w") as file:
        json.dump(places, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
