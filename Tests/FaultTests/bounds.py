"""Headers, lines and files that are larger than they may be."""

import os

from laboratory import KINDS, Family, require

FAULTS = Family()
fault = FAULTS.fault

MEGABYTE = 1 << 20


@fault("a Y4M header without an end, or of the largest picture", 2)
def y4m(place):
    header = b"YUV4MPEG2 W64 H48 " + b"X" * 2 * MEGABYTE if place.turn == 0 else b"YUV4MPEG2 W16384 H16384 F30:1 C420\n"
    ending = place.run(["--max-memory", "64M", "--codec", "av1", "-o", "out.obu", "-"], header)
    return place.refused(ending, [65, 69][place.turn])


@fault("frame options of more than 64 MiB", 1)
def frame_options(place):
    place.write("options", b" " * (65 * MEGABYTE))
    ending = place.encode("--frame-options", "options", "-o", "out.h264")
    return place.refused(ending, 64, "options", left=["options"])


@fault("frame times of more than 64 MiB", 1)
def frame_times(place):
    place.write("times", b"# timestamp format v2\n" + b" " * (65 * MEGABYTE))
    ending = place.run(["-s", "64x48", "-p", "i420", "--frame-times", "times", "-o", "out.mp4", "-"], bytes(4608))
    return place.refused(ending, 65, "times", left=["times"])


@fault("a list of chapters of more than 4 MiB", 1)
def chapters(place):
    place.write("chapters", b"0:00 Title\n" + b" " * (5 * MEGABYTE))
    ending = place.encode("--chapters", "chapters", "-o", "out.mp4")
    return place.refused(ending, 65, "chapters", left=["chapters"])


@fault("a chunk line of more than 1 MiB, without an end", 1)
def chunk_line(place):
    require(place.encode(*KINDS["h264"], "-o", "in.h264").code == 0, "no stream")
    place.write("lines", b'{"index":0,"type":"' + b"k" * 2 * MEGABYTE)
    ending = place.run(["decode", "in.h264", "--chunks", "lines", "-o", "out.y4m"])
    return place.refused(ending, 65, "lines", left=["in.h264", "lines"])


@fault("a decoder configuration record of more than 1 MiB", 1)
def record(place):
    require(place.encode(*KINDS["avcc"], "-o", "in.avcc").code == 0, "no stream")
    place.write("record", place.read("out.avcC") + bytes(2 * MEGABYTE))
    os.unlink(place.path("out.avcC"))
    ending = place.run(["decode", "in.avcc", "--input-format", "avcc", "--description", "record", "-o", "out.y4m"])
    return place.whole_or_refused(ending, "out.y4m", 65, left=["in.avcc", "record"])


@fault("a plan of more than 64 MiB, a manifest of more than 4 MiB", 2)
def manifest(place):
    if place.turn:
        place.write("jobs.yaml", b"jobs: []\n" + b"# nothing\n" * (MEGABYTE // 2))
        return place.refused(place.run(["batch", "jobs.yaml"]), 78, "jobs.yaml", left=["jobs.yaml"])
    place.write("plan.json", b" " * (65 * MEGABYTE))
    return place.refused(place.run(["join", "plan.json", "-o", "out.h264"]), 78, "plan.json", left=["plan.json"])
