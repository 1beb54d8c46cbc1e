"""Confirms what its own text delimits: addresses of people, of hosts and in URLs.

What speaks for and against a rule is asked where something is delimited, and only there.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from detectors import candidates
from detectors.confirm import FLOOR, Scored
from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

Delimit = Callable[[str, int], tuple[int, int] | None]


class _Sight(NamedTuple):
    """A pattern that is looked for, how it is delimited, and the rules that it is for.

    ``beyond`` is how many bytes it takes beyond the candidate. In a run of ``alphabet`` it is looked
    for once.
    """

    pattern: str
    flags: int
    beyond: int
    delimit: Delimit
    alphabet: str
    rules: Sequence[Scored] = ()


_HEADS: dict[str, _Sight] = {
    "email": _Sight(r"[^\x00-\x20]@[0-9A-Za-z\x80-\xff]", 0, 1, candidates.email, ""),
    "ipv4": _Sight(
        r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[^0-9]",
        0,
        1,
        candidates.ipv4,
        candidates.QUAD,
    ),
    "ipv6": _Sight(
        r"(?:::|(?:[0-9a-f]{1,4}:){7})[0-9a-f]",
        CASELESS,
        0,
        candidates.ipv6,
        candidates.GROUPS,
    ),
    "mac": _Sight(r"(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}", CASELESS, 0, candidates.mac, ""),
    "url": _Sight(r"://[^\s/@\x00]+:[^\s/@\x00]+@", 0, 0, candidates.url_credentials, ""),
}
# Patterns that Hyperscan is fast at together.
_GROUPS = (("email",), ("ipv4", "ipv6", "mac"), ("url",))


class Spans(Database):
    """Patterns compiled together, and what confirms a match of each."""

    __slots__ = ("_beyond", "_sights")

    def __init__(self, sights: Sequence[_Sight]) -> None:
        super().__init__([(one.pattern, one.flags) for one in sights])
        self._beyond = np.array([one.beyond for one in sights], np.int64)
        self._sights = [(one.delimit, one.alphabet, one.rules) for one in sights]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        seen, ends = self.see(joined.data)
        if not seen:
            return
        texts, sights = leaves.texts, self._sights
        hits = joined.locate(ends, self._beyond[seen])
        looked: dict[int, tuple[int, int]] = {}  # by pattern: in which leaf, and how far
        for pattern, leaf, end in zip(seen, *hits, strict=True):
            text, (delimit, alphabet, rules) = texts[leaf], sights[pattern]
            if alphabet:
                where, stop = looked.get(pattern, (-1, 0))
                if where == leaf and end <= stop:
                    continue
                looked[pattern] = leaf, candidates.reach_on(text, end, alphabet)
            place = delimit(text, end)
            if place is None:
                continue
            near = leaves.support(leaf) | words.near(leaf, end, end)
            for one in rules:
                confidence = one.score(near)
                if confidence >= FLOOR and one.holds(text[place[0] : place[1]]):
                    found.append(one.found(leaf, *place, confidence))


def groups(rules: Sequence[Scored]) -> list[Spans]:
    """Return the groups of patterns that the rules need."""
    sights = {
        kind: sight._replace(rules=some)
        for kind, sight in _HEADS.items()
        if (some := [one for one in rules if one.rule.candidate == kind])
    }
    groups = [[sights[kind] for kind in kinds if kind in sights] for kinds in _GROUPS]
    return [Spans(some) for some in groups if some]
