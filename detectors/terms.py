"""Finds words and phrases that are themselves what is looked for, such as names of illnesses.

A term is a whole word, or several with a space between; with ``*`` behind it, letters may follow,
for languages that inflect with suffixes, and are part of what is found.
"""

from collections.abc import Sequence

import numpy as np

from detectors.confirm import FLOOR, Scored
from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.overlap import Found
from detectors.walk import Leaves
from detectors.words import SeenWords, escape, spellings

_EDGE = "[^0-9A-Za-z]"  # of bytes; whether a character beyond ASCII is a letter is asked later
_SUFFIX = 24  # letters


class Terms(Database):
    """The terms of all rules."""

    __slots__ = ("_beyond", "_terms")

    def __init__(self, rules: Sequence[Scored]) -> None:
        terms = [
            (spelling, term.endswith("*"), one)
            for one in rules
            for term in one.rule.terms
            for spelling in spellings(term.removesuffix("*"))
        ]
        super().__init__(
            [
                (_EDGE + escape(word) + ("" if open_ else _EDGE), CASELESS)
                for word, open_, _ in terms
            ]
        )
        self._beyond = np.array([0 if open_ else 1 for _, open_, _ in terms], np.int64)
        self._terms = [(len(word), open_, one) for word, open_, one in terms]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        seen, ends = self.see(joined.data)
        if not seen:
            return
        hits = joined.locate(ends, self._beyond[seen])
        for term, leaf, end in zip(seen, *hits, strict=True):
            size, open_, one = self._terms[term]
            place = _delimit(leaves.texts[leaf], end - size, end, open_=open_)
            if place is not None:
                confidence = one.score(leaves.support(leaf) | words.near(leaf, *place))
                if confidence >= FLOOR:
                    found.append(one.found(leaf, *place, confidence))


def _delimit(text: str, start: int, end: int, *, open_: bool) -> tuple[int, int] | None:
    """Delimit a term, with its suffix where it may have one; None where it is part of a word."""
    if start and text[start - 1].isalnum():
        return None
    stop = end
    while open_ and stop < len(text) and stop - end < _SUFFIX and text[stop].isalpha():
        stop += 1
    return None if text[stop : stop + 1].isalnum() else (start, stop)
