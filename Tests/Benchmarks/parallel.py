#!/usr/bin/env python3
"""One encode on every core: --parallel auto beside ffmpeg with as many threads as it takes by itself, and beside Sluice's one
encoder; 720p from a file, 2 Mbit/s, realtime. Usage: parallel.py SLUICE [CLIP]"""

import os
import statistics
import sys
import tempfile

from bench import FFMPEG, run
from realtime import FRAMES, PEERS, RATE, SIZE, make_source, psnr

SLUICE = os.path.abspath(sys.argv[1])
RUNS = 5
MEMORY_MB = 96
# What says how many threads there are, and what they share.
THREADING = ["-threads", "-row-mt", "-tile-columns", "-tiles"]


def without(options, names):
    """The options of a peer but for those named, each of which has a value."""
    pairs = zip(options[::2], options[1::2])
    return [word for pair in pairs if pair[0] not in names for word in pair]


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = make_source(folder)
        print(f"\n{FRAMES} frames {SIZE} I420 from a file, {RATE}bit/s, realtime, {os.cpu_count()} cores: --parallel auto beside"
              f" ffmpeg's own threads (its defaults, the other settings alike); seconds, dB, MB")
        print(f"  {'codec':6} {'parallel':>22} {'one encoder':>22} {'ffmpeg':>22} {'to ffmpeg':>10} {'dB':>6} {'to one':>7} {'dB':>6}")
        for codec, extension, options in PEERS:
            if codec in ("h264", "hevc"):
                continue
            paths = [os.path.join(folder, f"{name}.{extension}") for name in ("parallel", "one", "theirs")]
            mine = [SLUICE, source, "-s", SIZE, "-r", "25", "-p", "i420", "--codec", codec, "--bitrate", RATE, "--bitrate-mode",
                    "constant", "--latency-mode", "realtime", "--overwrite", "--quiet", "-o"]
            peer = [*FFMPEG, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", SIZE, "-r", "25", "-i", source, "-b:v", RATE,
                    "-g", "9999", *without(options, THREADING), paths[2]]
            commands = [[*mine, paths[0], "--parallel", "auto", "--max-memory", f"{MEMORY_MB}M"], [*mine, paths[1]], peer]
            results = [[], [], []]
            for _ in range(RUNS):
                for command, result in zip(commands, results):
                    result.append(run(command, None))
            walls = [statistics.median(wall for wall, _, _ in result) for result in results]
            peaks = [max(peak for _, _, peak in result) for result in results]
            quality = [psnr(path, source) for path in paths]
            cells = [f"{wall:6.2f} s {dB:6.2f} {peak:4.0f}M" for wall, dB, peak in zip(walls, quality, peaks)]
            print(f"  {codec:6} {cells[0]:>22} {cells[1]:>22} {cells[2]:>22} {walls[0] / walls[2]:10.2f}"
                  f" {quality[0] - quality[2]:+6.2f} {walls[0] / walls[1]:7.2f} {quality[0] - quality[1]:+6.2f}", flush=True)


if __name__ == "__main__":
    main()
