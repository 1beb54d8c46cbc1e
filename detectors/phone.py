"""Tells telephone numbers from other digits: calling codes, national prefixes, formatting."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

# Least and most digits after a calling code, and the codes: ITU-T E.164 and national plans.
_PLANS = (
    "6 9: 352",
    "6 11: 358",
    "7 7: 354",
    "7 8: 372 961",
    "7 9: 353 359",
    "7 10: 46",
    "7 12: 49 43",
    "8 8: 45 47 386 370 371 356 357 965 974 973 968 65 852 374 993 387 216",
    "8 9: 972 971 32 36 385 966 962 66 886 381 355",
    "8 10: 82 64 60 234",
    "8 11: 39",
    "8 12: 62",
    "9 9: 33 34 31 41 48 351 40 420 421 61 56 51 27 94 380 375 994 995 996 998 992 212 213 254",
    "9 10: 44 81 20 84",
    "10 10: 90 7 1 30 91 52 57 964 98 92 880 63",
    "10 11: 86 55 54",
)
_CODES = {
    code: range(least, most + 1)
    for sizes, codes in (plan.split(": ") for plan in _PLANS)
    for least, most in [map(int, sizes.split())]
    for code in codes.split()
}
# How national numbers begin, by their digits.
_NATIONAL = {
    9: ("02", "03", "04", "05", "07", "08", "09"),
    10: tuple("023456789"),  # TR 5xx, US, IL, AE and FR mobiles, KZ without the 8
    # DE landlines, TR 05xx, IN with the 0, KZ 8 7xx, US with the 1
    11: ("1", *(f"0{digit}" for digit in range(1, 10)), "87", "89"),
    12: ("01",),  # DE mobiles with a long prefix
}
# So begin eleven digits that are an area of Germany and the rest: in more groups they are any number.
TWOFOLD, TWOFOLD_SIZE = ("06", "08", "09"), 11
# National numbers without a zero, by their groups: in Brazil behind an area in brackets, or before
# nine digits of which a 9 is the first; in Spain where something says that they are dialled.
_BRACKETED, _BRAZILIAN = ((2, 4, 4), (2, 5, 4)), (2, 5, 4)
_SPANISH, _NINE = "6789", 9
SOCIAL_SECURITY = (3, 2, 4)
DATES: dict[tuple[int, ...], int] = {(4, 2, 2): 0, (2, 2, 4): 2}  # which of the groups is the year
CENTURIES = ("19", "20")
_OTHER = ((3, 2, 4), (5, 4))  # groups of a US Social Security number, and of a US ZIP code
# How a number is written that has no zero in front: with the US, Türkiye, Kazakhstan and Russia,
# Spain, Italy, India and China in mind. With one: an area or network, then two to four at a time,
# or all at once.
_GROUPINGS = frozenset(
    [
        *((3, 3, 4), (3, 3, 2, 2), (3, 4, 3), (3, 7), (5, 5), (2, 4, 4), (2, 8)),
        *((1, 3, 3, 4), (1, 3, 3, 2, 2), (1, 3, 7), (1, 10), (4, 3, 4), (4, 3, 2, 2), (3, 4, 4)),
        *((3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2), (4, 7)),
    ]
)
_LONGEST_AREA, _SUBSCRIBER, _INNER = 5, range(4, 9), range(2, 5)
LEAST, MOST = 9, 15  # digits of a number that can be dialled from elsewhere
SIZES = range(LEAST, MOST + 1)

INTERNATIONAL, FORMATTED, BARE = 2, 1, 0


def grade(run: str, groups: Sequence[str], digits: str) -> int:
    """Say how a run reads as a telephone number; -1: not at all.

    ``groups`` are the digits between its separators. ``INTERNATIONAL`` starts with + or 00 and a
    calling code whose length fits. ``FORMATTED`` is a national number in groups, as people write
    it. ``BARE`` is digits that fit a national plan, or a calling code without a plus.
    """
    if not LEAST <= len(digits) <= MOST:
        return -1
    if "+" in run or digits.startswith("00"):
        rest = digits.removeprefix("00")
        fits = _fits_code(rest) or ("(0)" in run and _fits_code(rest.replace("0", "", 1)))
        return INTERNATIONAL if fits else -1
    known = digits.startswith(_NATIONAL.get(len(digits), ()))
    if not (known or _fits_code(digits)):
        return -1
    return _grouped(run, groups, digits, national=known) if len(groups) > 1 else BARE


def elsewhere(run: str, groups: Sequence[str]) -> int:
    """Say how a whole run reads that has groups as in countries whose numbers begin with any digit."""
    sizes = tuple(map(len, groups))
    if sizes in _BRACKETED and run[0] == "(":
        return FORMATTED
    if sizes == _BRAZILIAN and groups[1][0] == "9" and "." not in run:
        return FORMATTED
    return BARE if sum(sizes) == _NINE and groups[0][0] in _SPANISH and sizes in _GROUPINGS else -1


def _grouped(run: str, groups: Sequence[str], digits: str, *, national: bool) -> int:
    written = manner(tuple(map(len, groups)))
    if written.dated is not None and groups[written.dated][:2] in CENTURIES:
        return -1
    if written.numbered and run.count("-") > 1:
        return -1
    if not national:
        return BARE if groups[0] in _CODES else -1
    return FORMATTED if _is_written(run, written, digits) else BARE


class Manner(NamedTuple):
    """What groups of some sizes are in writing."""

    groups: int
    single: bool  # the first of them is one digit
    dated: int | None  # which of them is the year of a date, if it can be one
    numbered: bool  # as a Social Security number is
    zero: bool  # people write telephone numbers so that have a zero in front
    plain: bool  # and those that have none


@lru_cache(maxsize=4096)
def manner(sizes: tuple[int, ...]) -> Manner:
    """Return what groups of some sizes are in writing."""
    return Manner(
        len(sizes),
        sizes[:1] == (1,),
        DATES.get(sizes[:3]),
        sizes == SOCIAL_SECURITY,
        _is_shape(sizes, with_zero=True),
        _is_shape(sizes, with_zero=False),
    )


def shapes() -> Iterator[tuple[int, ...]]:
    """Yield the sizes of groups in which people write numbers."""
    yield from _GROUPINGS
    for first in range(1, _LONGEST_AREA + 1):
        inner = (some for count in range(2, 7) for some in product(_INNER, repeat=count))
        for rest in (*((size,) for size in _SUBSCRIBER), *inner):
            if LEAST <= first + sum(rest) <= MOST and (first, *rest) not in _OTHER:
                yield first, *rest


def prefixes(size: int) -> Iterator[str]:
    """Yield how so many digits begin where they are a telephone number, with a plus or without."""
    yield "00"
    yield from national(size)
    yield from coded(size)


def national(size: int) -> Sequence[str]:
    """Return how national numbers of so many digits begin."""
    return _NATIONAL.get(size, ())


def coded(size: int) -> list[str]:
    """Return the calling codes that numbers of so many digits begin with."""
    return [code for code, rest in _CODES.items() if size - len(code) in rest]


def countries(size: int) -> list[str]:
    """Return the calling codes of so many digits."""
    return [code for code in _CODES if len(code) == size]


def begins(sizes: tuple[int, ...]) -> tuple[str, ...]:
    """Return how the first of some groups begins where people write numbers in groups of such sizes.

    Without a plus: with 00, a national prefix, or a calling code by itself. Cut to the first group.
    """
    size, first = sum(sizes), sizes[0]
    coded = [code for code, rest in _CODES.items() if len(code) == first and size - first in rest]
    cut = {prefix[:first] for prefix in ("00", *_NATIONAL.get(size, ()), *coded)}
    return tuple(sorted(one for one in cut if _is_shape(sizes, with_zero=one[0] == "0")))


def _is_shape(sizes: tuple[int, ...], *, with_zero: bool) -> bool:
    """Say whether people write numbers in groups of such sizes, with a zero in front or without."""
    if sizes in _OTHER or not with_zero:
        return sizes in _GROUPINGS
    first, *rest = sizes
    if len(rest) == 1:
        return first <= _LONGEST_AREA and rest[0] in _SUBSCRIBER
    return first <= _LONGEST_AREA and all(size in _INNER for size in rest)


def _is_written(run: str, manner: Manner, digits: str) -> bool:
    """Say whether people write a national number in such groups."""
    is_zero, is_two = digits[0] == "0", manner.groups <= 2
    is_more = len(digits) == TWOFOLD_SIZE and digits.startswith(TWOFOLD) and not is_two
    # Two groups with a point or a slash between them are a fraction of some sort.
    is_fraction = is_two and ("." in run or "/" in run) and (not is_zero or manner.single)
    written = manner.zero and (manner.plain or not is_more) if is_zero else manner.plain
    return written and not is_fraction and run.count("/") <= 1


def goes_on(text: str, start: int) -> bool:
    """Say whether what begins at a place is a part of more, and cannot be dialled by itself."""
    # ``SO-2026-647211`` is a code, ``05:30:30.345323-03:00`` a time.
    beside, before = text[start - 1 : start], text[max(0, start - 2) : start - 1]
    return (beside == "-" and before.isalnum()) or (beside == ":" and before.isdigit())


def _fits_code(digits: str) -> bool:
    size = len(digits)
    return (
        size - 1 in _CODES.get(digits[:1], ())
        or size - 2 in _CODES.get(digits[:2], ())
        or size - 3 in _CODES.get(digits[:3], ())
    )
