"""Whether a failure is the batch's own fault, and how to find the one record that causes it."""

import msgspec
from aiokafka.errors import (
    CorruptRecordException,
    InvalidTimestampError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    UnknownError,
)

from gateway.stream import Batch
from schemas.access import Reason

SUSPICIOUS = 3  # this many failures of one range in a row are no accident


class ProcessingError(Exception):
    """The batch could not be turned into an outcome, for a reason that lies in its content.

    Its text is the class name of what was raised, nothing more.
    """


# What a broker answers about the bytes it was given. Whatever comes from fencing, time or the
# network is nobody's fault: counting it would send good records to quarantine during an outage.
CERTAIN = (
    ProcessingError,
    CorruptRecordException,
    InvalidTimestampError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
)
# Every newer code, INVALID_RECORD among them, but a sick broker's too: believed after longer pauses.
LIKELY = (UnknownError,)


def own_fault(error: BaseException) -> bool:
    """Return whether the same batch would fail again on a healthy broker."""
    return isinstance(error, CERTAIN + LIKELY)


def worth_waiting(error: BaseException) -> bool:
    """Return whether the same batch may succeed after a while."""
    return not isinstance(error, CERTAIN)


def name_of(error: BaseException) -> str:
    """Return what to call an error in telemetry: its class, and what a processor died of."""
    name = type(error).__name__
    return f"{name}:{error}" if isinstance(error, ProcessingError) else name


class Suspicion(msgspec.Struct):
    """Which range fails again and again: it is halved until one record stands alone.

    ``limit`` is how many records the next batch may hold; None while nothing is suspected.
    """

    limit: int | None = None
    _first: int = -1
    _failures: int = 0
    _until: int = -1
    _condemned: int = -1
    _refused: bool = False

    def failed(self, batch: Batch) -> None:
        """Note that a batch failed by its own fault."""
        if batch.first == self._condemned:
            self._refused = True  # not even its reject could be written
            return
        if batch.first != self._first:
            self._first, self._failures = batch.first, 0
        self._failures += 1
        if self.limit is None and self._failures < SUSPICIOUS:
            return
        self._until = max(self._until, batch.next)
        self.limit = max(1, len(batch.records) // 2)
        if len(batch.records) <= 1:
            self._condemned = batch.first

    def succeeded(self, batch: Batch) -> None:
        """Note that a batch was committed: grow again, and forget once past the bad range."""
        if self.limit is None:
            return
        self.limit *= 2
        self._condemned, self._refused = -1, False
        if batch.next >= self._until:
            self.limit = None

    def verdict(self, batch: Batch) -> Reason | None:
        """Return why the batch, one record by now, must go to quarantine; None: process it.

        TOO_LARGE where even the reject failed before: then only its coordinates are kept.
        """
        if batch.first != self._condemned:
            return None
        return Reason.TOO_LARGE if self._refused else Reason.POISON
