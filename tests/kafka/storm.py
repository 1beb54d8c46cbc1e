"""A storm over the real command: a paced stream of events, and blows at seeded moments."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import msgspec
import numpy as np
import psutil  # type: ignore[import-untyped]
from aiokafka import AIOKafkaProducer

from gateway.config import Settings
from tests.kafka.broker import Broker
from tests.kafka.saboteur import claimed_by, give_order

ROOT = Path(__file__).parents[2]
BURST_SECONDS = 0.05
PARTITIONS = 4
OBEDIENCE_SECONDS = 40.0  # until a worker is in a transaction, whatever happened to it just before
DARK_SECONDS = 1.5  # without a broker


class Weather(msgspec.Struct, frozen=True):
    """How long the stream is and what happens to the gateway on its way."""

    events: int
    seconds: float
    seed: int
    kills_inside: int  # of workers, in a transaction that is open
    kills_of_workers: int  # whatever they do just then
    kills_of_landers: int
    stops: int = 1  # of a worker in a transaction, past its session timeout
    cuts: int = 1  # of the broker

    def blows(self) -> list[tuple[float, str]]:
        """Return what happens when, in seconds from the start."""
        dice = np.random.default_rng(self.seed)
        kinds = [
            *["kill inside"] * self.kills_inside,
            *["kill worker"] * self.kills_of_workers,
            *["kill lander"] * self.kills_of_landers,
            *["stop"] * self.stops,
            *["cut"] * self.cuts,
        ]
        dice.shuffle(kinds)
        slot = 0.8 * self.seconds / len(kinds)
        times = [(number + float(dice.random())) * slot for number in range(len(kinds))]
        return [(0.05 * self.seconds + at, kind) for at, kind in zip(times, kinds, strict=True)]


class Gateway:
    """The command with two workers and a lander, as a process, and what was done to it."""

    def __init__(self, settings: Settings, path: Path, broker: Broker) -> None:
        self._settings = settings
        self._folder = path.parent
        self._broker = broker
        self.story: list[str] = []
        self._log = self._folder / "log.txt"
        command = [sys.executable, "-m", "tests.kafka.saboteur", "run"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [*command, "--settings", str(path), "--workers", "2"],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    async def suffer(self, weather: Weather) -> None:
        """Live through all blows."""
        began = time.monotonic()
        for number, (at, kind) in enumerate(weather.blows()):
            await asyncio.sleep(max(0.0, at - (time.monotonic() - began)))
            await self._blow(number, kind)
            self.story.append(f"{time.monotonic() - began:.1f} s: {kind}")

    async def _blow(self, number: int, kind: str) -> None:
        if kind == "kill inside":
            await self._obeyed(number, signal.SIGKILL)
        elif kind == "stop":
            pid = await self._obeyed(number, signal.SIGSTOP)
            await asyncio.sleep(self._settings.transport.session_timeout_seconds + 2)
            with contextlib.suppress(ProcessLookupError):
                psutil.Process(pid).resume()
        elif kind == "cut":
            await asyncio.to_thread(self._broker.kill)
            await asyncio.sleep(DARK_SECONDS)
            await asyncio.to_thread(self._broker.start)
        else:
            (await self._child(kind.removeprefix("kill "))).kill()

    async def _obeyed(self, number: int, how: signal.Signals) -> int:
        order = give_order(self._folder, number, how)
        async with asyncio.timeout(OBEDIENCE_SECONDS):
            while (pid := claimed_by(order)) is None:
                await asyncio.sleep(0.05)
        return pid

    async def _child(self, role: str) -> psutil.Process:
        """Return a worker or the lander, once there is one."""
        word = "land" if role == "lander" else "run"
        async with asyncio.timeout(OBEDIENCE_SECONDS):
            while True:
                for child in psutil.Process(self._process.pid).children():
                    with contextlib.suppress(psutil.NoSuchProcess):
                        if word in child.cmdline() and child.status() != psutil.STATUS_STOPPED:
                            found: psutil.Process = child
                            return found
                await asyncio.sleep(0.05)

    async def drained(self) -> int:
        """Tell it to end and return its exit code."""
        self._process.terminate()
        return await asyncio.to_thread(self._process.wait, 60)

    def close(self) -> None:
        """End it at once; its children die with it."""
        self._process.kill()
        self._process.wait()

    def log(self) -> str:
        """Return the end of what it wrote, and what was done to it."""
        text = self._log.read_text("utf-8", errors="replace")
        return "\n".join([*self.story, text[-8000:]])


@contextlib.asynccontextmanager
async def running(settings: Settings, path: Path, broker: Broker) -> AsyncIterator[Gateway]:
    """Run the command for the length of a block; where the block fails, say what happened."""
    gateway = Gateway(settings, path, broker)
    try:
        yield gateway
    except Exception as error:
        error.add_note(gateway.log())
        raise
    finally:
        gateway.close()


async def stream(settings: Settings, events: Iterable[bytes], seconds: float, count: int) -> None:
    """Produce events evenly over the time, to all partitions in turn; each is acknowledged."""
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.transport.bootstrap, enable_idempotence=True, linger_ms=5
    )
    began, sent = time.monotonic(), []
    async with producer:
        for number, event in enumerate(events):
            early = number * seconds / count - (time.monotonic() - began)
            if early > BURST_SECONDS:
                await asyncio.sleep(early)
            topic, place = settings.inputs[0].topic, number % PARTITIONS
            sent.append(await producer.send(topic, event, partition=place))
        await asyncio.gather(*sent)
