#!/usr/bin/python3
"""How many of camsim's planted pixels a scan found: planted.py defects.json found.json"""
import json
import sys

NEAR = 2  # px: this near, a detection is the planted pixel


def near(a, b):
    return max(abs(a["x"] - b["x"]), abs(a["y"] - b["y"])) <= NEAR


def main():
    with open(sys.argv[1]) as planted_file, open(sys.argv[2]) as found_file:
        planted = json.load(planted_file)["defects"]
        found = [d for camera in json.load(found_file)["cameras"] for d in camera["defects"]]
    hit = [p for p in planted if any(near(p, f) for f in found)]
    false = [f for f in found if not any(near(p, f) for p in planted)]
    print(f"{len(hit)} of {len(planted)} planted pixels were found, {len(false)} detections are false.")
    missed = sorted((p["class"], p["strength"]) for p in planted if p not in hit)
    if missed:
        counts = {key: missed.count(key) for key in missed}
        print("Missed: " + ", ".join(f"{n} {name} {strength:g}" for (name, strength), n in counts.items()) + ".")


if __name__ == "__main__":
    main()
