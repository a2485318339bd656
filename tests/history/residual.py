"""x - e of one pixel of a JPEG's Y plane, by docs/method.md: residual.py PHOTO X Y"""

import sys

import numpy
from PIL import Image

path, x, y = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
picture = Image.open(path)
picture.draft("L", picture.size)
plane = numpy.asarray(picture).astype(int)
ring = sorted(plane[y + dy, x + dx] for dx in (-2, 0, 2) for dy in (-2, 0, 2) if dx or dy)
print(float(plane[y, x] - (ring[3] + ring[4] + 1) // 2))
