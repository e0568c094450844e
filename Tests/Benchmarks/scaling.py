#!/usr/bin/env python3
"""How long farms of 1 to 1,000 workers take for an hour of 4K, by a model whose constants are measured here. Usage: scaling.py SLUICE

The constants come from shards of two lengths, one and two at a time, and from two joins. Then a plan of other segments is run by
one worker and by two, which must take what the simulation says, within 10 %.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bench import FFMPEG
from farm_model import (Constants, formula_shards, join_seconds, plan_seconds, segment_lengths, simulate_shards)

SLUICE = os.path.abspath(sys.argv[1])
SIZE, RATE, FRAMES = "3840x2160", 30, 76
FLAGS = ["-s", SIZE, "-r", str(RATE), "-p", "i420", "--codec", "h264", "--format", "mp4"]
ENCODER = ["--preset", "veryfast", "--bitrate", "20M"]
# Something that is quickly encoded to many bytes, for what joining a byte takes.
LARGE = ["--preset", "ultrafast", "--quantizer", "8"]
SHORT, LONG, CHECKED = 4, 16, 12
ROUNDS = 3
HOUR = 3600 * RATE
STORE = 1.25e9
TOLERANCE = 0.10


def seconds(*command):
    began = time.monotonic()
    subprocess.run([SLUICE, *command], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


class Plan:
    """A plan of the source, whose shards can be encoded again and again."""

    def __init__(self, folder, source, name, segment, encoder):
        self.path = os.path.join(folder, f"{name}.json")
        self.output = os.path.join(folder, f"{name}.mp4")
        self.folder, self.runs = folder, 0
        self.seconds = seconds("plan", source, *FLAGS, *encoder, "--segment-frames", str(segment), "--quiet", "-o", self.path)
        with open(self.path, encoding="utf-8") as file:
            self.lengths = [segment["frames"] for segment in json.load(file)["segments"]]
        self.shards = os.path.join(folder, f"{name}.shards")

    def shard(self, index, shards):
        return seconds("shard", self.path, "--index", str(index), "--shards", shards, "--quiet")

    def together(self, indexes):
        """Median seconds of shards that are encoded at the same time, in a folder of their own."""
        self.runs += 1
        folder = os.path.join(self.folder, f"{os.path.basename(self.path)}.{self.runs}")
        with ThreadPoolExecutor(len(indexes)) as pool:
            return statistics.median(pool.map(lambda index: self.shard(index, folder), indexes))

    def by_workers(self, workers):
        """Seconds until all shards are done, by so many workers who take them in order."""
        self.runs += 1
        self.shards = os.path.join(self.folder, f"{os.path.basename(self.path)}.{self.runs}")
        began = time.monotonic()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda index: self.shard(index, self.shards), range(len(self.lengths))))
        return time.monotonic() - began

    def join(self):
        """Median seconds of a join, and the bytes that it wrote."""
        times = [seconds("join", self.path, "--shards", self.shards, "--overwrite", "--quiet", "-o", self.output)
                 for _ in range(ROUNDS)]
        return statistics.median(times), os.path.getsize(self.output)


def make_source(folder):
    path = os.path.join(folder, "source.yuv")
    pattern = f"testsrc2=size={SIZE}:rate={RATE},noise=alls=12:allf=t"
    subprocess.run([*FFMPEG, "-f", "lavfi", "-i", pattern, "-frames:v", str(FRAMES), "-pix_fmt", "yuv420p", "-f", "rawvideo",
                    path], check=True)
    return path


def line(short, long):
    """Seconds at the start, and for each frame, of two lengths."""
    slope = (long - short) / (LONG - SHORT)
    return short - SHORT * slope, slope


def measure(folder, source):
    """The constants, and the plan on which they are to be checked."""
    short, long = (Plan(folder, source, str(segment), segment, ENCODER) for segment in (SHORT, LONG))
    checked = Plan(folder, source, "checked", CHECKED, ENCODER)
    lines = {}
    for crowd in (1, 2):
        # From all over the source: some frames take longer than others.
        samples = [(short.together(range(first, first + crowd)), long.together([(first // 4) % 4, (first // 4 + 1) % 4][:crowd]))
                   for first in (1, 5, 9, 13)]
        lines[crowd] = line(*(statistics.mean(column) for column in zip(*samples)))
    large = Plan(folder, source, "large", CHECKED, LARGE)
    checked.by_workers(2)
    large.by_workers(2)
    (small_join, small_bytes), (large_join, large_bytes) = checked.join(), large.join()
    join_byte = (large_join - small_join) / (large_bytes - small_bytes)
    width, height = map(int, SIZE.split("x"))
    planning = statistics.median([plan.seconds for plan in (short, long, checked, large)])
    return Constants(
        plan=planning / FRAMES,
        start=max(0.0, statistics.mean([lines[1][0], lines[2][0]])),
        frame=[lines[1][1], lines[2][1]],
        join_start=max(0.0, small_join - join_byte * small_bytes),
        join_byte=join_byte,
        raw_frame=width * height * 3 // 2,
        coded_frame=small_bytes / FRAMES,
    ), checked


def show(constants):
    print(f"""
