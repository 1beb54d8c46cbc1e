"""One bad record never stops the stream: it is found by halving and goes to quarantine alone."""

import os
from pathlib import Path

import pytest

from gateway.chain import check_chain
from gateway.config import Settings, view_name
from gateway.errors import SettingsError, VaultError
from gateway.kafka.parcel import Reject
from gateway.stream import Batch, Out, Outcome, Process
from gateway.trail import HOT, lanes
from schemas.access import Reason
from tests.kafka.broker import Broker
from tests.kafka.copying import copying, refusing
from tests.kafka.house import (
    committed_positions,
    committed_records,
    make_input,
    make_topic,
    positions_reach,
    produce,
    settings_at,
    view_values,
)
from tests.kafka.running import landing, work, working

pytestmark = pytest.mark.kafka

GOOD = [b"good %d" % number for number in range(40)]
POISON = b"poison"


def choking(settings: Settings) -> Process:
    """Return a process that fails on any batch with a poisonous record in it."""
    process = copying(settings, settings.inputs[0].name)

    def choke(batch: Batch) -> Outcome:
        if any(record.value == POISON for record in batch.records):
            raise ValueError(POISON)
        return process(batch)

    return choke


async def quarantined(settings: Settings) -> list[tuple[int, bytes]]:
    """Return the input offset and the reason of what is in quarantine."""
    found = await committed_records(settings, settings.transport.quarantine_topic)
    return [
        (int(record.key.rsplit(b"/", 1)[1]), dict(record.headers)["reason"]) for record in found
    ]


@pytest.mark.parametrize("place", [0, 17, 40])
async def test_a_record_that_processing_fails_on_goes_to_quarantine_alone(
    broker: Broker, tmp_path: Path, place: int
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [*GOOD[:place], POISON, *GOOD[place:]], 1)
    async with working(settings, choking(settings)):
        await positions_reach(settings, 41)
    assert await view_values(settings) == GOOD
    assert await quarantined(settings) == [(place, b"poison")]


async def test_several_bad_records_each_go_to_quarantine_and_the_trail_has_no_hole(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [POISON, *GOOD[:20], POISON, POISON, *GOOD[20:], POISON], 1)
    async with working(settings, choking(settings)), landing(settings):
        await positions_reach(settings, 44)
    assert await view_values(settings) == GOOD
    assert await quarantined(settings) == [
        (0, b"poison"),
        (21, b"poison"),
        (22, b"poison"),
        (43, b"poison"),
    ]
    folder = settings.at(settings.lake.path) / HOT
    footers = [footer for lane in lanes(folder) for footer in check_chain(folder, lane)]
    assert sum(each.count for footer in footers for each in footer.consumed) == 44


async def test_a_partition_that_fails_does_not_hold_up_the_other(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 2)
    await produce(settings, GOOD, partition=0)
    await produce(settings, GOOD, partition=1)
    process = copying(settings, settings.inputs[0].name)

    def failing(batch: Batch) -> Outcome:
        if batch.partition == 0:
            raise VaultError("locked")
        return process(batch)

    async with working(settings, failing):
        await positions_reach(settings, 40)
        assert await committed_positions(settings) == {0: 0, 1: 40}
    assert await view_values(settings) == GOOD


async def test_a_record_that_the_view_topic_refuses_as_too_large_goes_to_quarantine(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    small = {"max.message.bytes": "10000"}
    await make_topic(settings, view_name(settings.inputs[0].name, "sales"), 1, small)
    await make_input(settings, 1)
    await produce(settings, [*GOOD[:25], os.urandom(20_000), *GOOD[25:]], 1)
    async with working(settings):
        await positions_reach(settings, 41)
    assert await view_values(settings) == GOOD
    assert await quarantined(settings) == [(25, b"poison")]


def keeping(settings: Settings) -> Reject:
    """Return a reject that keeps the payload as long as it may."""
    reject = refusing(settings, settings.inputs[0].name)

    def keep(batch: Batch, reason: Reason) -> Outcome:
        outcome = reject(batch, reason)
        if reason is Reason.TOO_LARGE:
            return outcome
        pairs = zip(outcome.quarantine, batch.records, strict=True)
        whole = [Out(o.offset, o.timestamp, o.key, r.value, o.headers) for o, r in pairs]
        return outcome._replace(quarantine=whole)

    return keep


async def test_a_record_that_even_quarantine_refuses_leaves_its_digest_there(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    small = {"max.message.bytes": "10000"}
    await make_topic(settings, view_name(settings.inputs[0].name, "sales"), 1, small)
    await make_topic(settings, settings.transport.quarantine_topic, 2, small)
    await make_input(settings, 1)
    await produce(settings, [*GOOD[:4], os.urandom(20_000), *GOOD[4:]], 1)
    async with working(settings, reject=keeping(settings)):
        await positions_reach(settings, 41)
    assert await view_values(settings) == GOOD
    assert await quarantined(settings) == [(4, b"too_large")]


async def test_what_an_operator_must_mend_stops_the_worker(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, GOOD, 1)

    def broken(batch: Batch) -> Outcome:
        raise SettingsError("policy", ["is gone"])

    with pytest.raises(SettingsError, match="policy: 1 problem\n  - is gone"):
        await work(settings, broken)
    assert await view_values(settings) == []
