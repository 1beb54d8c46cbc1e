"""Classifies runs of digits: a telephone number, or by length, prefix and checksum whose number.

One pattern sees that a leaf has a run of digits at all; a table of the rules by length does the
rest. That beats a pattern for each kind of number by far.
"""

import re
import string
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from detectors import groups, phone
from detectors.confirm import FLOOR, Scored, begins, edges, ends
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
_QUAD, _LONGEST_QUAD = 3, 15  # dots and characters of a network's address, or of a version
_REMEMBERED = 1 << 14  # shapes


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


class _Shape(NamedTuple):
    """What a number in groups of some sizes can be."""

    kind: _Kind
    dialled: bool  # with as many digits as a telephone number has
    mask: int  # of the rules that can say so where something supports them
    begins: tuple[str, ...]  # how it begins, where nothing does and another number is in front


_NO_SHAPE = _Shape(_NOTHING, dialled=False, mask=0, begins=())


class Numbers(Database):
    """The rules for numbers, by the length of what they confirm."""

    __slots__ = (
        "_bare",
        "_coded",
        "_dialled",
        "_grouped",
        "_loose",
        "_mask",
        "_phone",
        "_shape",
        "_shapes",
    )

    def __init__(self, rules: Sequence[Scored]) -> None:
        super().__init__([(_HEAD, 0)])
        self._phone = [one for one in rules if one.rule.candidate == "phone"]
        self._dialled = sum(one.mask for one in self._phone)
        self._mask = sum(one.mask for one in rules)
        self._bare: dict[int, _Shape] = {}
        self._loose: dict[int, _Kind] = {}  # with separators in any place
        self._grouped: dict[tuple[int, ...], _Kind] = {}
        digits = [one for one in rules if one.rule.candidate == "digits"]
        for size in SIZES:
            some = [one for one in digits if size in one.rule.lengths]
            loose = [one for one in some if not one.rule.groups]
            self._bare[size] = self._shaped_as(_Kind(some, bare=True), size, ("00",))
            self._loose[size] = _Kind(loose, bare=False)
            for shape in {shape for one in some for shape in one.rule.groups}:
                if sum(shape) == size:
                    here = [one for one in some if not one.rule.groups or shape in one.rule.groups]
                    self._grouped[shape] = _Kind(here, bare=False)
        self._shape = lru_cache(_REMEMBERED)(self._shaped)
        self._coded = lru_cache(_REMEMBERED)(self._decoded)
        self._shapes = groups.coded(self._alone())

    def _alone(self) -> Iterator[tuple[tuple[int, ...], str]]:
        """Yield the sizes of groups that can be found where nothing supports it, and how they begin."""
        for size, shape in self._bare.items():
            yield (size,), "".join({one[:1] or string.digits for one in shape.begins})
        for sizes, kind in self._grouped.items():
            yield sizes, string.digits if kind.alone else ""
        yield from phone.shapes() if self._phone else ()

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch. Digits of an account in ``found`` are nothing else."""
        _, seen = self.see(joined.data)
        if not seen:
            return
        texts, support = leaves.texts, leaves.support
        accounts: dict[int, list[Found]] = {}
        for account in found:
            accounts.setdefault(account.leaf, []).append(account)
        joint: list[_Run] = []
        for leaf in joined.leaves(seen):
            text, supports = texts[leaf], support(leaf)
            known = _Known(accounts[leaf]) if leaf in accounts else None
            for match in _RUN.finditer(text):
                start, end = match.span()
                if known is not None and known.holds(end):
                    continue
                near = supports | words.near(leaf, start, end)
                start, some = _read(text, start, match[0])
                whole = self._whole(leaf, text, (start, end), some, near) if some else []
                if whole:
                    found += whole
                elif len(some) > 1:
                    joint.append(_Run(leaf, text, start, end, some, near))
        self._parts([run for run in joint if run.is_joint()], found)

    def _whole(
        self, leaf: int, text: str, place: tuple[int, int], some: list[str], near: int
    ) -> list[Found]:
        """Classify a whole run, of so many groups."""
        start, end = place
        if len(some) == 1:
            shape = self._bare.get(len(some[0]), _NO_SHAPE)
            alone = len(some[0]) == end - start  # without a plus: mostly nothing
            if alone and not (near & shape.mask or some[0].startswith(shape.begins)):
                return []
        else:
            sizes = tuple(map(len, some))
            shape = self._shape(sizes) if len(sizes) <= groups.MOST else self._shaped(sizes)
        if not edges(text, start, end):
            return []
        return self._classify(leaf, text, place, some, shape, near)

    def _parts(self, runs: Sequence["_Run"], found: list[Found]) -> None:
        """Append the numbers that groups of runs make together.

        Two numbers with a space between them are both among them; the whole run is not, and what
        a hyphen or a dot joins to more is a part of that. A run may have ten thousands of groups:
        most are let go by their sizes alone.
        """
        if not runs:
            return
        loose = [run.near & self._mask != 0 for run in runs]
        numbers = [run.text[run.start : run.end] for run in runs]
        seen = groups.windows(numbers, self._shapes, loose, SIZES)
        for which, first, last, begin, end, code in seen:
            run, shape = runs[which], self._coded(code)
            # Where a run begins, a plus may stand in front.
            if (
                run.groups[first].startswith(shape.begins)
                or (loose[which] and run.near & shape.mask)
                or not first
            ) and run.stands(first, last):
                place = run.start + (begin if first else 0), run.start + end
                some = run.groups[first:last]
                found += self._classify(run.leaf, run.text, place, some, shape, run.near)

    def _decoded(self, code: int) -> _Shape:
        return self._shaped(groups.decoded(code))

    def _shaped(self, sizes: tuple[int, ...]) -> _Shape:
        size = sum(sizes)
        if len(sizes) == 1:
            return self._bare.get(size, _NO_SHAPE)
        kind = self._grouped.get(sizes) or self._loose.get(size, _NOTHING)
        # What has more groups is only looked at as a whole.
        return self._shaped_as(kind, size, phone.begins(sizes) if len(sizes) <= groups.MOST else ())

    def _shaped_as(self, kind: _Kind, size: int, begins: tuple[str, ...]) -> _Shape:
        """Return the shape of numbers of a kind; as telephone numbers they begin in some ways."""
        dialled = phone.LEAST <= size <= phone.MOST
        mask = kind.mask | self._dialled if dialled else kind.mask
        ways = begins if dialled else ()
        return _Shape(kind, dialled, mask, ("",) if kind.alone else ways)

    def _classify(
        self,
        leaf: int,
        text: str,
        place: tuple[int, int],
        some: list[str],
        shape: _Shape,
        near: int,
    ) -> list[Found]:
        """Return what groups of digits are, by the surest rule, and whether they can be dialled."""
        (start, end), kind = place, shape.kind
        digits = "".join(some)
        found = []
        if (kind.alone or near & kind.mask) and text[start] not in "+(":
            surest = kind.surest(digits, near)
            if surest is not None:
                found.append(surest[0].found(leaf, start, end, surest[1]))
        # Bare digits are a telephone number only where something says so.
        if shape.dialled and (
            len(digits) != end - start or near & self._dialled or digits.startswith("00")
        ):
            number = text[start:end]
            grade = phone.grade(number, some, digits)
            if grade >= 0 and not _goes_on(text, start):
                plain = digits[0] != "0" and number[0] != "(" and ")" not in number
                for one in self._phone:
                    confidence = _dialled(one, grade, near, plain=plain)
                    if confidence >= FLOOR:
                        found.append(one.found(leaf, start, end, confidence))
        return found


class _Run(NamedTuple):
    """Digits with little between them: in which leaf, where, in which groups, and what is near."""

    leaf: int
    text: str
    start: int  # a plus or a bracket in front of the digits included
    end: int
    groups: list[str]
    near: int

    def stands(self, first: int, last: int) -> bool:
        """Say whether some of its groups stand for themselves, where they are at an edge of it."""
        return (first > 0 or begins(self.text, self.start)) and (
            last < len(self.groups) or ends(self.text, self.end)
        )

    def is_joint(self) -> bool:
        """Say whether a space takes it apart into what has digits enough."""
        spare = min(len(self.groups[0]), len(self.groups[-1]))
        enough = sum(map(len, self.groups)) - spare >= SIZES[0]
        return enough and _SPACE.search(self.text, self.start, self.end) is not None


class _Known:
    """The accounts of one text."""

    __slots__ = ("_reaches", "_starts")

    def __init__(self, accounts: Sequence[Found]) -> None:
        places = sorted((one.start, one.end) for one in accounts)
        self._starts = [start for start, _ in places]
        self._reaches = [*accumulate((end for _, end in places), max)]

    def holds(self, end: int) -> bool:
        """Say whether one of them holds the character in front of a place."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reaches[before - 1] >= end


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


def _read(text: str, start: int, number: str) -> tuple[int, list[str]]:
    """Return where a run begins, and its groups: none of an address of the network, or a version."""
    if start and text[start - 1] in "+(":
        start = _lead(text, start, number)
    elif "." in number and _is_quad(number):
        return start, []
    return start, [number] if number.isdigit() else _GROUP.findall(number)


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
