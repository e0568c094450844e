"""What a plan takes on a farm: a simulation of its segments on workers, in virtual time.

A worker is one `sluice shard` after another. Each begins with a start-up, in which it neither reads nor encodes, and then goes
through its frames at the rate of what holds it up more: its core, or its share of the store that all workers read from. The
plan comes before the first shard, and the join after the last.
"""

import math
from dataclasses import dataclass


@dataclass
class Constants:
    """Seconds and bytes, measured on one machine."""

    plan: float           # to plan, a frame: all of the input is read for its digests
    start: float          # of a shard, before and after its frames
    frame: list           # to encode a frame, with one worker on the machine, with two, ...: the last holds for more
    join_start: float     # of the join
    join_byte: float      # to join, an encoded byte
    raw_frame: int        # bytes of a frame before
    coded_frame: float    # and after encoding


def segment_lengths(frames, segment):
    """Frames of each segment; the last one may be shorter."""
    return [min(segment, frames - first) for first in range(0, frames, segment)]


class Worker:
    """A core of a machine: idle, starting up until a time, or with frames left to encode."""

    def __init__(self, machine):
        self.machine, self.starts, self.left = machine, None, 0.0


def simulate_shards(constants, lengths, workers, cores, store=math.inf):
    """Seconds until the last shard is done.

    lengths: frames of each segment, in the order in which workers take them.
    cores: workers on one machine, who slow each other down as it was measured.
    store: bytes a second that the store has for all who read, who get equal shares of it.
    """
    crew = [Worker(number // cores) for number in range(min(workers, len(lengths)))]
    waiting = iter(lengths)
    clock = 0.0
    for worker in crew:
        take(worker, waiting, clock, constants.start)
    while True:
        rates = frame_rates(constants, crew, store)
        ends = [worker.starts for worker in crew if worker.starts is not None]
        ends += [clock + worker.left / rate for worker, rate in rates]
        if not ends:
            return clock
        # What ends within a nanosecond ends together: sums of floating point are not exact.
        then = min(ends) + 1e-9
        for worker, rate in rates:
            worker.left -= rate * (then - clock)
        clock = then
        for worker in crew:
            if worker.starts is not None and worker.starts <= clock:
                worker.starts = None
            elif worker.starts is None and worker.left <= 0:
                take(worker, waiting, clock, constants.start)


def take(worker, waiting, clock, start):
    """Gives a worker the next segment, or leaves it idle."""
    frames = next(waiting, None)
    worker.left = frames or 0.0
    worker.starts = clock + start if frames else None


def frame_rates(constants, crew, store):
    """Frames a second of each worker that encodes."""
    busy = [worker for worker in crew if worker.starts is None and worker.left > 0]
    crowd = {}
    for worker in busy:
        crowd[worker.machine] = crowd.get(worker.machine, 0) + 1
    share = store / len(busy) / constants.raw_frame if busy else math.inf
    return [(worker, min(1 / constants.frame[min(crowd[worker.machine], len(constants.frame)) - 1], share))
            for worker in busy]


def plan_seconds(constants, frames, store=math.inf):
    return frames * max(constants.plan, constants.raw_frame / store)


def join_seconds(constants, frames):
    return constants.join_start + frames * constants.coded_frame * constants.join_byte


def formula_shards(constants, frames, segment, workers, store=math.inf):
    """The simulation's answer where all segments are equal and all workers busy, without simulating."""
    segments = math.ceil(frames / segment)
    workers = min(workers, segments)
    rounds = math.ceil(segments / workers)
    return rounds * (constants.start + segment * max(constants.frame[-1], workers * constants.raw_frame / store))
