"""Throws hostile events at the whole engine: nothing may raise, hang, or keep memory.

``python -m bench.fuzz --inputs N --seed S`` or ``--seconds T``; ``--from BATCH`` begins there, and
so repeats a batch that failed. ``--repetitions N`` shows the N slowest leaves of one text repeated.
Where atheris is installed, ``python -m bench.guided`` lets coverage choose the inputs.
"""

import argparse
import faulthandler
import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from random import Random
from typing import NamedTuple

import orjson

from bench.engine import Scanned, Scanner
from bench.hostile import LEAF_BYTES, Hostile, repeated
from bench.measure import resident_bytes
from gateway.pipeline import uncollected

BATCH = 500
SLOWEST_SECONDS = 0.050  # of CPU, for LEAF_BYTES or less, and as much more for a longer event
TRIES = 3  # of an input that was too slow: noise is not slow each time
HUNG_SECONDS = 120  # a batch that runs so long shows where it is, and ends the process
LONG_BYTES = LEAF_BYTES // 2  # an event as long as that is judged by itself
GROWTH, SLACK_BYTES = 1.05, 16_000_000  # of memory, in the second half


class FaultError(Exception):
    """What fuzzing found: in which batch, and what the engine did."""


class Run(NamedTuple):
    """What was thrown, and what came of it."""

    inputs: int
    bytes: int
    findings: int
    cpu_seconds: float
    resident_bytes_at_half: int
    resident_bytes_at_end: int


class Judge:
    """Scans hostile events and says what went wrong. ``patience`` is for slow machines."""

    def __init__(self, scanner: Scanner, patience: float = 1) -> None:
        self._scanner = scanner
        self._slowest = SLOWEST_SECONDS * patience
        self.findings = 0
        self.cpu_seconds = 0.0

    def __call__(self, batch: Sequence[bytes], where: str) -> None:
        """Scan a batch. Raises FaultError, which begins with ``where``, if the engine does wrong."""
        for some in (
            [event for event in batch if len(event) < LONG_BYTES],
            *([event] for event in batch if len(event) >= LONG_BYTES),
        ):
            began = time.process_time()
            try:
                with uncollected():
                    scanned = self._scanner(some)
            except Exception as error:
                raise FaultError(f"{where}: {type(error).__name__}: {error}") from error
            spent = time.process_time() - began
            self.cpu_seconds += spent
            self.findings += len(scanned.findings.fields) + len(scanned.findings.spans)
            for problem in problems(scanned):
                raise FaultError(f"{where}: {problem}")
            if spent > self._allowed(sum(map(len, some))):
                for event in filter(self.is_slow, some):
                    raise FaultError(f"{where}: {len(event)} bytes take too long: {event[:80]!r}")

    def is_slow(self, event: bytes) -> bool:
        """Say whether an event by itself takes too long, each time."""
        return all(self.seconds(event) > self._allowed(len(event)) for _ in range(TRIES))

    def seconds(self, event: bytes) -> float:
        """Return the CPU seconds that one event takes."""
        began = time.process_time()
        with uncollected():
            self._scanner([event])
        return time.process_time() - began

    def _allowed(self, size: int) -> float:
        return self._slowest * max(1, size / LEAF_BYTES)


def main() -> None:
    """Run until the inputs or the time are used up; exit with 1 at the first fault."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--repetitions", type=int, default=0)
    parser.add_argument("--patience", type=float, default=1, help="times 50 ms for 64 KB of a leaf")
    chosen = parser.parse_args()
    if chosen.repetitions:
        for seconds, unit in sorted(repetitions(), reverse=True)[: chosen.repetitions]:
            print(f"{1000 * seconds:8.1f} ms  {unit[:100]!r}")
        return
    if not (chosen.inputs or chosen.seconds):
        parser.error("say how long: --inputs or --seconds")
    try:
        done = run(chosen.inputs, chosen.seconds, chosen.seed, chosen.first, chosen.patience)
    except FaultError as fault:
        sys.exit(str(fault))
    print(json.dumps(done._asdict()))


def run(
    inputs: int = 0, seconds: float = 0, seed: int = 7, first: int = 0, patience: float = 1
) -> Run:
    """Throw so many inputs, or for so long. Raises FaultError where the engine does what it must not."""
    hostile, judge, began = Hostile(), Judge(Scanner(), patience), time.monotonic()
    thrown = size = half = 0
    for number in count(first):
        batch = make(hostile, seed, number)
        faulthandler.dump_traceback_later(HUNG_SECONDS, exit=True)
        judge(batch, f"--seed {seed} --from {number}")
        faulthandler.cancel_dump_traceback_later()
        thrown += len(batch)
        size += sum(map(len, batch))
        done = thrown / inputs if inputs else (time.monotonic() - began) / seconds
        if done <= 0.5:  # noqa: PLR2004
            half = max(half, resident_bytes())
        if done >= 1:
            break
    end = resident_bytes()
    if half and end > half * GROWTH + SLACK_BYTES:
        raise FaultError(
            f"--seed {seed}: memory grew from {half:,} to {end:,} bytes in the second half"
        )
    return Run(thrown, size, judge.findings, judge.cpu_seconds, half, end)


def make(hostile: Hostile, seed: int, number: int) -> list[bytes]:
    """Return a batch of events: the same seed and number make the same."""
    dice = Random(f"{seed} {number}")
    return [hostile.event(dice) for _ in range(BATCH)]


def problems(scanned: Scanned) -> Iterator[str]:
    """Yield what is wrong with findings: outside of their leaf, out of order, of no confidence."""
    leaves, findings = scanned
    for one in (*findings.fields, *findings.spans):
        size = len(leaves.texts[one.leaf])
        if not (0 <= one.start < one.end <= size and 0 < one.confidence <= 1):
            yield f"a finding at {one.start}:{one.end} of {size} characters, {one.confidence}"
    if any(one[:2] > other[:2] for one, other in pairwise(findings.spans)):
        yield "findings are out of order"


def repetitions() -> Iterator[tuple[float, str]]:
    """Yield each text that leaves are repetitions of, with the CPU seconds that such a leaf takes."""
    judge = Judge(Scanner())
    for unit in Hostile().units:
        event = orjson.dumps({"text": repeated(unit)})
        yield min(judge.seconds(event) for _ in range(TRIES)), unit


if __name__ == "__main__":
    main()
