"""The committed position is what the coordinator says, never what it could not say yet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from gateway.config import Settings
from gateway.kafka.lane import producer_arguments
from gateway.kafka.position import Committed, UnstableOffsetError, committed_position
from gateway.kafka.worker import consumer_arguments
from tests.kafka.broker import Broker
from tests.kafka.house import make_input, settings_at

pytestmark = pytest.mark.kafka

# So much for the coordinator to load that it is asked in the midst of it.
COMMITS = 8000
FILLING = "x" * 4000
PATIENCE = 30.0


@asynccontextmanager
async def member(settings: Settings, place: TopicPartition) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(**{**consumer_arguments(settings), "retry_backoff_ms": 5})
    async with consumer:
        consumer.assign([place])
        yield consumer


async def commit_often(consumer: AIOKafkaConsumer, place: TopicPartition) -> None:
    for first in range(0, COMMITS, 100):
        commits = (
            consumer.commit({place: OffsetAndMetadata(position, FILLING)})
            for position in range(first + 1, first + 101)
        )
        await asyncio.gather(*commits)
    await consumer.commit({place: COMMITS})


async def test_a_partition_without_a_position_says_so(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings)
    place = TopicPartition(settings.inputs[0].topic, 1)
    async with asyncio.timeout(20), member(settings, place) as consumer:
        assert await committed_position(consumer, place, PATIENCE) is None
        await consumer.commit({place: 7})
        assert await committed_position(consumer, place, PATIENCE) == Committed(7)


async def test_a_coordinator_that_is_loading_is_asked_again(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings)
    place = TopicPartition(settings.inputs[0].topic, 0)
    async with asyncio.timeout(120), member(settings, place) as consumer:
        await commit_often(consumer, place)
        await asyncio.to_thread(broker.kill)
        coming = asyncio.create_task(asyncio.to_thread(broker.start))
        seen = set()
        while not coming.done():
            seen.add(await committed_position(consumer, place, PATIENCE))
        await coming
        seen.add(await committed_position(consumer, place, PATIENCE))
    assert seen == {Committed(COMMITS)}


async def test_a_position_that_a_transaction_is_about_to_change_is_waited_for(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings)
    place = TopicPartition(settings.inputs[0].topic, 0)
    producer = AIOKafkaProducer(**producer_arguments(settings, settings.transport.group))
    async with asyncio.timeout(20), member(settings, place) as consumer, producer:
        await consumer.commit({place: 3})
        await producer.begin_transaction()
        await producer.send_offsets_to_transaction({place: 5}, settings.transport.group)
        asked = asyncio.create_task(committed_position(consumer, place, PATIENCE))
        with pytest.raises(UnstableOffsetError):
            await committed_position(consumer, place, 0.5)
        assert not asked.done()
        await producer.commit_transaction()
        assert await asked == Committed(5)
