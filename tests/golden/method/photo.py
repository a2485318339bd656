"""A JPEG file as the method sees it."""

from dataclasses import dataclass
from functools import cached_property
import os

import numpy as np
from PIL import Image
import xxhash

EXIF_IFD, EXPOSURE_TIME, ISO_SPEED, SOFTWARE = 0x8769, 0x829A, 0x8827, 0x0131
# What programs for editing begin their names with; a camera's Software is its own version.
EDITORS = tuple(
    "Adobe|ACDSee|Affinity|Aperture|Capture One|Corel|darktable|digiKam|DxO|GIMP|ImageMagick|Instagram|IrfanView|Lightroom|"
    "Luminar|Microsoft|Paint|Photos |PhotoScape|Photoshop|Picasa|RawTherapee|Snapseed|Windows Photo|XnView".split("|")
)
EXPOSURE_WITHOUT_EXIF_S, ISO_WITHOUT_EXIF = 1 / 60, 100


@dataclass(frozen=True)
class Photo:
    path: str
    exposure_s: float
    gain: float
    hash: int  # XXH3-128 of the file's bytes
    edited: bool  # saved by a program for editing

    @cached_property
    def size(self):
        """(width, height)"""
        with Image.open(self.path) as image:
            return image.size

    def plane(self):
        """The samples looked at: libjpeg's own Y, uint8.

        draft('L') makes Pillow ask libjpeg for JCS_GRAYSCALE, so this is the Y that is stored, not one
        computed from R, G and B.
        """
        with Image.open(self.path) as image:
            if image.mode != "L":
                image.draft("L", image.size)
            if image.mode != "L":
                raise ValueError(f"{self.path}: libjpeg gives no Y of a {image.mode} JPEG")
            return np.asarray(image)


def positive(value, otherwise):
    """An EXIF number, or `otherwise` where it is missing or makes no sense."""
    if isinstance(value, tuple):  # ISO may be a list of several; the first one counts
        value = value[0] if value else None
    value = float(value) if value else 0.0
    return value if 0 < value < float("inf") else otherwise


def read(path):
    with Image.open(path) as image:
        software = str(image.getexif().get(SOFTWARE, "")).strip()
        exif = image.getexif().get_ifd(EXIF_IFD)
    with open(path, "rb") as file:
        content = file.read()
    return Photo(
        path=path,
        exposure_s=positive(exif.get(EXPOSURE_TIME), EXPOSURE_WITHOUT_EXIF_S),
        gain=positive(exif.get(ISO_SPEED), ISO_WITHOUT_EXIF) / 100,
        hash=xxhash.xxh3_128_intdigest(content),
        edited=software.startswith(EDITORS),
    )


def read_all(paths):
    """The photos in path order (by bytes), edited ones last, the same content once."""
    photos = {}
    for path in sorted(paths, key=os.fsencode):
        photo = read(path)
        photos.setdefault(photo.hash, photo)
    photos = sorted(photos.values(), key=lambda photo: photo.edited)
    sizes = {photo.size for photo in photos}
    if len(sizes) != 1:
        raise ValueError(f"photos of one size are wanted, not of {sorted(sizes)}")
    return photos
