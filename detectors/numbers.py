"""Classifies runs of digits: a telephone number, or by length, prefix and checksum whose number.

One pattern sees that a leaf has a run of digits at all; a table of the rules by length does the
rest. That beats a pattern for each kind of number by far.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from detectors import phone
from detectors.confirm import FLOOR, Scored, edges
from detectors.database import Database
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

# What may stand between digits: a space, dash, dot, slash or bracket, and the spaces and dashes
# beyond ASCII.
_BETWEEN = " .\\-()/\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2010-\u2015\u2212"
_RUN = re.compile(f"[0-9](?:[{_BETWEEN}]{{0,2}}+[0-9]){{7,}}+")
# Sees that a leaf has eight digits with little between them, which stand for themselves: a time
# stamp goes on with a T. What they are the run decides. In bytes, anything of the characters above.
_HEAD = r"[^0-9A-Za-z_][0-9](?:[ .\-()/\x80-\xbf\xc2\xe1-\xe3]*[0-9]){7,}[^0-9A-Za-z_]"
_GROUP = re.compile("[0-9]+")
_SPACE = re.compile(r"\s")
SIZES = range(8, 27)  # how many digits a number may have
_MOST_GROUPS = 7
_QUAD, _LONGEST_QUAD = 3, 15  # dots and characters of a network's address, or of a version

_DIALLED, _ANY = 1, 2  # what groups of some sizes could be

Verdict = tuple[Scored, int, int, float]  # rule, start, end, confidence


class _Kind:
    """The rules for numbers of one length, or of one grouping."""

    __slots__ = ("alone", "mask", "rules")

    def __init__(self, rules: Sequence[Scored], *, bare: bool) -> None:
        # The one that can be surest comes first; of equals, the first of the set.
        self.rules = sorted(rules, key=lambda one: (-one.most, one.number))
        self.mask = sum(one.mask for one in rules)
        # Those that can score where nothing supports them, which is mostly enough to look at.
        self.alone = [
            one
            for one in self.rules
            if one.confidence >= FLOOR and not (bare and one.rule.separated)
        ]

    def surest(self, digits: str, near: int) -> tuple[Scored, float] | None:
        """Return the rule that is surest of a number, and how sure it is."""
        supported = near & self.mask
        chosen, most = None, 0.0
        for one in self.rules if supported else self.alone:
            if one.most <= most:
                break  # nor will any behind it be surer
            if supported & one.mask or one in self.alone:
                confidence = one.score(near)
                if confidence >= FLOOR and confidence > most and one.holds(digits):
                    chosen, most = one, confidence
        return None if chosen is None else (chosen, most)


_NOTHING = _Kind((), bare=True)


class Numbers(Database):
    """The rules for numbers, by the length of what they confirm."""

    __slots__ = ("_bare", "_dialled", "_grouped", "_loose", "_phone")

    def __init__(self, rules: Sequence[Scored]) -> None:
        super().__init__([(_HEAD, 0)])
        self._bare: dict[int, _Kind] = {}
        self._loose: dict[int, _Kind] = {}  # with separators in any place
        self._grouped: dict[tuple[int, ...], _Kind] = {}
        digits = [one for one in rules if one.rule.candidate == "digits"]
        for size in SIZES:
            some = [one for one in digits if size in one.rule.lengths]
            loose = [one for one in some if not one.rule.groups]
            self._bare[size] = _Kind(some, bare=True)
            self._loose[size] = _Kind(loose, bare=False)
            for groups in {groups for one in some for groups in one.rule.groups}:
                if sum(groups) == size:
                    here = [one for one in some if not one.rule.groups or groups in one.rule.groups]
                    self._grouped[groups] = _Kind(here, bare=False)
        self._phone = [one for one in rules if one.rule.candidate == "phone"]
        self._dialled = sum(one.mask for one in self._phone)

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch. Digits of an account in ``found`` are nothing else."""
        _, ends = self.see(joined.data)
        if not ends:
            return
        texts, support = leaves.texts, leaves.support
        accounts: dict[int, list[Found]] = {}
        for account in found:
            accounts.setdefault(account.leaf, []).append(account)
        for leaf in joined.leaves(ends):
            text, supports = texts[leaf], support(leaf)
            known = accounts.get(leaf)
            for run in _RUN.finditer(text):
                start, end = run.span()
                if known and any(one.start < end <= one.end for one in known):
                    continue
                near = supports | words.near(leaf, start, end)
                for one, first, last, confidence in self._look(text, start, end, near):
                    found.append(one.found(leaf, first, last, confidence))

    def _look(self, text: str, start: int, end: int, near: int) -> list[Verdict]:
        """Classify one run: first the whole; only where that is nothing, its groups.

        Two numbers with a space between them are one run.
        """
        number = text[start:end]
        if start and text[start - 1] in "+(":
            start = _lead(text, start, number)
        elif "." in number and _is_quad(number):
            return []  # an address of the network, or a version
        if number.isdigit():
            return self._classify(text, start, end, [number], near)
        groups = _GROUP.findall(number)
        whole = self._classify(text, start, end, groups, near)
        spare = min(len(groups[0]), len(groups[-1]))
        if whole or sum(map(len, groups)) - spare < SIZES[0]:
            return whole  # found, or with too few digits to go without one of its groups
        if _SPACE.search(number) is None:
            return whole  # what no space takes apart is one thing
        return [*self._parts(text, (start, end), groups, near)]

    def _parts(
        self, text: str, run: tuple[int, int], groups: list[str], near: int
    ) -> Iterator[Verdict]:
        """Yield the numbers that groups of a run make together, longest first.

        Two numbers with a space between them are both among them; the whole run is not, and what
        a hyphen or a dot joins to more is a part of that. A run may have ten thousands of groups:
        most are let go by their sizes alone.
        """
        places = [match.span() for match in _GROUP.finditer(text, *run)]
        places[0] = (run[0], places[0][1])  # a plus or a bracket stands in front
        gaps = [text[one[1] : other[0]] for one, other in pairwise(places)]
        apart = [True, *[_SPACE.search(gap) is not None for gap in gaps], True]
        sizes = list(map(len, groups))
        least, most = min(sizes), max(sizes)
        for count in range(min(_MOST_GROUPS, len(groups) - 1), 0, -1):
            if count * most < SIZES[0] or count * least > SIZES[-1]:
                continue
            shapes = list(zip(*(sizes[skipped:] for skipped in range(count)), strict=False))
            hopes = {shape: self._hope(shape, near) for shape in set(shapes)}
            for at, hope in enumerate(map(hopes.__getitem__, shapes)):
                if not (hope and apart[at] and apart[at + count]):
                    continue
                if hope == _ANY or not at or self._may_be_dialled(groups[at], shapes[at], near):
                    first, last = places[at][0], places[at + count - 1][1]
                    yield from self._classify(text, first, last, groups[at : at + count], near)

    def _may_be_dialled(self, group: str, shape: tuple[int, ...], near: int) -> bool:
        """Say whether groups of such sizes, the first of them being this one, can be dialled."""
        return phone.may_begin(group, sum(shape)) and (
            near & self._dialled != 0 or phone.is_likely(group, shape)
        )

    def _hope(self, shape: tuple[int, ...], near: int) -> int:
        """Say what groups of such sizes could be: nothing, a telephone number, or any number."""
        size = sum(shape)
        kind = self._kind(shape, size)
        if near & kind.mask or kind.alone or len(shape) == 1:
            return _ANY
        return _DIALLED if phone.LEAST <= size <= phone.MOST else 0

    def _classify(
        self, text: str, start: int, end: int, groups: list[str], near: int
    ) -> list[Verdict]:
        """Return what a number is, by the surest rule, and whether it can be dialled."""
        digits = "".join(groups)
        size = len(digits)
        kind = self._kind(tuple(map(len, groups)), size)
        known = kind.alone or near & kind.mask
        # Bare digits are a telephone number only where something says so.
        dialled = size >= phone.LEAST and (
            size != end - start or near & self._dialled or digits.startswith("00")
        )
        if not (known or dialled) or not edges(text, start, end):
            return []
        verdicts = []
        if known and text[start] not in "+(":
            surest = kind.surest(digits, near)
            if surest is not None:
                verdicts.append((surest[0], start, end, surest[1]))
        if dialled and not _goes_on(text, start):
            grade = phone.grade(text[start:end], groups, digits)
            for one in self._phone if grade >= 0 else ():
                confidence = _dialled(
                    one,
                    grade,
                    near,
                    plain=digits[0] != "0" and text[start] != "(" and ")" not in text[start:end],
                )
                if confidence >= FLOOR:
                    verdicts.append((one, start, end, confidence))
        return verdicts

    def _kind(self, shape: tuple[int, ...], size: int) -> _Kind:
        if len(shape) == 1:
            return self._bare.get(size, _NOTHING)
        return self._grouped.get(shape) or self._loose.get(size, _NOTHING)


