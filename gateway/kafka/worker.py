"""A worker: one member of the consumer group, and a lane for each partition it is given."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import (
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RecordTooLargeError,
)

from gateway import telemetry
from gateway.config import Settings
from gateway.kafka.alive import raise_if_dead
from gateway.kafka.crew import Crew
from gateway.kafka.drive import Driver
from gateway.kafka.fetched import leader_epoch, take_error, too_large, watch_fetches
from gateway.kafka.inbox import Inbox
from gateway.kafka.lag import Watch
from gateway.kafka.lane import Faults, Lane, no_fault, transactional_id
from gateway.kafka.lenient import read_leniently
from gateway.kafka.parcel import Reject
from gateway.kafka.security import client_arguments, raise_if_denied
from gateway.stream import Process

POLL_MILLISECONDS = 100
FETCH_WAIT_MILLISECONDS = 50  # a lane that was paused waits for the fetch on its way to end
PARTITION_FETCH_BYTES = 1_048_576
FETCH_BYTES = 16 * 1_048_576
START_SECONDS = 30.0
RETRY_SECONDS = 1.0
BRIEFLY_SECONDS = 0.02


class _Work(NamedTuple):
    """What a worker does with its partitions, and how its lanes are made."""

    processes: Mapping[str, Process]
    rejects: Mapping[str, Reject]
    faults: Faults
    identify: Callable[[str, TopicPartition], str]
    accept_lost: bool
    watch: Watch


async def run_worker(  # noqa: PLR0913 - what a test may break has a default
    settings: Settings,
    processes: Mapping[str, Process],
    rejects: Mapping[str, Reject],
    *,
    stop: asyncio.Event,
    faults: Faults = no_fault,
    identify: Callable[[str, TopicPartition], str] = transactional_id,
    accept_lost: bool = False,
) -> None:
    """Work until ``stop`` is set, then drain within the settings' budget and return.

    Processes and rejects are given by the input's name; they are called in one thread of their own.

    Any Kafka error makes a new consumer; an unreachable broker is waited for. Raises OffsetError
    for records that retention removed unread, unless ``accept_lost``: then it goes on behind them,
    and the trail has their range with no record in it. Raises TopologyError where the broker denies access, and
    what a processor raises as not retriable.
    """
    read_leniently()
    work = _Work(processes, rejects, faults, identify, accept_lost, Watch())
    with ThreadPoolExecutor(1, "process") as executor:  # one: the interpreter runs one at a time
        while not stop.is_set():
            try:
                await _session(settings, work, executor, stop)
            except (KafkaError, OSError, TimeoutError) as error:
                raise_if_denied(error)
                telemetry.consumer_failed(type(error).__name__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RETRY_SECONDS)


async def _session(
    settings: Settings, work: _Work, executor: Executor, stop: asyncio.Event
) -> None:
    """Live one consumer's life: from joining the group to leaving it."""
    consumer = AIOKafkaConsumer(**consumer_arguments(settings))
    sources = {source.topic: source for source in settings.inputs}

    def hire(place: TopicPartition) -> tuple[Lane, Inbox, Driver]:
        source = sources[place.topic]
        lane = Lane(
            settings,
            source,
            place,
            identify=work.identify,
            faults=work.faults,
            accept_lost=work.accept_lost,
        )
        inbox = Inbox(settings.transport)
        calls = work.processes[source.name], work.rejects[source.name]
        return lane, inbox, Driver(lane, inbox, consumer, calls, executor)

    crew = Crew(consumer, hire, settings.transport.drain_seconds / 2)
    try:
        await asyncio.wait_for(consumer.start(), START_SECONDS)
        watch_fetches(consumer)
        consumer.subscribe(list(sources), listener=crew)
        feeding, watching = _feed(consumer, crew), work.watch.keep(consumer, crew.positions)
        await _first_of(crew.failure, feeding, watching, stop.wait())
    finally:
        await crew.disband()
        await _leave(consumer, settings.transport.drain_seconds / 5)


async def _first_of(*awaitables: Any) -> None:
    """Return or raise with whichever ends first; cancel the others."""
    tasks = [asyncio.ensure_future(each) for each in awaitables]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def _feed(consumer: AIOKafkaConsumer, crew: Crew) -> None:
    """Hand everything that was fetched to its lane; pause a lane that has enough.

    Nothing is left in the consumer, so that a lane that is behind does not hold up the others.
    """
    while True:
        raise_if_dead(consumer)
        fetched = await _fetch(consumer, crew)
        for place, inbox in crew.open_inboxes():
            position = await consumer.position(place)  # does not wait: an open lane has sought
            inbox.feed(fetched.get(place, ()), position, leader_epoch(consumer, place))
            unread = take_error(consumer, place)
            if unread is not None:
                inbox.fail(unread)
            if unread is not None or inbox.is_full:
                consumer.pause(place)


async def _fetch(
    consumer: AIOKafkaConsumer, crew: Crew
) -> Mapping[TopicPartition, Sequence[ConsumerRecord]]:
    """Return what was fetched. A lane whose partition cannot be read there fails."""
    try:
        fetched: dict[TopicPartition, list[ConsumerRecord]]
        fetched = await consumer.getmany(timeout_ms=POLL_MILLISECONDS)
    except NoOffsetForPartitionError:
        await asyncio.sleep(BRIEFLY_SECONDS)  # the lane is not open yet; it seeks by itself
    except OffsetOutOfRangeError as error:
        for place in error.args[0]:
            _fail(crew, place, error)
    except RecordTooLargeError as error:  # the head of a batch names an absurd length
        unread = too_large(error)
        _fail(crew, unread.place, unread)
        consumer.pause(unread.place)
    else:
        return fetched
    return {}


def _fail(crew: Crew, place: TopicPartition, error: KafkaError) -> None:
    if inbox := crew.inbox(place):
        inbox.fail(error)  # opening the lane again finds out what is left of it


async def _leave(consumer: AIOKafkaConsumer, seconds: float) -> None:
    """Leave the group if that can be done in time; close the connections in any case."""
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        await asyncio.wait_for(consumer.stop(), seconds)
    with contextlib.suppress(KafkaError, OSError, TimeoutError):
        await asyncio.wait_for(consumer._client.close(), seconds)  # noqa: SLF001 - stop gave up


def consumer_arguments(settings: Settings) -> dict[str, Any]:
    """Return the keyword arguments of a worker's consumer."""
    transport = settings.transport
    session = int(transport.session_timeout_seconds * 1000)
    return {
        **client_arguments(settings),
        "group_id": transport.group,
        "enable_auto_commit": False,
        "auto_offset_reset": "none",  # a lane decides where it starts, never the client
        "isolation_level": "read_committed",
        "session_timeout_ms": session,
        "heartbeat_interval_ms": session // 5,
        # Longer than a dismissal can take, so that a slow worker is not thrown out while it drains.
        "rebalance_timeout_ms": int(transport.drain_seconds * 1000) + session,
        "max_poll_interval_ms": 300_000,
        "retry_backoff_ms": 100,
        "fetch_max_wait_ms": FETCH_WAIT_MILLISECONDS,
        "fetch_max_bytes": FETCH_BYTES,
        "max_partition_fetch_bytes": PARTITION_FETCH_BYTES,
    }
