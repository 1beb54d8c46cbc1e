"""Confirms what its own text delimits: addresses of people, of hosts and in URLs.

A sight is called with a leaf's text, the end of a match in it, the leaf's number, and what speaks
for and against a rule there; it appends what it found.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from detectors import candidates
from detectors.confirm import FLOOR, Scored
from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

Sight = Callable[[str, int, int, int, list[Found]], None]
Delimit = Callable[[str, int], tuple[int, int] | None]
# (pattern, flags, how many bytes it takes beyond the candidate, how the candidate is delimited, the
# alphabet of a run in which it is looked for once)
_HEADS: dict[str, tuple[str, int, int, Delimit, str]] = {
    "email": (r"[^\x00-\x20]@[0-9A-Za-z\x80-\xff]", 0, 1, candidates.email, ""),
    "ipv4": (
        r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[^0-9]",
        0,
        1,
        candidates.ipv4,
        candidates.QUAD,
    ),
    "ipv6": (
        r"(?:::|(?:[0-9a-f]{1,4}:){7})[0-9a-f]",
        CASELESS,
        0,
        candidates.ipv6,
        candidates.GROUPS,
    ),
    "mac": (r"(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}", CASELESS, 0, candidates.mac, ""),
    "url": (r"://[^\s/@\x00]+:[^\s/@\x00]+@", 0, 0, candidates.url_credentials, ""),
}
# Patterns that Hyperscan is fast at together.
_GROUPS = (("email",), ("ipv4", "ipv6", "mac"), ("url",))


class Spans(Database):
    """Patterns compiled together, and what confirms a match of each."""

    __slots__ = ("_beyond", "_sights")

    def __init__(self, patterns: Sequence[tuple[str, int, int, str, Sight]]) -> None:
        super().__init__([(pattern, flags) for pattern, flags, *_ in patterns])
        self._beyond = np.array([beyond for _, _, beyond, *_ in patterns], np.int64)
        self._sights = [(alphabet, sight) for *_, alphabet, sight in patterns]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        seen, ends = self.see(joined.data)
        if not seen:
            return
        texts, support, sights = leaves.texts, leaves.support, self._sights
        hits = joined.locate(ends, self._beyond[seen])
        looked: dict[int, tuple[int, int]] = {}  # by pattern: in which leaf, and how far
        for pattern, leaf, end in zip(seen, *hits, strict=True):
            text, (alphabet, see) = texts[leaf], sights[pattern]
            if alphabet:
                where, stop = looked.get(pattern, (-1, 0))
                if where == leaf and end <= stop:
                    continue
                looked[pattern] = leaf, candidates.reach_on(text, end, alphabet)
            near = support(leaf) | words.near(leaf, end, end)
            see(text, end, leaf, near, found)


def groups(rules: Sequence[Scored]) -> list[Spans]:
    """Return the groups of patterns that the rules need."""
    patterns = [
        [pattern for kind in kinds for pattern in _patterns(kind, rules)] for kinds in _GROUPS
    ]
    return [Spans(some) for some in patterns if some]


def _patterns(kind: str, rules: Sequence[Scored]) -> Iterable[tuple[str, int, int, str, Sight]]:
    chosen = [one for one in rules if one.rule.candidate == kind]
    if not chosen:
        return []
    pattern, flags, beyond, delimit, alphabet = _HEADS[kind]
    return [(pattern, flags, beyond, alphabet, _span(delimit, chosen))]


def _span(delimit: Delimit, rules: Sequence[Scored]) -> Sight:
    def see(text: str, end: int, leaf: int, near: int, found: list[Found]) -> None:
        place = delimit(text, end)
        if place is not None:
            for one in rules:
                confidence = one.score(near)
                if confidence >= FLOOR and one.holds(text[place[0] : place[1]]):
                    found.append(one.found(leaf, *place, confidence))

    return see