def _dialled(one: Scored, grade: int, near: int, *, plain: bool) -> float:
    confidence = one.score(near)
    if confidence >= one.supported:
        return confidence - (phone.INTERNATIONAL - grade) * 0.15
    if grade == phone.BARE:
        return confidence - 0.5
    # Written as it is dialled, or in brackets: that outweighs the word order beside it.
    if not plain or grade == phone.INTERNATIONAL:
        confidence = one.confidence
    return confidence - (phone.INTERNATIONAL - grade) * 0.25


def _is_quad(number: str) -> bool:
    # A version may go on behind a hyphen; in a national number one stands between the dots.
    return (
        number.count(".") == _QUAD
        and len(number) <= _LONGEST_QUAD
        and "-" not in number[: number.rfind(".")]
    )


def _goes_on(text: str, start: int) -> bool:
    # ``SO-2026-647211`` is a code, ``05:30:30.345323-03:00`` a time, and neither can be dialled.
    beside, before = text[start - 1 : start], text[max(0, start - 2) : start - 1]
    return (beside == "-" and before.isalnum()) or (beside == ":" and before.isdigit())


def _lead(text: str, start: int, run: str) -> int:
    """Return where a number begins that has a plus or a bracket in front of its first digit."""
    if text[start - 1] == "+":
        start -= 1
        if not start or text[start - 1] != "(":
            return start
    return start - 1 if ")" in run else start  # a bracket around the whole is none of the number
