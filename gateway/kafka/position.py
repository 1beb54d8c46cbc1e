"""Where a group stands in a partition, asked so that "none" is never said by mistake.

aiokafka 0.14 reads an OffsetFetch answer by its partitions alone. A coordinator that is still
loading, or that is no longer the coordinator, answers with an error for the whole group and no
partition at all: aiokafka takes that for a group that never committed, and a lane would begin
again at the start of its log. So the request is made here, and its error is looked at.

It also asks for stable positions (KIP-447): one that a transaction is about to change is not told.
After a fence no transaction is left that could, unless the broker lost its end: Kafka 4.3.0 to
4.4.0 does when a partition has no leader for a moment (KAFKA-20734). What that transaction wrote
hangs, and would become visible with the next commit; so nothing goes on until somebody ends it.

The epoch of the leader that wrote what stands before a position is committed with it, as the text
that Kafka keeps beside it: aiokafka's commits have no other place for it.
"""

import asyncio
import time
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    BrokerResponseError,
    GroupLoadInProgressError,
    KafkaError,
    NotCoordinatorForGroupError,
    for_code,
)
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)
from aiokafka.structs import OffsetAndMetadata

from gateway.kafka.fetched import UNKNOWN_EPOCH

RETRY_SECONDS = 0.1
_EPOCH = "leader-epoch="


class Committed(NamedTuple):
    """A position, and the epoch of the leader that wrote what stands before it."""

    offset: int
    epoch: int = UNKNOWN_EPOCH

    def encoded(self) -> OffsetAndMetadata:
        """Return it as a commit takes it."""
        known = self.epoch != UNKNOWN_EPOCH
        return OffsetAndMetadata(self.offset, f"{_EPOCH}{self.epoch}" if known else "")


class UnstableOffsetError(BrokerResponseError):  # type: ignore[misc]  # aiokafka has none
    """A transaction that may change the position has not ended."""

    errno = 88
    message = "UNSTABLE_OFFSET_COMMIT"
    retriable = True


class OffsetFetchResponse_v7(Response):  # type: ignore[misc]  # noqa: N801 - as aiokafka names them
    """What the coordinator answers; the last error is the whole group's."""

    API_KEY = 9
    API_VERSION = 7
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("topic", CompactString("utf-8")),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", CompactString("utf-8")),
                        ("error_code", Int16),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("error_code", Int16),
        ("tags", TaggedFields),
    )


class OffsetFetchRequest_v7(RequestStruct):  # type: ignore[misc]  # noqa: N801
    """The first version that can ask for stable positions: brokers have it since 2.5."""

    FLEXIBLE_VERSION = True
    API_KEY = 9
    API_VERSION = 7
    RESPONSE_TYPE = OffsetFetchResponse_v7
    SCHEMA = Schema(
        ("group", CompactString("utf-8")),
        (
            "topics",
            CompactArray(
                ("topic", CompactString("utf-8")),
                ("partitions", CompactArray(Int32)),
                ("tags", TaggedFields),
            ),
        ),
        ("require_stable", Boolean),
        ("tags", TaggedFields),
    )


class _StableOffset(Request[OffsetFetchRequest_v7]):  # type: ignore[misc]
    API_KEY = 9

    def __init__(self, group: str, place: TopicPartition) -> None:
        self._group = group
        self._place = place

    def build(self, request_struct_class: type[OffsetFetchRequest_v7]) -> OffsetFetchRequest_v7:
        no_tags: dict[int, bytes] = {}
        topics = [(self._place.topic, [self._place.partition], no_tags)]
        require_stable = True
        return request_struct_class(self._group, topics, require_stable, no_tags)


async def committed_position(
    consumer: AIOKafkaConsumer, place: TopicPartition, patience: float
) -> Committed | None:
    """Return the position that the consumer's group committed for a partition; None: none yet.

    None is only returned where the coordinator itself says so of this partition. While it loads,
    moves or has a transaction to finish it is asked again, as many seconds as ``patience`` says;
    then what it said last is raised: UnstableOffsetError where a transaction hangs, or another
    KafkaError. Where no broker answers, this waits for ever: bound the time outside.
    """
    coordinator = consumer._coordinator  # noqa: SLF001 - only it knows who the coordinator is
    request = _StableOffset(coordinator.group_id, place)
    deadline = time.monotonic() + patience
    while True:
        await coordinator.ensure_coordinator_known()
        try:
            return _committed(await coordinator._send_req(request), place)  # noqa: SLF001
        except KafkaError as error:
            if isinstance(error, NotCoordinatorForGroupError):
                coordinator.coordinator_dead()
            if not error.retriable or time.monotonic() > deadline:
                raise
        await asyncio.sleep(RETRY_SECONDS)


def _committed(response: Any, place: TopicPartition) -> Committed | None:
    _raise_for(response.error_code)
    for topic, partitions, _ in response.topics:
        for partition, offset, _epoch, metadata, error_code, _tags in partitions:
            if (topic, partition) == place:
                _raise_for(error_code)
                return None if offset < 0 else Committed(offset, _epoch_in(metadata or ""))
    raise GroupLoadInProgressError  # not a word of the partition is no statement about it


def _epoch_in(metadata: str) -> int:
    """Return the epoch that a commit of ours names; who sets a position by hand names none."""
    number = metadata.removeprefix(_EPOCH)
    return int(number) if number != metadata and number.isdecimal() else UNKNOWN_EPOCH


def _raise_for(code: int) -> None:
    if code:
        raise UnstableOffsetError if code == UnstableOffsetError.errno else for_code(code)
