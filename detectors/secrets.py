"""Confirms secrets: tokens, armoured keys, and values that a keyword in a text assigns."""

from collections.abc import Sequence
from typing import Protocol

from detectors import candidates
from detectors.confirm import FLOOR, PLACEHOLDERS, Scored
from detectors.database import UTF8, Database
from detectors.joined import Joined
from detectors.keys import Block, Token
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

KINDS = ("token", "pem", "assignment")


class Sight(Protocol):
    """Looks at what follows the heads of one rule; ``again``: also heads inside of what followed."""

    again: bool

    def reach(self, text: str, end: int) -> int:
        """Return how far that goes which follows the head that ends at ``end``."""

    def see(self, text: str, end: int, stop: int) -> tuple[int, int] | None:
        """Return the secret there, no further than ``stop``; None: it is none."""


class Secrets(Database):
    """The heads and keywords of all secrets, compiled together."""

    __slots__ = ("_rules", "_sights")

    def __init__(self, rules: Sequence[Scored]) -> None:
        # Case is that of Unicode where a keyword has letters beyond ASCII.
        flags = [0 if one.rule.pattern.isascii() else UTF8 for one in rules]
        super().__init__([(one.rule.pattern, flag) for one, flag in zip(rules, flags, strict=True)])
        self._rules = rules
        self._sights = [_sight(one) for one in rules]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        seen, ends = self.see(joined.data)
        if not seen:
            return
        reached: dict[int, tuple[int, int]] = {}  # by rule: in which leaf, and how far
        for number, leaf, end in zip(seen, *joined.locate(ends), strict=True):
            one, sight, text = self._rules[number], self._sights[number], leaves.texts[leaf]
            where, stop = reached.get(number, (-1, 0))
            if where != leaf or stop <= end:
                stop = sight.reach(text, end)
                reached[number] = leaf, stop
            elif not sight.again:
                continue
            confidence = one.score(leaves.support(leaf) | words.near(leaf, end, end))
            place = sight.see(text, end, stop) if confidence >= FLOOR else None
            if place is not None:
                found.append(one.found(leaf, *place, confidence))


class _Key:
    """A token or a block: the first way to delimit it that passes its check."""

    again = True

    def __init__(self, one: Scored) -> None:
        rule = one.rule
        self._least, self._most = rule.lengths
        self._holds = one.holds
        self._way: Token | Block = Block()
        if rule.candidate == "token":
            self._way = Token(rule.pattern, candidates.ALPHABETS[rule.alphabet], self._most)

    def reach(self, text: str, end: int) -> int:
        return self._way.reach(text, end)

    def see(self, text: str, end: int, stop: int) -> tuple[int, int] | None:
        for first, last in self._way.spans(text, end, stop):
            if self._least <= last - first <= self._most and self._holds(text[first:last]):
                return first, last
        return None


class _Assignment:
    """A keyword with a value assigned to it. A keyword inside of a value is a part of the value."""

    again = False

    def __init__(self, one: Scored) -> None:
        self._least, self._most = one.rule.lengths or candidates.ASSIGNED
        self._holds = one.holds

    def reach(self, text: str, end: int) -> int:
        place = candidates.assigned(text, end, self._most)
        return end if place is None else place[1]

    def see(self, text: str, end: int, stop: int) -> tuple[int, int] | None:
        place = candidates.assigned(text, end, self._most) if stop > end else None
        if place is None or place[1] - place[0] < self._least:
            return None
        value = text[place[0] : place[1]]
        return place if value.lower() not in PLACEHOLDERS and self._holds(value) else None


def _sight(one: Scored) -> Sight:
    return _Assignment(one) if one.rule.candidate == "assignment" else _Key(one)
