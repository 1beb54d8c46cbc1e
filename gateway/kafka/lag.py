"""How far a worker or a lander is behind, measured whether it works, waits, is stuck or is cut off."""

import asyncio
from collections.abc import Callable, Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from gateway import telemetry
from gateway.kafka.position import committed_position

Positions = Callable[[], Iterable[tuple[TopicPartition, int | None]]]

MEASURE_SECONDS = 5.0
STALLED_SECONDS = 60.0  # a lane that committed nothing for so long although records wait
LONGEST_SILENCE = 3600.0


class _Stand:
    """Where somebody stood when they last moved, and when to speak of it next."""

    def __init__(self, place: TopicPartition, grace: float) -> None:
        self._place = place
        self._grace = grace
        self._moved(-1)

    def note(self, position: int, lag: int) -> None:
        """Note where they stand now, and how many records wait."""
        if position != self._position or not lag:
            self._moved(position)
        elif (seconds := _now() - self._since) >= self._silence:
            place = self._place
            telemetry.lane_stalled(place.topic, place.partition, position, lag, round(seconds))
            self._silence += min(self._silence, LONGEST_SILENCE)

    def _moved(self, position: int) -> None:
        self._position = position
        self._since = _now()
        self._silence = STALLED_SECONDS + self._grace


class _Silence:
    """How long the broker has not answered."""

    def __init__(self) -> None:
        self._since: float | None = None

    def broken(self) -> None:
        """Note an answer."""
        if self._since is not None:
            telemetry.broker_answered(round(_now() - self._since))
        self._since = None

    def goes_on(self) -> None:
        """Note that one is missing; it is spoken of ever more seldom."""
        if self._since is None:
            self._since = _now()
        telemetry.broker_unreachable(round(_now() - self._since))


class Watch:
    """Measures who is behind, for one consumer after the other.

    Who stands still while records wait, a minute longer than ``grace``, is spoken of, and so is a
    broker that does not answer; both ever more seldom.
    """

    def __init__(self, grace: float = 0.0) -> None:
        self._grace = grace
        self._stands: dict[TopicPartition, _Stand] = {}
        self._silence = _Silence()

    async def keep(self, consumer: AIOKafkaConsumer, positions: Positions) -> None:
        """Measure every few seconds, for ever. Positions are the committed ones, None: unknown."""
        while True:
            await asyncio.sleep(MEASURE_SECONDS)
            try:
                async with asyncio.timeout(MEASURE_SECONDS):
                    found = await _measure(consumer, dict(positions()))
            except (KafkaError, OSError, TimeoutError):
                self._silence.goes_on()
                continue
            if found:
                self._silence.broken()
            for place, (position, lag) in found.items():
                telemetry.lag_measured(place.topic, place.partition, lag)
                self._stands.setdefault(place, _Stand(place, self._grace)).note(position, lag)


async def _measure(
    consumer: AIOKafkaConsumer, positions: dict[TopicPartition, int | None]
) -> dict[TopicPartition, tuple[int, int]]:
    """Return every position, and how many records wait behind it."""
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


def _now() -> float:
    return asyncio.get_running_loop().time()
