"""How far every lane of a worker is behind, measured whether it works, waits or is stuck."""

import asyncio
import contextlib

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from gateway import telemetry
from gateway.kafka.crew import Crew
from gateway.kafka.position import committed_position

MEASURE_SECONDS = 5.0
STALLED_SECONDS = 60.0  # a lane that committed nothing for so long although records wait
LONGEST_SILENCE = 3600.0


class _Stand:
    """Where a lane stood when it last moved, and when to speak of it next."""

    def __init__(self, position: int, now: float) -> None:
        self.position = position
        self.since = now
        self.silence = STALLED_SECONDS


async def watch_lag(consumer: AIOKafkaConsumer, crew: Crew) -> None:
    """Measure every few seconds, for ever; a broker that does not answer is asked again.

    A lane that stands still while records wait is spoken of, ever more seldom.
    """
    stands: dict[TopicPartition, _Stand] = {}
    while True:
        await asyncio.sleep(MEASURE_SECONDS)
        found: dict[TopicPartition, tuple[int, int]] = {}
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(MEASURE_SECONDS):
                found = await _measure(consumer, crew)
        for place, (position, lag) in found.items():
            telemetry.lag_measured(place.topic, place.partition, lag)
            _note(stands, place, position, lag)


async def _measure(consumer: AIOKafkaConsumer, crew: Crew) -> dict[TopicPartition, tuple[int, int]]:
    """Return the position of every lane, and how many records wait behind it."""
    positions = dict(crew.positions())
    ends = await consumer.end_offsets(list(positions)) if positions else {}
    found = {}
    for place, known in positions.items():
        position = await _position(consumer, place) if known is None else known
        # The first stops before an open transaction, the second is as old as the last fetch.
        if place in consumer.assignment():
            end = max(ends[place], consumer.highwater(place) or 0)
            found[place] = position, max(0, end - position)
    return found


async def _position(consumer: AIOKafkaConsumer, place: TopicPartition) -> int:
    """Return where a lane that is not open yet will begin, as far as that can be said."""
    committed = await committed_position(consumer, place, MEASURE_SECONDS)
    if committed is not None:
        return committed.offset
    return int((await consumer.beginning_offsets([place]))[place])


def _note(
    stands: dict[TopicPartition, _Stand], place: TopicPartition, position: int, lag: int
) -> None:
    now = asyncio.get_running_loop().time()
    stand = stands.get(place)
    if stand is None or stand.position != position or not lag:
        stands[place] = _Stand(position, now)
        return
    seconds = now - stand.since
    if seconds >= stand.silence:
        telemetry.lane_stalled(place.topic, place.partition, position, lag, round(seconds))
        stand.silence = min(2 * stand.silence, stand.silence + LONGEST_SILENCE)
