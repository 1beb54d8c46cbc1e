"""What the gateway is measured against: the same exactly-once carrying, and nothing in between."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from gateway import telemetry
from gateway.config import Settings, view_name
from gateway.kafka.lane import Lane
from gateway.kafka.parcel import Load, parcels
from gateway.kafka.worker import consumer_arguments
from gateway.stream import Out


class Take(NamedTuple):
    """What was taken from one partition, where it goes, and whose position advances."""

    records: list[ConsumerRecord]
    view: str
    group: str

    @property
    def next(self) -> int:
        """The position after it."""
        return int(self.records[-1].offset) + 1


Copy = Callable[[Lane, Take], Awaitable[None]]


async def one_by_one(lane: Lane, take: Take) -> None:
    """Send record by record, as most programs do."""
    producer = lane.producer
    await producer.begin_transaction()
    sent = [
        await producer.send(
            take.view,
            record.value,
            key=record.key,
            partition=record.partition,
            timestamp_ms=record.timestamp,
            headers=list(record.headers),
        )
        for record in take.records
    ]
    await producer.send_offsets_to_transaction({lane.place: take.next}, take.group)
    await producer.commit_transaction()
    for each in sent:
        each.result()  # aiokafka commits a transaction whose records failed


async def in_batches(lane: Lane, take: Take) -> None:
    """Append records to builders and send these whole, as the gateway does."""
    outs = [Out(r.offset, r.timestamp, r.key, r.value, list(r.headers)) for r in take.records]
    packed = parcels(take.view, lane.place.partition, outs, lane.producer.create_batch)
    await lane.commit(Load(tuple((parcel,) for parcel in packed), take.next, len(outs)))


async def run_copy(settings: Settings, copy: Copy, *, stop: asyncio.Event) -> None:
    """Copy the only input to its first view until ``stop``, all partitions side by side.

    Producers, consumer and batch bounds are those of the gateway's lanes.
    """
    source = settings.inputs[0]
    consumer = AIOKafkaConsumer(**consumer_arguments(settings))
    await consumer.start()
    await consumer._client._wait_on_metadata(source.topic)  # noqa: SLF001 - no public way to wait
    places = [TopicPartition(source.topic, p) for p in consumer.partitions_for_topic(source.topic)]
    consumer.assign(places)
    lanes = [Lane(settings, source, place) for place in places]
    try:
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                await lane.open(consumer)
            for lane in lanes:
                group.create_task(_follow(settings, consumer, lane, copy, stop))
    finally:
        for lane in lanes:
            await lane.close()
        await consumer.stop()


async def _follow(
    settings: Settings, consumer: AIOKafkaConsumer, lane: Lane, copy: Copy, stop: asyncio.Event
) -> None:
    """Copy batch after batch of one partition."""
    place, view = lane.place, view_name(lane.source.name, settings.subscriptions[0].name)
    while not stop.is_set():
        records = await _next(settings, consumer, place)
        if records:
            began = time.perf_counter()
            await copy(lane, Take(records, view, settings.transport.group))
            seconds = time.perf_counter() - began
            telemetry.transaction_committed(place.topic, place.partition, len(records), seconds)


async def _next(
    settings: Settings, consumer: AIOKafkaConsumer, place: TopicPartition
) -> list[ConsumerRecord]:
    """Wait until a batch is full or old enough; it may be empty."""
    bound, loop = settings.transport.batch_records, asyncio.get_running_loop()
    due = loop.time() + settings.transport.batch_milliseconds / 1000
    records: list[ConsumerRecord] = []
    while len(records) < bound and (left := due - loop.time()) > 0:
        fetched = await consumer.getmany(
            place, timeout_ms=int(1000 * left), max_records=bound - len(records)
        )
        records += fetched.get(place, ())
    return records
