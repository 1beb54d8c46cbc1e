"""What one lane was handed and has not taken yet, cut into batches by records, bytes and time."""

import asyncio
import contextlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from aiokafka.structs import ConsumerRecord

from gateway.config import Transport
from gateway.kafka.fetched import UNKNOWN_EPOCH
from gateway.kafka.position import Committed


class Closed(Exception):  # noqa: N818 - an end, not an error
    """Nothing more comes: the lane was revoked or the worker stops."""


class Inbox:
    """The records of one lane between the fetch and its batches; contiguous or refused."""

    def __init__(self, transport: Transport) -> None:
        self._records_bound = transport.batch_records
        self._bytes_bound = transport.batch_bytes
        self._seconds = transport.batch_milliseconds / 1000
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._open = False
        self._closed = False
        self._error: Exception | None = None
        self.reset(0)

    @property
    def is_open(self) -> bool:
        """Whether records are welcome: between ``start`` and ``reset`` or ``close``."""
        return self._open and not self._closed

    @property
    def is_closed(self) -> bool:
        """Whether the lane was revoked or the worker stops."""
        return self._closed

    @property
    def is_full(self) -> bool:
        """Whether a whole batch waits already, so that fetching more can wait."""
        return (
            len(self._records) >= self._records_bound
            or self._ends[-1] - self._ends[0] >= self._bytes_bound
        )

    def reset(self, position: int) -> None:
        """Forget everything; refuse records until ``start``."""
        self._open = False
        self._error = None
        self._records: list[ConsumerRecord] = []
        self._ends = [0]  # running sum of bytes: [0] before the first record, [n] after the nth
        self._epoch = UNKNOWN_EPOCH
        self._turns: list[Committed] = []
        self._first = position  # of the next batch
        self._position = position  # after everything that is here
        self._due: float | None = None

    def start(self) -> None:
        """Accept records; the next one stands at the position of the last ``reset`` or after it."""
        self._open = True

    def feed(
        self, records: Sequence[ConsumerRecord], position: int, epoch: int = UNKNOWN_EPOCH
    ) -> None:
        """Take in what was fetched; ``position`` is the consumer's after it, beyond any markers.

        ``epoch`` is that of the leader that wrote the last of it.
        """
        if position <= self._position:
            return
        if UNKNOWN_EPOCH != self._epoch != epoch:
            self._turns.append(Committed(self._position, self._epoch))
        self._epoch = epoch
        self._records.extend(records)
        sizes = [record.serialized_value_size + record.serialized_key_size for record in records]
        ends = accumulate(sizes, initial=self._ends.pop())
        self._ends.extend(ends)
        self._position = position
        if self._due is None:
            self._due = self._loop.time() + self._seconds
        self._changed.set()

    @property
    def epoch(self) -> int:
        """The epoch of the leader that wrote what was fed last."""
        return self._epoch

    def turns(self) -> list[Committed]:
        """Return, once, the positions after which another leader went on, each with its epoch."""
        turns, self._turns = self._turns, []
        return turns

    def fail(self, error: Exception) -> None:
        """Let ``take`` raise this once it has handed out what is here; nothing more comes."""
        self._error = error
        self._changed.set()

    def close(self) -> None:
        """Let every ``take`` from now on raise Closed."""
        self._closed = True
        self._changed.set()

    async def rest(self, seconds: float) -> None:
        """Sleep, but not longer than until ``close``."""
        deadline = self._loop.time() + seconds
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                while not self._closed:
                    self._changed.clear()
                    await self._changed.wait()

    async def take(self, limit: int | None = None) -> tuple[int, int, list[ConsumerRecord]]:
        """Wait until a batch is full or old enough; return its positions and records.

        The list is empty where only markers were stepped over. Raises Closed after ``close``.
        """
        while not self._ready():
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._due):
                    await self._changed.wait()
        return self._cut(limit or self._records_bound)

    def _ready(self) -> bool:
        if self._closed:
            raise Closed
        if self._error is not None:
            if self._records:
                return True
            raise self._error
        return self._due is not None and (self.is_full or self._loop.time() >= self._due)

    def _cut(self, limit: int) -> tuple[int, int, list[ConsumerRecord]]:
        fits = bisect_right(self._ends, self._ends[0] + self._bytes_bound) - 1
        count = max(1, min(limit, self._records_bound, fits))
        records = self._records[:count]
        first, rest = self._first, len(self._records) - len(records)
        if rest:
            self._first = records[-1].offset + 1
            del self._records[:count], self._ends[:count]
        else:
            self._first = self._position
            self._records, self._ends, self._due = [], [0], None
        return first, self._first, records
