"""Keep one lane going: take a batch, process it, commit it; one way back from any failure."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, ProducerFenced

from gateway import telemetry
from gateway.errors import SluicegateError
from gateway.kafka.blame import SUSPICIOUS, Suspicion, name_of, own_fault, worth_waiting
from gateway.kafka.epoch import written_up_to
from gateway.kafka.fetched import Trouble, UnreadableError
from gateway.kafka.inbox import Closed, Inbox
from gateway.kafka.lane import Lane
from gateway.kafka.parcel import Load, Reject, processed, rejected
from gateway.kafka.security import raise_if_denied
from gateway.stream import Batch, Process

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
FENCED_PAUSE = 1.0  # somebody else owns the lane, or did: let the group settle before fencing them


class Driver:
    """One lane at work. ``run`` ends when the inbox is closed, or raises what nobody can repair."""

    def __init__(
        self,
        lane: Lane,
        inbox: Inbox,
        consumer: AIOKafkaConsumer,
        work: tuple[Process, Reject],
        executor: Executor,
    ) -> None:
        self._lane = lane
        self._inbox = inbox
        self._consumer = consumer
        self._process, self._reject = work
        self._executor = executor
        self._suspicion = Suspicion()
        self._trouble = Trouble()
        self._pause = SHORTEST_PAUSE

    async def run(self) -> None:
        """Open the lane and commit batch after batch; open it again after whatever goes wrong."""
        while True:
            try:
                await self._open()
                while not self._lane.is_worn:
                    await self._step()
            except Closed:
                return
            except UnreadableError as error:
                await self._recover(error, self._unread(error))
            except SluicegateError as error:
                if not error.retriable:
                    raise
                await self._recover(error)
            except Exception as error:  # noqa: BLE001 - one way back, whatever it was
                raise_if_denied(error)
                await self._recover(error)

    async def _open(self) -> None:
        if self._inbox.is_closed:
            raise Closed
        position = await self._lane.open(self._consumer)
        self._inbox.reset(position)
        self._inbox.start()
        telemetry.lane_opened(self._lane.place.topic, self._lane.place.partition, position)
        self._consumer.resume(self._lane.place)

    async def _step(self) -> None:
        batch = await self._take()
        try:
            for load in await self._loads(batch):
                await self._commit(load)
        except Exception as error:
            if own_fault(error):
                self._suspicion.failed(batch)
            raise
        self._suspicion.succeeded(batch)
        self._pause = SHORTEST_PAUSE

    async def _commit(self, load: Load) -> None:
        place, began = self._lane.place, time.perf_counter()
        await self._lane.commit(load, self._inbox.epoch)
        seconds = time.perf_counter() - began
        telemetry.transaction_committed(place.topic, place.partition, load.records, seconds)
        if (end := self._consumer.highwater(place)) is not None:
            telemetry.lag_measured(place.topic, place.partition, max(0, end - load.position))

    async def _take(self) -> Batch:
        first, position, records = await self._inbox.take(self._suspicion.limit)
        place = self._lane.place
        for turn in self._inbox.turns():
            if await written_up_to(self._consumer, place, turn) < turn.offset:
                raise KafkaError("the log was cut before where it was read to")
        if not self._inbox.is_full:
            self._consumer.resume(place)
        source = self._lane.source.name
        return Batch(source, place.topic, place.partition, first, position, records)

    async def _loads(self, batch: Batch) -> list[Load]:
        """Do the processor's work off the event loop, so that heartbeats go on."""
        reason = self._suspicion.verdict(batch)
        way, create = self._lane.route, self._lane.producer.create_batch
        call: Callable[[], list[Load]]
        if reason is None:
            call = partial(processed, batch, self._process, way, create)
        else:
            telemetry.record_condemned(batch.topic, batch.partition, batch.first, reason)
            call = partial(rejected, batch, reason, self._reject, way, create)
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def _unread(self, error: UnreadableError) -> float:
        """Say what cannot be read, step over it where that is accepted, and return the pause."""
        place, (times, pause) = self._lane.place, self._trouble.met(error.offset)
        telemetry.fetch_failed(
            place.topic, place.partition, error.offset, error.cause, times, pause
        )
        if self._lane.accepts_lost and error.behind is not None and times >= SUSPICIOUS:
            telemetry.offsets_lost(place.topic, place.partition, error.offset, error.behind)
            self._lane.step_over(error.behind)
        return pause

    async def _recover(self, error: Exception, pause: float = 0.0) -> None:
        """Wait a little, longer each time that waiting can help; the lane is opened again after it."""
        place = self._lane.place
        telemetry.lane_failed(place.topic, place.partition, name_of(error))
        self._inbox.reset(0)  # what is fetched from here on is dropped; opening seeks back
        await self._lane.close()
        least = FENCED_PAUSE if isinstance(error, ProducerFenced) else pause
        await self._inbox.rest(max(self._pause, least))
        longer = min(2 * self._pause, LONGEST_PAUSE)
        self._pause = longer if worth_waiting(error) else SHORTEST_PAUSE
