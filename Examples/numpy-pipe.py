#!/usr/bin/env python3
"""Pipes frames that numpy makes into sluice. Usage: numpy-pipe.py OUTPUT.h264"""

import os
import subprocess
import sys

import numpy

WIDTH, HEIGHT, FRAMES = 320, 180, 50
SLUICE = os.environ.get("SLUICE_PROGRAM", "sluice")

encoder = subprocess.Popen(
    [SLUICE, "-s", f"{WIDTH}x{HEIGHT}", "-r", "25", "-p", "rgb24", "--expect-frames", str(FRAMES), "-o", sys.argv[1]],
    stdin=subprocess.PIPE,
)
y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
for frame in range(FRAMES):
    red = (x + 4 * frame) % 256
    green = (y * 255 // HEIGHT + 0 * x) % 256
    blue = numpy.full_like(red, 128)
    encoder.stdin.write(numpy.stack([red, green, blue], axis=-1).astype(numpy.uint8).tobytes())
encoder.stdin.close()
sys.exit(encoder.wait())  # 0 means that all 50 frames are in the file
