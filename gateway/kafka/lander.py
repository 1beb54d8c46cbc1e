"""Land the audit topic in the lake: read committed, publish segments, go on where they end.

The segments are the offset store. The group's committed offsets only tell dashboards the lag, and
that a trail existed where the store is suddenly empty.
"""

import asyncio
import contextlib
import errno
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import (
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RecordTooLargeError,
)

from gateway import telemetry
from gateway.config import Settings
from gateway.errors import FencedError, TrailError
from gateway.kafka.alive import raise_if_dead
from gateway.kafka.edges import end_at_least
from gateway.kafka.fetched import Trouble, UnreadableError, take_error, too_large, watch_fetches
from gateway.kafka.lag import Watch
from gateway.kafka.lenient import read_leniently
from gateway.kafka.position import committed_position
from gateway.kafka.security import client_arguments, raise_if_denied
from gateway.trail import HOT, publish, read_tail, sweep

CLAIM = "audit-topic"  # beside the segments' folder: the topic that they come from
POLL_MILLISECONDS = 200
START_SECONDS = 30.0
RETRY_SECONDS = 1.0
STOP_SECONDS = 2.0
COMMIT_SECONDS = 5.0
END_SECONDS = 10.0  # so long the topic may end before what was landed
ABANDONED_SECONDS = 3600.0  # a file aside that is so old has no writer any more


def lander_group(group: str) -> str:
    """Return the consumer group whose offsets show how far the lander is."""
    return f"{group}.lander"


def claim(lake: Path, topic: str) -> None:
    """Note whose trail a lake holds. Raises TrailError where it holds another topic's.

    Segments are named by partition and offset: two topics in one folder would be taken for one.
    """
    lake.mkdir(parents=True, exist_ok=True)
    note = lake / CLAIM
    try:
        with note.open("x", encoding="utf-8") as file:
            file.write(topic)
    except FileExistsError:
        owner = note.read_text("utf-8")
        if owner not in {topic, ""}:  # empty: whoever made it died before a word was written
            raise TrailError(
                f"another trail: {lake} holds what was landed of topic {owner!r}, this is"
                f" {topic!r}. Each audit topic needs a [lake] path of its own."
            ) from None


class _Berth:
    """What one audit partition has read and not landed yet."""

    def __init__(self, position: int, *, begins: bool) -> None:
        self.begins = begins  # the partition has no segment yet
        self.first = position
        self.next = position
        self.rows = 0
        self.streams: list[bytes] = []
        self.since = asyncio.get_running_loop().time()

    def take(self, records: Sequence[ConsumerRecord], position: int) -> None:
        """Hold what was fetched; ``position`` is the consumer's after it, beyond any markers."""
        if records and not self.streams:
            self.since = asyncio.get_running_loop().time()
        for record in records:
            self.streams.append(record.value)
            self.rows += _rows(record)
        self.next = position

    def is_due(self, rows: int, seconds: float) -> bool:
        """Whether a segment is big or old enough to be published."""
        age = asyncio.get_running_loop().time() - self.since
        return bool(self.streams) and (self.rows >= rows or age >= seconds)


async def run_lander(
    settings: Settings,
    *,
    stop: asyncio.Event,
    accept_empty_store: bool = False,
    partitions: Collection[int] | None = None,
) -> None:
    """Land until ``stop`` is set, then land the rest and return.

    ``partitions`` is this lander's share; None: all. With
    ``accept_empty_store`` each partition may begin anew once. Raises TrailError where going on
    would hide a gap: the topic lost what was not landed, or the store lost what was; TopologyError
    where the broker denies access.
    """
    read_leniently()
    shares = range(settings.transport.audit_partitions) if partitions is None else partitions
    places = [TopicPartition(settings.transport.audit_topic, share) for share in shares]
    accepted = set(places if accept_empty_store else ())
    lake = settings.at(settings.lake.path)
    await asyncio.to_thread(claim, lake, settings.transport.audit_topic)
    await asyncio.to_thread(sweep, lake / HOT, ABANDONED_SECONDS, time.time())
    landed, watch = 0, Watch(settings.lake.segment_seconds)
    while not stop.is_set():
        lander = _Lander(settings, places, accepted, watch)
        try:
            await lander.session(stop)
        except (KafkaError, OSError, TimeoutError) as error:
            raise_if_denied(error)
            telemetry.lander_failed(type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RETRY_SECONDS)
        landed += lander.landed
    telemetry.lander_stopped(landed)


