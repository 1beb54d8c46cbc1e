"""Finds words and phrases that are themselves what is looked for, such as names of illnesses.

A term is a whole word, or several with a space between; with ``*`` behind it, letters may follow,
for languages that inflect with suffixes, and are part of what is found.
"""

from collections.abc import Sequence

from detectors.confirm import FLOOR, Scored
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.lexicon import Lexicon, spellings
from detectors.overlap import Found
from detectors.words import SeenWords

_SUFFIX = 24  # letters


class Terms(Lexicon):
    """The terms of all rules."""

    __slots__ = ("_terms",)

    def __init__(self, rules: Sequence[Scored]) -> None:
        terms = [
            (spelling, term.endswith("*"), one)
            for one in rules
            for term in one.rule.terms
            for spelling in spellings(term.removesuffix("*"))
        ]
        super().__init__([(word, not goes_on) for word, goes_on, _ in terms])
        self._terms = [(len(word), goes_on, one) for word, goes_on, one in terms]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        for term, leaf, end in zip(*self.words(joined), strict=True):
            size, goes_on, one = self._terms[term]
            stop = _suffixed(leaves.texts[leaf], end) if goes_on else end
            confidence = one.score(leaves.support(leaf) | words.near(leaf, end - size, stop))
            if confidence >= FLOOR:
                found.append(one.found(leaf, end - size, stop, confidence))


def _suffixed(text: str, end: int) -> int:
    """Return where the letters end that a word goes on with."""
    stop = end
    while stop < len(text) and stop - end < _SUFFIX and text[stop].isalpha():
        stop += 1
    return stop
