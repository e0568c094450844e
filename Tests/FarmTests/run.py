#!/usr/bin/env python3
"""Has farms encode plans by the templates of Examples/, and compares the bytes. Usage: run.py SLUICE [FILTER]

Slurm runs here as a whole, in a temporary folder, and so do GNU parallel and Open Job Description's runner; of Kubernetes there
is the template only. What is not installed is skipped, and so is a Slurm that does not start; a wrong byte is a failure.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

import parallel_cases
import slurm_cases
import template_cases
from processes import adopt
from rows import HEADER, Row
from slurm import Slurm, Unavailable, missing
from work import Work


def slurm_rows(work, folder, wanted):
    title = "Slurm"
    if not any(wanted(name) for name in slurm_cases.CASES):
        return
    if missing():
        yield Row(title, skipped=f"there is no {', no '.join(missing())} (make farm-setup)")
        return
    try:
        with Slurm(os.path.join(folder, "daemons"), work.environment, 2) as slurm:
            yield from slurm_cases.rows(slurm, work, wanted)
    except Unavailable as reason:
        yield Row(title, skipped=f"it does not start on this machine: {reason}")


def end(number, _):
    sys.exit(128 + number)


def main():
    # An exit, and not a death, so that the daemons are stopped.
    for number in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]:
        signal.signal(number, end)
    adopt()
    selection = sys.argv[2] if len(sys.argv) > 2 else ""

    def wanted(name):
        return selection in name

    began = time.monotonic()
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory(prefix="sluice-farm-") as folder:
        # munged wants to be reached by every user.
        os.chmod(folder, 0o755)
        work = Work(os.path.abspath(sys.argv[1]), folder)
        try:
            work.prepare()
        except subprocess.CalledProcessError as error:
            sys.exit(f"{' '.join(error.cmd)} has failed with status {error.returncode}")
        print(HEADER)
        for rows in [slurm_rows(work, folder, wanted), parallel_cases.rows(work, wanted), template_cases.rows(work, wanted)]:
            for row in rows:
                row.say()
                counts["skipped" if row.skipped else "failed" if row.faults else "passed"] += 1
    print(f"\nin {time.monotonic() - began:.0f} s\n{', '.join(f'{count} {name}' for name, count in counts.items())}")
    sys.exit(1 if counts["failed"] or not any(counts.values()) else 0)


if __name__ == "__main__":
    main()
