"""One lane: one input partition with a transactional producer of its own, named after it.

Opening a lane fences whoever owned it before; only then is its committed position read. A commit
makes views, quarantine, audit and position visible together or not at all. After any error the
lane is opened again: there is no other way back.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from gateway import telemetry
from gateway.config import Input, Settings, views_of
from gateway.errors import OffsetError
from gateway.kafka.blame import own_fault
from gateway.kafka.edges import WAY_OUT, beginnings, check_new, end_at_least
from gateway.kafka.epoch import written_up_to
from gateway.kafka.evidence import recorded_end
from gateway.kafka.fetched import UNKNOWN_EPOCH
from gateway.kafka.parcel import Load, Parcel, Route, route
from gateway.kafka.position import Committed, committed_position
from gateway.kafka.security import client_arguments

BUILDER_BYTES = 512 * 1024
# The broker refuses a partition for a moment while the markers of its last transaction are being
# written; aiokafka's own 100 ms would cost two thirds of the throughput.
RETRY_MILLISECONDS = 5
REQUEST_SECONDS = 10.0
STOP_SECONDS = 2.0
END_SECONDS = 10.0  # so long a log may end before the position, and a view may be missing
# Sequence numbers wrap to negative in aiokafka where brokers expect zero, after 2^31 records.
RECORDS_PER_PRODUCER = 1_000_000_000

Faults = Callable[[str], None]


def no_fault(_point: str) -> None:
    """Do nothing: the hook that chaos tests replace to end the process at a named point."""


def transactional_prefix(group: str) -> str:
    """Return what the transactional ids of all lanes of a group start with."""
    return f"{group}/"


def transactional_id(group: str, lane: TopicPartition) -> str:
    """Return a lane's transactional id. It names the partition, so that a new owner fences the old.

    No topic's name has a slash: no lane of another group has the same id, and is fenced by mistake.
    """
    return f"{transactional_prefix(group)}{lane.topic}/{lane.partition}"


def producer_arguments(settings: Settings, identity: str) -> dict[str, Any]:
    """Return the keyword arguments of a transactional producer."""
    transport = settings.transport
    return {
        **client_arguments(settings),
        "transactional_id": identity,
        "transaction_timeout_ms": int(transport.transaction_timeout_seconds * 1000),
        "compression_type": None if transport.compression == "none" else transport.compression,
        "max_batch_size": BUILDER_BYTES,
        "linger_ms": 0,
        "retry_backoff_ms": RETRY_MILLISECONDS,
        "request_timeout_ms": int(REQUEST_SECONDS * 1000),
    }


class Lane:
    """An input partition and its producer."""

    def __init__(
        self,
        settings: Settings,
        source: Input,
        place: TopicPartition,
        *,
        identify: Callable[[str, TopicPartition], str] = transactional_id,
        faults: Faults = no_fault,
        accept_lost: bool = False,
    ) -> None:
        transport = settings.transport
        self.source = source
        self.place = place
        self.route: Route = route(transport, source.name, place.topic, place.partition)
        self._views = views_of(settings, source)
        self._group = transport.group
        self._settings = settings
        self._faults = faults
        self._accepts_lost = accept_lost
        self._patience = 0.8 * transport.transaction_timeout_seconds
        self._producer: AIOKafkaProducer | None = None
        self._sent = 0
        self._position: int | None = None
        self._behind = 0
        self._arguments = producer_arguments(settings, identify(transport.group, place))

    @property
    def producer(self) -> AIOKafkaProducer:
        """The lane's producer. Raises RuntimeError while the lane is not open."""
        if self._producer is None:
            raise RuntimeError("the lane is not open")
        return self._producer

    @property
    def is_worn(self) -> bool:
        """Whether the producer has sent so much that the lane should be opened again."""
        return self._sent >= RECORDS_PER_PRODUCER

    async def open(self, consumer: AIOKafkaConsumer) -> int:
        """Fence the last owner, then read the committed position and seek there; return it.

        The order matters: read before the fence, the position could miss a transaction that
        commits a moment later. Raises OffsetError where the position was lost, or is no longer
        retained; where that is accepted, seeks to what is left: the next batch covers the lost
        range too.
        """
        await self.close()
        self._producer = AIOKafkaProducer(**self._arguments)
        self._sent = 0
        async with asyncio.timeout(self._patience):
            await self._producer.start()  # 1. fence
        self._faults("fenced")
        async with asyncio.timeout(self._patience + END_SECONDS):
            committed = await committed_position(consumer, self.place, self._patience)  # 2. read
            if committed is None:
                committed = Committed(await self._begin(consumer))
            position = committed.offset
            start = await self._check_retained(consumer, position)
            await self._check_uncut(consumer, committed)
        consumer.seek(self.place, max(position, start, self._behind))  # 3. seek
        self._position = position
        return position

    @property
    def position(self) -> int | None:
        """The committed position as far as it is known here; None: the lane was never open."""
        return self._position

    @property
    def accepts_lost(self) -> bool:
        """Whether to go on behind what cannot be read any more."""
        return self._accepts_lost

    def step_over(self, behind: int) -> None:
        """Read on there from the next ``open`` on; the next batch covers what is left out."""
        self._behind = behind

    async def commit(self, load: Load, epoch: int = UNKNOWN_EPOCH) -> None:
        """Make a load visible and advance to its position, or raise and leave neither.

        ``epoch`` is that of the leader that wrote it, or a later one. After a failure it may still
        turn out that the commit took place; ``open`` tells.
        """
        await self._transact(load.rounds, {self.place: Committed(load.position, epoch).encoded()})
        self._position = load.position
        self._sent += load.records

    async def close(self) -> None:
        """Stop the producer in bounded time; an open transaction is left for the next fence."""
        if self._producer is not None:
            await drop(self._producer)
            self._producer = None  # only now: a cancelled close can be repeated

    async def _transact(
        self, rounds: Iterable[Iterable[Parcel]], positions: Mapping[TopicPartition, Any]
    ) -> None:
        producer = self.producer
        async with asyncio.timeout(self._patience):
            await transact(
                producer,
                rounds,
                lambda: producer.send_offsets_to_transaction(positions, self._group),
                self._faults,
            )
        self._faults("committed")

    async def _begin(self, consumer: AIOKafkaConsumer) -> int:
        """Commit where a lane without a position starts.

        Left uncommitted, 'latest' would move on while the first batch fails, and skip it.
        """
        await check_new(consumer, self.producer, self.place, self._views, self._recorded)
        positions = await beginnings(consumer, self.place, self.source.start, self._patience)
        await self._transact((), positions)
        return positions[self.place]

    async def _recorded(self) -> int | None:
        await self.producer.partitions_for(self.route.audit[0])  # says what is denied
        return await recorded_end(self._settings, self.route, self.place)

    async def _check_retained(self, consumer: AIOKafkaConsumer, position: int) -> int:
        """Return where the log starts. Raises OffsetError where the position is outside of it."""
        start = int((await consumer.beginning_offsets([self.place]))[self.place])
        if position < start:
            if not self._accepts_lost:
                raise OffsetError(
                    f"{self.place.topic}/{self.place.partition}: position {position} is committed,"
                    f" but the log starts at {start}: {start - position} offsets were removed"
                    " unread. Raise the topic's retention; `sluicegate run --accept-lost` goes on"
                    " without them."
                )
            telemetry.offsets_lost(self.place.topic, self.place.partition, position, start)
        end = await end_at_least(consumer, self.place, position, END_SECONDS - 1)
        if position > end:
            raise OffsetError(
                f"{self.place.topic}/{self.place.partition}: position {position} is"
                f" committed, but the log ends at {end}: its end was lost, it was created again,"
                f" or the position was set by hand. {WAY_OUT}"
            )
        return start

    async def _check_uncut(self, consumer: AIOKafkaConsumer, committed: Committed) -> None:
        """Raise OffsetError where others stand in the log now in place of what was read."""
        end = await written_up_to(consumer, self.place, committed)
        if end < committed.offset:
            raise OffsetError(
                f"{self.place.topic}/{self.place.partition}: position {committed.offset} is"
                f" committed, but the log was cut at {end} and has grown again: a leader without"
                " its end was elected (unclean.leader.election.enable), or the topic was created"
                f" again. What stands there now was not read. {WAY_OUT}"
            )


