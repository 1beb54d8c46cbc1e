"""Heads: words that Hyperscan sees, and beside which Python reads what they announce."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from detectors.confirm import FLOOR, LONGEST_NAME, Scored
from detectors.database import Database
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

MOST, SPARSE = 300, 64  # so many heads of a leaf are read, or one for so many characters


class Reading(NamedTuple):
    """What a head announces, and how much less sure it is than the rule says."""

    start: int
    end: int
    less: float


# Takes the text of a leaf and where a head ends in it, without the bytes beyond it.
Read = Callable[[str, int], Reading | None]


class Head(NamedTuple):
    """A pattern of bytes, how many of them it takes beyond the head, and who reads on."""

    pattern: str
    beyond: int
    read: Read


class Heads(Database):
    """Heads compiled together, for rules that all find what they announce."""

    __slots__ = ("_beyond", "_bits", "_reads", "_rules")

    def __init__(self, rules: Sequence[Scored], heads: Sequence[Head]) -> None:
        super().__init__([(head.pattern, 0) for head in heads])
        self._rules = rules
        self._bits = frozenset(one.bit for one in rules)
        self._beyond = np.array([head.beyond for head in heads], np.int64)
        self._reads = [head.read for head in heads]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch. A head inside of what was read is not read again."""
        seen, ends = self.see(joined.data)
        if not seen:
            return
        texts, reads = leaves.texts, self._reads
        at, left, covered = -1, 0, 0
        for head, leaf, end in zip(seen, *joined.locate(ends, self._beyond[seen]), strict=True):
            text = texts[leaf]
            if leaf != at:
                told = self._is_told(leaves, leaf)
                at, left, covered = leaf, 0 if told else max(MOST, len(text) // SPARSE), 0
            if end < covered or left <= 0:
                continue
            left -= 1
            if not left:  # what a text can cost is bounded, and what is left may be anybody
                leaves.unread.append(leaf)
            reading = reads[head](text, end)
            if reading is not None:
                covered = reading.end
                near = leaves.support(leaf) | words.near(leaf, reading.start, reading.end)
                self._score(leaf, reading, near, found)

    def _is_told(self, leaves: Leaves, leaf: int) -> bool:
        """Say whether a leaf's place says already what all of it is."""
        node = leaves.nodes[leaf]
        if node.bit in self._bits:
            return not node.free
        return node.whole >= 0 and len(leaves.texts[leaf]) <= LONGEST_NAME

    def _score(self, leaf: int, reading: Reading, near: int, found: list[Found]) -> None:
        for one in self._rules:
            # Rounded, so that what is half as sure as certain counts as that.
            confidence = round(one.score(near) - reading.less, 2)
            if confidence >= FLOOR:
                found.append(one.found(leaf, reading.start, reading.end, confidence))
