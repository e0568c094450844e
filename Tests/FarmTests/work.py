"""What the farms are given to do: a short video, its plan, and the bytes that one machine makes of it."""

import json
import os
import shutil
import subprocess

SIZE, RATE, FRAMES, SEGMENT = "640x360", "30", 165, 30
# A second or so for each segment, so that it can be killed in the middle.
FLAGS = ["-s", SIZE, "-r", RATE, "-p", "i420", "--codec", "h264", "--preset", "medium", "--format", "mp4",
         "--segment-frames", str(SEGMENT)]


class Work:
    """The source, and a folder for each case."""

    def __init__(self, sluice, folder):
        self.sluice, self.folder = sluice, folder
        self.environment = {**os.environ, "SLUICE_PROGRAM": sluice}
        self.source = os.path.join(folder, "source.yuv")
        self.segments = -(-FRAMES // SEGMENT)

    def prepare(self):
        """Makes the source, and encodes it on one machine: what every farm's output is held against."""
        pattern = f"testsrc2=size={SIZE}:rate={RATE},noise=alls=12:allf=t"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", pattern, "-frames:v", str(FRAMES), "-pix_fmt", "yuv420p",
                        "-f", "rawvideo", self.source], check=True)
        whole = os.path.join(self.folder, "whole.mp4")
        subprocess.run([self.sluice, "encode", self.source, *FLAGS, "--parallel", "2", "--quiet", "-o", whole], check=True)
        with open(whole, "rb") as file:
            self.expected = file.read()

    def case(self, name, own_source=False):
        """A case's own folder, with a plan of its own; `own_source` is for those that spoil it."""
        folder = os.path.join(self.folder, name)
        os.makedirs(folder)
        source = os.path.join(folder, "source.yuv") if own_source else self.source
        if own_source:
            shutil.copyfile(self.source, source)
        plan = os.path.join(folder, "in.plan.json")
        result = subprocess.run([self.sluice, "plan", source, *FLAGS, "--json", "-o", plan], check=True, capture_output=True,
                                text=True)
        segments = json.loads(result.stdout)["segments"]
        if segments != self.segments:
            raise RuntimeError(f"the plan has {segments} segments, and not {self.segments}")
        return Case(self, folder, source, plan, os.path.join(folder, "out.mp4"))


class Case:
    """One plan, its shards and its output."""

    def __init__(self, work, folder, source, plan, output):
        self.work, self.folder, self.source, self.plan, self.output = work, folder, source, plan, output
        with open(plan, encoding="utf-8") as file:
            self.count = len(json.load(file)["segments"])

    def finished(self):
        """How many shards have a receipt."""
        folder = self.plan.removesuffix(".json") + ".shards"
        if not os.path.isdir(folder):
            return 0
        return sum(os.path.exists(os.path.join(folder, f"{index:06}.json")) for index in range(self.count))

    def identical(self):
        """Whether the output is, to the byte, that of one machine; None if there is none."""
        if not os.path.exists(self.output):
            return None
        with open(self.output, "rb") as file:
            return file.read() == self.work.expected

    def spoil(self):
        """Changes a byte of the source after it was planned. The answer puts it back."""
        with open(self.source, "r+b") as file:
            file.seek(-1, os.SEEK_END)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_END)
            file.write(bytes([byte ^ 1]))

        def mend():
            with open(self.source, "r+b") as file:
                file.seek(-1, os.SEEK_END)
                file.write(bytes([byte]))
        return mend
