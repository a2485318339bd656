#!/usr/bin/python3
"""Bad pixels of numpy arrays: numpy_frames.py FRAMES.npy (frames, rows, columns of uint8 or uint16) prints JSON."""
import ctypes
import json
import pathlib
import sys
import tempfile

import numpy


class Error(ctypes.Structure):
    _fields_ = [("code", ctypes.c_int), ("message", ctypes.c_char * 1024)]


class Camera(ctypes.Structure):
    _fields_ = [("make", ctypes.c_char * 64), ("model", ctypes.c_char * 64), ("serial", ctypes.c_char * 64),
                ("width", ctypes.c_uint32), ("height", ctypes.c_uint32), ("source", ctypes.c_int),
                ("cfa", ctypes.c_char * 40), ("bits", ctypes.c_uint)]


class Frame(ctypes.Structure):
    _fields_ = [("samples", ctypes.c_void_p), ("stride_bytes", ctypes.c_size_t), ("name", ctypes.c_char_p),
                ("exposure_s", ctypes.c_double), ("iso", ctypes.c_double), ("taken_s", ctypes.c_int64),
                ("black", ctypes.c_void_p), ("id", ctypes.c_uint64 * 2)]


def checked(code, error):
    if code:
        raise RuntimeError(error.message.decode(errors="replace"))


def bad_pixels(library, frames, camera=b"numpy", cfa=b"", source=0):
    """A scan of 2-d arrays of one shape, all of uint8 or all of uint16, as hotpix scan -o FILE.json writes it.

    source: 1 (HP_SOURCE_JPEG) where a pixel was made from several photosites.
    """
    error, feed, result = Error(), ctypes.c_void_p(), ctypes.c_void_p()
    height, width = frames[0].shape
    native = frames[0].dtype.newbyteorder("=")  # those of FITS files have the other order
    if native not in (numpy.uint8, numpy.uint16) or any(f.shape != frames[0].shape or f.dtype != frames[0].dtype for f in frames):
        raise ValueError("frames are 2-d arrays of one shape, all of uint8 or all of uint16")
    shape = Camera(model=camera, width=width, height=height, cfa=cfa, source=source, bits=8 * native.itemsize)
    try:
        checked(library.hp_feed_open(ctypes.byref(shape), None, ctypes.byref(feed), ctypes.byref(error)), error)
        for samples in frames:
            samples = numpy.ascontiguousarray(samples, native)
            frame = Frame(samples=samples.ctypes.data, stride_bytes=samples.strides[0])
            checked(library.hp_feed_add(feed, ctypes.byref(frame), ctypes.byref(error)), error)
        checked(library.hp_feed_finish(feed, ctypes.byref(result), ctypes.byref(error)), error)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "bad.json")
            checked(library.hp_result_write(result, bytes(path), False, ctypes.byref(error)), error)
            return json.loads(path.read_text())
    finally:
        library.hp_result_free(ctypes.byref(result))
        library.hp_feed_free(ctypes.byref(feed))


if __name__ == "__main__":
    print(json.dumps(bad_pixels(ctypes.CDLL("libhotpix.so.1"), numpy.load(sys.argv[1]))))
