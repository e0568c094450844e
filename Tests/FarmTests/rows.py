"""The table that the tests print."""

import functools
import os
import sys
import time
from dataclasses import dataclass, field

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Examples")


@dataclass
class Row:
    """A case. `identical` is None where there must be no output; `skipped` says in a sentence why it was not run."""

    title: str
    tasks: int = 0
    requeued: int = 0
    identical: bool | None = None
    faults: list = field(default_factory=list)
    skipped: str = ""
    seconds: float = 0

    def say(self):
        if self.skipped:
            print(f"{self.title:52} skipped: {self.skipped}")
        else:
            same = {True: "yes", False: "NO", None: "-"}[self.identical]
            verdict = "FAILED" if self.faults else "passed"
            print(f"{self.title:52} {self.tasks:5} {self.requeued:8} {same:>9} {self.seconds:5.1f} s  {verdict}")
        for fault in self.faults:
            print(f"    {fault}")
        sys.stdout.flush()


HEADER = f"{'case':52} {'tasks':>5} {'requeued':>8} {'identical':>9}"


def timed(case):
    @functools.wraps(case)
    def run(*arguments):
        began = time.monotonic()
        row = case(*arguments)
        row.seconds = time.monotonic() - began
        return row
    return run


def compared(title, case, requeued, faults):
    """The row of a case that has to end with the bytes of one machine."""
    identical = case.identical()
    if not identical:
        faults.append("there is no output" if identical is None else "its bytes are not those of sluice encode --parallel")
    return Row(title, case.count, requeued, identical, faults)