class _Lander:
    """One consumer's life and the berths of its partitions."""

    def __init__(
        self,
        settings: Settings,
        places: list[TopicPartition],
        accepted: set[TopicPartition],
        watch: Watch,
    ) -> None:
        self._lake = settings.lake
        self._folder: Path = settings.at(settings.lake.path) / HOT
        self._places = places
        self._watch = watch
        self._accepted = accepted  # where an empty store is taken for a new trail
        self._consumer = AIOKafkaConsumer(**_consumer_arguments(settings))
        self._berths: dict[TopicPartition, _Berth] = {}
        self._troubles: dict[TopicPartition, Trouble] = {}
        self._unwritten: dict[TopicPartition, Trouble] = {}
        self._resting: dict[TopicPartition, float] = {}  # until when
        self.landed = 0

    async def session(self, stop: asyncio.Event) -> None:
        """Read and publish until ``stop``, then publish the rest."""
        watch = self._watch.keep(self._consumer, self._landed_positions)
        watching = asyncio.create_task(watch)
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._consumer.start()
                watch_fetches(self._consumer)
                self._consumer.assign(self._places)
                self._consumer.pause(*self._places)
                for place in self._places:
                    await self._moor(place)
                self._consumer.resume(*self._places)
            while not stop.is_set():
                await self._fetch()
                await self._publish(self._lake.segment_rows, self._lake.segment_seconds)
            await self._publish(0, 0.0)
        finally:
            watching.cancel()
            await asyncio.wait([watching])
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                await asyncio.wait_for(self._consumer.stop(), STOP_SECONDS)
            with contextlib.suppress(KafkaError, OSError, TimeoutError):
                client = self._consumer._client  # noqa: SLF001 - stop may have given up
                await asyncio.wait_for(client.close(), STOP_SECONDS)

    def _landed_positions(self) -> Iterator[tuple[TopicPartition, int]]:
        for place, berth in self._berths.items():
            # What is not a row needs no landing.
            yield place, berth.first if berth.streams else berth.next

    async def _moor(self, place: TopicPartition) -> None:
        """Seek to where the segments of a partition end, if the topic still has that."""
        tail = await asyncio.to_thread(read_tail, self._folder, _name(place))
        start = (await self._consumer.beginning_offsets([place]))[place]
        if tail is not None:
            position = tail.next_offset
        else:
            position = await self._empty(place, start)
        if position < start:
            raise TrailError(
                f"audit gap: {place.topic}/{place.partition} is landed up to {position}, but the"
                f" topic starts at {start}: {start - position} offsets were removed before they"
                " were landed. Raise the topic's retention; what is missing is lost."
            )
        end = await end_at_least(self._consumer, place, position, END_SECONDS)
        if position > end:
            raise TrailError(
                f"audit overlap: {place.topic}/{place.partition} is landed up to {position}, but"
                f" the topic ends at {end}: its end was lost, or it was created again. The trail"
                " of what comes needs a [lake] path of its own."
            )
        self._consumer.seek(place, position)
        self._berths[place] = _Berth(position, begins=tail is None)
        telemetry.lander_started(place.topic, place.partition, position)

    async def _empty(self, place: TopicPartition, start: int) -> int:
        """Return where a partition without segments begins: a lost volume is no fresh start."""
        if place in self._accepted:
            return int(start)
        committed = await committed_position(self._consumer, place, COMMIT_SECONDS)
        if committed is not None and committed.offset:
            raise TrailError(
                f"emptied store: {place.topic}/{place.partition} was landed up to {committed.offset}, but"
                f" {self._folder} holds no segment of it. Bring the segments back, or start once"
                " with --accept-empty-store to begin a new trail."
            )
        return 0

    async def _fetch(self) -> None:
        raise_if_dead(self._consumer)
        self._resume()
        try:
            fetched = await self._consumer.getmany(timeout_ms=POLL_MILLISECONDS)
        except NoOffsetForPartitionError:
            return  # said of a partition that had no position for a moment; it has sought by now
        except OffsetOutOfRangeError as error:
            for place in error.args[0]:
                await self._moor(place)
            return
        except RecordTooLargeError as error:
            self._rest(too_large(error))
            return
        for place, berth in self._berths.items():
            position = await self._consumer.position(place)
            berth.take(fetched.get(place, ()), position)
            if (unread := take_error(self._consumer, place)) is not None:
                self._rest(unread)

    def _rest(self, error: UnreadableError) -> None:
        """Say what cannot be read, and leave its partition alone for a while; others go on."""
        place = error.place
        times, pause = self._troubles.setdefault(place, Trouble()).met(error.offset)
        telemetry.fetch_failed(
            place.topic, place.partition, error.offset, error.cause, times, pause
        )
        self._consumer.seek(place, error.offset)
        self._put_off(place, pause)

    def _put_off(self, place: TopicPartition, pause: float) -> None:
        """Leave a partition alone for a while: read no more of it, and land no more that failed."""
        self._consumer.pause(place)
        self._resting[place] = asyncio.get_running_loop().time() + pause

    def _resume(self) -> None:
        now = asyncio.get_running_loop().time()
        for place in [place for place, due in self._resting.items() if due <= now]:
            del self._resting[place]
            self._consumer.resume(place)

    async def _publish(self, rows: int, seconds: float) -> None:
        for place, berth in list(self._berths.items()):
            waits = place in self._resting and place in self._unwritten and rows
            if berth.is_due(rows, seconds) and not waits:
                await self._land(place, berth)

    async def _land(self, place: TopicPartition, berth: _Berth) -> None:
        where = (self._folder, _name(place), berth.first, berth.next)
        try:
            path = await asyncio.to_thread(publish, *where, berth.streams, begins=berth.begins)
        except (FileExistsError, FencedError):
            # Somebody else owns the range; what they published counts, what we hold does not.
            telemetry.segment_lost_race(place.partition, berth.first)
            await self._moor(place)
            return
        except OSError as error:  # a full disk, most likely: what is held is held on to
            times, pause = self._unwritten.setdefault(place, Trouble()).met(berth.first)
            code = errno.errorcode.get(error.errno or 0, type(error).__name__)
            telemetry.landing_failed(place.topic, place.partition, berth.first, code, times, pause)
            self._put_off(place, pause)
            return
        size = path.stat().st_size
        telemetry.segment_landed(place.partition, berth.first, berth.rows, size)
        self.landed += 1
        self._unwritten.pop(place, None)
        self._berths[place] = _Berth(berth.next, begins=False)
        self._accepted.discard(place)
        async with asyncio.timeout(COMMIT_SECONDS):
            await self._consumer.commit({place: berth.next})


def _name(place: TopicPartition) -> str:
    return str(place.partition)


def _rows(record: ConsumerRecord) -> int:
    with pa.ipc.open_stream(record.value) as stream:
        return sum(batch.num_rows for batch in stream)


def _consumer_arguments(settings: Settings) -> dict[str, Any]:
    return {
        **client_arguments(settings),
        "group_id": lander_group(settings.transport.group),
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "isolation_level": "read_committed",
        "fetch_max_wait_ms": POLL_MILLISECONDS,
    }
