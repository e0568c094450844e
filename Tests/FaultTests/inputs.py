"""Inputs that end, change or stall."""

import errno
import os
import threading
import time

from laboratory import ENCODE, FRAME, FRAMES, HEIGHT, KINDS, SIZE, WIDTH, Family, require

FAULTS = Family()
fault = FAULTS.fault

PLANES = ["-s", SIZE, "-r", "30", "-p", "i420"]
PLANES_FRAME = WIDTH * HEIGHT * 3 // 2


@fault("reading a pipe fails in the middle, EIO", 10)
def pipe_fails(place):
    at = place.random.randrange(1, 40)
    ending = place.encode("-o", "out.h264", env=place.injected("read", at, descriptor=0, errno=errno.EIO))
    if not place.happened:
        return place.whole_or_refused(ending, "out.h264", [])
    return place.refused(ending, 74, "reading frame", "Input/output error")


@fault("reading a file fails in the middle, EIO", 10)
def file_fails(place):
    place.write("in.raw", place.laboratory.frames)
    at = place.random.randrange(1, 60)
    environment = place.injected("pread", at, path="in.raw", errno=errno.EIO)
    ending = place.run([*ENCODE, "in.raw", "-o", "out.h264"], env=environment)
    if not place.happened:
        return place.whole_or_refused(ending, "out.h264", [])
    return place.refused(ending, 74, "reading frame", "Input/output error", left=["in.raw"])


@fault("the producer dies within a frame", 21)
def producer_dies(place):
    frame, rest = place.random.randrange(FRAMES), place.random.randrange(1, FRAME)
    given = place.laboratory.frames[:frame * FRAME + rest]
    side = ["--chunks", "out.jsonl", "--receipt", "out.json"]
    ending = place.encode(*KINDS[place.kind], *side, "-o", f"out.{place.kind}", given=given)
    return place.refused(ending, 65, f"frame {frame} is partial: {rest} of {FRAME} bytes")


@fault("the producer dies between two frames, and a count was expected", 5)
def too_few(place):
    frame = place.random.randrange(1, FRAMES)
    given = place.laboratory.frames[:frame * FRAME]
    ending = place.encode("--expect-frames", str(FRAMES), "-o", "out.h264", given=given)
    return place.refused(ending, 65, f"has {frame} frame{'s' if frame > 1 else ''}, fewer than the {FRAMES}")


@fault("the producer gives nothing at all", 4)
def nothing(place):
    flags = [ENCODE, ["--format", "annexb"]][place.turn % 2]
    return place.refused(place.run([*flags, "-o", "out.h264"], b""), 65, "empty")


def changing(place, flags, frames, change):
    """Encodes a file that changes somewhere in the middle of that."""
    place.write("in.raw", frames * 8)
    process = place.start([*flags, "in.raw", "--preset", "veryfast", "-o", "out.h264"], stdin=None)
    time.sleep(place.random.uniform(0, 0.35))
    change(place.path("in.raw"))
    ending = place.finish(process)
    if ending.code == 0:
        place.whole("out.h264", FRAMES * 8)
        return "0, every frame"
    return place.refused(ending, 65, left=["in.raw"])


@fault("a file that is read becomes shorter", 16)
def shorter(place):
    length = place.random.randrange(len(place.laboratory.frames))
    return changing(place, ENCODE, place.laboratory.frames, lambda path: os.truncate(path, length))


@fault("a file that is mapped becomes shorter, or empty", 24)
def mapped_shorter(place):
    length = place.random.choice([0, place.random.randrange(len(place.laboratory.planes))])
    return changing(place, PLANES, place.laboratory.planes, lambda path: os.truncate(path, length))


@fault("a file becomes longer while it is read", 6)
def longer(place):
    def grow(path):
        with open(path, "ab") as file:
            file.write(bytes(place.random.randrange(1, 3 * FRAME)))
    return changing(place, [PLANES, ENCODE][place.turn % 2],
                    [place.laboratory.planes, place.laboratory.frames][place.turn % 2], grow)


@fault("a file is replaced by another while it is read", 8)
def replaced(place):
    def replace(path):
        place.write("other", bytes(1000))
        os.rename(place.path("other"), path)
    return changing(place, [PLANES, ENCODE][place.turn % 2],
                    [place.laboratory.planes, place.laboratory.frames][place.turn % 2], replace)


