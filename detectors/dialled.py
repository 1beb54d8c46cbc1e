"""Grades telephone numbers in bulk: the same that ``phone.grade`` says of each, for thousands."""

from typing import NamedTuple

import numpy as np

from detectors import phone
from detectors.groups import LEAD, Flags, Groups, Integers, Shapes, Windows, coded, decoded, leads

_SLOT = 10**LEAD
_ZEROS = 10 ** (LEAD - 2)  # what begins with two zeros is less
_ANY = 31  # the largest size of a group in a code
_YEARS, _TWOFOLD = leads(phone.CENTURIES), leads(phone.TWOFOLD)


class Plans(NamedTuple):
    """How numbers begin, and how they are written, as tables.

    ``coded`` and ``national`` by count of digits and those in front; ``countries`` by the size of
    the first group, too. ``zero`` and ``plain`` by shape: with a zero in front, and without.
    """

    coded: Flags
    national: Flags
    countries: Flags
    zero: Flags
    plain: Flags


def plans(shapes: Shapes) -> Plans:
    """Return the plans for some shapes."""
    sizes = range(phone.MOST + 1)
    manners = [phone.manner(decoded(code)) for code in shapes.codes[:-1].tolist()]
    return Plans(
        np.array([leads(phone.coded(size)) for size in sizes]),
        np.array([leads(phone.national(size)) for size in sizes]),
        np.array([leads(phone.countries(size)) for size in range(LEAD + 2)]),
        np.array([*(manner.zero for manner in manners), False]),
        np.array([*(manner.plain for manner in manners), False]),
    )


def grades(groups: Groups, shapes: Shapes, known: Plans, some: Windows, plus: Flags) -> Integers:
    """Grade windows of as many digits as a telephone number has, some of which have a plus."""
    size, lead, alone = some.size, some.lead, some.groups == 1
    national, coded = known.national[size, lead], known.coded[size, lead]
    named = known.countries[np.minimum(groups.sizes[some.at], LEAD + 1), lead]
    is_any = (national | coded) & (alone | ((national | named) & ~_is_other(groups, some)))
    grade = np.where(is_any, phone.BARE, -1)
    grade[is_any & national & ~alone & _is_written(groups, shapes, known, some)] = phone.FORMATTED
    doubled = lead < _ZEROS
    rest = np.where(doubled, groups.lead(some.at, 2), lead)
    abroad = np.where(known.coded[size - 2 * doubled, rest], phone.INTERNATIONAL, -1)
    return np.where(plus | doubled, abroad, grade)


def _is_written(groups: Groups, shapes: Shapes, known: Plans, some: Windows) -> Flags:
    """Say which windows are groups in which people write national numbers."""
    slashes = groups.marks("/", some)
    # Two groups with a point or a slash between them are a fraction of some sort.
    is_fraction = (some.groups <= 2) & (slashes + groups.marks(".", some) > 0)  # noqa: PLR2004
    shape, zero = shapes.find(some.code), some.lead < _SLOT // 10
    plain, single = known.plain[shape], groups.sizes[some.at] == 1
    is_more = (some.size == phone.TWOFOLD_SIZE) & _TWOFOLD[some.lead] & (some.groups > 2)  # noqa: PLR2004
    written = np.where(zero, known.zero[shape] & (plain | ~is_more), plain)
    fits: Flags = written & ~(is_fraction & (~zero | single)) & (slashes <= 1)
    return fits


def _is_other(groups: Groups, some: Windows) -> Flags:
    """Say which windows are dates, or Social Security numbers."""
    other: Flags = (some.code == coded(phone.SOCIAL_SECURITY)) & (groups.marks("-", some) > 1)
    for sizes, year in phone.DATES.items():
        head = some.code & coded([_ANY] * len(sizes)) == coded(sizes)
        other |= head & _YEARS[groups.lead(some.at, sum(sizes[:year]))]
    return other
