"""Outputs that cannot be written."""

import errno
import os
import resource
import subprocess
import threading

from laboratory import ENCODE, KINDS, Family, Skipped, require

FAULTS = Family()
fault = FAULTS.fault

OLD = b"what stood here before"
SIDES = ["--chunks", "out.jsonl", "--receipt", "out.json"]


def formats(kind):
    """The flags that make a kind of output without an extension to tell it."""
    return [*KINDS[kind], "--format", "annexb" if kind == "h264" else kind]


@fault("the disk is full: /dev/full by name", 7)
def full_device(place):
    ending = place.encode(*formats(place.kind), "-o", "/dev/full")
    return place.refused(ending, 74, "/dev/full", "No space left")


@fault("the disk is full: /dev/full as standard output", 7)
def full_output(place):
    with open("/dev/full", "wb") as full:
        ending = place.encode(*formats(place.kind), "-o", "-", stdout=full)
    return place.refused(ending, 74, "standard output", "No space left")


@fault("the disk is full: a tmpfs of 12 KiB", 7)
def full_tmpfs(place):
    os.mkdir(place.path("small"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12k", "tmpfs", place.path("small")],
                             capture_output=True, text=True)
    if mounted.returncode:
        raise Skipped("no tmpfs can be mounted here")
    try:
        name = f"small/out.{place.kind}"
        side = ["--description", "small/out.avcC"] if place.kind == "avcc" else []
        given = place.random.randbytes(len(place.laboratory.frames))
        ending = place.encode(*KINDS[place.kind], *side, "-o", name, given=given)
        require(ending.code == 74 and "No space left" in ending.words, f"expected 74: {ending}")
        require(not os.listdir(place.path("small")), f"it left {os.listdir(place.path('small'))}")
        return "74, no output"
    finally:
        subprocess.run(["umount", place.path("small")], check=True)


@fault("a file may grow no more (ulimit -f)", 14)
def size_limit(place):
    limit = place.random.randrange(1, 8000)
    given = place.random.randbytes(len(place.laboratory.frames))
    ending = place.encode(*KINDS[place.kind], *SIDES, "-o", f"out.{place.kind}", given=given,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    return place.refused(ending, 74, "File too large")


def injected(place, call, code, target, at, **settings):
    """Encodes with a call that fails on one of the outputs; on the old file's place, if there is one."""
    old = place.random.random() < 0.5
    name = f"out.{place.kind}"
    left = [place.write(name, OLD)] if old else []
    suffix = {"stream": name, "chunks": "out.jsonl", "receipt": "out.json"}[target]
    # Only a file with a name is known by it: the file system is made to have no others.
    environment = place.injected(call, at, errno=code, path=f".{suffix}.", named=1, **settings)
    ending = place.encode(*KINDS[place.kind], *SIDES, *(["--overwrite"] if old else []), "-o", name, env=environment)
    return ending, name, left


def check_injected(place, ending, name, left, codes=74):
    if not place.happened:
        place.whole(name)
        return "0, every frame (no such call)"
    result = place.refused(ending, codes, left=left)
    if left:
        require(place.read(name) == OLD, "the old file is another")
        return f"{ending.code}, the old file"
    return result


for code in [errno.ENOSPC, errno.EDQUOT, errno.EIO]:
    @fault(f"write fails in the middle, {errno.errorcode[code]}", 14)
    def write_fails(place, code=code):
        return check_injected(place, *injected(place, "write", code, "stream", place.random.randrange(1, 6)))

    @fault(f"fsync fails, {errno.errorcode[code]}", 7)
    def sync_fails(place, code=code):
        return check_injected(place, *injected(place, "fsync", code, "stream", 1))

    @fault(f"close fails, {errno.errorcode[code]}", 7)
    def close_fails(place, code=code):
        return check_injected(place, *injected(place, "close", code, "stream", 1))

    @fault(f"rename fails, {errno.errorcode[code]}", 7)
    def rename_fails(place, code=code):
        return check_injected(place, *injected(place, "rename", code, "stream", 1))


@fault("a file without a name cannot get one, EDQUOT", 7)
def link_fails(place):
    name = f"out.{place.kind}"
    environment = place.injected("linkat", 1, errno=errno.EDQUOT, path=name)
    ending = place.encode(*KINDS[place.kind], *SIDES, "-o", name, env=environment)
    return check_injected(place, ending, name, [])


@fault("writing a container's beginning anew fails, EIO", 7)
def rewrite_fails(place):
    return check_injected(place, *injected(place, "pwrite", errno.EIO, "stream", 1))


@fault("the chunk lines or the receipt cannot be written, synced or renamed", 16)
def side_fails(place):
    call = ["write", "fsync", "close", "rename"][place.turn % 4]
    target = ["chunks", "receipt"][place.turn // 4 % 2]
    return check_injected(place, *injected(place, call, errno.ENOSPC, target, 1))


@fault("write is interrupted, EINTR, or has to wait, EAGAIN, now and then", 8)
def retried(place):
    code = [errno.EINTR, errno.EAGAIN][place.turn % 2]
    at = place.random.randrange(1, 12)
    ending, name, _ = injected(place, "write", code, "stream", at, count=1)
    return place.whole_or_refused(ending, name, [])


def feed(process, given):
    try:
        process.stdin.write(given)
        process.stdin.close()
    except OSError:
        pass


@fault("downstream closes the pipe after some bytes", 21)
def closed_pipe(place):
    reading, writing = os.pipe()
    process = place.start([*ENCODE, *formats(place.kind), "-o", "-"], stdout=writing)
    os.close(writing)
    feeding = threading.Thread(target=feed, args=[process, place.random.randbytes(len(place.laboratory.frames)) * 2])
    feeding.start()
    wanted = place.random.randrange(0, 100_000)
    while wanted > 0 and (taken := os.read(reading, wanted)):
        wanted -= len(taken)
    os.close(reading)
    feeding.join()
    process.stdin = None
    ending = place.finish(process)
    return place.refused(ending, 74, "closed by its reader")


def as_nobody():
    os.setgid(65534)
    os.setuid(65534)


@fault("nobody may write in the output's folder", 3)
def unwritable(place):
    os.mkdir(place.path("closed"), 0o755)
    os.chmod(place.folder, 0o755)
    options = {"preexec_fn": as_nobody} if os.getuid() == 0 else {}
    if not options:
        os.chmod(place.path("closed"), 0o555)
    try:
        ending = place.encode("-o", "closed/out.h264", **options)
    except (PermissionError, subprocess.SubprocessError) as reason:
        raise Skipped(f"nobody may not run the program here ({reason})") from None
    if ending.code in [126, 127]:
        raise Skipped("nobody may not run the program here")
    return place.refused(ending, 73, "closed/out.h264", "Permission denied", left=["closed"])


@fault("the output's folder is not there", 1)
def no_folder(place):
    return place.refused(place.encode("-o", "gone/out.h264"), 73, "gone/out.h264", "No such file")


@fault("the output's folder goes away while it is written", 7)
def folder_goes(place):
    os.mkdir(place.path("folder"))
    kind = "h264" if place.kind == "avcc" else place.kind
    process = place.start([*ENCODE, *KINDS[kind], "-o", f"folder/out.{kind}"])
    frames = place.laboratory.frames
    process.stdin.write(frames[:len(frames) // 2])
    process.stdin.flush()
    place.wait_for_output(process)
    for name in os.listdir(place.path("folder")):
        os.unlink(place.path(f"folder/{name}"))
    os.rmdir(place.path("folder"))
    return place.refused(place.finish(process, frames[len(frames) // 2:]), 74, "No such file")


@fault("the output is the input: by name, link, or standard input", 4)
def same_file(place):
    frames = place.laboratory.frames
    place.write("in.raw", frames)
    os.link(place.path("in.raw"), place.path("hard"))
    os.symlink("in.raw", place.path("soft"))
    name = ["in.raw", "hard", "soft", "in.raw"][place.turn]
    with open(place.path("in.raw"), "rb") as file:
        source = ["in.raw"] if place.turn < 3 else ["-"]
        ending = place.run([*ENCODE, *source, "--format", "annexb", "--overwrite", "-o", name], stdin=file)
    result = place.refused(ending, 64, "is the input", left=["in.raw", "hard", "soft"])
    require(place.read("in.raw") == frames, "the input is another")
    return result + ", the input as it was"


@fault("the output exists, at once or by the time that it is whole", 14)
def exists(place):
    name = f"out.{place.kind}"
    early = place.turn < 7
    if early:
        place.write(name, OLD)
    process = place.start([*ENCODE, *KINDS[place.kind], "-o", name])
    if not early:
        process.stdin.write(place.laboratory.frames[:100_000])
        process.stdin.flush()
        place.wait_for_output(process)
        place.write(name, OLD)
    ending = place.finish(process, place.laboratory.frames[0 if early else 100_000:])
    place.refused(ending, 73, "exists", left=[name])
    require(place.read(name) == OLD, "the old file is another")
    return "73, the old file"


@fault("the output is a folder, or a link that leads nowhere", 2)
def no_file(place):
    if place.turn:
        os.symlink("nowhere/at/all", place.path("out.h264"))
    else:
        os.mkdir(place.path("out.h264"))
    return place.refused(place.encode("--overwrite", "-o", "out.h264"), 73, "out.h264", left=["out.h264"])
