"""Context words, found by Hyperscan in the same batch, and looked up around each candidate.

A word counts where it begins a word; what follows it does not matter, because languages with
suffixes inflect it (``kimlik`` → ``kimliği``). Contradictions must be whole words.
"""

from collections.abc import Sequence

from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.rule import AGAINST, Rule

BEFORE, AFTER = 48, 24  # characters before and behind a candidate in which a word counts
_EDGE = r"[^0-9A-Za-z\x80-\xff]"


class SeenWords:
    """The context words of one batch: in which leaf, where they end, and what they speak for."""

    __slots__ = ("_joined", "_places")

    def __init__(self, joined: Joined, places: dict[int, list[tuple[int, int]]]) -> None:
        self._joined = joined
        self._places = places

    def near(self, leaf: int, start: int, end: int) -> int:
        """Return the mask of the words around a candidate, in its own leaf only."""
        places = self._places.get(leaf)
        if places is None:
            return 0
        mask = 0
        for size, word in places:
            if start - BEFORE < self._joined.characters(leaf, size) <= end + AFTER:
                mask |= word
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
        self._meanings: list[tuple[int, int]] = []  # (bytes behind the word, its mask)
        patterns: list[tuple[str, int]] = []
        for (word, whole), mask in masks.items():
            for spelling in _spellings(word):
                patterns.append((_EDGE + _escape(spelling) + (_EDGE if whole else ""), CASELESS))
                self._meanings.append((1 if whole else 0, mask))
        self._database = Database(patterns)

    def see(self, joined: Joined) -> SeenWords:
        """Return the context words of a batch."""
        seen, ends = self._database.see(joined.data)
        places: dict[int, list[tuple[int, int]]] = {}
        if ends:
            meanings = self._meanings
            for word, leaf, size in zip(seen, *joined.locate(ends), strict=True):
                beyond, mask = meanings[word]
                places.setdefault(leaf, []).append((size - beyond, mask))
        return SeenWords(joined, places)


def _spellings(word: str) -> set[str]:
    # Hyperscan ignores the case of ASCII only.
    return {word} if word.isascii() else {word.lower(), word.upper(), word.capitalize()}


def _escape(word: str) -> str:
    return "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else rf"\x{byte:02x}"
        for byte in word.encode()
    )
