"""Context words, found by Hyperscan in the same batch, and looked up around each candidate.

A word counts where it begins a word; what follows it does not matter, because languages with
suffixes inflect it (``kimlik`` → ``kimliği``). Contradictions must be whole words.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from detectors.database import CASELESS, Database
from detectors.rule import AGAINST, Rule

BEFORE, AFTER = 64, 24  # bytes before and behind a candidate's end in which a word counts
_EDGE = r"[^0-9A-Za-z\x80-\xff]"


class SeenWords:
    """The context words of one batch: where they end, and for and against which rules they speak."""

    __slots__ = ("_ends", "_masks")

    def __init__(self, ends: list[int], masks: list[int]) -> None:
        self._ends = np.array(ends, np.int64)
        self._masks = masks

    def near(
        self,
        places: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        stops: npt.NDArray[np.int64],
    ) -> list[int]:
        """Return for each candidate the mask of the words around it, in its own leaf only."""
        first = np.searchsorted(self._ends, np.maximum(places - BEFORE, starts), "right").tolist()
        last = np.searchsorted(self._ends, np.minimum(places + AFTER, stops), "right").tolist()
        masks = self._masks
        nears = [0] * len(first)
        for number, (low, high) in enumerate(zip(first, last, strict=True)):
            while low < high:
                nears[number] |= masks[low]
                low += 1  # noqa: PLW2901
        return nears


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
        patterns: list[tuple[str, int]] = []
        for (word, whole), mask in masks.items():
            for spelling in _spellings(word):
                # The edge before is part of the pattern; a leaf's first word has the separator
                # of the leaf before it.
                patterns.append((_EDGE + _escape(spelling) + (_EDGE if whole else ""), CASELESS))
                self._masks.append(mask)
        self._database = Database(patterns)

    def see(self, data: bytes) -> SeenWords:
        """Return the words of a batch whose leaves are separated by zero bytes."""
        seen, ends = self._database.see(b"\x00" + data)
        masks = self._masks
        return SeenWords([end - 1 for end in ends], [masks[word] for word in seen])


def _spellings(word: str) -> set[str]:
    # Hyperscan ignores the case of ASCII only.
    return {word} if word.isascii() else {word.lower(), word.upper(), word.capitalize()}


def _escape(word: str) -> str:
    return "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else rf"\x{byte:02x}"
        for byte in word.encode()
    )
