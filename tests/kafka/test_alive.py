"""A consumer that has lost a task is replaced; aiokafka itself would be silent for ever."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from gateway.kafka.alive import raise_if_dead
from tests.kafka.broker import Broker
from tests.kafka.house import make_input, positions_reach, produce, settings_at, view_values
from tests.kafka.running import landing, working
from tests.kafka.trail import landed, until

pytestmark = pytest.mark.kafka

FETCHING, REFRESHING = "Fetcher._fetch_requests_routine", "AIOKafkaClient._md_synchronizer"


async def lose(routine: str) -> int:
    """End the tasks of all clients here that run a routine; return how many there were."""
    tasks = [
        task
        for task in asyncio.all_tasks()
        if getattr(task.get_coro(), "__qualname__", "") == routine
    ]
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return len(tasks)


@pytest.mark.parametrize("routine", [FETCHING, REFRESHING])
async def test_the_loss_of_a_task_is_said(broker: Broker, routine: str):
    async with AIOKafkaConsumer(bootstrap_servers=broker.bootstrap) as consumer:
        raise_if_dead(consumer)
        assert await lose(routine) == 1
        with pytest.raises(KafkaError, match="a task of the consumer has ended"):
            raise_if_dead(consumer)


async def test_a_worker_and_a_lander_that_fetch_no_more_get_new_consumers(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 5, 1)
    async with working(settings), landing(settings):
        await until(lambda: len(landed(settings)) == 5 * len(settings.subscriptions))
        assert await lose(FETCHING) == 2
        await asyncio.sleep(1)  # a fetch that is on its way still brings what comes
        await produce(settings, [b"two"] * 5, 1)
        await positions_reach(settings, 10)
        await until(lambda: len(landed(settings)) == 10 * len(settings.subscriptions))
    assert await view_values(settings) == [b"one"] * 5 + [b"two"] * 5