async def transact(
    producer: AIOKafkaProducer,
    rounds: Iterable[Iterable[Parcel]],
    advance: Callable[[], Awaitable[None]] | None = None,
    faults: Faults = no_fault,
) -> None:
    """Commit rounds of parcels, and what ``advance`` adds, in one transaction of their own.

    After a failure the producer must be dropped; what was sent is aborted by the next of its name.
    """
    await producer.begin_transaction()
    faults("begun")
    futures = [
        await producer.send_batch(builder, topic, partition=partition)
        for parcels in rounds
        for topic, partition, builder in parcels
    ]
    faults("sent")
    if advance is not None:
        futures.append(advance())
    # aiokafka commits a transaction whose batches failed: every result is looked at.
    _raise_worst(await asyncio.gather(*futures, return_exceptions=True))
    faults("flushed")
    await producer.commit_transaction()


def _raise_worst(results: list[Any]) -> None:
    """Raise the failure that tells most: one that blames the batch, else the first."""
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in sorted(failures, key=own_fault, reverse=True):
        raise failure


async def drop(producer: AIOKafkaProducer) -> None:
    """Let go of a producer in bounded time, whatever state it is in, and send nothing more.

    ``stop`` would flush what is pending, which the next owner must not see, and would wait for
    ever while no broker answers. There is no public way to let go without it.
    """
    producer._closed = True  # noqa: SLF001
    task = producer._sender.sender_task  # noqa: SLF001
    for _ in range(2):  # the first cancel waits for requests on their way, the second does not
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=STOP_SECONDS / 4)
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        await asyncio.wait_for(producer.client.close(), STOP_SECONDS)
    waiter = producer._txn_manager.wait_for_transaction_end()  # noqa: SLF001
    for future in (task, waiter):
        if future is not None and future.done() and not future.cancelled():
            future.exception()  # retrieved, so that nobody warns of it
