"""Context words, found by Hyperscan in the same batch, and looked up around each candidate.

A word counts where it begins a word; what follows it does not matter, because languages with
suffixes inflect it (``kimli`` stands for ``kimlik`` and ``kimliği``). Contradictions must be whole
words.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.rule import AGAINST, Rule

BEFORE, AFTER = 48, 24  # characters before and behind a candidate in which a word counts
_EDGE = r"[^0-9A-Za-z\x80-\xff]"


class SeenWords:
    """The context words of one batch: in which leaf, where they end, and what they speak for."""

    __slots__ = ("_places",)

    def __init__(self, places: dict[int, tuple[list[int], list[int]]]) -> None:
        self._places = places

    def near(self, leaf: int, start: int, end: int) -> int:
        """Return the mask of the words around a candidate, in its own leaf only."""
        places = self._places.get(leaf)
        if places is None:
            return 0
        ends, masks = places
        mask = 0
        for at in range(bisect_right(ends, start - BEFORE), bisect_right(ends, end + AFTER)):
            mask |= masks[at]
        return mask


class Words:
    """The context words and contradictions of all rules, compiled once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        masks: dict[tuple[str, bool], int] = {}
        shared = 1 << len(rules)
        for word in AGAINST:
            masks[word, True] = masks.get((word, True), 0) | shared
        for number, rule in enumerate(rules):
            for word in rule.context:
                masks[word, False] = masks.get((word, False), 0) | 1 << number
            for word in rule.against:
                own = 1 << (len(rules) + 1 + number)
                masks[word, True] = masks.get((word, True), 0) | own
        self._masks: list[int] = []
        beyond: list[int] = []
        patterns: list[tuple[str, int]] = []
        for (word, whole), mask in masks.items():
            for spelling in _spellings(word):
                patterns.append((_EDGE + _escape(spelling) + (_EDGE if whole else ""), CASELESS))
                self._masks.append(mask)
                beyond.append(1 if whole else 0)
        self._beyond = np.array(beyond, np.int64)
        self._database = Database(patterns)

    def see(self, joined: Joined) -> SeenWords:
        """Return the context words of a batch."""
        seen, ends = self._database.see(joined.data)
        places: dict[int, tuple[list[int], list[int]]] = {}
        if seen:
            masks = self._masks
            leaves, sizes = joined.locate(ends, self._beyond[seen])
            for word, leaf, end in zip(seen, leaves, sizes, strict=True):
                ends_here, masks_here = places.setdefault(leaf, ([], []))
                ends_here.append(end)
                masks_here.append(masks[word])
        return SeenWords(places)


def _spellings(word: str) -> set[str]:
    # Hyperscan ignores the case of ASCII only, and in Turkish an i keeps its dot.
    dotted = word.replace("i", "\u0130")
    if word.isascii():
        return {word, dotted}
    return {word.lower(), word.upper(), word.capitalize(), dotted.upper()}


def _escape(word: str) -> str:
    return "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else rf"\x{byte:02x}"
        for byte in word.encode()
    )