measured, with {SIZE}, I420, {' '.join(FLAGS[6:8] + ENCODER)}
  plan, a frame                    {constants.plan * 1000:10.1f} ms ({constants.raw_frame / constants.plan / 1e6:.0f} MB/s)
  a shard's start-up               {constants.start * 1000:10.1f} ms
  encoding a frame, one worker     {constants.frame[0] * 1000:10.1f} ms
  each of two on two cores         {constants.frame[1] * 1000:10.1f} ms
  the join's start-up              {constants.join_start * 1000:10.1f} ms
  joining a megabyte               {constants.join_byte * 1e9:10.1f} ms
  a frame, raw and encoded         {constants.raw_frame / 1e6:10.2f} MB, {constants.coded_frame / 1e6:.3f} MB""")


def check(constants, plan):
    """Whether runs by one worker and by two, alternating, take what the simulation says."""
    print(f"\n{len(plan.lengths)} segments of {CHECKED} frames, the last of {plan.lengths[-1]}")
    print(f"  {'workers':>7} {'simulated s':>12} {'measured s':>11} {'off by':>7}")
    measured = {1: [], 2: []}
    for _ in range(ROUNDS):
        for workers, times in measured.items():
            times.append(plan.by_workers(workers))
    good = True
    for workers, times in measured.items():
        simulated, seen = simulate_shards(constants, plan.lengths, workers, 2), statistics.median(times)
        good = good and abs(simulated / seen - 1) <= TOLERANCE
        print(f"  {workers:7} {simulated:12.2f} {seen:11.2f} {simulated / seen - 1:+7.1%}")
    return good


def duration(value):
    return f"{value / 3600:.1f} h" if value >= 5400 else f"{value / 60:.1f} min" if value >= 90 else f"{value:.1f} s"


def table(constants, segment, store):
    lengths = segment_lengths(HOUR, segment)
    at_hand = "a source at hand" if store == float("inf") else f"one store of {store / 1e9:.2f} GB/s"
    print(f"\nan hour of {SIZE} at {RATE}: {len(lengths)} segments of {segment} frames, {at_hand}")
    print(f"  {'workers':>7} {'plan':>10} {'shards':>10} {'by formula':>10} {'join':>8} {'shards faster':>13} {'all faster':>10}")
    first = None
    for workers in (1, 10, 100, 1000):
        # One worker has its machine for itself.
        own = replace(constants, frame=constants.frame[:1]) if workers == 1 else constants
        shards = simulate_shards(own, lengths, workers, 2, store)
        formula = formula_shards(own, HOUR, segment, workers, store)
        plan, join = plan_seconds(own, HOUR, store), join_seconds(own, HOUR)
        first = first or (shards, plan + shards + join)
        print(f"  {workers:7} {duration(plan):>10} {duration(shards):>10} {duration(formula):>10} {duration(join):>8} "
              f"{first[0] / shards:13.1f} {first[1] / (plan + shards + join):10.1f}")


def main():
    with tempfile.TemporaryDirectory(prefix="sluice-scaling-") as folder:
        source = make_source(folder)
        constants, plan = measure(folder, source)
        show(constants)
        good = check(constants, plan)
    for segment in (120, 60):
        for store in (float("inf"), STORE):
            table(constants, segment, store)
    if not good:
        sys.exit(f"the simulation and this machine differ by more than {TOLERANCE:.0%}: was something else running?")


if __name__ == "__main__":
    main()
