#!/usr/bin/env python3
"""Speed and memory of sluice beside ffmpeg and x264, in one run: medians of five, alternating. Usage: bench.py SLUICE

Prints tables and writes nothing but into a temporary folder. Timings are only ever ratios within one run.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

SLUICE = os.path.abspath(sys.argv[1])
RUNS = 5
FRAMES = 200
SIZE = "1920x1080"
X264 = ["x264", "--quiet", "--cpu-independent", "--no-progress", "--demuxer", "raw", "--input-res", SIZE, "--fps", "30"]
FFMPEG = ["ffmpeg", "-v", "error", "-y"]


def make_source(folder, pixel_format, frames=FRAMES):
    """Raw frames with detail, motion and noise; nothing that an encoder gets for free."""
    path = os.path.join(folder, f"{pixel_format}.raw")
    source = f"testsrc2=size={SIZE}:rate=30,noise=alls=12:allf=t"
    subprocess.run(
        [*FFMPEG, "-f", "lavfi", "-i", source, "-frames:v", str(frames), "-pix_fmt", pixel_format, "-f", "rawvideo", path],
        check=True,
    )
    return path


def run(command, piped):
    """Wall seconds, processor seconds and peak memory in MB of one command; `piped` is a file that cat feeds it."""
    producer = subprocess.Popen(["cat", piped], stdout=subprocess.PIPE) if piped else None
    start = time.monotonic()
    process = subprocess.Popen(
        command,
        stdin=producer.stdout if producer else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if producer:
        producer.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if producer:
        producer.wait()
    if status != 0:
        sys.exit(f"{' '.join(command)} failed with status {status}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(title, ours, theirs, piped=None, peer=None):
    """Alternates both commands, so that whatever else the machine does falls on both."""
    peer = peer or theirs[0]
    samples = {"sluice": [], peer: []}
    for _ in range(RUNS):
        samples["sluice"].append(run(ours, piped))
        samples[peer].append(run(theirs, piped))
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in samples.items()}
    print(f"\n{title}")
    print(f"  {'':8} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}")
    for name, (wall, cpu, memory) in medians.items():
        print(f"  {name:8} {wall:8.2f} {cpu:8.2f} {memory:8.0f}")
    ratios = [a / b for a, b in zip(medians["sluice"], medians[peer])]
    print(f"  {'ratio':8} {ratios[0]:8.2f} {ratios[1]:8.2f} {ratios[2]:8.2f}", flush=True)


def bench_decoding(folder):
    """H.264 into RGBA by pipe, which is how other programs get at frames."""
    stream = os.path.join(folder, "in.h264")
    source = f"testsrc2=size={SIZE}:rate=30,noise=alls=12:allf=t"
    subprocess.run(
        [*FFMPEG, "-f", "lavfi", "-i", source, "-frames:v", str(FRAMES), "-pix_fmt", "yuv420p", "-c:v", "libx264",
         "-preset", "veryfast", "-b:v", "8M", stream],
        check=True,
    )
    compare(
        f"{FRAMES} frames {SIZE} of H.264 to RGBA by pipe",
        ["bash", "-c", f"set -o pipefail; {SLUICE} decode {stream} -p rgba -o - --quiet | cat >/dev/null"],
        ["bash", "-c", f"set -o pipefail; ffmpeg -v error -i {stream} -pix_fmt rgba -f rawvideo - | cat >/dev/null"],
        peer="ffmpeg",
    )


def bench_sources(folder):
    """What renders and archives bring: a folder of PNG, ProRes, and raw formats of renderers and cameras."""
    out = os.path.join(folder, "out.mp4")
    source = f"testsrc2=size={SIZE}:rate=30,noise=alls=4:allf=t"
    encode = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-b:v", "8M", out]
    ours = ["--preset", "veryfast", "--bit-depth", "8", "--bitrate", "8M", "--overwrite", "--quiet", "-o", out]

    pictures = os.path.join(folder, "%04d.png")
    subprocess.run([*FFMPEG, "-f", "lavfi", "-i", source, "-frames:v", "100", pictures], check=True)
    compare(
        f"100 PNG of {SIZE} by a pattern, preset veryfast",
        [SLUICE, pictures, "-r", "30", *ours],
        [*FFMPEG, "-framerate", "30", "-i", pictures, *encode],
    )

    master = os.path.join(folder, "master.mov")
    prores = ["-c:v", "prores_ks", "-profile:v", "3", "-pix_fmt", "yuv422p10le", master]
    subprocess.run([*FFMPEG, "-f", "lavfi", "-i", source, "-frames:v", str(FRAMES), *prores], check=True)
    compare(
        f"{FRAMES} frames {SIZE} of ProRes 422 HQ, preset veryfast",
        [SLUICE, master, *ours],
        [*FFMPEG, "-i", master, *encode],
    )
    os.remove(master)

    for name, theirs in (("rgb48", "rgb48le"), ("yuyv422", "yuyv422")):
        raw = make_source(folder, theirs, frames=100)
        compare(
            f"100 frames {SIZE} {name} by pipe, preset veryfast",
            [SLUICE, "-s", SIZE, "-r", "30", "-p", name, *ours],
            [*FFMPEG, "-f", "rawvideo", "-pix_fmt", theirs, "-s", SIZE, "-r", "30", "-i", "-", *encode],
            piped=raw,
        )
        os.remove(raw)


def main():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.h264")
        common = [SLUICE, "-s", SIZE, "-r", "30", "--overwrite", "--quiet", "-o", out]
        rgba = make_source(folder, "rgba")
        for preset in ("ultrafast", "veryfast"):
            compare(
                f"{FRAMES} frames {SIZE} RGBA by pipe, preset {preset}",
                [*common, "-p", "rgba", "--preset", preset],
                [*FFMPEG, "-f", "rawvideo", "-pix_fmt", "rgba", "-s", SIZE, "-r", "30", "-i", "-", "-c:v", "libx264",
                 "-preset", preset, out],
                piped=rgba,
            )
        os.remove(rgba)
        i420 = make_source(folder, "yuv420p")
        for preset in ("ultrafast", "veryfast"):
            compare(
                f"{FRAMES} frames {SIZE} I420 from a file, preset {preset}",
                [*common, "-p", "i420", "--preset", preset, i420],
                [*X264, "--preset", preset, "-o", out, i420],
            )
        os.remove(i420)
        bench_decoding(folder)
        bench_sources(folder)


if __name__ == "__main__":
    main()
