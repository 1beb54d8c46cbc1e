"""The quarantine topic is read whole, and a record goes back to its input once."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from gateway.config import Settings, view_name
from gateway.errors import TopologyError
from gateway.kafka.quarantine import HeldRecord, held, put_back
from gateway.stream import Line
from tests.kafka.broker import Broker
from tests.kafka.house import (
    committed_records,
    make_input,
    positions_reach,
    produce,
    settings_at,
)
from tests.kafka.running import working
from tests.kafka.test_poison import POISON, choking

pytestmark = pytest.mark.kafka


@pytest.fixture
async def settings(broker: Broker, tmp_path: Path) -> Settings:
    """Return settings whose quarantine holds two records: 0/1 and 1/0."""
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 2)
    await produce(settings, [b"good", POISON], partition=0)
    await produce(settings, [POISON, b"good"], partition=1)
    async with working(settings, choking(settings)):
        await positions_reach(settings, 4)
    return settings


async def coordinates(settings: Settings) -> list[str]:
    return sorted([(record.key or b"").decode() async for record in held(settings)])


def topic(settings: Settings) -> str:
    return settings.inputs[0].topic


async def test_what_is_held_is_there_with_its_headers(settings: Settings):
    found = [record async for record in held(settings)]
    name = topic(settings)
    assert sorted(record.key or b"" for record in found) == sorted(
        [f"{name}/0/1".encode(), f"{name}/1/0".encode()]
    )
    assert {record.headers for record in found} == {(("reason", b"poison"),)}
    assert repr(HeldRecord(0, 3, 0, b"key", b"value", ())) == "HeldRecord(0/3)"


async def test_a_record_that_is_put_back_is_processed_as_it_was_and_not_held_any_more(
    settings: Settings,
):
    original = Line(1, b"mended", b"k", 1_600_000_000_123, (("source", b"crm"),))
    assert await put_back(settings, topic(settings), 0, [original]) == 1
    assert await coordinates(settings) == [f"{topic(settings)}/1/0"]
    async with working(settings, choking(settings)):
        await positions_reach(settings, 5)
    view = await committed_records(settings, view_name(settings.inputs[0].name, "sales"))
    [back] = [record for record in view if record.value == b"mended"]
    assert (back.partition, back.key, back.timestamp) == (0, b"k", 1_600_000_000_123)
    assert list(back.headers) == [("source", b"crm")]


async def test_a_record_goes_back_once_however_often_it_is_asked(settings: Settings):
    original = Line(1, b"mended")
    assert await put_back(settings, topic(settings), 0, [original]) == 1
    assert await put_back(settings, topic(settings), 0, [original, Line(0, b"other")]) == 1
    assert await put_back(settings, topic(settings), 0, [original]) == 0
    found = await committed_records(settings, topic(settings))
    assert [r.value for r in found if r.partition == 0] == [b"good", POISON, b"mended", b"other"]


async def test_what_stands_behind_an_open_transaction_is_waited_for(settings: Settings):
    quarantine = settings.transport.quarantine_topic
    slow = AIOKafkaProducer(bootstrap_servers=settings.transport.bootstrap, transactional_id="slow")
    async with slow:
        await slow.begin_transaction()
        for partition in range(2):
            await slow.send_and_wait(quarantine, b"sealed", key=b"late", partition=partition)
        waiting = asyncio.create_task(put_back(settings, topic(settings), 0, [Line(1, b"mended")]))
        await asyncio.sleep(1)
        assert not waiting.done()
        await slow.commit_transaction()
        assert await waiting == 1
    assert await coordinates(settings) == [f"{topic(settings)}/1/0", "late", "late"]


async def test_a_quarantine_topic_that_is_missing_is_said(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    with pytest.raises(TopologyError, match=r"topic 'quarantine-.*' does not exist"):
        [record async for record in held(settings)]


async def test_a_broker_that_does_not_answer_is_said(tmp_path: Path):
    settings = settings_at("127.0.0.1:1", tmp_path)
    with pytest.raises(
        TopologyError, match=r"127.0.0.1:1: nothing answers there \(Connection refused\)"
    ):
        await put_back(settings, "crm", 0, [Line(1, b"mended")])
