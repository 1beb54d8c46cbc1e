"""Confirms codes: letters and digits in a form of their own, such as a passport or a VAT number.

What can stand by itself is compiled into Hyperscan, which sees where it ends. What needs support is
looked for only in the fields whose name supports it and around the words that do: it costs nothing
elsewhere, however common its form is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from detectors.confirm import FLOOR, Scored, edges, hinted
from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import AFTER, BEFORE, SeenWords

LONGEST = 256  # characters of a code
_FLAGS = re.IGNORECASE | re.ASCII
_BEGINS, _ENDS = "(?<![0-9A-Za-z_])", "(?![0-9A-Za-z_])"
_EDGE = "[^0-9A-Za-z_]"
_SEPARATORS = " .-/"


class _Batch(NamedTuple):
    """What codes are looked for in, and where they are appended."""

    leaves: Leaves
    words: SeenWords
    found: list[Found]

    def confirm(self, one: Scored, leaf: int, match: re.Match[str]) -> bool:
        """Append a code that stands for itself, scores and passes its check; say whether it does."""
        start, end = match.span()
        confidence = one.score(self.leaves.support(leaf) | self.words.near(leaf, start, end))
        if confidence < FLOOR or not edges(match.string, start, end):
            return False
        code = match[0].upper()
        for separator in _SEPARATORS:  # a translation takes five times as long
            code = code.replace(separator, "")
        if not one.holds(code):
            return False
        self.found.append(one.found(leaf, start, end, confidence))
        return True


class Codes(Database):
    """The codes that are found wherever they stand."""

    __slots__ = ("_codes",)

    def __init__(self, rules: Sequence[Scored]) -> None:
        super().__init__([(f"{_EDGE}(?:{one.rule.pattern}){_EDGE}", CASELESS) for one in rules])
        self._codes = [
            (
                one,
                re.compile(f"{_BEGINS}(?:{one.rule.pattern})\\Z", _FLAGS),
                max(one.rule.lengths, default=LONGEST),
            )
            for one in rules
        ]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        seen, ends = self.see(joined.data)
        if not seen:
            return
        batch = _Batch(leaves, words, found)
        for code, leaf, end in zip(seen, *joined.locate(ends, 1), strict=True):
            one, form, longest = self._codes[code]
            match = form.search(leaves.texts[leaf], max(0, end - longest), end)
            if match is not None:
                batch.confirm(one, leaf, match)


class Sought:
    """The codes that are looked for only where something supports them."""

    __slots__ = ("_codes", "_mask")

    def __init__(self, rules: Sequence[Scored]) -> None:
        self._mask = sum(one.mask for one in rules)
        self._codes = {
            one.number: (one, re.compile(f"{_BEGINS}(?:{one.rule.pattern}){_ENDS}", _FLAGS))
            for one in rules
        }

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        batch = _Batch(leaves, words, found)
        for leaf in hinted(leaves, self._mask):
            size = len(joined.texts[leaf])  # nothing, where the place says it all
            for number in _numbers(leaves.support(leaf) & self._mask) if size else ():
                self._search(batch, number, leaf, (0, size))
        for number, leaf, window in self._windows(words):
            self._search(batch, number, leaf, window)

    def _windows(self, words: SeenWords) -> Iterator[tuple[int, int, tuple[int, int]]]:
        """Yield the rules whose words were seen, with the leaf, and where in it a code could be."""
        # A word may speak for dozens of rules: those that speak for the same are merged first.
        alike: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for leaf, end, mask in words.sought:
            window = max(0, end - AFTER - LONGEST), end + BEFORE + LONGEST
            _add(alike.setdefault((mask & self._mask, leaf), []), window)
        windows: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for (mask, leaf), some in alike.items():
            for number in _numbers(mask):
                windows.setdefault((number, leaf), []).extend(some)
        for (number, leaf), some in windows.items():
            merged: list[tuple[int, int]] = []
            for window in sorted(some):
                _add(merged, window)
            for window in merged:
                yield number, leaf, window

    def _search(self, batch: _Batch, number: int, leaf: int, window: tuple[int, int]) -> None:
        one, form = self._codes[number]
        text, (start, stop) = batch.leaves.texts[leaf], window
        match = form.search(text, start, stop)
        while match is not None:
            sure = batch.confirm(one, leaf, match)
            match = form.search(text, match.end() if sure else match.start() + 1, stop)


def _add(windows: list[tuple[int, int]], window: tuple[int, int]) -> None:
    """Add a window to others that are in order: to the last one where it touches it."""
    if windows and window[0] <= windows[-1][1]:
        windows[-1] = windows[-1][0], max(windows[-1][1], window[1])
    else:
        windows.append(window)


def _numbers(mask: int) -> Iterator[int]:
    """Yield the numbers of the rules in a mask."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
