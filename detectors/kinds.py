"""The rules for numbers, by how many digits they have and in which groups these are written."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from detectors import groups, phone
from detectors.checks.digits import Check
from detectors.confirm import FLOOR, Scored

SIZES = range(8, 27)  # how many digits a number may have
_REMEMBERED, _NEARS = 1 << 14, 1 << 8  # shapes; what is near


class Kind:
    """The rules for numbers of one length, or of one grouping."""

    __slots__ = ("alone", "mask", "ranked", "rules")

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
        self.ranked = lru_cache(_NEARS)(self._ranked)

    def surest(self, digits: str, near: int) -> tuple[Scored, float] | None:
        """Return the rule that is surest of a number, and how sure it is."""
        chosen, most = None, 0.0
        for one, confidence, holds in self.ranked(near):
            if one.most <= most:
                break  # nor will any behind it be surer
            if confidence > most and holds(digits):
                chosen, most = one, confidence
        return None if chosen is None else (chosen, most)

    def _ranked(self, near: int) -> Sequence[tuple[Scored, float, Check]]:
        """Return the rules that can score beside what is near, how much, and their checks."""
        supported = near & self.mask
        some = [
            (one, one.score(near), one.holds)
            for one in (self.rules if supported else self.alone)
            if supported & one.mask or one in self.alone
        ]
        return [each for each in some if each[1] >= FLOOR]


NOTHING = Kind((), bare=True)


class Shape(NamedTuple):
    """What a number in groups of some sizes can be."""

    kind: Kind
    dialled: bool  # with as many digits as a telephone number has
    mask: int  # of the rules that can say so where something supports them
    begins: tuple[str, ...]  # how it begins, where nothing does and another number is in front


NO_SHAPE = Shape(NOTHING, dialled=False, mask=0, begins=())


class Kinds:
    """The rules for numbers: ``bare`` by how many digits, others by the sizes of their groups."""

    def __init__(self, rules: Sequence[Scored]) -> None:
        self.phones = [one for one in rules if one.rule.candidate == "phone"]
        self.dialled = sum(one.mask for one in self.phones)
        self.bare: dict[int, Shape] = {}
        self.loose: dict[int, Kind] = {}  # with separators in any place
        self.grouped: dict[tuple[int, ...], Kind] = {}
        digits = [one for one in rules if one.rule.candidate == "digits"]
        for size in SIZES:
            some = [one for one in digits if size in one.rule.lengths]
            loose = [one for one in some if not one.rule.groups]
            self.bare[size] = self._shape(Kind(some, bare=True), size, ("00",))
            self.loose[size] = Kind(loose, bare=False)
            for shape in {shape for one in some for shape in one.rule.groups}:
                if sum(shape) == size:
                    here = [one for one in some if not one.rule.groups or shape in one.rule.groups]
                    self.grouped[shape] = Kind(here, bare=False)
        self._shaped = lru_cache(_REMEMBERED)(self._of_sizes)
        self.coded = lru_cache(_REMEMBERED)(self._of_code)
        self.sure = lru_cache(_NEARS)(self._surest)

    def shaped(self, sizes: tuple[int, ...]) -> Shape:
        """Return what a number in groups of some sizes can be."""
        return self._shaped(sizes) if len(sizes) <= groups.MOST else self._of_sizes(sizes)

    def _of_code(self, code: int) -> Kind:
        return self._of_sizes(groups.decoded(code)).kind

    def _of_sizes(self, sizes: tuple[int, ...]) -> Shape:
        size = sum(sizes)
        if len(sizes) == 1:
            return self.bare.get(size, NO_SHAPE)
        kind = self.grouped.get(sizes) or self.loose.get(size, NOTHING)
        # What has more groups is only looked at as a whole.
        return self._shape(kind, size, phone.begins(sizes) if len(sizes) <= groups.MOST else ())

    def _shape(self, kind: Kind, size: int, begins: tuple[str, ...]) -> Shape:
        """Return the shape of numbers of a kind; as telephone numbers they begin in some ways."""
        dialled = size in phone.SIZES
        mask = kind.mask | self.dialled if dialled else kind.mask
        ways = begins if dialled else ()
        return Shape(kind, dialled, mask, ("",) if kind.alone else ways)

    def _surest(self, grade: int, near: int, plain: bool) -> Sequence[tuple[Scored, float]]:  # noqa: FBT001
        """Return how sure the rules are of a telephone number of a grade: those that are at all.

        ``plain``: it has no zero in front, and no brackets.
        """
        some = [(one, _confidence(one, grade, near, plain=plain)) for one in self.phones]
        return [each for each in some if each[1] >= FLOOR]


def _confidence(one: Scored, grade: int, near: int, *, plain: bool) -> float:
    confidence = one.score(near)
    if confidence >= one.supported:
        return confidence - (phone.INTERNATIONAL - grade) * 0.15
    if grade == phone.BARE:
        return confidence - 0.5
    # Written as it is dialled, or in brackets: that outweighs the word order beside it.
    if not plain or grade == phone.INTERNATIONAL:
        confidence = one.confidence
    return confidence - (phone.INTERNATIONAL - grade) * 0.25
