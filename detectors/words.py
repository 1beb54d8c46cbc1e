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
from detectors.rule import AGAINST, Rule, sought

BEFORE, AFTER = 48, 24  # characters before and behind a candidate in which a word counts
_EDGE = r"[^0-9A-Za-z\x80-\xff]"
Place = tuple[int, int, int]  # leaf, where a word ends in it, what the word speaks for


class SeenWords:
    """The context words of one batch: in which leaf, where they end, and what they speak for.

    ``sought`` are those that speak for a rule which is looked for only around its words, in order.
    """

    __slots__ = ("_places", "_rules", "_shared", "sought")

    def __init__(
        self, places: dict[int, tuple[list[int], list[int]]], sought: Sequence[Place], rules: int
    ) -> None:
        self._places = places
        self._rules = rules
        self._shared = 1 << rules
        self.sought = sought

    def near(self, leaf: int, start: int, end: int) -> int:
        """Return the mask of the words around a candidate, in its own leaf only.

        The nearest word in front of it decides: a contradiction takes back what was said before
        it, and where one stands in front, words behind the candidate say nothing. So in
        ``invoice 17, VKN 18`` and in ``VKN 18, invoice 17`` only 18 is supported.
        """
        places = self._places.get(leaf)
        if places is None:
            return 0
        ends, masks = places
        shared, mask = self._shared, 0
        at = bisect_right(ends, start - BEFORE)
        inside = bisect_right(ends, start, at)
        while at < inside:
            word = masks[at]
            if word >= shared:  # it speaks against all, or against the rules of its higher bits
                mask &= -shared if word & shared else ~(word >> self._rules + 1)
            mask |= word
            at += 1
        behind = bisect_right(ends, end, inside)
        for at in range(inside, behind):
            mask |= masks[at] & shared - 1  # a code may hold its word, such as ``cvv 123``
        if mask & shared:
            return mask
        for at in range(behind, bisect_right(ends, end + AFTER, behind)):
            mask |= masks[at]
        return mask


class Words:
    """The context words and contradictions of all rules, compiled once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        masks: dict[tuple[str, bool], int] = {}
        self._rules = len(rules)
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
            for spelling in spellings(word):
                patterns.append((_EDGE + escape(spelling) + (_EDGE if whole else ""), CASELESS))
                self._masks.append(mask)
                beyond.append(1 if whole else 0)
        self._beyond = np.array(beyond, np.int64)
        wanted = sought(rules)
        self._sought = np.array([bool(mask & wanted) for mask in self._masks], np.bool_)
        self._database = Database(patterns)

    def see(self, joined: Joined) -> SeenWords:
        """Return the context words of a batch."""
        seen, ends = self._database.see(joined.data)
        if not seen:
            return SeenWords({}, (), self._rules)
        places: dict[int, tuple[list[int], list[int]]] = {}
        words = np.array(seen, np.int64)
        leaves, sizes = joined.locate(ends, self._beyond[words])
        masks = [self._masks[word] for word in seen]
        for mask, leaf, end in zip(masks, leaves, sizes, strict=True):
            ends_here, masks_here = places.setdefault(leaf, ([], []))
            ends_here.append(end)
            masks_here.append(mask)
        wanted = np.flatnonzero(self._sought[words]).tolist()
        return SeenWords(places, [(leaves[at], sizes[at], masks[at]) for at in wanted], self._rules)


def spellings(word: str) -> set[str]:
    """Return how a word is written in capitals and small letters, each as long as the word."""
    # Hyperscan ignores the case of ASCII only, and in Turkish an i keeps its dot.
    dotted = word.replace("i", "\u0130")
    if word.isascii():
        return {word, dotted}
    return {word.lower(), word.upper(), word.capitalize(), dotted.upper()}


def escape(word: str) -> str:
    """Return the pattern of a word's bytes."""
    return "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else rf"\x{byte:02x}"
        for byte in word.encode()
    )
