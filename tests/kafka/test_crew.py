"""Lanes start when the group assigns partitions: all of them or none, and none after the end."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from gateway.errors import SettingsError
from gateway.kafka.crew import Crew
from gateway.kafka.drive import Driver
from gateway.kafka.inbox import Inbox
from gateway.kafka.lane import Lane
from gateway.kafka.worker import consumer_arguments, run_worker
from tests.kafka.broker import Broker
from tests.kafka.copying import copying, refusing
from tests.kafka.house import make_input, settings_at

pytestmark = pytest.mark.kafka


async def test_a_lane_that_cannot_be_made_stops_the_worker(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings)
    name = settings.inputs[0].name

    def unreadable(_group: str, _place: TopicPartition) -> str:
        raise SettingsError("[transport]", ["tls_ca_file: is gone"])

    with pytest.raises(SettingsError, match="tls_ca_file: is gone"):
        async with asyncio.timeout(20):
            await run_worker(
                settings,
                {name: copying(settings, name)},
                {name: refusing(settings, name)},
                stop=asyncio.Event(),
                identify=unreadable,
            )


async def test_an_assignment_that_comes_after_the_end_starts_no_lane(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings)
    hired: list[TopicPartition] = []

    def hire(place: TopicPartition) -> tuple[Lane, Inbox, Driver]:
        hired.append(place)
        raise NotImplementedError

    async with AIOKafkaConsumer(**consumer_arguments(settings)) as consumer:
        crew = Crew(consumer, hire, drain_seconds=1.0)
        await crew.disband()
        consumer.subscribe([settings.inputs[0].topic], listener=crew)
        async with asyncio.timeout(20):
            while not consumer.assignment():
                await asyncio.sleep(0.1)
    assert (hired, crew.failure.done()) == ([], False)
