"""The detection engine as benches and fuzzing run it: records in, findings out, stage by stage.

The only place in ``bench`` that knows how the engine is put together.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from detectors.database import Database
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.rule import Rule
from detectors.scanner import Engine, Findings
from detectors.walk import Shapes
from gateway.codec import Decoder, Event
from gateway.config import Input, Limits
from gateway.stream import Line
from schemas.event import Contract, contracts


class Scanned(NamedTuple):
    """A batch that was scanned: its leaves, event after event, and what was found in them."""

    leaves: Leaves
    findings: Findings


class Scanner:
    """Decode, walk and scan, as the pipeline does it. One thread at a time."""

    def __init__(
        self, kinds: Mapping[str, Contract] | None = None, rules: Sequence[Rule] | None = None
    ) -> None:
        """Take the contracts of the events (None: all that ship) and the rules (None: likewise)."""
        self.kinds = kinds = contracts() if kinds is None else kinds
        self.engine = Engine(rules)
        self._limits = Limits()
        self._decoder = Decoder(Input("events", "bench"), self._limits, tuple(kinds))
        self._shapes = Shapes(kinds, self.engine.hints, self._decoder.checked())

    def __call__(self, values: Sequence[bytes]) -> Scanned:
        """Scan a batch of events."""
        leaves = self.walk(records(values))
        return Scanned(leaves, self.scan(leaves))

    def walk(self, lines: Sequence[Line]) -> Leaves:
        """Decode a batch and walk its events; what cannot be decoded has no leaves."""
        leaves, decode, shapes = Leaves(), self._decoder.decode, self._shapes
        depth, nothing = self._limits.depth, shapes.root("unknown")
        for line in lines:
            event = decode(line)
            if not isinstance(event, Event):
                leaves.begin(nothing, None)
            elif not shapes.walk(event.body, shapes.root(event.kind), leaves, depth):
                leaves.drop()
                leaves.begin(nothing, None)
            leaves.starts.append(len(leaves.texts))
        return leaves

    def scan(self, leaves: Leaves) -> Findings:
        """Return what is found in a batch, and remember the names of fields that proved clean."""
        findings = self.engine.scan(leaves)
        if leaves.grown:
            self._shapes.settle(leaves, {one.leaf for one in findings.spans})
        return findings


class Calls(NamedTuple):
    """What scans did below: which texts they joined, and what they gave to which database."""

    joins: list[Sequence[str]]
    scans: list[tuple[Database, bytes]]

    def join(self) -> None:
        """Join the same texts again."""
        for texts in self.joins:
            Joined(texts)

    def see(self) -> None:
        """Scan the same buffers with the same databases, and collect the same candidates."""
        for database, data in self.scans:
            database.see(data)

    def bare(self) -> None:
        """Scan the same buffers with the same databases, and do nothing with what matches."""
        for database, data in self.scans:
            database._database.scan(  # noqa: SLF001
                data,
                match_event_handler=_nothing,
                scratch=database._scratch,  # noqa: SLF001
            )


@contextmanager
def recording() -> Iterator[Calls]:
    """Record what is joined and scanned meanwhile."""
    calls = Calls([], [])
    join, see = Joined.__init__, Database.see

    def joined(self: Joined, texts: Sequence[str]) -> None:
        calls.joins.append(texts)
        join(self, texts)

    def seen(self: Database, data: bytes) -> tuple[list[int], list[int]]:
        calls.scans.append((self, data))
        return see(self, data)

    Joined.__init__, Database.see = joined, seen  # type: ignore[method-assign]
    try:
        yield calls
    finally:
        Joined.__init__, Database.see = join, see  # type: ignore[method-assign]


def _nothing(*_: object) -> None:
    """Take a match and leave it."""


def records(values: Sequence[bytes]) -> list[Line]:
    """Return events as the records that bring them."""
    return [Line(at, value) for at, value in enumerate(values)]


def pointer(leaves: Leaves, leaf: int) -> str:
    """Return the JSON pointer of a leaf."""
    return "".join(f"/{key}" for _, key in leaves.way(leaf))
