"""Build what a test on the broker needs: settings with names of their own, topics, records."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import RecordsToDelete

from gateway.config import Input, Lake, Settings, Transport, view_name
from gateway.errors import TopologyError
from gateway.kafka import topics
from gateway.kafka.cluster import Topic, administer, create, existing, grow
from schemas.access import Subscription


def settings_at(bootstrap: str, folder: Path, **changes: Any) -> Settings:
    """Return settings whose topics and group no other test has.

    ``changes`` are the transport's; ``input`` and ``lake`` are tables of changes of these.
    """
    mark = secrets.token_hex(4)
    changes_of_lake = changes.pop("lake", {})
    subscriptions = changes.pop("subscriptions", ("sales", "science"))
    source: dict[str, Any] = {"name": f"crm-{mark}", "tenant": "acme", "topic": f"in-{mark}"}
    source |= changes.pop("input", {})
    transport = Transport(
        **{
            "kind": "kafka",
            "bootstrap": bootstrap,
            "group": f"gate-{mark}",
            "audit_topic": f"audit-{mark}",
            "quarantine_topic": f"quarantine-{mark}",
            "audit_partitions": 2,
            "session_timeout_seconds": 2.0,
            "transaction_timeout_seconds": 5.0,
            "drain_seconds": 5.0,
            **changes,
        }
    )
    readers = [
        Subscription(name, (source["name"],), f"{name}-app", "role", "purpose")
        for name in subscriptions
    ]
    landing = {"segment_seconds": 0.3, **changes_of_lake}
    lake = Lake(str(folder / "lake"), **landing)
    return Settings(folder, transport, (Input(**source),), tuple(readers), {}, {}, lake)


async def make_input(
    settings: Settings, partitions: int = 2, configs: Mapping[str, str] | None = None
) -> None:
    """Create the input's topic and all that the settings need beside it."""
    await make_topic(settings, settings.inputs[0].topic, partitions, configs)
    await topics.apply(settings)


async def make_topic(
    settings: Settings, name: str, partitions: int, configs: Mapping[str, str] | None = None
) -> None:
    """Create one topic."""
    async with administer(settings) as admin:
        await create(admin, [Topic(name, partitions, dict(configs or {}))], 1)


async def add_partitions(settings: Settings, count: int) -> None:
    """Give the input so many partitions."""
    async with administer(settings) as admin:
        await grow(admin, [Topic(settings.inputs[0].topic, count, {})])


async def gone(settings: Settings, topic: str) -> None:
    """Delete a topic and return when the broker shows it no more."""
    async with asyncio.timeout(20), administer(settings) as admin:
        await admin.delete_topics([topic])
        while topic in await existing(admin):
            await asyncio.sleep(0.1)


async def trim(settings: Settings, topic: str, partition: int, offset: int) -> None:
    """Remove everything before an offset, as retention does."""
    place = TopicPartition(topic, partition)
    async with administer(settings) as admin:
        await admin.delete_records({place: RecordsToDelete(offset)})


async def produce(
    settings: Settings, values: Iterable[bytes | None], partitions: int = 2, **fields: Any
) -> None:
    """Write records to the input, round robin over its partitions."""
    topic = settings.inputs[0].topic
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.transport.bootstrap,
        linger_ms=5,
        max_batch_size=262_144,
        max_request_size=20_000_000,
    )
    async with producer:
        for number, value in enumerate(values):
            place = fields.get("partition", number % partitions)
            rest = {"key": str(number).encode(), **fields, "partition": place}
            sent = await producer.send(topic, value, **rest)
            sent.add_done_callback(asyncio.Future.result)
        await producer.flush()


async def committed_records(settings: Settings, topic: str) -> list[ConsumerRecord]:
    """Return every record of a topic that a read-committed reader sees, by partition and offset.

    Transactions that are open now are waited for, and those whose markers are on their way.
    """
    return await _all_records(settings, topic, "read_committed")


async def written_records(settings: Settings, topic: str) -> list[ConsumerRecord]:
    """Return every record of a topic, those of aborted transactions too."""
    return await _all_records(settings, topic, "read_uncommitted")


def view_topic(settings: Settings, reader: str = "sales") -> str:
    """Return the topic of a reader's view of the input."""
    return view_name(settings.inputs[0].name, reader)


async def view_values(settings: Settings, reader: str = "sales") -> list[bytes]:
    """Return the values in a reader's view that a read-committed reader sees, in their order."""
    return [
        record.value for record in await committed_records(settings, view_topic(settings, reader))
    ]


async def _all_records(settings: Settings, topic: str, isolation: str) -> list[ConsumerRecord]:
    connection = {"bootstrap_servers": settings.transport.bootstrap, "enable_auto_commit": False}
    consumer = AIOKafkaConsumer(
        **connection, isolation_level=isolation, auto_offset_reset="earliest"
    )
    found: list[ConsumerRecord] = []
    async with asyncio.timeout(60), consumer, AIOKafkaConsumer(**connection) as uncommitted:
        await uncommitted._client._wait_on_metadata(topic)
        places = [TopicPartition(topic, p) for p in uncommitted.partitions_for_topic(topic) or ()]
        ends = await uncommitted.end_offsets(places)
        consumer.assign(places)
        while [tp for tp in places if await consumer.position(tp) < ends[tp]]:
            for records in (await consumer.getmany(timeout_ms=100)).values():
                found.extend(records)
    return sorted(found, key=lambda record: (record.partition, record.offset))


async def committed_positions(settings: Settings) -> dict[int, int]:
    """Return the group's committed position of each partition of the input."""
    try:
        async with administer(settings) as admin:
            found = await admin.list_consumer_group_offsets(settings.transport.group)
    except TopologyError:
        return {}  # a new broker makes its coordinator with the first group
    return {place.partition: meta.offset for place, meta in found.items() if meta.offset >= 0}


async def set_position(settings: Settings, place: TopicPartition, position: int) -> None:
    """Set the group's offset as `kafka-consumer-groups.sh --reset-offsets` does."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.transport.bootstrap,
        group_id=settings.transport.group,
        enable_auto_commit=False,  # it would commit where it stands when it stops
    )
    async with consumer:
        consumer.assign([place])
        await consumer.commit({place: position})


async def positions_reach(settings: Settings, total: int, seconds: float = 40.0) -> None:
    """Return when the group's positions sum up to a total: that many offsets are dealt with."""
    async with asyncio.timeout(seconds):
        while sum((await committed_positions(settings)).values()) < total:
            await asyncio.sleep(0.1)
