"""The main promise, on the real command: whatever is killed, each event has one outcome."""

import asyncio
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.config import Settings, view_name
from gateway.corpus import generate
from gateway.corpus.sample import encode
from gateway.settings_file import load_settings
from gateway.tokens import make_keys
from gateway.trail import HOT, segments
from tests.kafka.broker import Broker
from tests.kafka.house import (
    committed_records,
    make_input,
    positions_reach,
    produce,
    written_records,
)
from tests.kafka.reckoning import (
    Truth,
    accounted,
    consumed,
    different_rows,
    digests,
    findings,
    quarantined,
)
from tests.kafka.storm import PARTITIONS, Weather, running, stream

pytestmark = pytest.mark.kafka

SHORT = Weather(20_000, 30.0, 7, kills_inside=2, kills_of_workers=1, kills_of_landers=1)
LONG = Weather(200_000, 125.0, 7, kills_inside=6, kills_of_workers=4, kills_of_landers=2)
WEATHER = LONG if os.getenv("SLUICEGATE_CHAOS") == "long" else SHORT

# Three readers who see different things, and one whom no line of the policy grants anything.
READERS = {
    "sales": ("sales_rep", "crm"),
    "science": ("data_scientist", "analytics"),
    "training": ("ml_training_svc", "ai_training"),
    "stranger": ("finance", "campaign"),
}
HOUSE = """
[[input]]
name = "{name}"
tenant = "smiloai"
{place} = "{input}"

[policy]
smiloai = "builtin:smiloai"

[keys]
smiloai = "smiloai.key"

[vault]
path = "vault.sqlite"

[lake]
path = "{lake}"
segment_seconds = 1.0
"""
KAFKA = """
[transport]
kind = "kafka"
bootstrap = "{bootstrap}"
group = "{name}"
audit_topic = "{name}.audit"
quarantine_topic = "{name}.quarantine"
audit_partitions = 2
batch_records = 200
session_timeout_seconds = 3.0
transaction_timeout_seconds = 8.0
drain_seconds = 10.0
"""
FILES = """
[transport]
kind = "files"
out = "files-out"
"""


def readers(name: str) -> str:
    return "".join(
        f'\n[[subscription]]\nname = "{reader}"\ninputs = ["{name}"]\nprincipal = "{reader}-app"\n'
        f'role = "{role}"\npurpose = "{purpose}"\n'
        for reader, (role, purpose) in READERS.items()
    )


def furnish(folder: Path, bootstrap: str) -> tuple[Path, Path]:
    """Write two settings files that differ in the transport only: for Kafka and for files."""
    name = f"chaos-{secrets.token_hex(4)}"
    kafka, files = folder / "kafka.toml", folder / "files.toml"
    here = HOUSE.format(name=name, place="topic", input=name, lake="lake") + readers(name)
    kafka.write_text(KAFKA.format(bootstrap=bootstrap, name=name) + here, "utf-8")
    here = HOUSE.format(name=name, place="path", input="input.jsonl", lake="files-lake")
    files.write_text(FILES + here + readers(name), "utf-8")
    make_keys("smiloai", folder / "smiloai.key")
    return kafka, files


def events(weather: Weather) -> Iterator[bytes]:
    """Yield generated events; one of a hundred is none that anybody can read."""
    samples = generate(weather.seed, weather.events, tenants=["smiloai"])
    for number, sample in enumerate(samples):
        event = encode(sample)
        bad = [
            event[:-2],
            event[:20] + b"\xff" + event[20:],
            b'{"id":"%d","note":%s1%s}' % (number, b"[" * 10_000, b"]" * 10_000),
            b'{"id":"%d","type":7}' % number,
        ]
        yield event if number % 100 else bad[number // 100 % len(bad)]


def landed_count(settings: Settings) -> int:
    folder = settings.at(settings.lake.path) / HOT
    return sum(each.count for _, footer in segments(folder) for each in footer.consumed)


async def all_landed(settings: Settings, count: int) -> None:
    async with asyncio.timeout(120):
        while await asyncio.to_thread(landed_count, settings) < count:
            await asyncio.sleep(0.5)


async def aborted(settings: Settings) -> int:
    """Return how many transactions were aborted: each has one record on the audit topic."""
    topic = settings.transport.audit_topic
    written = await written_records(settings, topic)
    return len(written) - len(await committed_records(settings, topic))


async def weathered(settings: Settings, path: Path, broker: Broker) -> list[str]:
    """Run the gateway through the weather to the last row landed, end it; return what happened."""
    async with running(settings, path, broker) as gateway:
        async with asyncio.TaskGroup() as group:
            group.create_task(stream(settings, events(WEATHER), WEATHER.seconds, WEATHER.events))
            group.create_task(gateway.suffer(WEATHER))
        await positions_reach(settings, WEATHER.events, 180)
        await all_landed(settings, WEATHER.events)
        assert await gateway.drained() == 0
        return gateway.story


async def same_as_files(settings: Settings, truth: Truth) -> None:
    """Assert that views, quarantine, rows and findings are those of the same events as files."""
    for reader in READERS:
        topic = view_name(settings.inputs[0].name, reader)
        shown = digests(record.value for record in await committed_records(settings, topic))
        assert shown == truth.view(reader), reader
    assert await quarantined(settings) == truth.quarantine()
    assert different_rows(settings, truth) == {"only on the broker": [], "only over files": []}
    assert findings(settings) == findings(truth.settings)


async def notices(settings: Settings, truth: Truth) -> None:
    """Assert that this reckoning sees one event too much in a view, and rows that are lost."""
    name = settings.inputs[0].name
    shown = await committed_records(settings, view_name(name, "sales"))
    view = replace(settings.inputs[0], topic=view_name(name, "sales"))
    await produce(replace(settings, inputs=(view,)), [shown[0].value], 1)
    assert await accounted(settings, truth) == {**dict.fromkeys(READERS, 0), "sales": 1}
    path, footer = list(segments(settings.at(settings.lake.path) / HOT))[-1]
    path.unlink()
    assert footer.rows > 0
    assert different_rows(settings, truth)["only over files"] != []


@pytest.mark.timeout(900)
async def test_whatever_is_killed_each_event_has_one_outcome(
    broker: Broker, tmp_path: Path, figures: list[str]
):
    kafka, files = furnish(tmp_path, broker.bootstrap)
    settings = load_settings(kafka)
    await make_input(settings, PARTITIONS)
    story = await weathered(settings, kafka, broker)
    assert sum(line.endswith("kill inside") for line in story) == WEATHER.kills_inside

    truth = Truth(files, await committed_records(settings, settings.inputs[0].topic))
    assert len(set(truth.ids)) == WEATHER.events
    lost = await aborted(settings)
    assert lost >= WEATHER.kills_inside
    assert await accounted(settings, truth) == dict.fromkeys(READERS, 0)
    await same_as_files(settings, truth)
    each = WEATHER.events // PARTITIONS
    assert consumed(settings) == dict.fromkeys(range(PARTITIONS), (0, each, each))
    rows = [footer.rows for _, footer in segments(settings.at(settings.lake.path) / HOT)]
    figures += [f"chaos: {line}" for line in story]
    figures.append(
        f"chaos: {WEATHER.events:,} events, {lost} transactions aborted,"
        f" {sum(rows):,} rows in {len(rows)} segments, no difference to files"
    )
    await notices(settings, truth)
