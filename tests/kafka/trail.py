"""Audit batches into the audit topic, and what the lake made of them."""

import asyncio
from collections.abc import Callable, Iterable

import pyarrow.parquet as pq
from aiokafka import AIOKafkaProducer

from gateway.chain import check_chain
from gateway.config import Settings
from gateway.trail import HOT, lanes, segments
from tests.builders import Row, wire

ROWS = 3  # in each audit batch


def batches(count: int, first: int = 0, partition: int = 0) -> list[bytes]:
    """Return audit batches of three rows each; the nth covers the offsets from 3n on."""
    return [
        wire(
            [Row(offset=ROWS * number + row) for row in range(ROWS)],
            topic="crm.events",
            partition=partition,
        )
        for number in range(first, first + count)
    ]


async def audit(
    settings: Settings, streams: Iterable[bytes], partition: int = 0, *, abort: bool = False
) -> None:
    """Write audit batches as a lane does, one transaction each."""
    topic = settings.transport.audit_topic
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.transport.bootstrap,
        transactional_id=f"{settings.transport.group}-audit-{partition}",
        retry_backoff_ms=5,
    )
    async with producer:
        for stream in streams:
            await producer.begin_transaction()
            await producer.send_and_wait(topic, stream, partition=partition)
            await (producer.abort_transaction() if abort else producer.commit_transaction())


def landed(settings: Settings) -> list[tuple[int, int]]:
    """Return input partition and offset of every row in the lake, in order; the chain is checked."""
    folder = settings.at(settings.lake.path) / HOT
    for lane in lanes(folder):
        check_chain(folder, lane)
    found: list[tuple[int, int]] = []
    for path, _ in segments(folder):
        table = pq.read_table(path, columns=["kafka_partition", "kafka_offset"])
        found.extend(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return sorted(found)


async def until(found: Callable[[], bool], seconds: float = 20.0) -> None:
    """Return when something has come true."""
    async with asyncio.timeout(seconds):
        while not found():
            await asyncio.sleep(0.05)


def expected(count: int, partition: int = 0) -> list[tuple[int, int]]:
    """Return what ``landed`` returns for that many batches."""
    return [(partition, offset) for offset in range(ROWS * count)]
