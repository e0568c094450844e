"""Readers of standard output and standard error that do not read, or are not there."""

import fcntl
import json
import os
import threading
import time

from laboratory import ENCODE, FRAME, FRAMES, KINDS, Family, require
from outputs import formats

FAULTS = Family()
fault = FAULTS.fault

LOUD = ["--log-level", "trace", "--progress", "plain"]


@fault("standard error is closed", 7)
def closed(place):
    name = f"out.{place.kind}"
    ending = place.encode(*KINDS[place.kind], *LOUD, "-o", name, preexec_fn=lambda: os.close(2), stderr=None)
    return place.whole_or_refused(ending, name, [])


@fault("standard error is closed, and something fails", 2)
def closed_failing(place):
    ending = place.encode("-o", "out.h264", given=bytes(1000), preexec_fn=lambda: os.close(2), stderr=None)
    return place.refused(ending, 65)


def full_pipe():
    """A pipe that nobody reads, filled to the brim."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, bytes(4096))
    except BlockingIOError:
        os.set_blocking(writing, True)
    return reading, writing


@fault("standard error is a full pipe that nobody reads", 7)
def unread(place):
    reading, writing = full_pipe()
    name = f"out.{place.kind}"
    try:
        ending = place.encode(*KINDS[place.kind], *LOUD, "-o", name, stderr=writing, patience=30)
    finally:
        os.close(reading)
        os.close(writing)
    return place.whole_or_refused(ending, name, [])


@fault("standard error is a full pipe that nobody reads, and something fails", 2)
def unread_failing(place):
    reading, writing = full_pipe()
    try:
        ending = place.encode(*LOUD, "-o", "out.h264", given=bytes(1000), stderr=writing, patience=30)
    finally:
        os.close(reading)
        os.close(writing)
    return place.refused(ending, 65)


@fault("standard error is a pipe that nobody reads any more, or /dev/full", 4)
def broken(place):
    reading, writing = os.pipe()
    os.close(reading)
    target = writing if place.turn % 2 else os.open("/dev/full", os.O_WRONLY)
    ending = place.encode(*LOUD, "-o", "out.h264", stderr=target)
    return place.whole_or_refused(ending, "out.h264", [])


@fault("standard output is a slow reader", 7)
def slow(place):
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    if place.turn % 2:
        os.set_blocking(writing, False)
    process = place.start([*ENCODE, *formats(place.kind), "-o", "-"], stdout=writing)
    taken = bytearray()

    def take():
        while piece := os.read(reading, 2000):
            taken.extend(piece)
            time.sleep(0.002)
    taking = threading.Thread(target=take)
    taking.start()
    given = place.random.randbytes(10 * FRAME) + place.laboratory.frames[10 * FRAME:]
    try:
        ending = place.finish(process, given)
    finally:
        os.close(writing)
        taking.join()
        os.close(reading)
    if place.kind != "avcc":
        place.write(f"out.{place.kind}", bytes(taken))
    else:
        require("out.avcC" in place.names and ending.code == 0, str(ending))
        place.write("out.avcc", bytes(taken))
    return place.whole_or_refused(ending, f"out.{place.kind}", [])


@fault("the result, --json, goes to a full disk or a closed pipe", 2)
def result(place):
    reading, writing = os.pipe()
    os.close(reading)
    target = writing if place.turn else os.open("/dev/full", os.O_WRONLY)
    ending = place.encode("--json", "-o", "out.h264", stdout=target)
    require(ending.code == 74, f"expected 74: {ending}")
    place.whole("out.h264")
    return "74, and the output is whole"


@fault("standard output is closed", 3)
def no_output(place):
    ending = place.encode("--format", "annexb", "-o", "-", preexec_fn=lambda: os.close(1), stdout=None)
    return place.refused(ending, 74, "standard output")


@fault("a failure, --json: an object where there is room for it", 2)
def failure(place):
    ending = place.encode("--json", "-o", "out.h264", given=bytes(1000))
    found = json.loads(ending.output)["error"]
    require(found["code"] == 65 and found["name"] == "partialFrame" and found["frame"] == 0, str(found))
    return place.refused(ending, 65)
