"""The quarantine topic: reading what is held, and putting records back to where they came from.

Putting back wants Read on the quarantine topic and Write on the input, which the gateway's own
ACLs leave out: it is an operator's act.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from gateway.config import Settings
from gateway.errors import TopologyError
from gateway.kafka.lane import drop, producer_arguments, transact, transactional_id
from gateway.kafka.parcel import Parcel, parcels, route
from gateway.kafka.probe import unreachable
from gateway.kafka.security import client_arguments
from gateway.stream import Out, Record

# A mark stands in the quarantine topic under a record's key: that record went back to its input.
MARK = ("sluicegate-put-back", b"1")
START_SECONDS = 10.0
POLL_MILLISECONDS = 200


class HeldRecord(NamedTuple):
    """A record of the quarantine topic: sealed content under the coordinate it came from."""

    partition: int  # of the quarantine topic, as is the offset
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]

    def __repr__(self) -> str:
        """Name the place, never the content."""
        return f"HeldRecord({self.partition}/{self.offset})"


async def held(settings: Settings) -> AsyncIterator[HeldRecord]:
    """Yield what is held now, by partition, oldest first; what was put back is not held any more.

    Raises TopologyError where the topic cannot be read.
    """
    for partition in range(settings.transport.audit_partitions):
        place = TopicPartition(settings.transport.quarantine_topic, partition)
        gone = {mark.key async for mark in _records(settings, place, marks=True)}
        async for record in _records(settings, place):
            if record.key not in gone:
                yield record


async def put_back(
    settings: Settings, topic: str, partition: int, records: Iterable[Record]
) -> int:
    """Produce original records to the input they came from, all or none; return how many went.

    ``offset`` of a record is its original one. A record goes back once: a mark in the quarantine
    topic, written in the same transaction, remembers it, so the call can be repeated after any
    failure. Raises TopologyError where the broker refuses.
    """
    place = TopicPartition(topic, partition)
    quarantine = TopicPartition(*route(settings.transport, "", topic, partition).quarantine)
    identity = f"{transactional_id(settings.transport.group, place)}.put-back"
    producer = AIOKafkaProducer(**producer_arguments(settings, identity))
    try:
        async with _told(settings, quarantine):
            async with asyncio.timeout(START_SECONDS):
                await producer.start()  # first: fences whoever else puts back to this partition
            gone = {mark.key async for mark in _records(settings, quarantine, marks=True)}
            left = {_name(place, each): each for each in records}
            left = {key: each for key, each in left.items() if key not in gone}
            if left:
                rounds = _rounds(producer, place, quarantine, left)
                async with asyncio.timeout(settings.transport.transaction_timeout_seconds):
                    await transact(producer, rounds)
            return len(left)
    finally:
        await drop(producer)


def _name(place: TopicPartition, record: Record) -> bytes:
    """Return the key that a record has in quarantine."""
    return f"{place.topic}/{place.partition}/{record.offset}".encode()


def _rounds(
    producer: AIOKafkaProducer,
    place: TopicPartition,
    quarantine: TopicPartition,
    records: dict[bytes, Record],
) -> Iterator[list[Parcel]]:
    originals = [
        Out(each.offset, each.timestamp, each.key, each.value, list(each.headers))
        for each in records.values()
    ]
    marks = [Out(each.offset, each.timestamp, key, None, [MARK]) for key, each in records.items()]
    create = producer.create_batch
    yield parcels(place.topic, place.partition, originals, create)
    yield parcels(quarantine.topic, quarantine.partition, marks, create)


async def _records(
    settings: Settings, place: TopicPartition, *, marks: bool = False
) -> AsyncIterator[HeldRecord]:
    """Yield the records, or the marks, of a partition up to the end it has now.

    That is the end of everything written: an open transaction is waited for, since a mark may
    stand behind it.
    """
    consumer = AIOKafkaConsumer(
        **client_arguments(settings),
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=POLL_MILLISECONDS,
    )
    patience = START_SECONDS + settings.transport.transaction_timeout_seconds
    try:
        async with _told(settings, place):
            async with asyncio.timeout(START_SECONDS):
                await consumer.start()
                await _require(consumer, place)
                consumer.assign([place])
                await consumer.seek_to_beginning(place)
            async for record in _until_end(consumer, place, patience):
                if (MARK in record.headers) == marks:
                    yield record
    finally:
        await consumer.stop()


async def _until_end(
    consumer: AIOKafkaConsumer, place: TopicPartition, patience: float
) -> AsyncIterator[HeldRecord]:
    clock = asyncio.get_running_loop().time
    position, due = await consumer.position(place), clock() + patience
    end: int | None = None
    while end is None or position < end:
        if clock() > due:
            raise TimeoutError
        fetched = await consumer.getmany(timeout_ms=POLL_MILLISECONDS)
        end = consumer.highwater(place) if end is None else end
        for one in fetched.get(place, ()):
            place_of = (one.partition, one.offset, one.timestamp)
            yield HeldRecord(*place_of, one.key, one.value, one.headers)
        before, position = position, await consumer.position(place)
        due = clock() + patience if position > before else due


async def _require(consumer: AIOKafkaConsumer, place: TopicPartition) -> None:
    if place.topic not in await consumer.topics():
        problem = f"topic {place.topic!r} does not exist; 'sluicegate topics apply' creates it"
        raise TopologyError("quarantine", [problem])


@asynccontextmanager
async def _told(settings: Settings, place: TopicPartition) -> AsyncIterator[None]:
    """Turn what Kafka raises into an error of ours."""
    try:
        yield
    except KafkaConnectionError as error:
        raise TopologyError("broker", await unreachable(settings)) from error
    except (KafkaError, OSError, TimeoutError) as error:
        where = f"{place.topic}/{place.partition} at {settings.transport.bootstrap}"
        problem = f"{where}: {type(error).__name__}"
        raise TopologyError("quarantine", [problem]) from error
