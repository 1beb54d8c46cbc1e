"""Finds the numbers that groups of digits side by side make together, in bulk."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from detectors import phone
from detectors.confirm import begins, ends
from detectors.dialled import grades, plans
from detectors.groups import (
    LEAD,
    NO_CODE,
    Flags,
    Groups,
    Integers,
    Runs,
    Shapes,
    Windows,
    coded,
    leads,
    windows,
)
from detectors.kinds import SIZES, Kind, Kinds
from detectors.overlap import Found

_ZERO, _ZEROS = 10 ** (LEAD - 1), 10 ** (LEAD - 2)  # what begins with a zero, or two, is less


class Run(NamedTuple):
    """Digits with little between them: in which leaf, where, in which groups, and what is near."""

    leaf: int
    text: str
    start: int  # a plus or a bracket in front of the digits included
    end: int
    groups: list[str]
    near: int


class Joint:
    """The numbers that are parts of runs.

    Two numbers with a space between them are both among them; the whole run is not, and what a
    hyphen or a dot joins to more is a part of that. A run may have ten thousands of groups: most
    are let go by their sizes and first digits alone.
    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._named: dict[tuple[int, ...], Kind] = {
            **{(size,): one.kind for size, one in kinds.bare.items()},
            **kinds.grouped,
        }
        self._shapes = self._sought()
        self._plans = plans(self._shapes)

    def _sought(self) -> Shapes:
        """Return which numbers are looked for, and how they begin."""
        dialled = np.zeros((SIZES.stop, 10**LEAD), np.bool_)
        for size in phone.SIZES if self._kinds.phones else ():
            dialled[size] = leads(phone.prefixes(size))
        named = {sizes: number for number, sizes in enumerate(self._named, 1)}
        shapes: dict[int, tuple[Flags, int, bool]] = {}
        for sizes in (*named, *(phone.shapes() if self._kinds.phones else ())):
            shape = self._kinds.shaped(sizes)
            kind = named.get(sizes, 0), bool(shape.kind.alone)
            shapes[coded(sizes)] = leads(shape.begins), *kind
        codes = sorted(shapes)
        nothing = leads(()), 0, False
        begins, kinds, alone = zip(*(shapes[code] for code in codes), nothing, strict=True)
        return Shapes(
            np.array([*codes, NO_CODE], np.int64),
            np.array(begins),
            np.array(kinds, np.int64),
            np.array(alone),
            dialled,
        )

    def _runs(self, runs: Sequence[Run]) -> Runs:
        """Return what is known of runs."""
        rows = {near: row for row, near in enumerate(dict.fromkeys(run.near for run in runs))}
        loose, kinds = self._kinds.loose, self._named.values()
        sizes = [loose[size].mask if size in loose else 0 for size in range(SIZES.stop)]
        return Runs(
            np.array([begins(run.text, run.start) for run in runs]),
            np.array([ends(run.text, run.end) for run in runs]),
            np.array(["(0)" in run.text[run.start : run.end] for run in runs]),
            np.array([rows[run.near] for run in runs]),
            np.array([[near & mask != 0 for mask in sizes] for near in rows]),
            np.array([[False, *(near & kind.mask != 0 for kind in kinds)] for near in rows]),
            np.array([near & self._kinds.dialled != 0 for near in rows]),
        )

    def find(self, runs: Sequence[Run], found: list[Found]) -> None:
        """Append the numbers that are parts of runs."""
        groups, known = Groups([run.text[run.start : run.end] for run in runs]), self._runs(runs)
        some = windows(groups, self._shapes, known, SIZES)
        which = groups.run[some.at]
        first, fronts = groups.first[some.at], groups.begun[which]
        # Where a run begins, a plus and a bracket may stand in front of its digits.
        bracket = first & (groups.chars[fronts] == ord("("))
        plus = first & (groups.chars[fronts + bracket] == ord("+"))
        origin = np.array([run.start for run in runs], np.int64)[which] - fronts
        places = _Places(
            which,
            origin + np.where(first, fronts, groups.starts[some.at]),
            origin + groups.stops[some.at + some.groups - 1],
            plus,
            bracket,
        )
        self._confirm(runs, groups, some, places, found)
        dialled = np.flatnonzero(some.is_dialled & np.isin(some.size, phone.SIZES))
        places, some = places.only(dialled), some.only(dialled)
        self._dial(runs, groups, some, places, found)

    def _confirm(
        self,
        runs: Sequence[Run],
        groups: Groups,
        some: Windows,
        places: "_Places",
        found: list[Found],
    ) -> None:
        """Append what passes the check of a rule."""
        kept = np.flatnonzero(some.is_kind & ~places.plus & ~places.bracket)
        some, places = some.only(kept), places.only(kept)
        digits, begin = groups.text(), groups.total[some.at]
        for which, start, end, code, first, last in zip(
            *_lists(places.run, places.start, places.end, some.code, begin, begin + some.size),
            strict=True,
        ):
            run = runs[which]
            surest = self._kinds.coded(code).surest(digits[first:last], run.near)
            if surest is not None:
                found.append(surest[0].found(run.leaf, start, end, surest[1]))

    def _dial(
        self,
        runs: Sequence[Run],
        groups: Groups,
        some: Windows,
        places: "_Places",
        found: list[Found],
    ) -> None:
        """Append what can be dialled."""
        grade = grades(groups, self._shapes, self._plans, some, places.plus)
        _grade_odd(runs, groups, some, places, grade)
        plain = (some.lead >= _ZERO) & ~places.bracket & (groups.marks(")", some) == 0)
        bare = (some.groups == 1) & (places.end - places.start == some.size) & (some.lead >= _ZEROS)
        sure = self._kinds.sure
        for which, start, end, how, is_plain, is_bare in zip(
            *_lists(places.run, places.start, places.end, grade, plain, bare),
            strict=True,
        ):
            leaf, text, begin, _, _, near = runs[which]
            if how < 0 or (is_bare and not near & self._kinds.dialled):
                continue
            if start == begin and phone.goes_on(text, start):
                continue
            for one, confidence in sure(how, near, is_plain):
                found.append(one.found(leaf, start, end, confidence))


def _grade_odd(
    runs: Sequence[Run], groups: Groups, some: Windows, places: "_Places", grade: Integers
) -> None:
    """Grade what has a zero in brackets behind a calling code."""
    abroad = (grade < 0) & (places.plus | (some.lead < _ZEROS)) & (groups.marks("(", some) > 0)
    for at in np.flatnonzero(abroad).tolist():
        number = runs[places.run[at]].text[places.start[at] : places.end[at]]
        grade[at] = phone.grade(number, (), "".join(filter(str.isdigit, number)))


class _Places(NamedTuple):
    """Where windows stand: in which run, from where to where in its text, and what is in front."""

    run: Integers
    start: Integers
    end: Integers
    plus: Flags
    bracket: Flags

    def only(self, some: Integers) -> "_Places":
        """Return some of them."""
        return _Places._make(column[some] for column in self)


def _lists(*columns: npt.NDArray[Any]) -> Iterator[list[Any]]:
    return (column.tolist() for column in columns)
