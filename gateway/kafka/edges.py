"""The edges of a log: where a lane without a position begins, and whether a position is inside."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError

from gateway.errors import OffsetError
from gateway.kafka.position import committed_position

ASK_SECONDS = 0.2
WAY_OUT = (
    "Let `sluicegate land` land what is left, then set the group's offset to where the trail ends:"
    " `sluicegate audit sql 'SELECT kafka_topic, kafka_partition, max(next_offset) FROM consumed"
    " GROUP BY ALL'`. A topic that was created again, or lost its end, is another input: give that"
    " another name first."
)


async def end_at_least(
    consumer: AIOKafkaConsumer, place: TopicPartition, position: int, seconds: float
) -> int:
    """Return where a log ends, once that is at a position or behind it.

    A broker that just came back may not know its end yet: after so many seconds it is believed.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        end = int((await consumer.end_offsets([place]))[place])
        if end >= position or asyncio.get_running_loop().time() > deadline:
            return end
        await asyncio.sleep(ASK_SECONDS)


async def check_new(
    consumer: AIOKafkaConsumer,
    producer: AIOKafkaProducer,
    place: TopicPartition,
    views: Sequence[str],
    recorded: Callable[[], Awaitable[int | None]],
) -> None:
    """Return if a lane without a position never had one. Raises OffsetError where it lost it.

    Nobody but the lane writes to its partition of a view, and not before it committed a position.
    Where all its views are empty, ``recorded`` says how far the trail was written. Raises
    UnknownTopicOrPartitionError where a view has no such partition.
    """
    for view in views:
        if place.partition not in await producer.partitions_for(view):  # says what is denied, too
            raise UnknownTopicOrPartitionError(view)
    ends = await consumer.end_offsets([TopicPartition(view, place.partition) for view in views])
    for view, end in ends.items():
        if end > 0:
            raise _lost(place, f"{view.topic} ends at {end}", "show")
    if (recorded_end := await recorded()) is not None:
        raise _lost(place, f"the trail has what it held up to {recorded_end}", "record")


def _lost(place: TopicPartition, evidence: str, repeat: str) -> OffsetError:
    return OffsetError(
        f"{place.topic}/{place.partition}: no position is committed, but {evidence}: beginning"
        f" again would {repeat} events twice. The group's offsets were deleted or expired, the group"
        f" has another name, or the topic was created again. {WAY_OUT}"
    )


async def beginnings(
    consumer: AIOKafkaConsumer, place: TopicPartition, start: str, patience: float
) -> dict[TopicPartition, int]:
    """Return what the lane of ``place``, which has no position, must commit before it reads.

    'latest' means the end that the group found when it first began, in a partition that is added
    later all that comes. So partition 0 begins for all that are there, and the others wait for it.
    """
    if start == "latest" and place.partition == 0:
        everywhere = consumer.partitions_for_topic(place.topic)
        places = [place._replace(partition=each) for each in everywhere]
        new = [one for one in places if await committed_position(consumer, one, patience) is None]
        return dict(await consumer.end_offsets(new))
    if start == "latest":
        first = place._replace(partition=0)
        while await committed_position(consumer, first, patience) is None:  # noqa: ASYNC110
            await asyncio.sleep(ASK_SECONDS)
        position = await committed_position(consumer, place, patience)
        if position is not None:
            return {place: position.offset}
    return dict(await consumer.beginning_offsets([place]))
