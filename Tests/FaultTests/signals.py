"""Signals, each at twenty random moments of a run."""

import json
import os
import signal
import threading
import time

from laboratory import ENCODE, FRAME, FRAMES, KINDS, Family, receipt, require

FAULTS = Family()
fault = FAULTS.fault

MOMENTS = 20
OLD = b"what stood here before"


def interrupted(place, number):
    """Sends a signal to a run with all outputs, into containers and bare streams by turns."""
    name = f"out.{place.kind}"
    old = place.random.random() < 0.3
    if old:
        place.write(name, OLD)
    flags = [*KINDS[place.kind], "--chunks", "c.jsonl", "--receipt", "r.json", *(["--overwrite"] if old else [])]
    process = place.start([*ENCODE, *flags, "-o", name])

    def feed():
        try:
            for frame in range(FRAMES):
                process.stdin.write(place.laboratory.frames[frame * FRAME:(frame + 1) * FRAME])
                process.stdin.flush()
                time.sleep(0.008)
            process.stdin.close()
        except OSError:
            pass
    feeding = threading.Thread(target=feed)
    feeding.start()
    time.sleep(place.random.uniform(0, 0.6))
    process.send_signal(number)
    try:
        process.wait(30)
    finally:
        feeding.join()
    process.stdin = None
    return place.finish(process), name, old


def check_final(place, name, old):
    """The name has what stood there before, or every frame; whether it is the latter."""
    if not place.exists(name):
        require(not old, "the old file is gone")
        return False
    if old and place.read(name) == OLD:
        return False
    place.whole(name)
    return True


def check_receipt(place, is_whole):
    """There is a receipt only of an output that is whole, and it says so."""
    if not place.exists("r.json"):
        return
    require(is_whole, "there is a receipt, and no output")
    found = receipt(place.read("r.json"))
    require(found == ("complete", FRAMES, FRAMES), f"the receipt says {found}")


def check_complete(place, name, old):
    require(check_final(place, name, old), f"it ended with 0, and {name} is not there")
    check_receipt(place, True)
    require(place.exists("r.json"), "there is no receipt")
    require(len(place.read("c.jsonl").splitlines()) == FRAMES, "there are not as many chunk lines as frames")
    return "complete"


def ending_input(place, number):
    ending, name, old = interrupted(place, number)
    require(not [left for left in place.names if left.endswith(".sluice")], f"it left {place.names}")
    if ending.code == 0:
        return check_complete(place, name, old)
    require(ending.code == -number, f"expected {signal.Signals(number).name}: {ending}")
    is_whole = check_final(place, name, old)
    check_receipt(place, is_whole)
    partial = f"{name}.partial"
    if is_whole:
        return "complete, then the signal"
    if not place.exists(partial):
        require(not place.exists("c.jsonl.partial"), "there are chunk lines, and no stream")
        return "before the first frame, nothing"
    lines = [json.loads(line) for line in place.read("c.jsonl.partial").splitlines()]
    if place.kind == "obu":
        os.rename(place.path(partial), place.path("partial.obu"))
        partial = "partial.obu"
    frames = place.count(partial)
    require(frames == len(lines) > 0, f"{partial} has {frames} frames, and {len(lines)} chunk lines")
    return "a playable .partial"


@fault("SIGINT at a random moment", MOMENTS)
def sigint(place):
    return ending_input(place, signal.SIGINT)


@fault("SIGTERM at a random moment", MOMENTS)
def sigterm(place):
    return ending_input(place, signal.SIGTERM)


@fault("SIGHUP at a random moment", MOMENTS)
def sighup(place):
    return ending_input(place, signal.SIGHUP)


@fault("SIGPIPE at a random moment", MOMENTS)
def sigpipe(place):
    ending, name, old = interrupted(place, signal.SIGPIPE)
    if ending.code == -signal.SIGPIPE:
        # It came before the program's first line.
        require(place.names == ([name] if old else []), f"it left {place.names}")
        return "before it began, nothing"
    require(ending.code == 0, f"expected 0: {ending}")
    return check_complete(place, name, old)


@fault("SIGKILL at a random moment", MOMENTS)
def sigkill(place):
    ending, name, old = interrupted(place, signal.SIGKILL)
    if ending.code == 0:
        return check_complete(place, name, old)
    require(ending.code == -signal.SIGKILL, f"expected SIGKILL: {ending}")
    is_whole = check_final(place, name, old)
    check_receipt(place, is_whole)
    return "complete" if is_whole else "the old file" if old else "no output"


@fault("a second SIGINT, at once or a little later", 10)
def twice(place):
    name = "out.mp4"
    process = place.start([*ENCODE, "--preset", "veryslow", "-o", name])
    process.stdin.write(place.laboratory.frames)
    process.stdin.flush()
    time.sleep(place.random.uniform(0.1, 0.4))
    process.send_signal(signal.SIGINT)
    time.sleep(place.random.choice([0, 0.01, 0.05]))
    process.send_signal(signal.SIGINT)
    ending = place.finish(process)
    require(ending.code == -signal.SIGINT, f"expected SIGINT: {ending}")
    require(place.names in [[], [f"{name}.partial"]], f"it left {place.names}")
    if place.names:
        require(place.count(f"{name}.partial") > 0, "nothing is in it")
        return "a playable .partial"
    return "nothing"
