"""A folder for each try of a fault, the program, and what has to hold whatever goes wrong."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field

# A try that takes longer hangs, and that is a loss.
PATIENCE = 30
SIZE, WIDTH, HEIGHT = "128x72", 128, 72
FRAME = WIDTH * HEIGHT * 4
FRAMES = 30
ENCODE = ["-s", SIZE, "-r", "30", "-p", "rgba"]
# A crash is to be a crash at once, without minutes of searching for words.
QUIET = {"SWIFT_BACKTRACE": "enable=no"}
# A name's extension, and the flags that make that output.
KINDS = {
    "h264": ["--codec", "h264", "--preset", "ultrafast"],
    "avcc": ["--codec", "h264", "--preset", "ultrafast", "--description", "out.avcC"],
    "mp4": ["--codec", "h264", "--preset", "ultrafast"],
    "mkv": ["--codec", "hevc", "--preset", "ultrafast"],
    "ivf": ["--codec", "vp8"],
    "webm": ["--codec", "vp9", "--latency-mode", "realtime"],
    "obu": ["--codec", "av1", "--latency-mode", "realtime"],
}


class Lost(Exception):
    """Something was lost, or nobody was told: what no fault may lead to."""


class Skipped(Exception):
    """This machine does not let the fault be provoked."""


def require(condition, words):
    if not condition:
        raise Lost(words)


@dataclass
class Fault:
    """A line of the table: `provoke` is given a Try, and returns what came of it in a few words."""

    title: str
    times: int
    provoke: object


class Family(list):
    """The faults of a file; a decorator registers each."""

    def fault(self, title, times=1):
        def register(function):
            self.append(Fault(title, times, function))
            return function

        return register


@dataclass
class Ending:
    """How the program ended."""

    code: int
    words: str
    output: bytes = b""

    def __str__(self):
        name = str(self.code) if self.code >= 0 else signal.Signals(-self.code).name
        return f"{name}: {self.words.strip()[-300:]}"


class Laboratory:
    """What all tries share."""

    def __init__(self, sluice, folder, seed):
        self.sluice, self.folder, self.seed = sluice, folder, seed
        self.frames = self.testsrc("rgba")
        self.planes = self.testsrc("i420")
        self.injector = os.path.join(folder, "inject.so")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inject.c")
        built = subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.injector, source, "-ldl"],
                               capture_output=True, text=True)
        self.no_injector = None if built.returncode == 0 else f"cc builds no injector: {built.stderr[:200]}"

    def testsrc(self, pixels):
        command = [self.sluice, "testsrc", "-s", SIZE, "-p", pixels, "--frames", str(FRAMES)]
        return subprocess.run(command, capture_output=True, check=True).stdout


class Try:
    """One try of one fault: a folder of its own, and chance that its seed repeats."""

    def __init__(self, laboratory, title, turn):
        self.laboratory, self.turn = laboratory, turn
        self.random = random.Random(f"{laboratory.seed} {title} {turn}")
        self.folder = tempfile.mkdtemp(dir=laboratory.folder)
        self.kind = list(KINDS)[turn % len(KINDS)]
        self.note = os.path.join(laboratory.folder, os.path.basename(self.folder) + ".note")

    def end(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # The program.

    def start(self, arguments, stdin=subprocess.PIPE, env=None, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen([self.laboratory.sluice, *arguments], cwd=self.folder, stdin=stdin,
                                env={**os.environ, **QUIET, **(env or {})}, **options)

    def wait_for_output(self, process):
        """Waits until the process has a file open for its output: hidden, or without a name."""
        def outputs():
            folder = f"/proc/{process.pid}/fd"
            for descriptor in os.listdir(folder):
                try:
                    target = os.readlink(f"{folder}/{descriptor}")
                except FileNotFoundError:
                    continue
                if target.startswith(self.folder) and ("/#" in target or target.endswith(".sluice")):
                    yield target
        while not any(outputs()):
            require(process.poll() is None, "it ended early")

    def run(self, arguments, given=None, patience=PATIENCE, **options):
        """Runs it to its end; `given` is fed through a pipe."""
        stdin = options.pop("stdin", subprocess.PIPE if given is not None else subprocess.DEVNULL)
        return self.finish(self.start(arguments, stdin, **options), given, patience)

    def finish(self, process, given=None, patience=PATIENCE):
        try:
            output, words = process.communicate(given, patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Lost(f"it hangs: no end within {patience} s") from None
        return Ending(process.returncode, (words or b"").decode(errors="replace"), output or b"")

    def encode(self, *flags, given=None, **options):
        """Encodes all frames by pipe."""
        return self.run([*ENCODE, *flags], self.laboratory.frames if given is None else given, **options)

    def injected(self, call, at=1, **settings):
        """The environment in which a call fails."""
        if self.laboratory.no_injector:
            raise Skipped(self.laboratory.no_injector)
        named = {f"FAULT_{name.upper()}": str(value) for name, value in settings.items()}
        return {"LD_PRELOAD": self.laboratory.injector, "FAULT_CALL": call, "FAULT_AT": str(at),
                "FAULT_NOTE": self.note, **named}

    @property
    def happened(self):
        """The injected fault has come to pass."""
        return os.path.exists(self.note) and os.path.getsize(self.note) > 0

    # Files.

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return name

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def exists(self, name):
        return os.path.lexists(self.path(name))

    @property
    def names(self):
        return sorted(os.listdir(self.folder))

    def count(self, name):
        """The frames of a stream that ffprobe decodes, without a complaint."""
        probe = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                 "stream=nb_read_frames", "-of", "csv=p=0"]
        probe += ["-f", "obu"] if name.split(".")[1] == "obu" else []
        if name.split(".")[1] == "avcc":
            command = [self.laboratory.sluice, "decode", name, "--input-format", "avcc", "--description",
                       name.replace("avcc", "avcC", 1), "--format", "framehash", "-o", "-"]
            found = subprocess.run(command, cwd=self.folder, capture_output=True)
            require(found.returncode == 0, f"{name} does not decode: {found.stderr[-200:]}")
            return sum(not line.startswith(b"#") for line in found.stdout.splitlines())
        found = subprocess.run([*probe, name], cwd=self.folder, capture_output=True, text=True)
        require(found.returncode == 0 and not found.stderr.strip(), f"{name} does not decode: {found.stderr[-200:]}")
        return int(re.sub(r"\D", "", found.stdout.split("\n")[0]) or 0)

    # What has to hold.

    def whole(self, name, frames=FRAMES):
        """The output has every frame."""
        require(self.exists(name), f"there is no {name}")
        found = self.count(name)
        require(found == frames, f"{name} has {found} frames of {frames}")

    def refused(self, ending, codes, *words, left=()):
        """It failed as it should: with a status, with words, and with nothing left but what was there."""
        codes = [codes] if isinstance(codes, int) else codes
        require(ending.code in codes, f"expected {codes}, and it ended with {ending}")
        for word in words:
            require(word in ending.words, f"it does not say {word!r}: {ending}")
        require(self.names == sorted(left), f"it left {self.names}, and not {sorted(left)}")
        return f"{ending.code}, no output"

    def whole_or_refused(self, ending, output, codes, frames=FRAMES, left=()):
        """Everything or nothing; for faults that may come too late, or that can be done without."""
        if ending.code == 0:
            self.whole(output, frames)
            return "0, every frame"
        return self.refused(ending, codes, left=left)


def receipt(text):
    """What a receipt says: its status, and the frames."""
    found = json.loads(text)
    return found["status"], found["input"]["frames"], found["output"]["chunks"]
