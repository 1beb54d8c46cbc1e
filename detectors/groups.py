"""Sees in bulk which groups of digits that stand side by side could make one number."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MOST = 7  # groups of a number
LEAD = 3  # digits in front, by which a number is told
_BITS = 5  # for the size of a group in a code
_SPACES = np.array([code for code in range(0x3001) if chr(code).isspace()], np.uint32)
_BREAK = "\n"  # between runs, and in none
_PRINTED = bytes(range(ord("0"), ord("0") + 10)) + bytes(246)
_BEHIND = 8  # digits
NO_CODE = 1 << 62  # of any sizes
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Shapes(NamedTuple):
    """What numbers are sought: by the sizes of their groups, or by how many digits they have.

    ``codes`` are those of sizes, in order, with one behind all that is none. Of each of them,
    ``begins`` says with which digits in front people write telephone numbers so, ``kinds`` as which
    kind it is supported (0: as any of its size is), ``alone`` whether it is sought without support.
    ``dialled`` says for each count of digits which ones in front can be dialled.
    """

    codes: Integers
    begins: Flags
    kinds: Integers
    alone: Flags
    dialled: Flags

    def find(self, codes: Integers) -> Integers:
        """Return where some codes stand; the last place is that of none."""
        places = np.searchsorted(self.codes, codes)
        places[self.codes[places] != codes] = len(self.codes) - 1
        return places


class Runs(NamedTuple):
    """What is known of runs: whether each stands for itself where it begins and ends, and is near it.

    ``near`` says which row of the others says what is supported there: ``sizes`` by count of
    digits, ``kinds`` by kind of shape, and ``phones``. ``odd`` are those with a zero in brackets.
    """

    begins: Flags
    ends: Flags
    odd: Flags
    near: Integers
    sizes: Flags
    kinds: Flags
    phones: Flags


class Windows(NamedTuple):
    """Groups side by side: the first and how many ``groups``, the code of their sizes, and their digits.

    ``lead`` are the first of these; ``is_kind`` and ``is_dialled`` say what they may be.
    """

    at: Integers
    groups: Integers
    code: Integers
    size: Integers
    lead: Integers
    is_kind: Flags
    is_dialled: Flags

    def only(self, some: Integers) -> "Windows":
        """Return some of them."""
        return Windows._make(column[some] for column in self)


class Groups:
    """The groups of digits of some runs, side by side: where they stand, and in which run."""

    __slots__ = (
        *("begun", "chars", "digits", "first", "last", "place"),
        *("run", "sizes", "starts", "stops", "total"),
    )

    def __init__(self, runs: Sequence[str]) -> None:
        self.chars = np.frombuffer(f"{_BREAK.join(runs)}{_BREAK}".encode("utf-32-le"), np.uint32)
        is_digit = (self.chars >= ord("0")) & (self.chars <= ord("9"))
        edges = np.flatnonzero(np.diff(is_digit, prepend=False))
        self.starts, self.stops = edges[::2], edges[1::2]
        self.sizes = self.stops - self.starts
        # All digits, with some more behind them, and how many are in front of each group.
        digits = self.chars[is_digit].astype(np.int64) - ord("0")
        self.digits = np.append(digits, np.zeros(_BEHIND, np.int64))
        self.total = np.append(0, np.cumsum(self.sizes))
        breaks = self.chars == ord(_BREAK)
        self.run = np.cumsum(breaks)[self.starts]
        self.begun = np.append(0, np.flatnonzero(breaks) + 1)  # where each run begins
        self.first = np.append(True, self.run[1:] != self.run[:-1])  # of its run
        self.last = np.append(self.first[1:], True)
        self.place = np.arange(len(self.run)) - np.flatnonzero(self.first)[self.run]

    def lead(self, at: Integers, skipped: Integers | int = 0) -> Integers:
        """Return the first digits of some groups and those behind as one number."""
        begin = self.total[at] + skipped
        lead: Integers = self.digits[begin]
        for place in range(1, LEAD):
            lead = lead * 10 + self.digits[begin + place]
        return lead

    def text(self) -> str:
        """Return all digits as text."""
        return self.digits.astype(np.uint8).tobytes().translate(_PRINTED).decode()

    def apart(self) -> Flags:
        """Say which groups a space takes apart from the one in front of them in their run."""
        spaces = np.cumsum(np.isin(self.chars, _SPACES))
        between = spaces[self.starts[1:]] > spaces[self.stops[:-1] - 1]
        apart: Flags = np.append(False, between) & ~self.first
        return apart

    def code(self, count: int) -> Integers:
        """Return the code of so many groups from each group on that has as many behind it."""
        sizes = np.minimum(self.sizes, (1 << _BITS) - 1)
        code = np.zeros(len(sizes) - count + 1, np.int64)
        for at in range(count):
            code |= sizes[at : at + len(code)] << _BITS * at
        return code

    def marks(self, mark: str, some: Windows) -> Integers:
        """Return how often a mark stands among the digits of some windows."""
        seen = np.append(0, np.cumsum(self.chars == ord(mark)))
        many: Integers = seen[self.stops[some.at + some.groups - 1]] - seen[self.starts[some.at]]
        return many


def coded(sizes: Sequence[int]) -> int:
    """Return the code of the sizes of groups."""
    return sum(size << _BITS * at for at, size in enumerate(sizes))


def decoded(code: int) -> tuple[int, ...]:
    """Return the sizes of the groups of a code."""
    places = range(0, _BITS * MOST, _BITS)
    return tuple(size for at in places if (size := code >> at & (1 << _BITS) - 1))


def leads(prefixes: Iterable[str]) -> Flags:
    """Say for each number of ``LEAD`` digits whether it begins with one of some prefixes."""
    flags = np.zeros((10,) * LEAD, np.bool_)
    for prefix in prefixes:
        flags[tuple(map(int, prefix[:LEAD]))] = True
    return flags.reshape(-1)


def windows(groups: Groups, shapes: Shapes, runs: Runs, digits: range) -> Windows:
    """Return the groups of runs that could make a number of so many digits, but for whole runs.

    They could where a space takes them apart from the rest of their run, and what they are is
    sought wherever it stands, or supported, or can be dialled where they begin their run.
    """
    first, last, run, total = groups.first, groups.last, groups.run, groups.total
    apart = groups.apart()
    closed = np.append(apart[1:], False)
    apart[first], closed[last] = runs.begins, runs.ends
    seen = []
    for count in range(1, min(MOST, int(groups.place.max()) + 1) + 1):
        code, end = groups.code(count), slice(count - 1, None)
        size = total[count:] - total[:-count]
        at = np.flatnonzero(
            (size >= digits[0])
            & (size <= digits[-1])
            & (run[: len(code)] == run[end])
            & apart[: len(code)]
            & closed[end]
            & ~(first[: len(code)] & last[end])
        )
        seen.append((at, np.full(len(at), count), code[at]))
    places, counts, codes = map(np.concatenate, zip(*seen, strict=True))
    return _sought(groups, shapes, runs, (places, counts, codes))


def _sought(
    groups: Groups, shapes: Shapes, runs: Runs, some: tuple[Integers, Integers, Integers]
) -> Windows:
    """Return those of some windows that can be anything."""
    at, count, code = some
    run, first = groups.run[at], groups.first[at]
    size, lead = groups.total[at + count] - groups.total[at], groups.lead(at)
    near, shape = runs.near[run], shapes.find(code)
    kind = shapes.kinds[shape]
    is_kind = shapes.alone[shape] | np.where(
        kind > 0, runs.kinds[near, kind], runs.sizes[near, size]
    )
    is_dialled = (shapes.dialled[size, lead] | (runs.odd[run] & first)) & (
        shapes.begins[shape, lead] | first | runs.phones[near] | is_kind
    )
    kept = np.flatnonzero(is_kind | is_dialled)
    return Windows(at, count, code, size, lead, is_kind, is_dialled).only(kept)
