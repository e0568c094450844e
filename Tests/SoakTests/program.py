#!/usr/bin/env python3
"""Random encodes by the program: sizes, formats, options, segments, signals. Usage: program.py SLUICE SECONDS

Whatever comes in has to come out, as ffprobe counts and times it, or the program has to say why not and leave nothing behind.
The seed is printed; SEED=NUMBER repeats a run, and each round can be repeated by its own.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from fractions import Fraction

SLUICE = os.path.abspath(sys.argv[1])
PATIENCE = 120
# More than any of these small pictures needs, and far less than a leak of one a frame would come to.
MOST_MEMORY = 900 << 20
FORMATS = {"h264": ["h264", "mp4", "mkv"], "hevc": ["hevc", "mp4", "mkv"], "vp8": ["ivf", "webm", "mkv"],
           "vp9": ["ivf", "webm", "mp4", "mkv"], "av1": ["ivf", "obu", "webm", "mp4", "mkv"]}
TIMED = ["mp4", "mkv", "webm"]
PIXELS = ["i420", "i420", "nv12", "rgba", "bgra", "i444", "i422", "i420p10", "gray8"]
RATES = ["24", "25", "30", "30000/1001", "60"]
FASTEST = {"h264": "ultrafast", "hevc": "ultrafast", "vp8": "16", "vp9": "9", "av1": "9"}


class Wrong(Exception):
    """What must never come of a round."""


class Round:
    """One encode, made up by its seed."""

    def __init__(self, seed, folder):
        self.chance, self.folder = random.Random(seed), folder
        self.codec = self.chance.choice(list(FORMATS))
        self.format = self.chance.choice(FORMATS[self.codec])
        self.pixels, self.rate = self.chance.choice(PIXELS), self.chance.choice(RATES)
        self.size = [self.chance.randint(16, 200) for _ in range(2)]
        if self.chance.random() < 0.7:
            self.size = [side // 2 * 2 for side in self.size]
        self.total = self.chance.randint(1, 60)
        self.skip = self.chance.choice([0, 0, 0, self.chance.randint(0, self.total - 1)])
        self.frames = self.total - self.skip
        self.output, self.command = f"out.{self.format}", []

    def flags(self):
        chance, realtime = self.chance, self.chance.random() < 0.4
        flags = ["--size", "{}x{}".format(*self.size), "--framerate", self.rate, "--pixel-format", self.pixels, "--codec",
                 self.codec, "--receipt", "receipt.json", "--quiet", "--odd-size", chance.choice(["pad", "crop", "refuse"])]
        if realtime:
            flags += ["--latency-mode", "realtime"]
        if realtime or self.codec in ("h264", "hevc"):
            flags += ["--preset", FASTEST[self.codec]]
        flags += chance.choice([[], ["--bitrate", "300k"], ["--bitrate", "1M", "--bitrate-mode", "constant"], ["--crf", "30"],
                                ["--quantizer", "30"]])
        for option in (["--key-frame-interval", str(chance.randint(1, 40))], ["--threads", str(chance.randint(1, 3))],
                       ["--verify"], ["--max-memory", "16M"], ["--queue-depth", str(chance.randint(1, 4))],
                       ["--chunks", "chunks.jsonl"], ["--digest"], ["--expect-frames", str(self.frames)]):
            if chance.random() < 0.25:
                flags += option
        if chance.random() < 0.25:
            flags += ["--parallel", str(chance.randint(1, 3)), "--segment-frames", str(chance.randint(1, 30))]
        if chance.random() < 0.2:
            self.write_frame_options()
            flags += ["--frame-options", "frames.jsonl"]
        if self.skip:
            flags += ["--skip", str(self.skip)]
        return flags + ["--output", self.output]

    def write_frame_options(self):
        named = sorted(self.chance.sample(range(self.frames), min(self.frames, 3)))
        with open(os.path.join(self.folder, "frames.jsonl"), "w") as file:
            file.writelines(json.dumps({"frame": number, "keyFrame": True}) + "\n" for number in named)

    def run(self):
        """What came of it, in a word."""
        flags = self.flags()
        self.shell(f"{SLUICE} testsrc --size {self.size[0]}x{self.size[1]} --pixel-format {self.pixels}"
                   f" --frames {self.total} >in.raw")
        signals = self.chance.random() < 0.15
        from_pipe = self.chance.random() < 0.5
        self.command = [SLUICE, *flags, "-" if from_pipe else "in.raw"]
        code, words = self.encode(from_pipe, self.chance.uniform(0, 0.3) if signals else None)
        files = sorted(set(os.listdir(self.folder)) - {"in.raw", "frames.jsonl"})
        if code == 0:
            self.check()
            return "whole"
        if code in (-signal.SIGTERM, -signal.SIGINT) and signals and "receipt.json" in files:
            # It came when everything was done.
            self.check()
            return "whole"
        if code in (-signal.SIGTERM, -signal.SIGINT):
            if not signals or not set(files) <= {f"{name}.partial" for name in (self.output, "chunks.jsonl")}:
                raise Wrong(f"ended by a signal, with {files}")
            return "interrupted"
        if code not in (64, 69) or files:
            raise Wrong(f"exit status {code} with {files}: {words.strip()[-300:]}")
        return "refused"

    def encode(self, from_pipe, delay):
        with open(os.path.join(self.folder, "in.raw"), "rb") as source:
            process = subprocess.Popen(self.command, cwd=self.folder, stdin=source if from_pipe else subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
            if delay is not None:
                time.sleep(delay)
                process.send_signal(self.chance.choice([signal.SIGTERM, signal.SIGINT]))
            try:
                words = process.communicate(timeout=PATIENCE)[1]
            except subprocess.TimeoutExpired:
                process.kill()
                raise Wrong(f"it takes longer than {PATIENCE} s") from None
        return process.returncode, words

    def check(self):
        """The output has every frame, each at its time, and the receipt says so."""
        with open(os.path.join(self.folder, "receipt.json")) as file:
            receipt = json.load(file)
        if receipt["input"]["frames"] != self.frames or receipt["output"]["chunks"] != self.frames:
            raise Wrong(f"the receipt speaks of other than {self.frames} frames")
        if receipt["peakMemoryBytes"] > MOST_MEMORY:
            raise Wrong(f"{receipt['peakMemoryBytes'] >> 20} MiB of memory for {self.size}")
        found = self.shell("ffprobe -v error -select_streams v -show_entries frame=pts_time,best_effort_timestamp_time"
                           f" -of json {self.output}")
        frames = json.loads(found)["frames"]
        if len(frames) != self.frames:
            raise Wrong(f"ffprobe decodes {len(frames)} of {self.frames} frames")
        if self.format in TIMED:
            self.check_times([float(frame.get("pts_time", frame.get("best_effort_timestamp_time"))) for frame in frames])

    def check_times(self, times):
        for number, seconds in enumerate(times):
            wanted = float(number / Fraction(self.rate))
            if abs(seconds - wanted) > 0.0011:
                raise Wrong(f"frame {number} is shown at {seconds} s, not at {wanted:.4f}")

    def shell(self, command):
        return subprocess.run(command, shell=True, cwd=self.folder, check=True, capture_output=True, text=True).stdout


def main():
    # A shell has what it starts in the background ignore SIGINT, and children would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    seconds, seed = float(sys.argv[2]), int(os.environ.get("SEED", random.randrange(1_000_000)))
    print(f"a soak of the program of {seconds:.0f} s, SEED={seed}", flush=True)
    end, number, counts = time.monotonic() + seconds, 0, {}
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            round = Round(seed + number, folder)
            try:
                outcome = round.run()
            except (Wrong, subprocess.CalledProcessError) as error:
                sys.exit(f"round {number} (SEED={seed + number}): {error}\n{' '.join(round.command)}")
        counts[outcome] = counts.get(outcome, 0) + 1
        number += 1
    print(f"{number} rounds: " + ", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    if number > 20 and counts.get("whole", 0) < number / 3:
        sys.exit("most rounds were refused: they try nothing")


if __name__ == "__main__":
    main()
