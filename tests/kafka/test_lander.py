"""The lander: every committed audit row lands once, and nothing is skipped in silence."""

import asyncio
import shutil
import signal
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from gateway.config import Settings
from gateway.errors import TrailError
from gateway.kafka import lander, topics
from gateway.kafka.lander import lander_group
from gateway.trail import HOT, read_tail, segments
from tests.kafka.broker import Broker
from tests.kafka.house import gone, make_input, settings_at, trim
from tests.kafka.process import Plan, spawned
from tests.kafka.running import land, landing
from tests.kafka.trail import audit, batches, expected, landed, until

pytestmark = pytest.mark.kafka


async def landing_of(settings: Settings, rows: list[tuple[int, int]]) -> None:
    """Run a lander until that many rows are in the lake, then stop it."""
    async with landing(settings):
        await until(lambda: len(landed(settings)) >= len(rows))
    assert landed(settings) == rows


def has_more(settings: Settings, before: int) -> bool:
    return len(landed(settings)) > before


@pytest.fixture
async def settings(broker: Broker, tmp_path: Path) -> Settings:
    settings = settings_at(broker.bootstrap, tmp_path, lake={"segment_rows": 6})
    await make_input(settings)
    return settings


def hot(settings: Settings) -> Path:
    return settings.at(settings.lake.path) / HOT


def own_tail(settings: Settings, lane: str = "0") -> int:
    tail = read_tail(hot(settings), lane)
    return 0 if tail is None else tail.next_offset


async def test_committed_rows_land_once_and_aborted_ones_never(settings: Settings):
    await audit(settings, batches(4))
    await audit(settings, batches(3, first=4), abort=True)
    await audit(settings, batches(2, first=4))
    await landing_of(settings, expected(6))


async def test_a_stop_lands_what_is_held(broker: Broker, tmp_path: Path):
    slow = {"segment_seconds": 3600.0}
    settings = settings_at(broker.bootstrap, tmp_path, lake=slow)
    await make_input(settings)
    await audit(settings, batches(4))
    async with landing(settings):
        await asyncio.sleep(1.5)
        assert landed(settings) == []
    assert landed(settings) == expected(4)


@pytest.mark.parametrize("point", ["aside", "linked"])
async def test_a_lander_killed_while_it_publishes_neither_loses_nor_repeats_a_row(
    settings: Settings, point: str
):
    await audit(settings, batches(4))
    await audit(settings, batches(4, partition=1), 1)
    marks = str(settings.folder / "marks")
    with spawned("lander", Plan(settings, point, visit=2, marks=marks)) as killed:
        assert await killed.ended() == -signal.SIGKILL
    assert len(landed(settings)) == {"aside": 12, "linked": 24}[point]
    await landing_of(settings, expected(4) + expected(4, partition=1))


async def test_a_lander_killed_again_and_again_neither_loses_nor_repeats_a_row(
    settings: Settings,
):
    for number in range(4):
        with spawned("lander", Plan(settings)) as killed:
            before = len(landed(settings))
            await audit(settings, batches(4, first=4 * number))
            await audit(settings, batches(4, first=4 * number, partition=1), 1)
            await until(partial(has_more, settings, before))
            await audit(settings, batches(1, first=16 + number, partition=2), 1)
            killed.send(signal.SIGKILL)
            assert await killed.ended() == -signal.SIGKILL
    rest = expected(20, partition=2)[48:]
    await landing_of(settings, expected(16) + expected(16, partition=1) + rest)


async def test_two_landers_race_and_each_row_lands_once(settings: Settings):
    async with landing(settings), landing(settings):
        for number in range(20):
            await audit(settings, batches(1, first=number))
        await until(lambda: len(landed(settings)) >= len(expected(20)))
    assert landed(settings) == expected(20)


async def test_landers_share_the_partitions(settings: Settings):
    await audit(settings, batches(2))
    await audit(settings, batches(2, partition=1), 1)
    async with landing(settings, partitions=[1]):
        await until(lambda: len(landed(settings)) >= len(expected(2)))
    assert landed(settings) == expected(2, partition=1)


