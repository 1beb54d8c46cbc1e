"""What the leaves of a batch say in disguise, as leaves of their own that the same finders look into."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.plain import Plain, span
from detectors.unveil import Veils


class Shadow(NamedTuple):
    """The readings of some leaves, beside the known values of their events.

    ``origins`` says for each leaf of ``leaves`` which leaf of the batch it reads, and how; None
    for a known value, of which ``joined`` has no text. ``veiled`` are the leaves of the batch that
    say more than could be read.
    """

    leaves: Leaves
    joined: Joined
    origins: Sequence[tuple[int, Plain] | None]
    veiled: Sequence[int]

    def unread(self) -> list[int]:
        """Return the leaves of the batch that say more than was read, or could be looked into."""
        origins = [self.origins[leaf] for leaf in self.leaves.unread]
        return [*self.veiled, *[origin[0] for origin in origins if origin is not None]]

    def back(self, found: Sequence[Found]) -> list[Found]:
        """Return findings in the readings as findings in what was read."""
        mapped = []
        for one in found:
            origin = self.origins[one.leaf]
            if origin is not None:
                leaf, plain = origin
                start, end = span(plain, one.start, one.end)
                mapped.append(one._replace(leaf=leaf, start=start, end=end))
        return mapped


def shadow(batch: Leaves, suspects: Sequence[int], events: Sequence[int], veils: Veils) -> Shadow:
    """Return what some leaves of a batch say in disguise; ``events`` are the suspects' own."""
    leaves, origins, veiled = Leaves(), list[tuple[int, Plain] | None](), list[int]()
    texts: list[str] = []
    known = _known(batch, set(events))
    for event, some in groupby(zip(suspects, events, strict=True), key=lambda pair: pair[1]):
        readings = []
        for leaf, _ in some:
            unveiled = veils.unveil(batch.texts[leaf])
            readings += [(leaf, plain) for plain in unveiled.plains]
            if not unveiled.whole:
                veiled.append(leaf)
        if not readings:
            continue
        for leaf in known[event]:
            leaves.notable.append(len(leaves.texts))
            leaves.append(batch.texts[leaf], batch.nodes[leaf])
            texts.append("")
            origins.append(None)
        for leaf, plain in readings:
            if batch.nodes[leaf].hinted:
                leaves.hinted.append(len(leaves.texts))
            leaves.append(plain.text, batch.nodes[leaf])
            texts.append(plain.text)
            origins.append((leaf, plain))
        leaves.starts.append(len(leaves.texts))
    return Shadow(leaves, Joined(texts), origins, veiled)


def _known(batch: Leaves, events: set[int]) -> dict[int, list[int]]:
    """Return the leaves of some events whose values may be repeated."""
    known: dict[int, list[int]] = {event: [] for event in events}
    notable = [leaf for leaf in batch.notable if batch.nodes[leaf].known]
    for leaf, event in zip(notable, batch.events(notable), strict=True):
        if event in known:
            known[event].append(leaf)
    return known
