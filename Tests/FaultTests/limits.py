"""Memory, threads and libraries that are refused."""

import errno
import os
import resource
import subprocess

from laboratory import ENCODE, FRAMES, KINDS, Family, Skipped, require

FAULTS = Family()
fault = FAULTS.fault

MEGABYTE = 1 << 20
# What the bytes of a picture are aligned to (PlaneBuffer), and nothing of the Swift runtime is.
PLANE_ALIGNMENT = 64
# Below this the dynamic linker itself gives up.
LEAST, MOST = 300, 1500
LARGE = ["-s", "1280x720", "-r", "30", "-p", "rgba"]
LARGE_FRAMES = 6


def large_frames(place):
    command = [place.laboratory.sluice, "testsrc", "-s", "1280x720", "--frames", str(LARGE_FRAMES)]
    return subprocess.run(command, capture_output=True, check=True).stdout


@fault("memory is limited (ulimit -v), from too little to enough", 42)
def address_space(place):
    limit = place.random.randrange(LEAST, MOST) * MEGABYTE
    name = f"out.{place.kind}"
    given = large_frames(place)
    ending = place.run([*LARGE, *KINDS[place.kind], "-o", name], given,
                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    if ending.code == 127 and "shared object" in ending.words:
        return "127, too little for the linker"
    if ending.code == 69:
        require("memory" in ending.words or "thread" in ending.words, f"it does not say why: {ending}")
    return place.whole_or_refused(ending, name, 69, frames=LARGE_FRAMES)


def make_group(place):
    """A group of processes with a memory limit; its folder, and the file that the limit is in."""
    name = os.path.basename(place.folder)
    for parent, limit in [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")]:
        if not os.path.exists(os.path.join(parent, "cgroup.procs")):
            continue
        group = os.path.join(parent, name)
        try:
            os.mkdir(group)
        except OSError:
            continue
        if os.path.exists(os.path.join(group, limit)):
            return group, os.path.join(group, limit)
        os.rmdir(group)
    raise Skipped("no control group can be made here")


def in_group(place, limit, arguments, given):
    group, file = make_group(place)
    try:
        with open(file, "w") as setting:
            setting.write(str(limit))

        def enter():
            with open(os.path.join(group, "cgroup.procs"), "w") as members:
                members.write(str(os.getpid()))
        return place.run(arguments, given, preexec_fn=enter)
    finally:
        os.rmdir(group)


@fault("memory is limited (control group) below what the encode holds", 7)
def group_too_small(place):
    given = large_frames(place)
    ending = in_group(place, 24 * MEGABYTE, [*LARGE, *KINDS[place.kind], "-o", f"out.{place.kind}"], given)
    return place.refused(ending, 69, "memory", "MB")


@fault("memory is limited (control group), and enough", 7)
def group_large_enough(place):
    given = large_frames(place)
    name = f"out.{place.kind}"
    ending = in_group(place, 1024 * MEGABYTE, [*LARGE, *KINDS[place.kind], "-o", name], given)
    return place.whole_or_refused(ending, name, [], frames=LARGE_FRAMES)


@fault("an allocation of ours fails", 28)
def allocation(place):
    name = f"out.{place.kind}"
    at = place.turn // 7 * 3 + 1
    environment = place.injected("posix_memalign", at, errno=errno.ENOMEM, bytes=4096, alignment=PLANE_ALIGNMENT)
    ending = place.encode(*KINDS[place.kind], "-o", name, env=environment)
    if not place.happened:
        return place.whole_or_refused(ending, name, [])
    return place.refused(ending, 69, "memory")


@fault("an allocation of ours fails while decoding", 8)
def decoding(place):
    made = place.encode("-o", "in.h264")
    require(made.code == 0, str(made))
    environment = place.injected("posix_memalign", place.turn + 1, errno=errno.ENOMEM, bytes=4096, alignment=PLANE_ALIGNMENT)
    pixels = ["rgba", "i420"][place.turn % 2]
    ending = place.run(["decode", "in.h264", "-p", pixels, "--format", "raw", "-o", "out.raw"], env=environment)
    if not place.happened:
        return f"{ending.code} (no such call)"
    return place.refused(ending, 69, "memory", left=["in.h264"])


def few_threads(place, arguments, given, limit):
    """Runs as a user who may have so many threads."""
    if os.getuid():
        raise Skipped("only root can be another user, whose threads are counted alone")
    user = 50_000 + place.random.randrange(10_000)
    os.chown(place.folder, user, user)

    def confine():
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
        os.setgid(user)
        os.setuid(user)
    try:
        return place.run(arguments, given, preexec_fn=confine)
    except (PermissionError, subprocess.SubprocessError) as reason:
        raise Skipped(f"another user may not run the program here ({reason})") from None


@fault("the system refuses threads, from the first on or a later one", 84)
def thread(place):
    name = f"out.{place.kind}"
    arguments = [*ENCODE, *KINDS[place.kind], "--threads", "4", "-o", name]
    ending = few_threads(place, arguments, place.laboratory.frames, place.turn // 7 + 1)
    return place.whole_or_refused(ending, name, 69)


@fault("the system refuses threads while decoding", 16)
def decoding_thread(place):
    kind = ["h264", "obu"][place.turn % 2]
    made = place.encode(*KINDS[kind], "-o", f"in.{kind}")
    require(made.code == 0, str(made))
    arguments = ["decode", f"in.{kind}", "--threads", "4", "-o", "out.y4m"]
    ending = few_threads(place, arguments, None, place.turn // 2 + 1)
    if ending.code == 0:
        os.unlink(place.path(f"in.{kind}"))
    return place.whole_or_refused(ending, "out.y4m", 69, left=[f"in.{kind}"])


@fault("a thread of ours is refused while others are not", 15)
def own_thread(place):
    kind = ["h264", "ivf", "webm"][place.turn % 3]
    environment = place.injected("pthread_create", place.turn // 3 + 1, count=1)
    ending = place.encode(*KINDS[kind], "-o", f"out.{kind}", env=environment)
    return place.whole_or_refused(ending, f"out.{kind}", 69)
