"""One case of ``bench.kafka`` as a process of its own, so that its CPU time is its own.

As a program: ``python -m bench.carrier PLAN``, where PLAN is a JSON file. It carries the input
until SIGTERM and, once enough is committed, writes what that took as one line of JSON.
"""

import asyncio
import signal
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Literal

import msgspec
import orjson

from bench.copies import in_batches, one_by_one, run_copy
from gateway import telemetry
from gateway.app import Gateway
from gateway.config import Settings, TelemetrySettings
from gateway.kafka.worker import run_worker

TROUBLE = {"lane_failed", "consumer_failed"}  # the figures suffer, and one should know

Way = Literal["send", "send_batch", "gateway"]


class Plan(msgspec.Struct, frozen=True):
    """What the process does, and between which counts of committed events it is measured."""

    settings: Settings
    way: Way
    after: int
    until: int


class Measured(msgspec.Struct, frozen=True):
    """What carrying so many events took: time, and CPU time of the whole process."""

    events: int
    seconds: float
    cpu_seconds: float


class Meter(StringIO):
    """Reads the log for commits; measures from the first that reaches one count to another's."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan
        self._committed = 0
        self._began: tuple[int, float, float] | None = None
        self._done = False

    def write(self, line: str) -> int:
        """Take one line of the log."""
        said = orjson.loads(line)
        if said["event"] == "transaction_committed":
            self._committed += said["events"]
            self._look()
        elif said["event"] == "record_condemned":
            sys.exit("an event made the pipeline fail: there is nothing to measure")
        elif said["event"] in TROUBLE:
            sys.stderr.write(line)
        return len(line)

    def _look(self) -> None:
        now = self._committed, time.perf_counter(), time.process_time()
        if self._began is None:
            self._began = now if self._committed >= self._plan.after else None
        elif self._committed >= self._plan.until and not self._done:
            self._done = True
            events, wall, cpu = self._began
            measured = Measured(now[0] - events, now[1] - wall, now[2] - cpu)
            sys.stdout.buffer.write(msgspec.json.encode(measured) + b"\n")
            sys.stdout.flush()


async def carry(plan: Plan) -> None:
    """Carry until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    telemetry.configure(TelemetrySettings(log_level="debug"), out=Meter(plan))
    telemetry.quiet_libraries()
    if plan.way != "gateway":
        copy = one_by_one if plan.way == "send" else in_batches
        await run_copy(plan.settings, copy, stop=stop)
        return
    with Gateway(plan.settings) as gateway:
        rejects = {name: one.reject for name, one in gateway.pipelines.items()}
        await run_worker(plan.settings, gateway.pipelines, rejects, stop=stop)


if __name__ == "__main__":
    given = Path(sys.argv[1]).read_bytes()
    asyncio.run(carry(msgspec.json.decode(given, type=Plan, dec_hook=lambda kind, it: kind(it))))
