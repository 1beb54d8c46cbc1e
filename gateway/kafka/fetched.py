"""What a fetch brought beside its records: the epoch of their leader, and where reading ended.

aiokafka raises for a batch that cannot be read without saying where, and what stands before it in
the same fetch, and what other partitions brought, is lost with it; here all that is handed out first.
What a broker says it cannot read itself, aiokafka asks for again at once, thousands of times a second.
"""

import struct
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.fetcher import FetchResult
from aiokafka.errors import (
    KafkaError,
    NotLeaderForPartitionError,
    OffsetOutOfRangeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.protocol.fetch import FetchRequest

UNKNOWN_EPOCH = -1
# What aiokafka answers by itself, or raises.
FOLLOWED_UP = (
    NotLeaderForPartitionError,
    OffsetOutOfRangeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
_BASE, _EPOCH, _DELTA = ">q", ">i", ">i"
_EPOCH_AT, _MAGIC_AT, _DELTA_AT, _HEAD = 12, 16, 23, 27  # places in a batch of format 2


class UnreadableError(KafkaError):  # type: ignore[misc]  # aiokafka brings no types
    """The batch at an offset cannot be read here, or not by the broker itself; ``cause`` names why.

    ``behind`` is where the next one begins, as far as a damaged head can be believed; None: unknown.
    """

    def __init__(self, place: TopicPartition, offset: int, behind: int | None, cause: str) -> None:
        super().__init__(f"{place.topic}/{place.partition} at {offset}: {cause}")
        self.place = place
        self.offset = offset
        self.behind = behind
        self.cause = cause


class Trouble(msgspec.Struct):
    """How often one offset could not be read; only who mends the broker's copy can help it."""

    _offset: int = -1
    _times: int = 0

    def met(self, offset: int) -> tuple[int, float]:
        """Return how often in a row that was now, and how many seconds to wait before the next."""
        self._times = self._times + 1 if offset == self._offset else 1
        self._offset = offset
        return self._times, min(FIRST_PAUSE * 2 ** min(self._times - 1, 16), LONGEST_PAUSE)


class Result(FetchResult):  # type: ignore[misc]
    """One partition's part of a fetch. It never raises: ``take_error`` tells why it ended early."""

    _partition_records: Any

    def getall(self, max_records: int | None = None) -> list[Any]:
        """Return the records up to the first that cannot be read, and let the position follow."""
        place: TopicPartition = self._topic_partition
        parts = self._partition_records
        if max_records is not None:
            return list(super().getall(max_records))
        if not self.check_assignment(place) or not self.has_more():
            return []
        state, found = self._assignment.state_value(place), list[Any]()
        try:
            found.extend(parts)
            state.leader_epoch = epoch_of(parts._records.last)  # noqa: SLF001
        except Exception as error:  # noqa: BLE001 - a codec's own errors, too
            at = parts.next_fetch_offset
            behind = _behind(parts._records, at, state.highwater)  # noqa: SLF001
            state.unreadable = UnreadableError(place, at, behind, type(error).__name__)
        self._update_position()
        self._partition_records = None
        return found


def watch_fetches(consumer: AIOKafkaConsumer) -> None:
    """Let ``take_error`` tell of what a broker could not give to a consumer that has started."""
    client = consumer._client  # noqa: SLF001 - nothing public hands out a broker's answers
    send = client.send

    async def watched(node: int, request: Any, **options: Any) -> Any:
        response = await send(node, request, **options)
        if isinstance(request, FetchRequest):
            _note_failures(consumer, request, response)
        return response

    client.send = watched


def _note_failures(consumer: AIOKafkaConsumer, request: Any, response: Any) -> None:
    failed = {
        TopicPartition(topic, partition): for_code(code)
        for topic, partitions in response.topics
        for partition, code, *_ in partitions
        if code and for_code(code) not in FOLLOWED_UP
    }
    if not failed:
        return
    asked = {TopicPartition(t, part): at for t, parts in request.topics for part, at, _ in parts}
    for place in failed.keys() & consumer.assignment():
        cause = failed[place].__name__
        consumer.pause(place)  # else it is asked for again before anybody has heard of it
        _state(consumer, place).unreadable = UnreadableError(place, asked[place], None, cause)


def too_large(error: RecordTooLargeError) -> UnreadableError:
    """Return what aiokafka says of a batch whose head names more bytes than a fetch can bring."""
    _, place, offset, *_ = error.args
    return UnreadableError(place, offset, None, type(error).__name__)


def take_error(consumer: AIOKafkaConsumer, place: TopicPartition) -> UnreadableError | None:
    """Return what the last fetch of a partition could not read, once."""
    state = _state(consumer, place)
    error: UnreadableError | None = getattr(state, "unreadable", None)
    state.unreadable = None
    return error


def leader_epoch(consumer: AIOKafkaConsumer, place: TopicPartition) -> int:
    """Return the epoch of the leader that wrote what was read last; UNKNOWN_EPOCH: nothing was."""
    return int(getattr(_state(consumer, place), "leader_epoch", UNKNOWN_EPOCH))


def epoch_of(batch: memoryview | None) -> int:
    """Return the epoch that a batch's head names; older formats have none."""
    if batch is None or batch[_MAGIC_AT] < 2:  # noqa: PLR2004
        return UNKNOWN_EPOCH
    return int(struct.unpack_from(_EPOCH, batch, _EPOCH_AT)[0])


def _state(consumer: AIOKafkaConsumer, place: TopicPartition) -> Any:
    return consumer._subscription.subscription.assignment.state_value(place)  # noqa: SLF001


def _behind(records: Any, offset: int, end: int) -> int:
    """Return where the batch after a damaged one begins: the next one's word, else its own."""
    behind, last, follower = offset + 1, records.last, records.follower
    if follower is not None and len(follower) >= _HEAD:
        behind = struct.unpack_from(_BASE, follower)[0]
    elif len(last) >= _HEAD:
        base = struct.unpack_from(_BASE, last)[0]
        behind = base + struct.unpack_from(_DELTA, last, _DELTA_AT)[0] + 1
    return int(max(offset + 1, min(end, behind)))