@fault("the producer stalls, --input-timeout", 8)
def stalls(place):
    given = place.laboratory.frames[:[0, 10, 3 * FRAME, 3 * FRAME + 100][place.turn % 4]]
    flags = [] if place.turn < 4 else ["--parallel", "2"]
    process = place.start([*ENCODE, *flags, "--input-timeout", "0.4", "-o", "out.h264"])
    process.stdin.write(given)
    process.stdin.flush()
    began = time.monotonic()
    process.wait(20)
    took = time.monotonic() - began
    ending = place.finish(process)
    require(took < 10, f"it took {took:.1f} s")
    return place.refused(ending, 74, "delivered nothing for 0.4 s", "--input-timeout")


@fault("a coded stream stalls, --input-timeout", 8)
def coded_stalls(place):
    kind = ["h264", "mkv", "ivf", "obu"][place.turn % 4]
    made = place.encode(*KINDS[kind], "-o", f"in.{kind}")
    require(made.code == 0, str(made))
    stream = place.read(f"in.{kind}")
    os.unlink(place.path(f"in.{kind}"))
    command = ["decode", "-o", "out.y4m"] if place.turn < 4 else ["encode", "--input-format", "media", "-o", "out.h264"]
    # A stream of AV1 states no rate.
    rate = ["--framerate", "30"] if kind == "obu" else []
    process = place.start([*command, "-", "--input-timeout", "0.4", *rate])
    process.stdin.write(stream[:place.random.randrange(len(stream) // 2)])
    process.stdin.flush()
    process.wait(20)
    return place.refused(place.finish(process), 74, "delivered nothing for 0.4 s")


@fault("a FIFO that nobody writes to, --input-timeout", 2)
def no_writer(place):
    os.mkfifo(place.path("in"))
    ending = place.run([*ENCODE, "in", "--input-timeout", "0.3", "-o", "out.h264"], patience=20)
    return place.refused(ending, 74, "delivered nothing for 0.3 s", left=["in"])


@fault("the producer is slow, but does not stall", 3)
def slow(place):
    process = place.start([*ENCODE, "--input-timeout", "1", "-o", "out.h264"])
    given = place.laboratory.frames[:4 * FRAME]

    def feed():
        for piece in range(0, len(given), len(given) // 12):
            process.stdin.write(given[piece:piece + len(given) // 12])
            process.stdin.flush()
            time.sleep(0.15)
        process.stdin.close()
    feeding = threading.Thread(target=feed)
    feeding.start()
    process.wait(30)
    feeding.join()
    process.stdin = None
    return place.whole_or_refused(place.finish(process), "out.h264", [], frames=4)


@fault("standard input is closed, a folder, or open for writing only", 3)
def no_input(place):
    shut = {"preexec_fn": lambda: os.close(0)}
    if place.turn == 1:
        shut = {"preexec_fn": lambda: os.dup2(os.open("/", os.O_RDONLY), 0)}
    if place.turn == 2:
        shut = {"preexec_fn": lambda: os.dup2(os.open("/dev/null", os.O_WRONLY), 0)}
    return place.refused(place.run([*ENCODE, "-o", "out.h264"], **shut), [74, 66], "standard input")


@fault("a coded file is cut off somewhere", 28)
def cut(place):
    made = place.encode(*KINDS[place.kind], "-o", f"in.{place.kind}")
    require(made.code == 0, str(made))
    stream = place.read(f"in.{place.kind}")
    end = place.random.randrange(len(stream))
    for name in place.names:
        if name != "out.avcC":
            os.unlink(place.path(name))
    left = place.names
    how = ["--input-format", "avcc", "--description", "out.avcC"] if place.kind == "avcc" else []
    # A stream of AV1 states no rate.
    how += ["--framerate", "30"] if place.kind == "obu" else []
    place.write(f"in.{place.kind}", stream[:end])
    ending = place.run(["decode", f"in.{place.kind}", *how, "--expect-frames", str(FRAMES), "-o", "out.y4m"])
    return place.refused(ending, [65, 69], left=[*left, f"in.{place.kind}"])
