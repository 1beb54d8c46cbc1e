"""On a real broker: two plain copies, the gateway with one view and with three.

``python -m bench.kafka --events N --seed S --json``

All read the same topic in turn, each in one process of its own, with the same batch bounds.
``ratio_to_plain_copy`` compares with the copy that sends record by record.
"""

import asyncio
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
from msgspec.structs import replace

from bench.broker import ROOT, running_broker
from bench.carrier import Measured, Plan, Way
from bench.measure import INPUT, Case, arguments, settings_with, tell
from bench.visible import Line, delays, fill
from gateway import telemetry
from gateway.config import Settings, Transport, VaultSettings, view_name
from gateway.corpus import encode, generate
from gateway.kafka import topics
from gateway.kafka.cluster import Topic, administer, create, existing

EVENTS = 200_000
PARTITIONS = 4
BATCH_RECORDS = 4000
BATCHES = 8  # at least, of each partition: a small run has smaller ones
WARM = 0.2  # of the events, before those that are measured; as many come after them
PACED = 0.5  # of the events are produced once more, to see when they arrive
LOAD = 0.5  # of what the case reached
PATIENCE_SECONDS = 900.0
STOP_SECONDS = 30.0
CASES: tuple[tuple[str, Way, int], ...] = (
    ("copy, send per record", "send", 1),
    ("copy, send_batch", "send_batch", 1),
    ("gateway, 1 view and audit", "gateway", 1),
    ("gateway, 3 views and audit", "gateway", 3),
)


def main() -> None:
    """Measure every case and print what was found."""
    chosen = arguments("bench.kafka", __doc__, EVENTS).parse_args()
    telemetry.quiet_libraries()
    tell("kafka", run(chosen.events, chosen.seed), as_json=chosen.json)


def run(events: int, seed: int) -> list[Case]:
    """Return the cases. All of them see the same events."""
    count = int(events * (1 + 2 * WARM))
    lines = [Line(one.key.encode(), encode(one)) for one in generate(seed, count)]
    with tempfile.TemporaryDirectory() as folder, running_broker() as bootstrap:
        return asyncio.run(_measure_all(bootstrap, Path(folder), lines, events))


async def _measure_all(
    bootstrap: str, folder: Path, lines: Sequence[Line], events: int
) -> list[Case]:
    topic = f"{INPUT}-{secrets.token_hex(4)}"
    batch = max(1, min(BATCH_RECORDS, events // (PARTITIONS * BATCHES)))
    transport = Transport(kind="kafka", bootstrap=bootstrap, batch_records=batch)
    after, until = int(WARM * events), int((1 + WARM) * events)
    plans = [
        Plan(_settings(transport, folder, topic, number), way, after, until)
        for number, (_, way, _) in enumerate(CASES)
    ]
    async with _input(plans[0].settings, topic):
        await fill(bootstrap, topic, PARTITIONS, lines)
        found = [await _measure(plan, lines[: int(PACED * events)]) for plan in plans]
    plain = found[0]["events_per_second"]
    for figures in found:
        figures["ratio_to_plain_copy"] = figures["events_per_second"] / plain
    return [Case(name, figures) for (name, _, _), figures in zip(CASES, found, strict=True)]


def _settings(common: Transport, folder: Path, topic: str, number: int) -> Settings:
    """Return the settings of a case: it shares the input's topic with the others, nothing else."""
    name, views = f"{topic}-{number}", CASES[number][2]
    transport = replace(
        common,
        group=name,
        audit_topic=f"{name}.audit",
        quarantine_topic=f"{name}.quarantine",
    )
    settings = settings_with(folder, views, transport)
    return replace(
        settings,
        inputs=(replace(settings.inputs[0], name=name, topic=topic),),
        subscriptions=tuple(replace(one, inputs=(name,)) for one in settings.subscriptions),
        vault=VaultSettings(f"{name}.sqlite"),
    )


async def _measure(plan: Plan, lines: Sequence[Line]) -> dict[str, float]:
    """Return the figures of one case; ``lines`` are what it is paced with."""
    await topics.apply(plan.settings)
    async with _carrying(plan) as told:
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = await told.readline()
        if not line:
            raise RuntimeError("the case ended before it was measured; its reason stands above")
        figures = _figures(msgspec.json.decode(line, type=Measured), lines)
        if plan.way == "gateway":
            figures |= await _delays(plan.settings, lines, LOAD * figures["events_per_second"])
    return figures


def _figures(measured: Measured, lines: Sequence[Line]) -> dict[str, float]:
    per_second = measured.events / measured.seconds
    size = sum(len(line.value) for line in lines) / len(lines)
    return {
        "events_per_second": per_second,
        "megabytes_per_second": per_second * size / 1e6,
        "cpu_us_per_event": measured.cpu_seconds * 1e6 / measured.events,
    }


async def _delays(
    settings: Settings, lines: Sequence[Line], events_per_second: float
) -> dict[str, float]:
    source, reader = settings.inputs[0], settings.subscriptions[0]
    ends = source.topic, view_name(source.name, reader.name)
    found = await delays(settings.transport.bootstrap, ends, lines, events_per_second)
    return {
        "paced_events_per_second": events_per_second,
        "p50_ms_to_visible": float(np.percentile(found, 50)),
        "p99_ms_to_visible": float(np.percentile(found, 99)),
    }


@asynccontextmanager
async def _carrying(plan: Plan) -> AsyncIterator[asyncio.StreamReader]:
    """Run a case for the length of a block; yield what it writes to standard output."""
    settings = plan.settings
    file = settings.folder / f"{settings.inputs[0].name}.json"
    file.write_bytes(msgspec.json.encode(plan, enc_hook=str))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.carrier", str(file), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield cast(asyncio.StreamReader, process.stdout)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()


@asynccontextmanager
async def _input(settings: Settings, topic: str) -> AsyncIterator[None]:
    """Create the input's topic; remove every topic of the bench afterwards."""
    async with administer(settings) as client:
        await create(client, [Topic(topic, PARTITIONS, {})], 1)
    try:
        yield
    finally:
        async with administer(settings) as client:
            ours = [name for name in await existing(client) if name.startswith(topic)]
            await client.delete_topics(ours)


if __name__ == "__main__":
    main()
