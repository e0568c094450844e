#!/usr/bin/env python3
"""How long farms of 1 to 1,000 workers take for an hour of 4K, by a model whose constants are measured here. Usage: scaling.py SLUICE

The constants come from shards of two lengths, one and two at a time, and from two joins. Then a plan of other segments is run by
one worker and by two, which must take what the simulation says, within 10 %. Of repeated runs the shortest counts: whatever else
the machine does only ever adds to them.
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
from functools import partial

from bench import FFMPEG
from farm_model import Constants, formula_shards, join_seconds, plan_seconds, segment_lengths, simulate_shards

SLUICE = os.path.abspath(sys.argv[1])
SIZE, RATE, FRAMES = "3840x2160", 30, 108
FLAGS = ["-s", SIZE, "-r", str(RATE), "-p", "i420", "--codec", "h264", "--format", "mp4"]
ENCODER = ["--preset", "veryfast", "--crf", "25"]
# Something that is quickly encoded to many bytes, for what joining a byte takes.
LARGE = ["--preset", "ultrafast", "--quantizer", "8"]
# Frames of a segment. The first dozen frames of an encoder are not as the others: its pictures are new to the memory.
SHORT, LONG, CHECKED = 12, 36, 25
ROUNDS = 3
HOUR, SEGMENT = 3600 * RATE, 120
# Ten gigabits a second, which is not measured but assumed.
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
        """Seconds of a shard."""
        return seconds("shard", self.path, "--index", str(index), "--shards", shards, "--quiet")

    def together(self, indexes):
        """Seconds of shards that are encoded at the same time, on the average."""
        return self.once(indexes, len(indexes))[0]

    def once(self, indexes, workers):
        """Mean seconds of a shard, and seconds of all, in a folder of their own."""
        self.runs += 1
        self.shards = os.path.join(self.folder, f"{os.path.basename(self.path)}.{self.runs}")
        began = time.monotonic()
        with ThreadPoolExecutor(workers) as pool:
            each = list(pool.map(lambda index: self.shard(index, self.shards), indexes))
        return statistics.mean(each), time.monotonic() - began

    def by_workers(self, workers):
        """Seconds until all shards are done, by so many workers who take them in order."""
        return self.once(range(len(self.lengths)), workers)[1]

    def join(self):
        """Seconds of a join, and the bytes that it wrote."""
        times = [seconds("join", self.path, "--shards", self.shards, "--overwrite", "--quiet", "-o", self.output)
                 for _ in range(ROUNDS)]
        return min(times), os.path.getsize(self.output)


def make_source(folder):
    path = os.path.join(folder, "source.yuv")
    pattern = f"testsrc2=size={SIZE}:rate={RATE},noise=alls=5:allf=t"
    subprocess.run([*FFMPEG, "-f", "lavfi", "-i", pattern, "-frames:v", str(FRAMES), "-pix_fmt", "yuv420p", "-f", "rawvideo",
                    path], check=True)
    return path


def line(short, long):
    """Seconds at the start, and for each frame, of two lengths."""
    slope = (long - short) / (LONG - SHORT)
    return short - SHORT * slope, slope


def shortest(trials):
    """The least seconds of each trial. They are repeated one round after another, so that a busy minute falls on all of them."""
    best = {}
    for _ in range(ROUNDS):
        for name, trial in trials.items():
            best[name] = min(trial(), best.get(name, float("inf")))
    return best


def measure(folder, source):
    """The constants, the plan on which they are checked, and how long one worker and two have taken for it."""
    short, long = (Plan(folder, source, str(segment), segment, ENCODER) for segment in (SHORT, LONG))
    checked, large = (Plan(folder, source, *words) for words in [("checked", CHECKED, ENCODER), ("large", CHECKED, LARGE)])
    trials = {("checked", workers): partial(checked.by_workers, workers) for workers in (1, 2)}
    for crowd in (1, 2):
        # From all over the source: some frames take longer than others.
        for place, first in enumerate((1, 4, 6)):
            trials["short", crowd, place] = partial(short.together, range(first, first + crowd))
            trials["long", crowd, place] = partial(long.together, [place, (place + 1) % 3][:crowd])
    best = shortest(trials)
    lines = [line(*(statistics.mean(best[length, crowd, place] for place in range(3)) for length in ("short", "long")))
             for crowd in (1, 2)]
    large.by_workers(2)
    (small_join, small_bytes), (large_join, large_bytes) = checked.join(), large.join()
    join_byte = (large_join - small_join) / (large_bytes - small_bytes)
    width, height = map(int, SIZE.split("x"))
    return Constants(
        plan=min(plan.seconds for plan in (short, long, checked, large)) / FRAMES,
        start=max(0.0, statistics.mean(start for start, _ in lines)),
        frame=[frame for _, frame in lines],
        join_start=max(0.0, small_join - join_byte * small_bytes),
        join_byte=join_byte,
        raw_frame=width * height * 3 // 2,
        coded_frame=small_bytes / FRAMES,
    ), checked, {workers: best["checked", workers] for workers in (1, 2)}


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


def check(constants, plan, measured):
    """Whether one worker and two have taken what the simulation says."""
    print(f"\n{len(plan.lengths)} segments of {CHECKED} frames, the last of {plan.lengths[-1]}")
    print(f"  {'workers':>7} {'simulated s':>12} {'measured s':>11} {'off by':>7}")
    good = True
    for workers, seen in measured.items():
        simulated = simulate_shards(constants, plan.lengths, workers, 2)
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
        constants, plan, measured = measure(folder, source)
        show(constants)
        good = check(constants, plan, measured)
    for store in (float("inf"), STORE):
        table(constants, SEGMENT, store)
    if not good:
        sys.exit(f"the simulation and this machine differ by more than {TOLERANCE:.0%}: was something else running?")


if __name__ == "__main__":
    main()
