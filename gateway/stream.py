"""What moves through the house: a batch of records in, an outcome out, and who may carry them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

import msgspec


class Record(Protocol):
    """One record of an input as its transport hands it over; aiokafka's records fit as they are."""

    offset: int
    timestamp: int  # milliseconds since 1970
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


class Line(msgspec.Struct, gc=False):
    """A record that did not come from Kafka. Its repr hides the content."""

    offset: int
    value: bytes | None
    key: bytes | None = None
    timestamp: int = 0
    headers: Sequence[tuple[str, bytes]] = ()

    def __repr__(self) -> str:
        """Name the place, never the content."""
        return f"Line(offset={self.offset})"


class Batch(msgspec.Struct, frozen=True):
    """A contiguous range of one partition of one input: positions ``first`` up to ``next``.

    ``records`` may be fewer than ``next - first``: markers and compaction leave gaps.
    """

    input: str
    topic: str
    partition: int
    first: int
    next: int
    records: Sequence[Record]

    def __repr__(self) -> str:
        """Name the place, never the content."""
        return f"Batch({self.topic}/{self.partition}, {self.first}..{self.next})"


class Out(NamedTuple):
    """One record to write: a view's event or a quarantined one."""

    offset: int  # of the input record it came from
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]

    def __repr__(self) -> str:
        """Name the place, never the content."""
        return f"Out(offset={self.offset})"


# What Out(...) does, without the call that a named tuple puts around it: outs are made by the
# million.
make_out: Callable[[tuple[int, int, bytes | None, bytes | None, list[tuple[str, bytes]]]], Out] = (
    partial(tuple.__new__, Out)
)


class Audit(NamedTuple):
    """The audit rows of one tenant in a batch: an Arrow IPC stream of ``schemas.audit.WIRE``.

    ``headers`` carry the consumed range, so that completeness can be judged without opening it.
    """

    stream: bytes
    headers: list[tuple[str, bytes]]


class Outcome(NamedTuple):
    """Everything a batch became. It becomes visible together with the input position, or not at all.

    ``views`` has an entry for every subscription to the input, also where it is empty; ``audits``
    one for every tenant of the input.
    """

    views: dict[str, list[Out]]
    quarantine: list[Out]
    audits: list[Audit]


class Process(Protocol):
    """The pure middle of the house: a batch in, its outcome out. No I/O but the identity vault."""

    def __call__(self, batch: Batch) -> Outcome:
        """Return the outcome. Never raises for what a record contains."""
        ...
