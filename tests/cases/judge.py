#!/usr/bin/python3
"""What a scan made of camsim's planted defects: judge.py EXPRESSION defects.json found.json.

In the expression: planted and found (lists of dictionaries), camera (of the scan), truth (camsim's file), and
lines(x), pixels(x): those that are columns or rows, and the others; hits(p): the found ones that lie on planted p or
beside it; false(): found ones that lie on no planted one.
"""
import json
import sys

with open(sys.argv[2]) as file:
    truth = json.load(file)
with open(sys.argv[3]) as file:
    cameras = json.load(file)["cameras"]
planted, camera, found = truth["defects"], cameras[0], cameras[0]["defects"]
NEAR = 2


def lines(defects):
    return [d for d in defects if d.get("shape") in ("column", "row") or max(d.get("width", 1), d.get("height", 1)) > 16]


def pixels(defects):
    return [d for d in defects if d not in lines(defects)]


def touches(p, f):
    x, y, width, height = f["box"] if f["shape"] in ("column", "row") else (f["x"], f["y"], 1, 1)
    return (
        p["x"] - NEAR < x + width and x < p["x"] + p["width"] + NEAR
        and p["y"] - NEAR < y + height and y < p["y"] + p["height"] + NEAR
    )  # fmt: skip


def shape(d):
    """Of planted and found ones alike; a cluster counts as a pixel here."""
    width, height = (d["width"], d["height"]) if "width" in d else d["box"][2:]
    long = d in lines([d])
    return "row" if long and width > height else "column" if long else "pixel"


def hits(p):
    return [f for f in found if touches(p, f) and shape(f) == shape(p)]


def false():
    return [f for f in found if not any(f in hits(p) for p in planted)]


value = eval(sys.argv[1])
print(value if isinstance(value, (int, float, str)) else json.dumps(value))
