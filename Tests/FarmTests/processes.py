"""Processes below this one, by /proc: all that a test has started, however it has been reparented since."""

import ctypes
import os
import signal
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LIBC = ctypes.CDLL(None, use_errno=True)
TICK = os.sysconf("SC_CLK_TCK")


def adopt():
    """From now on what is orphaned below this process becomes its child, so that nothing gets out of sight."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent():
    """For a child, before it executes: it gets SIGTERM when this process ends, however that comes about."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def stat(pid):
    """Name, state, parent and processor seconds of a process; None if there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    name, rest = text[text.index("(") + 1:].rsplit(")", 1)
    fields = rest.split()
    return name, fields[0], int(fields[1]), (int(fields[11]) + int(fields[12])) / TICK


def arguments(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def descendants(root):
    """The processes that descend from `root`, without it and without zombies."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            found = stat(entry)
            if found and found[1] != "Z":
                children.setdefault(found[2], []).append(int(entry))
    result, rest = [], [root]
    while rest:
        below = children.get(rest.pop(), [])
        result += below
        rest += below
    return result


def shard_at_work(plan, busy=0.2):
    """A shard of that plan in the middle of its work: one that has had `busy` seconds of processor time. None if there is none."""
    for pid in descendants(os.getpid()):
        words = arguments(pid)
        if "shard" in words and plan in words:
            found = stat(pid)
            if found and found[1] in "RSD" and found[3] >= busy:
                return pid
    return None


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def until(condition, seconds, what):
    """The first true value of `condition`; it is an error if there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def reap():
    """Takes the statuses of the dead that were adopted."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
