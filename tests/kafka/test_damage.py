"""A log that is damaged is named, waited for and never passed over in silence; others go on."""

import asyncio
import contextlib
import errno
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway import telemetry
from gateway.config import Settings, TelemetrySettings
from gateway.errors import OffsetError
from gateway.lake import ask, open_lake
from tests.kafka.damage import LENGTH, RECORDS, batches, cut, flip
from tests.kafka.house import (
    committed_positions,
    make_input,
    positions_reach,
    produce,
    settings_at,
    view_values,
)
from tests.kafka.java import JavaBroker
from tests.kafka.running import landing, work, working
from tests.kafka.trail import audit, expected, landed, until
from tests.kafka.trail import batches as audit_batches

pytestmark = pytest.mark.kafka


class Said:
    """What telemetry wrote, by event."""

    def __init__(self) -> None:
        self.out = io.StringIO()

    def of(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.out.getvalue().splitlines()]
        return [line for line in lines if line["event"] == event]


@pytest.fixture
def said() -> Iterator[Said]:
    heard = Said()
    telemetry.configure(TelemetrySettings(), out=heard.out)
    yield heard
    telemetry.shutdown()


async def three_batches(settings: Settings) -> None:
    """Write three batches of two records to partition 0, and two records to partition 1."""
    for name in (b"a", b"b", b"c"):
        await produce(settings, [name] * 2, 1)
    await produce(settings, [b"z"] * 2, partition=1)


@pytest.mark.parametrize("at", [RECORDS, LENGTH])
async def test_a_damaged_batch_is_named_and_waited_for_and_its_neighbours_go_on(
    java_broker: JavaBroker, tmp_path: Path, said: Said, at: int
):
    settings = settings_at(java_broker.bootstrap, tmp_path)
    await make_input(settings, 2)
    await three_batches(settings)
    log = java_broker.log_of(settings.inputs[0].topic, 0)
    byte = batches(log)[1][1] + at
    flip(log, byte)
    async with working(settings):
        await until(lambda: len(said.of("fetch_failed")) >= 2)
        assert await committed_positions(settings) == {0: 2, 1: 2}
        flip(log, byte)
        await positions_reach(settings, 8)
    assert sorted(await view_values(settings)) == [b"a", b"a", b"b", b"b", b"c", b"c", b"z", b"z"]
    first, second, *_ = said.of("fetch_failed")
    assert {first["error"], second["error"]} == {"CorruptRecordException"}
    where = ("topic", "partition", "offset")
    assert [first[key] for key in where] == [settings.inputs[0].topic, 0, 2]
    assert [(each["times"], each["pause"]) for each in (first, second)] == [(1, 1.0), (2, 2.0)]


async def test_a_damaged_batch_is_stepped_over_where_that_is_accepted_and_the_trail_shows_it(
    java_broker: JavaBroker, tmp_path: Path, said: Said
):
    settings = settings_at(java_broker.bootstrap, tmp_path)
    await make_input(settings, 2)
    await three_batches(settings)
    log = java_broker.log_of(settings.inputs[0].topic, 0)
    flip(log, batches(log)[1][1] + RECORDS)
    async with working(settings, accept_lost=True), landing(settings):
        await positions_reach(settings, 8)
        await until(lambda: len(landed(settings)) == 6 * len(settings.subscriptions))
    assert sorted(await view_values(settings)) == [b"a", b"a", b"c", b"c", b"z", b"z"]
    [lost] = said.of("offsets_lost")
    assert (lost["partition"], lost["offset"], lost["start"]) == (0, 2, 4)
    with contextlib.closing(open_lake(settings.at(settings.lake.path))) as lake:
        _, rows = ask(
            lake,
            "SELECT min(first_offset), max(next_offset), sum(records) FROM consumed"
            " WHERE kafka_partition = 0",
        )
    assert rows == [(0, 6, 4)]


