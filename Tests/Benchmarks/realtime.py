#!/usr/bin/env python3
"""Realtime encoding beside ffmpeg with the same library: 720p, 2 Mbit/s, speed and PSNR. Usage: realtime.py SLUICE [CLIP]

Without a clip, frames with detail, motion and noise are generated; with one, it is scaled to 720p and looped.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile

from bench import FFMPEG, run

SLUICE = os.path.abspath(sys.argv[1])
CLIP = sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] else None
RUNS = 3
FRAMES = 250
SIZE = "1280x720"
RATE = "2M"

# The options that ffmpeg's own documentation and WebRTC's encoders have for realtime.
PEERS = [
    ("h264", "h264", ["-c:v", "libx264", "-preset", "medium", "-tune", "zerolatency", "-maxrate", RATE, "-bufsize", RATE]),
    ("hevc", "hevc", ["-c:v", "libx265", "-preset", "medium", "-tune", "zerolatency", "-x265-params",
                      "log-level=none:vbv-maxrate=2000:vbv-bufsize=2000"]),
    ("vp8", "ivf", ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-minrate", RATE,
                    "-maxrate", RATE, "-bufsize", RATE, "-threads", "2"]),
    ("vp9", "ivf", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "7", "-lag-in-frames", "0", "-row-mt", "1",
                    "-tile-columns", "2", "-aq-mode", "3", "-minrate", RATE, "-maxrate", RATE, "-bufsize", RATE,
                    "-threads", "2"]),
    ("av1", "ivf", ["-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-lag-in-frames", "0", "-row-mt", "1",
                    "-tiles", "2x1", "-aq-mode", "3", "-minrate", RATE, "-maxrate", RATE, "-bufsize", RATE,
                    "-threads", "2"]),
]


def make_source(folder):
    path = os.path.join(folder, "source.yuv")
    source = (["-stream_loop", "-1", "-i", CLIP] if CLIP else
              ["-f", "lavfi", "-i", f"testsrc2=size={SIZE}:rate=25,noise=alls=6:allf=t"])
    subprocess.run(
        [*FFMPEG, *source, "-vf", f"scale={SIZE.replace('x', ':')}", "-frames:v", str(FRAMES), "-pix_fmt", "yuv420p",
         "-f", "rawvideo", path],
        check=True,
    )
    return path


def psnr(encoded, source):
    """ffmpeg's average PSNR; also proof that every frame is there."""
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", SIZE, "-r", "25", "-i", source]
    result = subprocess.run(
        ["ffmpeg", "-hide_banner", "-r", "25", "-i", encoded, *raw, "-lavfi", "[0:v]settb=1/25,setpts=N[a];"
         "[1:v]settb=1/25,setpts=N[b];[a][b]psnr", "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    )
    frames = int(re.findall(r"frame=\s*(\d+)", result.stderr)[-1])
    if frames != FRAMES:
        sys.exit(f"{encoded} has {frames} frames, not {FRAMES}")
    return float(re.search(r"average:([\d.]+)", result.stderr).group(1))


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = make_source(folder)
        print(f"\n{FRAMES} frames {SIZE} I420 from a file, {RATE}bit/s, realtime; frames a second, dB, bits a second")
        print(f"  {'codec':6} {'sluice':>24} {'ffmpeg':>24} {'speed':>7} {'dB':>6}")
        for codec, extension, options in PEERS:
            ours, theirs = (os.path.join(folder, f"{name}.{extension}") for name in ("ours", "theirs"))
            mine = [SLUICE, source, "-s", SIZE, "-r", "25", "-p", "i420", "--codec", codec, "--bitrate", RATE,
                    "--bitrate-mode", "constant", "--latency-mode", "realtime", "--overwrite", "--quiet", "-o", ours]
            peer = [*FFMPEG, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", SIZE, "-r", "25", "-i", source, "-b:v", RATE,
                    "-g", "9999", *options, theirs]
            walls = ([], [])
            for _ in range(RUNS):
                walls[0].append(run(mine, None)[0])
                walls[1].append(run(peer, None)[0])
            speeds = [FRAMES / statistics.median(wall) for wall in walls]
            quality = [psnr(path, source) for path in (ours, theirs)]
            rates = [os.path.getsize(path) * 8 * 25 / FRAMES / 1e6 for path in (ours, theirs)]
            cells = [f"{s:7.1f} {q:6.2f} {r:5.2f}M" for s, q, r in zip(speeds, quality, rates)]
            print(f"  {codec:6} {cells[0]:>24} {cells[1]:>24} {speeds[0] / speeds[1]:7.2f} {quality[0] - quality[1]:+6.2f}",
                  flush=True)


if __name__ == "__main__":
    main()
