"""Read records whose header names are no UTF-8, as Kafka's own clients do.

A broker takes any bytes for a name. aiokafka's parser raises for all but UTF-8, so that one such
record would end every worker that reads it. Its batch is read here by aiokafka's parser in Python.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import _MemoryRecordsPy

from gateway.kafka.fetched import Result


class _Bytes(bytearray):
    """Bytes that decode as Java's do: what is no UTF-8 becomes U+FFFD."""

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return _Bytes(found) if isinstance(at, slice) else found

    def decode(self, encoding: str = "utf-8", _errors: str = "replace") -> str:
        return super().decode(encoding, "replace")


class _LenientBatch(_DefaultRecordBatchPy):  # type: ignore[misc]  # aiokafka brings no types
    _buffer: bytearray

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Bytes(self._buffer)


class _Batch:
    """A batch that is read strictly, which is fast, up to the first name that is no UTF-8."""

    def __init__(self, raw: memoryview, strict: Any) -> None:
        self._raw = raw
        self._strict = strict

    def __getattr__(self, name: str) -> Any:
        return getattr(self._strict, name)

    def __next__(self) -> Any:
        return next(self._strict)

    def __iter__(self) -> Iterator[Any]:
        done = 0
        try:
            for record in self._strict:
                yield record
                done += 1
        except UnicodeDecodeError:
            yield from islice(_LenientBatch(self._raw), done, None)


class _Records(_MemoryRecordsPy):  # type: ignore[misc]
    last: memoryview | None = None  # the batch that was handed out last, as bytes

    @property
    def follower(self) -> memoryview | None:
        """The batch that comes next, as bytes."""
        return self._next_slice  # type: ignore[no-any-return]

    def next_batch(self) -> Any:
        self.last = raw = self._next_slice
        batch = super().next_batch()
        return _Batch(raw, batch) if isinstance(batch, DefaultRecordBatch) else batch


def read_leniently() -> None:
    """Let every consumer of this process read such records, and none end at one that it cannot."""
    fetcher.MemoryRecords = _Records
    fetcher.FetchResult = Result
