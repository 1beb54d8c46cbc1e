"""The detection engine as benches and fuzzing run it: records in, findings out, stage by stage.

The only place in ``bench`` that knows how the engine is put together.
"""

from collections.abc import Mapping, Sequence
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
        kinds = contracts() if kinds is None else kinds
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
        depth = self._limits.depth
        for line in lines:
            event = decode(line)
            if not isinstance(event, Event):
                leaves.roots.append(-1)
            elif not shapes.walk(event.body, shapes.root(event.kind), leaves, depth):
                leaves.drop()
                leaves.roots.append(-1)
            leaves.starts.append(len(leaves.texts))
        return leaves

    def scan(self, leaves: Leaves) -> Findings:
        """Return what is found in a batch, and remember the names of fields that proved clean."""
        findings = self.engine.scan(leaves)
        if leaves.grown:
            self._shapes.settle(leaves, {one.leaf for one in findings.spans})
        return findings

    # The stages of a scan, for what wants to see them one by one.

    def join(self, leaves: Leaves) -> Joined:
        """Join the texts of a batch that are looked into."""
        return Joined(self.engine._unknown(leaves))  # noqa: SLF001

    def see(self, joined: Joined) -> int:
        """Scan what is joined and collect the candidates; return how many there are."""
        return sum([len(database.see(joined.data)[0]) for database in self._databases()])

    def bare(self, joined: Joined) -> None:
        """Scan what is joined with the same databases and do nothing with what matches."""
        for database in self._databases():
            database._database.scan(  # noqa: SLF001
                joined.data,
                match_event_handler=_nothing,
                scratch=database._scratch,  # noqa: SLF001
            )

    def _databases(self) -> list[Database]:
        finders = [one for one in self.engine._finders if isinstance(one, Database)]  # noqa: SLF001
        return [self.engine._words._database, *finders]  # noqa: SLF001


def _nothing(*_: object) -> None:
    """Take a match and leave it."""


def records(values: Sequence[bytes]) -> list[Line]:
    """Return events as the records that bring them."""
    return [Line(at, value) for at, value in enumerate(values)]


def pointer(leaves: Leaves, leaf: int) -> str:
    """Return the JSON pointer of a leaf."""
    keys, at = [leaves.key(leaf)], leaves.holder(leaf)
    while leaves.parents[at] >= 0:
        keys.append(leaves.places[at])
        at = leaves.parents[at]
    return "/" + "/".join(map(str, reversed(keys)))
