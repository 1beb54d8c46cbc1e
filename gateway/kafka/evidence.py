"""What the trail says of an input partition: evidence of a lane's earlier work where views have none."""

import asyncio
from collections.abc import AsyncIterator

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from gateway.config import Settings
from gateway.kafka.parcel import Route
from gateway.kafka.security import client_arguments
from gateway.trail import HOT, read_tail

POLL_MILLISECONDS = 100
WINDOW = 2000  # audit records looked at where the lake does not say what was landed


async def recorded_end(settings: Settings, way: Route, place: TopicPartition) -> int | None:
    """Return how far the trail says that an input partition was consumed; None: nothing of it.

    The lake is asked where it is at hand, and what the audit topic holds behind it, or the last
    of that. Bound the time outside.
    """
    folder = settings.at(settings.lake.path) / HOT
    audit = TopicPartition(*way.audit)
    tail = await asyncio.to_thread(read_tail, folder, str(audit.partition))
    landed = () if tail is None else tail.ends
    found = [
        end.next
        for end in landed
        if (end.place.input, end.place.topic, end.place.partition) == (way.input, *place)
    ]
    wanted = {
        ("sluicegate-input", way.input.encode()),
        ("sluicegate-topic", place.topic.encode()),
        ("sluicegate-partition", str(place.partition).encode()),
    }
    async for record in _records(settings, audit, 0 if tail is None else tail.next_offset):
        headers = dict(record.headers)
        if wanted <= headers.items():
            found.append(int(headers["sluicegate-next"]))
    return max(found, default=None)


async def _records(
    settings: Settings, place: TopicPartition, position: int
) -> AsyncIterator[ConsumerRecord]:
    """Yield the committed records of a partition from a position on, WINDOW of them at most."""
    consumer = AIOKafkaConsumer(
        **client_arguments(settings),
        isolation_level="read_committed",
        enable_auto_commit=False,
        fetch_max_wait_ms=POLL_MILLISECONDS,
    )
    try:
        await consumer.start()
        consumer.assign([place])
        start = (await consumer.beginning_offsets([place]))[place]
        end = (await consumer.end_offsets([place]))[place]
        consumer.seek(place, max(position, start, end - WINDOW))
        while await consumer.position(place) < end:
            fetched = await consumer.getmany(timeout_ms=POLL_MILLISECONDS)
            for record in fetched.get(place, ()):
                yield record
    finally:
        await consumer.stop()
