#!/usr/bin/env python3
"""Provokes every fault that there is a way to provoke, on the built program. Usage: run.py SLUICE [FILTER]

A row for each fault: how often it was tried, and what came of it. Whatever goes wrong, the program ends by itself, says
what happened in its exit status and in words, and there is nothing at the output's name but every frame or what was there
before. SEED=NUMBER repeats what chance there is in a run. Needs ffprobe, and cc for what has to be injected.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import bounds
import inputs
import libraries
import limits
import outputs
import signals
import streams
from laboratory import Laboratory, Lost, Skipped, Try

FAMILIES = {"outputs": outputs, "inputs": inputs, "standard streams": streams, "signals": signals,
            "libraries": libraries, "limits": limits, "bounds": bounds}


def attempt(laboratory, fault, turn):
    """What came of a try, and whether something was lost."""
    place = Try(laboratory, fault.title, turn)
    try:
        return fault.provoke(place), None
    except Skipped as reason:
        return f"skipped: {reason}", None
    except Lost as reason:
        return "LOST", f"try {turn}: {reason}"
    except Exception as error:  # A fault that cannot be judged is no fault that was survived.
        return "LOST", f"try {turn}: {type(error).__name__}: {error}"
    finally:
        place.end()


def say(fault, tries):
    """Prints a row of the table; what was lost in it."""
    outcomes = Counter(outcome for outcome, _ in tries)
    losses = [loss for _, loss in tries if loss]
    words = "; ".join(f"{count}x {outcome}" if len(outcomes) > 1 else outcome
                      for outcome, count in sorted(outcomes.items()))
    print(f"{fault.title:66} {len(tries):>5}  {words}")
    lost = [f"    {loss}" for loss in losses[:4]]
    print(*lost, sep="\n", end="\n" if lost else "", flush=True)
    return [fault.title, *lost] if lost else []


def hear_signals():
    """A shell has what it starts in the background ignore SIGINT, nohup SIGHUP, and children inherit that: what is handled
    here has its default action in them again."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))


def main():
    hear_signals()
    sluice = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    seed = os.environ.get("SEED") or str(random.SystemRandom().randrange(10**6))
    began = time.monotonic()
    print(f"faults, provoked on {sys.argv[1]} (SEED={seed})\n\n{'fault':66} tries  outcome")
    with tempfile.TemporaryDirectory(prefix="sluice-faults-") as folder, \
            ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        # Those that run as nobody have to get there.
        os.chmod(folder, 0o755)
        laboratory = Laboratory(sluice, folder, seed)
        rows = [(fault, [pool.submit(attempt, laboratory, fault, turn) for turn in range(fault.times)])
                for name, family in FAMILIES.items() for fault in family.FAULTS if wanted in f"{name}: {fault.title}"]
        losses = [say(fault, [each.result() for each in tries]) for fault, tries in rows]
    tried = sum(fault.times for fault, _ in rows)
    lost = [loss for loss in losses if loss]
    print(f"\n{len(rows)} faults, {tried} tries in {time.monotonic() - began:.0f} s: "
          + (f"something was lost in {len(lost)} rows" if lost else "nothing was lost"))
    # Again at the end: a log that is cut off is cut off at its beginning.
    for loss in lost:
        print(*loss, sep="\n")
    sys.exit(1 if lost or not tried else 0)


if __name__ == "__main__":
    main()
