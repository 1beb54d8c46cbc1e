"""Kill, stop and cut off workers at chosen points: each record is in each view exactly once."""

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest

from gateway.config import Settings
from tests.kafka.broker import Broker
from tests.kafka.house import (
    make_input,
    positions_reach,
    produce,
    settings_at,
    view_topic,
    view_values,
    written_records,
)
from tests.kafka.process import Plan, spawned

pytestmark = pytest.mark.kafka

COUNT = 600
# Long enough that only a fence ends the transaction of a worker that was stopped.
SLOW_TRANSACTIONS = {"batch_records": 100, "transaction_timeout_seconds": 60.0}


def events(count: int = COUNT, first: int = 0) -> list[bytes]:
    return [b"event %d" % number for number in range(first, first + count)]


async def written(marks: Path) -> None:
    async with asyncio.timeout(20):
        while not marks.exists():
            await asyncio.sleep(0.05)


async def view(settings: Settings, name: str) -> list[bytes]:
    return sorted(await view_values(settings, name))


@pytest.mark.parametrize("point", ["fenced", "begun", "sent", "flushed", "committed"])
async def test_a_worker_killed_at_any_point_leaves_each_record_once(
    broker: Broker, tmp_path: Path, point: str
):
    settings = settings_at(broker.bootstrap, tmp_path, batch_records=100)
    await make_input(settings)
    await produce(settings, events())
    marks = tmp_path / "marks"
    # Opening both lanes fences and commits their first positions: those visits come before.
    visit = 2 if point == "fenced" else 4
    with spawned("worker", Plan(settings, point, visit=visit, marks=str(marks))) as killed:
        assert await killed.ended() == -signal.SIGKILL
    assert marks.read_text() == f"{point}\n"
    with spawned("worker", Plan(settings)):
        await positions_reach(settings, COUNT)
    assert await view(settings, "sales") == sorted(events())
    assert await view(settings, "science") == sorted(events())


async def stop_between_send_and_commit(settings: Settings, marks: Path, owners: list[str]) -> None:
    """Stop a worker with a batch sent and not committed; wake it when another did all the work."""
    await make_input(settings, 1)
    await produce(settings, events(), 1)
    # The first visit commits where the lane starts, the second a batch; the third has 100 sent.
    stopping = Plan(settings, "flushed", signal.SIGSTOP, 3, str(marks), owners[0])
    with spawned("worker", stopping) as zombie:
        await written(marks)
        with spawned("worker", Plan(settings, owner=owners[1])):
            await positions_reach(settings, COUNT)
            zombie.send(signal.SIGCONT)
            async with asyncio.timeout(20):
                while len(await written_records(settings, view_topic(settings))) < COUNT + 100:
                    await asyncio.sleep(0.1)
                while len(await view(settings, "sales")) < COUNT:
                    await asyncio.sleep(0.1)
            await asyncio.sleep(1)  # whatever the zombie still tries


async def test_a_stopped_worker_that_wakes_up_is_fenced(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path, **SLOW_TRANSACTIONS)
    await stop_between_send_and_commit(settings, tmp_path / "marks", ["", ""])
    assert await view(settings, "sales") == sorted(events())
    everything = await written_records(settings, view_topic(settings))
    assert len(everything) == COUNT + 100  # what the zombie had sent was aborted


async def test_ids_that_name_the_worker_let_the_stopped_one_duplicate(
    broker: Broker, tmp_path: Path
):
    """The negative control: the same schedule with the wrong ids, which this harness must notice."""
    settings = settings_at(broker.bootstrap, tmp_path, **SLOW_TRANSACTIONS)
    await stop_between_send_and_commit(settings, tmp_path / "marks", ["first", "second"])
    seen = Counter(await view(settings, "sales"))
    assert sorted(seen) == sorted(events())
    assert {seen[value] for value in events(100, 100)} == {2}  # the batch that it had sent


async def test_a_broker_that_dies_and_comes_back_loses_and_repeats_nothing(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path, batch_records=20)
    await make_input(settings)
    await produce(settings, events())
    with spawned("worker", Plan(settings)) as worker:
        await positions_reach(settings, COUNT // 4)
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(1)
        await asyncio.to_thread(broker.start)
        await positions_reach(settings, COUNT)
        worker.send(signal.SIGTERM)
        assert await worker.ended() == 0
    assert await view(settings, "sales") == sorted(events())


async def test_workers_that_come_and_go_share_the_work(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path, batch_records=10)
    await make_input(settings, 4)
    await produce(settings, events(), 4)
    with spawned("worker", Plan(settings)) as first:
        await positions_reach(settings, 100)
        with spawned("worker", Plan(settings)):
            await positions_reach(settings, 300)
            first.send(signal.SIGTERM)
            assert await first.ended() == 0
            await positions_reach(settings, COUNT)
    assert await view(settings, "sales") == sorted(events())
