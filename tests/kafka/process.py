"""A worker or a lander as a process of its own, so that it can be killed, stopped and continued.

As a program: ``python -m tests.kafka.process worker|lander PLAN``, where PLAN is a JSON file.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from gateway import telemetry
from gateway.config import Settings
from gateway.kafka import lane
from gateway.kafka.lander import run_lander
from gateway.kafka.lane import Faults, no_fault, transactional_id
from gateway.kafka.position import Committed
from gateway.kafka.worker import run_worker
from tests.kafka.copying import copying, refusing

ROOT = Path(__file__).parents[2]


class Plan(msgspec.Struct, frozen=True):
    """What the process does: settings, and where in a transaction it hurts itself."""

    settings: Settings
    point: str = ""  # a fault point of gateway.kafka.lane, or aside, linked of a lander's segment
    signal: int = signal.SIGKILL
    visit: int = 1  # at the how-manieth visit of the point
    marks: str = ""  # a file that gets the point's name just before
    owner: str = ""  # set: ids name this worker, not the partition, and nobody's end is waited for


class Child:
    """A running process of ours."""

    def __init__(self, role: str, plan: Plan) -> None:
        folder = Path(tempfile.mkdtemp(dir=plan.settings.folder))
        file = folder / "plan.json"
        file.write_bytes(msgspec.json.encode(plan, enc_hook=str))
        self._log = folder / "log.txt"
        command = [sys.executable, "-m", "tests.kafka.process", role, str(file)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)  # noqa: S603

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, number: int) -> None:
        """Send a signal, if the process lives."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def ended(self, seconds: float = 30.0) -> int:
        """Wait for the end and return the exit code; negative: the signal that ended it."""
        return await asyncio.to_thread(self._process.wait, seconds)

    def close(self) -> None:
        """End it at once, whatever state it is in."""
        self.send(signal.SIGKILL)
        self._process.wait()

    def log(self) -> str:
        """Return what it wrote to its standard streams."""
        return self._log.read_text("utf-8", errors="replace")


@contextlib.contextmanager
def spawned(role: str, plan: Plan) -> Iterator[Child]:
    """Run a process for the length of a block; where the block fails, say what it wrote."""
    child = Child(role, plan)
    try:
        yield child
    except Exception as error:
        error.add_note(child.log()[-8000:])
        raise
    finally:
        child.close()


def fault(plan: Plan) -> Faults:
    """Return the hook that hurts the process as planned."""
    if not plan.point:
        return no_fault
    visits = 0

    def hook(point: str) -> None:
        nonlocal visits
        if point != plan.point:
            return
        visits += 1
        if visits == plan.visit:
            with Path(plan.marks).open("a", encoding="utf-8") as marks:
                marks.write(f"{point}\n")
            os.kill(os.getpid(), plan.signal)

    return hook


def _watch_publication(hook: Faults) -> None:
    """Let the hook see a segment written aside, and linked: the name is there, the rest is not."""
    link = os.link

    def watched(aside: Path, path: Path) -> None:
        hook("aside")
        link(aside, path)
        hook("linked")

    os.link = watched  # type: ignore[assignment]  # the only way that a segment uses


async def _unstable(
    consumer: AIOKafkaConsumer, place: TopicPartition, _: float
) -> Committed | None:
    offset = await consumer.committed(place)
    return None if offset is None else Committed(offset)


def _identify(plan: Plan) -> Callable[[str, TopicPartition], str]:
    if not plan.owner:
        return transactional_id
    # Else the open transaction of the other id would be waited for.
    vars(lane)["committed_position"] = _unstable
    return lambda group, place: f"{group}-{plan.owner}-{place.partition}"


async def _main(role: str, plan: Plan) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = plan.settings
    telemetry.configure(settings.telemetry, out=sys.stderr)
    telemetry.quiet_libraries()
    if role == "lander":
        _watch_publication(fault(plan))
        await run_lander(settings, stop=stop)
        return
    await run_worker(
        settings,
        {source.name: copying(settings, source.name) for source in settings.inputs},
        {source.name: refusing(settings, source.name) for source in settings.inputs},
        stop=stop,
        faults=fault(plan),
        identify=_identify(plan),
    )


if __name__ == "__main__":
    given = Path(sys.argv[2]).read_bytes()
    asyncio.run(
        _main(
            sys.argv[1], msgspec.json.decode(given, type=Plan, dec_hook=lambda kind, it: kind(it))
        )
    )
