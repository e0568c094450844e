"""The templates of Examples/slurm on a Slurm of our own: undisturbed, and with every kind of loss in the middle."""

import os
import signal
import subprocess

from processes import send, shard_at_work, until
from rows import EXAMPLES, Row, compared, timed

LIMIT = 60
ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "DEADLINE", "BOOT_FAIL"}


class Submitted:
    """The two jobs that submit.sh has made of a plan."""

    def __init__(self, slurm, case):
        self.slurm, self.case = slurm, case
        script = os.path.join(EXAMPLES, "slurm/submit.sh")
        log = f"--output={case.folder}/%x-%A_%a.log"
        self.array, self.join = slurm.ask(script, case.plan, case.output, "--cpus-per-task=1", log).split()

    def wait_for_shard(self):
        return until(lambda: shard_at_work(self.case.plan), LIMIT, "a shard at work")

    def wait(self):
        """The states of the tasks and of the join, when all of them have ended."""
        until(lambda: all(job["JobState"] in ENDED for number in (self.array, self.join) for job in self.slurm.jobs(number)),
              LIMIT, "the end of all jobs")
        return [job["JobState"] for job in self.slurm.jobs(self.array)], self.slurm.jobs(self.join)[0]["JobState"]

    def requeued(self):
        return sum(int(job["Restarts"]) for job in self.slurm.jobs(self.array))

    def log(self):
        """The last words of each task, for who has to find out why."""
        words = []
        for name in sorted(os.listdir(self.case.folder)):
            if name.endswith(".log"):
                with open(os.path.join(self.case.folder, name), encoding="utf-8", errors="replace") as file:
                    words.append(f"{name}: {file.read().strip()[-300:]}")
        return words


def completed(title, submitted, requeues):
    """The row of a case that has to end with the bytes of one machine, after so many requeues."""
    states, join = submitted.wait()
    requeued = submitted.requeued()
    faults = [] if set(states) == {"COMPLETED"} and join == "COMPLETED" else [f"the tasks: {states}, the join: {join}"]
    if requeued not in requeues:
        faults.append(f"requeued {requeued} times")
    row = compared(title, submitted.case, requeued, faults)
    row.faults += submitted.log() if row.faults else []
    return row


@timed
def undisturbed(slurm, work):
    return completed("an array with a dependent join", Submitted(slurm, work.case("slurm")), [0])


@timed
def shard_killed(slurm, work):
    submitted = Submitted(slurm, work.case("slurm-shard"))
    send([submitted.wait_for_shard()], signal.SIGKILL)
    return completed("a shard is killed: its task requeues itself", submitted, [1])


@timed
def task_requeued(slurm, work):
    submitted = Submitted(slurm, work.case("slurm-requeue"))
    submitted.wait_for_shard()
    running = [job for job in slurm.jobs(submitted.array) if job["JobState"] == "RUNNING"]
    slurm.ask("scontrol", "requeue", f"{submitted.array}_{running[0]['ArrayTaskId']}")
    return completed("an operator requeues a task", submitted, [1])


@timed
def daemon_killed(slurm, work):
    submitted = Submitted(slurm, work.case("slurm-daemon"))
    submitted.wait_for_shard()
    slurm.kill_daemon()
    slurm.start_node()
    return completed("slurmd alone is killed, and started anew", submitted, [0])


@timed
def node_killed(slurm, work):
    submitted = Submitted(slurm, work.case("slurm-node"))
    submitted.wait_for_shard()
    slurm.kill_node()
    slurm.start_node()
    # As many tasks as ran on it, which may be fewer than it has processors for when one had just ended.
    return completed("the node is killed with its shards, and comes back", submitted, range(1, slurm.cpus + 1))


@timed
def canceled(slurm, work):
    """Canceled tasks do not requeue themselves; submitted once more, the plan goes on from where it was."""
    title = "the array is canceled, and submitted once more"
    case = work.case("slurm-cancel")
    first = Submitted(slurm, case)
    until(lambda: case.finished() >= 1 and shard_at_work(case.plan), LIMIT, "a second shard at work")
    slurm.ask("scancel", first.array)
    _, join = first.wait()
    if join != "CANCELLED" or case.identical() is not None or first.requeued():
        return Row(title, case.count, first.requeued(), None, [f"of a canceled array, the join is {join}", *first.log()])
    kept = case.finished()
    row = completed(title, Submitted(slurm, case), [0])
    if not 0 < kept < case.count:
        row.faults.append(f"{kept} shards of {case.count} were there when it was submitted once more")
    return row


@timed
def failed(slurm, work):
    """A shard whose source is not what was planned fails for good, and takes the join with it."""
    case = work.case("slurm-spoiled", own_source=True)
    case.spoil()
    submitted = Submitted(slurm, case)
    states, join = submitted.wait()
    faults = []
    if sorted(states) != ["COMPLETED"] * (case.count - 1) + ["FAILED"] or join != "CANCELLED":
        faults.append(f"the tasks: {states}, the join: {join}")
    if submitted.requeued():
        faults.append(f"requeued {submitted.requeued()} times, in vain")
    if case.identical() is not None:
        faults.append("there is an output")
    return Row("a shard fails for good: no join, no output", len(states), submitted.requeued(), None, faults)


CASES = {f"slurm {case.__name__}": case
         for case in [undisturbed, shard_killed, task_requeued, daemon_killed, node_killed, canceled, failed]}


def rows(slurm, work, wanted):
    for name, case in CASES.items():
        if wanted(name):
            try:
                yield case(slurm, work)
            except (TimeoutError, subprocess.SubprocessError) as error:
                words = getattr(error, "stderr", "") or ""
                yield Row(name, faults=[str(error), words.strip()])
                slurm.cancel_all()
