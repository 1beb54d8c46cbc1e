"""Where the epoch of a leader ends in a log, so that a log that was cut and grew again is seen (KIP-320).

A leader that is elected uncleanly lacks the end of the log that a group has read, and writes others
in its place: by then the position is inside the log again, and only the epoch tells.
"""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, LeaderNotAvailableError, for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Int16, Int32, Int64, Schema, String

from gateway.kafka.fetched import UNKNOWN_EPOCH
from gateway.kafka.position import Committed

RETRY_SECONDS = 0.1
_CONSUMER = -1  # asks as a consumer, not as a replica
_ANY_EPOCH = -1  # whatever the broker's own is


class OffsetForLeaderEpochResponse_v3(Response):  # type: ignore[misc]  # noqa: N801 - as aiokafka names them
    """What the leader answers."""

    API_KEY = 23
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            Array(
                ("topic", String("utf-8")),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader_epoch", Int32),
                        ("end_offset", Int64),
                    ),
                ),
            ),
        ),
    )


class OffsetForLeaderEpochRequest_v3(RequestStruct):  # type: ignore[misc]  # noqa: N801
    """Brokers have it since 2.3."""

    API_KEY = 23
    API_VERSION = 3
    RESPONSE_TYPE = OffsetForLeaderEpochResponse_v3
    SCHEMA = Schema(
        ("replica_id", Int32),
        (
            "topics",
            Array(
                ("topic", String("utf-8")),
                (
                    "partitions",
                    Array(
                        ("partition", Int32),
                        ("current_leader_epoch", Int32),
                        ("leader_epoch", Int32),
                    ),
                ),
            ),
        ),
    )


class _EpochEnd(Request[OffsetForLeaderEpochRequest_v3]):  # type: ignore[misc]
    API_KEY = 23

    def __init__(self, place: TopicPartition, epoch: int) -> None:
        self._place = place
        self._epoch = epoch

    def build(
        self, request_struct_class: type[OffsetForLeaderEpochRequest_v3]
    ) -> OffsetForLeaderEpochRequest_v3:
        partitions = [(self._place.partition, _ANY_EPOCH, self._epoch)]
        return request_struct_class(_CONSUMER, [(self._place.topic, partitions)])


async def written_up_to(
    consumer: AIOKafkaConsumer, place: TopicPartition, committed: Committed
) -> int:
    """Return how far the log still is what it was when a position was reached in it.

    That is the position itself, or less where the log was cut; 0 where it knows nothing of the
    epoch, since it is another one. Waits for a leader for ever: bound the time outside.
    """
    if committed.epoch == UNKNOWN_EPOCH:
        return committed.offset
    client, request = consumer._client, _EpochEnd(place, committed.epoch)  # noqa: SLF001
    while True:
        try:
            leader = client.cluster.leader_for_partition(place)
            if leader is None or leader < 0:
                raise LeaderNotAvailableError(place)
            end = _end(await client.send(leader, request))
            return max(0, min(end, committed.offset))
        except KafkaError as error:
            if not error.retriable:
                raise
        await client.force_metadata_update()
        await asyncio.sleep(RETRY_SECONDS)


def _end(response: Any) -> int:
    [(_, [(error_code, _, _, end)])] = response.topics
    if error_code:
        raise for_code(error_code)
    return int(end)