async def test_a_restart_goes_on_from_the_footers_whatever_the_group_says(settings: Settings):
    await audit(settings, batches(4))
    await landing_of(settings, expected(4))
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.transport.bootstrap,
        group_id=lander_group(settings.transport.group),
        enable_auto_commit=False,
    )
    place = TopicPartition(settings.transport.audit_topic, 0)
    async with consumer:
        consumer.assign([place])
        assert await consumer.committed(place) == own_tail(settings)
        await consumer.commit({place: 1})
    await audit(settings, batches(4, first=4))
    await landing_of(settings, expected(8))


async def test_a_topic_that_lost_what_was_not_landed_is_refused(settings: Settings):
    await audit(settings, batches(4))
    await landing_of(settings, expected(4))
    await audit(settings, batches(4, first=4))
    await trim(settings, settings.transport.audit_topic, 0, own_tail(settings) + 2)
    with pytest.raises(TrailError, match=r"audit gap: .* 2 offsets were removed") as caught:
        await land(settings)
    assert caught.value.exit_code == 5
    assert landed(settings) == expected(4)


async def test_a_topic_that_was_created_again_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lander, "END_SECONDS", 0.5)
    await audit(settings, batches(4))
    await landing_of(settings, expected(4))
    await gone(settings, settings.transport.audit_topic)
    await topics.apply(settings)
    await audit(settings, batches(1, partition=7))
    with pytest.raises(TrailError, match=r"landed up to 8, but the topic ends at 2: .* again"):
        await land(settings)


async def test_a_fresh_store_on_a_topic_without_its_beginning_is_refused(settings: Settings):
    await audit(settings, batches(4))
    await trim(settings, settings.transport.audit_topic, 0, 2)
    with pytest.raises(TrailError, match="landed up to 0, but the topic starts at 2"):
        await land(settings)


async def test_an_emptied_store_is_refused(settings: Settings):
    await audit(settings, batches(4))
    await landing_of(settings, expected(4))
    await asyncio.to_thread(shutil.rmtree, hot(settings))
    with pytest.raises(TrailError, match=r"emptied store: .* --accept-empty-store"):
        await land(settings)
    assert landed(settings) == []


async def test_an_emptied_store_that_is_accepted_begins_with_what_the_topic_has(
    settings: Settings,
):
    await audit(settings, batches(4))
    await landing_of(settings, expected(4))
    await asyncio.to_thread(shutil.rmtree, hot(settings))
    await trim(settings, settings.transport.audit_topic, 0, 2)
    await audit(settings, batches(1, first=4))
    async with landing(settings, accept_empty_store=True):
        await until(lambda: len(landed(settings)) >= 12)
    assert landed(settings) == expected(5)[3:]
    assert next(footer.previous for _, footer in segments(hot(settings))) is None


async def test_a_store_that_is_emptied_under_the_lander_is_refused(settings: Settings):
    await audit(settings, batches(2))
    with pytest.raises(ExceptionGroup) as caught:  # noqa: PT012 - it comes at any time
        async with landing(settings):
            await until(lambda: landed(settings) == expected(2))
            await asyncio.to_thread(shutil.rmtree, hot(settings))
            await audit(settings, batches(2, first=2))
            await asyncio.sleep(20)
    assert caught.group_contains(TrailError, match="emptied store")
    assert landed(settings) == []


async def test_a_lake_that_holds_another_topic_s_trail_is_refused(
    settings: Settings, broker: Broker
):
    await audit(settings, batches(1))
    await landing_of(settings, expected(1))
    other = settings_at(broker.bootstrap, settings.folder, lake={"segment_rows": 6})
    await make_input(other)
    await audit(other, batches(9))  # as long as what was landed, and longer
    with pytest.raises(TrailError, match=r"holds what was landed of topic 'audit-.*of its own"):
        await land(other)
    await landing_of(settings, expected(1))