async def test_a_damaged_audit_batch_is_named_and_the_rest_is_landed(
    java_broker: JavaBroker, tmp_path: Path, said: Said
):
    settings = settings_at(java_broker.bootstrap, tmp_path, audit_partitions=1, batch_records=2)
    await make_input(settings, 1)
    async with working(settings):
        await produce(settings, [b"a"] * 2, 1)
        await positions_reach(settings, 2)
        await produce(settings, [b"b"] * 2, 1)
        await positions_reach(settings, 4)
    log = java_broker.log_of(settings.transport.audit_topic, 0)
    byte = dict(batches(log))[2] + RECORDS  # behind the first one's marker
    flip(log, byte)
    async with landing(settings):
        await until(lambda: len(said.of("fetch_failed")) >= 2)
        await until(lambda: len(landed(settings)) == 2 * len(settings.subscriptions))
        flip(log, byte)
        await until(lambda: len(landed(settings)) == 4 * len(settings.subscriptions))
    assert said.of("fetch_failed")[0]["topic"] == settings.transport.audit_topic


async def test_a_full_disk_is_named_and_holds_up_one_partition_of_the_trail(
    java_broker: JavaBroker, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
):
    settings = settings_at(java_broker.bootstrap, tmp_path)
    await make_input(settings)
    for partition in (0, 1):
        await audit(settings, audit_batches(2, partition=partition), partition)
    link, full = os.link, [True]

    def scarce(aside: Path, path: Path) -> None:
        if full[0] and path.name.startswith("audit+0"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        link(aside, path)

    monkeypatch.setattr(os, "link", scarce)
    async with landing(settings):
        await until(lambda: len(said.of("landing_failed")) >= 2)
        assert landed(settings) == expected(2, partition=1)
        full[0] = False
        await until(lambda: len(landed(settings)) == 2 * len(expected(2)))
    first, second, *_ = said.of("landing_failed")
    assert [first[key] for key in ("partition", "offset", "error", "times")] == [0, 0, "ENOSPC", 1]
    assert (second["times"], second["pause"]) == (2, 2.0)
    assert said.of("lander_failed") == []


async def test_a_log_that_was_cut_and_grew_again_is_seen_at_the_start(
    java_broker: JavaBroker, tmp_path: Path
):
    settings = settings_at(java_broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    for name in (b"a", b"b", b"c"):
        await produce(settings, [name] * 2, 1)
    async with working(settings):
        await positions_reach(settings, 6)
    await asyncio.to_thread(java_broker.kill)
    assert cut(java_broker.log_of(settings.inputs[0].topic, 0), 2) == 4
    await asyncio.to_thread(java_broker.start)
    await produce(settings, [b"d"] * 5, 1)
    with pytest.raises(OffsetError, match=r"position 6 is committed, but the log was cut at 4"):
        await work(settings)
    assert await view_values(settings) == [b"a", b"a", b"b", b"b", b"c", b"c"]


async def test_a_log_that_is_cut_while_it_is_read_stops_its_worker(
    java_broker: JavaBroker, tmp_path: Path
):
    settings = settings_at(java_broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    for name in (b"a", b"b", b"c"):
        await produce(settings, [name] * 2, 1)
    working_on = asyncio.create_task(work(settings))
    await positions_reach(settings, 6)
    await asyncio.to_thread(java_broker.kill)
    cut(java_broker.log_of(settings.inputs[0].topic, 0), 2)
    await asyncio.to_thread(java_broker.start)
    await produce(settings, [b"d"] * 5, 1)
    with pytest.raises(OffsetError, match="the log was cut at 4"):
        await working_on


async def test_another_leader_alone_is_no_reason_to_stop(java_broker: JavaBroker, tmp_path: Path):
    settings = settings_at(java_broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    for name in (b"a", b"b"):
        await produce(settings, [name] * 2, 1)
        async with working(settings):
            await positions_reach(settings, {b"a": 2, b"b": 5}[name])
            if name == b"a":
                await asyncio.to_thread(java_broker.kill)
                await asyncio.to_thread(java_broker.start)
                await produce(settings, [b"c"], 1)
                await positions_reach(settings, 3)
    assert await view_values(settings) == [b"a", b"a", b"c", b"b", b"b"]
