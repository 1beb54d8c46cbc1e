"""Context words, found by Hyperscan in the same batch, and looked up around each candidate.

A word counts where it begins a word; what follows it does not matter, because languages with
suffixes inflect it (``kimli`` stands for ``kimlik`` and ``kimliği``). Contradictions must be whole
words.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from detectors.joined import Joined
from detectors.lexicon import Lexicon, spellings
from detectors.rule import AGAINST, Rule, sought

BEFORE, AFTER = 48, 24  # characters before and behind a candidate in which a word counts
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
        first = bisect_right(ends, start - BEFORE)
        last = bisect_right(ends, end + AFTER, first)
        if first == last:
            return 0
        if last - first == 1 and not start < ends[first] <= end:
            return masks[first]
        return self._weigh(masks[first:last], ends[first:last], start, end)

    def _weigh(self, masks: list[int], ends: list[int], start: int, end: int) -> int:
        shared, mask = self._shared, 0
        for at, word in enumerate(masks):
            if ends[at] <= start:  # in front
                if word >= shared:  # it speaks against all, or against the rules of its higher bits
                    mask &= -shared if word & shared else ~(word >> self._rules + 1)
                mask |= word
            elif ends[at] <= end:  # inside: a code may hold its word, such as ``cvv 123``
                mask |= word & shared - 1
            elif mask & shared:
                break
            else:  # behind
                mask |= word
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
        entries = [
            (spelling, whole, mask)
            for (word, whole), mask in masks.items()
            for spelling in spellings(word)
        ]
        wanted = sought(rules)
        self._masks = [mask for *_, mask in entries]
        self._sought = np.array([bool(mask & wanted) for mask in self._masks], np.bool_)
        self._lexicon = Lexicon([(word, whole) for word, whole, _ in entries])

    def see(self, joined: Joined) -> SeenWords:
        """Return the context words of a batch."""
        seen, leaves, ends = self._lexicon.words(joined)
        if not seen:
            return SeenWords({}, (), self._rules)
        places: dict[int, tuple[list[int], list[int]]] = {}
        masks = [self._masks[word] for word in seen]
        at, ends_here, masks_here = -1, list[int](), list[int]()
        for mask, leaf, end in zip(masks, leaves, ends, strict=True):
            if leaf != at:
                at = leaf
                ends_here, masks_here = places[leaf] = [], []
            ends_here.append(end)
            masks_here.append(mask)
        wanted = np.flatnonzero(self._sought[seen]).tolist()
        around = [(leaves[at], ends[at], masks[at]) for at in wanted]
        return SeenWords(places, around, self._rules)
