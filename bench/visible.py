"""How long it takes from producing an event until a reader of a view may see it."""

import asyncio
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from gateway.kafka.parcel import parcels
from gateway.stream import Out

BUILDER_BYTES = 262_144
FILL_EVENTS = 2000  # at a time
TICK_SECONDS = 0.01
QUIET_MILLISECONDS = 1000  # without a record: everything has arrived
WARM = 0.2  # this share of the records is not counted


class Line(NamedTuple):
    """One event to produce, and the key it travels under."""

    key: bytes
    value: bytes


async def fill(bootstrap: str, topic: str, partitions: int, lines: Sequence[Line]) -> None:
    """Produce lines as fast as the broker takes them."""
    async with _producer(bootstrap) as producer:
        for first in range(0, len(lines), FILL_EVENTS):
            await _send(producer, topic, partitions, lines[first : first + FILL_EVENTS])


async def delays(
    bootstrap: str, topics: tuple[str, str], lines: Sequence[Line], events_per_second: float
) -> list[float]:
    """Produce lines at a steady pace; return the milliseconds until each was seen in the view.

    ``topics`` are the input and the view, which has the input's partitions and keeps its times.
    Lines that the view leaves out are not in the result, nor are the first ones.
    """
    source, view = topics
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False
    )
    async with consumer, _producer(bootstrap) as producer:
        await consumer._client._wait_on_metadata(view)  # noqa: SLF001 - no public way to wait
        places = [TopicPartition(view, number) for number in consumer.partitions_for_topic(view)]
        consumer.assign(places)
        await consumer.seek_to_end(*places)
        await _arrivals(consumer)  # of what was on its way
        pacing = asyncio.create_task(_pace(producer, source, len(places), lines, events_per_second))
        found: list[float] = []
        while not pacing.done():
            found += await _arrivals(consumer)
        await pacing
    return found[int(WARM * len(found)) :]


async def _arrivals(consumer: AIOKafkaConsumer) -> list[float]:
    """Read until nothing comes any more; return how old each record was, in milliseconds."""
    found: list[float] = []
    while fetched := await consumer.getmany(timeout_ms=QUIET_MILLISECONDS):
        now = time.time() * 1000
        found += [now - record.timestamp for some in fetched.values() for record in some]
    return found


async def _pace(
    producer: AIOKafkaProducer,
    topic: str,
    partitions: int,
    lines: Sequence[Line],
    events_per_second: float,
) -> None:
    began, done = time.monotonic(), 0
    while done < len(lines):
        await asyncio.sleep(TICK_SECONDS)
        due = min(len(lines), int((time.monotonic() - began) * events_per_second))
        await _send(producer, topic, partitions, lines[done:due])
        done = due


async def _send(
    producer: AIOKafkaProducer, topic: str, partitions: int, lines: Sequence[Line]
) -> None:
    """Produce lines, each into the partition of its key, and wait for the broker."""
    now = time.time_ns() // 1_000_000
    shares: dict[int, list[Out]] = defaultdict(list)
    for key, value in lines:
        shares[zlib.crc32(key) % partitions].append(Out(0, now, key, value, []))
    sent = [
        await producer.send_batch(parcel.builder, topic, partition=parcel.partition)
        for partition, outs in shares.items()
        for parcel in parcels(topic, partition, outs, producer.create_batch)
    ]
    await asyncio.gather(*sent)


def _producer(bootstrap: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        compression_type="lz4",
        max_batch_size=BUILDER_BYTES,
    )
