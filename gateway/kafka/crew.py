"""The lanes of one worker: hired when the group assigns partitions, dismissed when it revokes them."""

import asyncio
from collections.abc import Callable, Collection, Iterator

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from gateway import telemetry
from gateway.kafka.drive import Driver
from gateway.kafka.inbox import Inbox
from gateway.kafka.lane import STOP_SECONDS, Lane

Hire = Callable[[TopicPartition], tuple[Lane, Inbox, Driver]]


class Crew(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka brings no types
    """Starts and ends the lanes. What a lane cannot repair ends up in ``failure``."""

    def __init__(self, consumer: AIOKafkaConsumer, hire: Hire, drain_seconds: float) -> None:
        self._consumer = consumer
        self._hire = hire
        self._drain_seconds = drain_seconds
        self._lanes: dict[TopicPartition, tuple[Lane, Inbox]] = {}
        self._tasks: dict[asyncio.Task[None], TopicPartition] = {}
        self._disbanded = False
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Start a lane for each partition and return at once: no heartbeat is sent until then."""
        if self._disbanded:
            return  # the group was quicker than our leaving it
        self._consumer.pause(*assigned)  # first: nothing may be handed out before a lane is open
        try:
            for place in assigned:
                # One without a position holds up all others of its broker. Its lane seeks anew.
                self._consumer.seek(place, 0)
                self._start(place)
        except Exception as error:  # noqa: BLE001 - aiokafka would swallow it
            self._fail(error)
        telemetry.partitions_assigned(len(assigned))

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """End every lane within the budget. Nothing is committed here, nothing acknowledged."""
        if revoked:
            telemetry.partitions_revoked(len(revoked))
        await self.dismiss()

    async def disband(self) -> None:
        """Dismiss everybody and start nobody any more."""
        self._disbanded = True
        await self.dismiss()

    async def dismiss(self) -> None:
        """Let transactions on their way end, cancel what takes too long, and drop the rest."""
        for _, inbox in self._lanes.values():
            inbox.close()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._drain_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=STOP_SECONDS)
        closings = [asyncio.create_task(lane.close()) for lane, _ in self._lanes.values()]
        if closings:
            await asyncio.wait(closings, timeout=2 * STOP_SECONDS)
        self._lanes.clear()
        self._tasks.clear()

    def open_inboxes(self) -> Iterator[tuple[TopicPartition, Inbox]]:
        """Yield the lanes that accept records now."""
        for place, (_, inbox) in tuple(self._lanes.items()):
            if inbox.is_open:
                yield place, inbox

    def positions(self) -> Iterator[tuple[TopicPartition, int | None]]:
        """Yield every lane's committed position; None: it is not open yet."""
        for place, (lane, _) in tuple(self._lanes.items()):
            yield place, lane.position

    def inbox(self, place: TopicPartition) -> Inbox | None:
        """Return the inbox of a lane, if the worker has it."""
        return self._lanes[place][1] if place in self._lanes else None

    def _start(self, place: TopicPartition) -> None:
        lane, inbox, driver = self._hire(place)
        self._lanes[place] = lane, inbox
        task = asyncio.create_task(driver.run())
        task.add_done_callback(self._ended)
        self._tasks[task] = place

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if not self.failure.done():
            self.failure.set_exception(error)
