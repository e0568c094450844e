"""The template of Examples/gnu-parallel on this machine: `:` is GNU parallel's name for it, without ssh."""

import os
import shutil
import signal
import subprocess

from processes import end_with_parent, send, shard_at_work, until
from rows import EXAMPLES, Row, compared, timed

SCRIPT = os.path.join(EXAMPLES, "gnu-parallel/farm.sh")
LIMIT = 60


def start(case):
    return subprocess.Popen(
        [SCRIPT, case.plan, case.output, "-S", "2/:"], env=case.work.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=end_with_parent,
    )


def again(case):
    """How many shards the log has more than once."""
    with open(f"{case.plan}.joblog", encoding="utf-8") as file:
        return len(file.readlines()) - 1 - case.count


def ended(title, case, process, expected):
    words = process.communicate(timeout=LIMIT)[1]
    faults = [] if process.returncode == 0 else [f"status {process.returncode}: {words.strip()[-300:]}"]
    row = compared(title, case, again(case), faults)
    if row.requeued != expected:
        row.faults.append(f"{row.requeued} shards were run again, and not {expected}")
    return row


@timed
def undisturbed(work):
    case = work.case("parallel")
    return ended("GNU parallel", case, start(case), 0)


@timed
def shard_killed(work):
    case = work.case("parallel-shard")
    process = start(case)
    send([until(lambda: shard_at_work(case.plan), LIMIT, "a shard at work")], signal.SIGKILL)
    return ended("GNU parallel: a shard is killed, and resumed", case, process, 1)


@timed
def failed(work):
    """What fails for good is not tried again, until somebody has mended it and gives the same command."""
    title = "GNU parallel: a shard fails for good, then is mended"
    case = work.case("parallel-spoiled", own_source=True)
    mend = case.spoil()
    process = start(case)
    process.communicate(timeout=LIMIT)
    if process.returncode != 1 or case.identical() is not None or again(case):
        return Row(title, case.count, again(case), case.identical(), [f"with a spoiled source, the status is {process.returncode}"])
    mend()
    return ended(title, case, start(case), 1)


CASES = {f"parallel {case.__name__}": case for case in [undisturbed, shard_killed, failed]}


def rows(work, wanted):
    chosen = [name for name in CASES if wanted(name)]
    if chosen and not shutil.which("parallel"):
        yield Row("GNU parallel", skipped="it is not installed (make farm-setup)")
        return
    for name in chosen:
        try:
            yield CASES[name](work)
        except (TimeoutError, OSError, subprocess.SubprocessError) as error:
            yield Row(name, faults=[str(error)])
