"""Sees in bulk which groups of digits that stand side by side could make one number."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

MOST = 7  # groups of a number
_BITS = 5  # for the size of a group in a code
_FIRST = _BITS * MOST  # where the first digit of the first group stands in a code
_SPACES = np.array([code for code in range(0x3001) if chr(code).isspace()], np.uint32)
_BREAK = "\n"  # between runs, and in none
Integers = npt.NDArray[np.int64]
# A run, the first of its groups and one past the last, the characters that they take, and the
# code of their sizes.
Window = tuple[int, int, int, int, int, int]


def decoded(code: int) -> tuple[int, ...]:
    """Return the sizes of the groups of a code."""
    places = range(0, _BITS * MOST, _BITS)
    return tuple(size for at in places if (size := code >> at & (1 << _BITS) - 1))


def coded(shapes: Iterable[tuple[Sequence[int], str]]) -> Integers:
    """Return shapes as ``windows`` wants them: sizes of groups, and digits of which one is in front."""
    codes = {
        sum(size << _BITS * at for at, size in enumerate(sizes)) | int(first) << _FIRST
        for sizes, firsts in shapes
        for first in firsts
    }
    return np.array(
        [*sorted(codes), 1 << _FIRST + _BITS], np.int64
    )  # something is behind each code


def windows(
    runs: Sequence[str], shapes: Integers, loose: Sequence[bool], digits: range
) -> Iterator[Window]:
    """Yield the groups of runs that could make a number of so many digits, but for whole runs.

    They could where a space takes them apart from the rest of their run, and theirs is one of the
    shapes; or any, where they begin their run, or it is ``loose``.
    """
    chars = np.frombuffer(f"{_BREAK.join(runs)}{_BREAK}".encode("utf-32-le"), np.uint32)
    is_digit = (chars >= ord("0")) & (chars <= ord("9"))
    edges = np.flatnonzero(np.diff(is_digit, prepend=False))
    starts, stops = edges[::2], edges[1::2]
    sizes = np.minimum(stops - starts, (1 << _BITS) - 1)
    total = np.append(0, np.cumsum(stops - starts))
    breaks = chars == ord(_BREAK)
    run, begun = np.cumsum(breaks)[starts], np.append(0, np.flatnonzero(breaks) + 1)
    first = np.append(True, run[1:] != run[:-1])  # of its run; the last one is in front of such
    last = np.append(first[1:], True)
    spaces = np.cumsum(np.isin(chars, _SPACES))
    apart = np.append(True, spaces[starts[1:]] > spaces[stops[:-1] - 1])
    closed = np.append(apart[1:], True)
    any_shape = np.array(loose, np.bool_)[run] | first
    place = np.arange(len(run)) - np.flatnonzero(first)[run]
    code = chars[starts].astype(np.int64) - ord("0") << _FIRST
    for count in range(1, min(MOST, len(run)) + 1):
        end = slice(count - 1, None)
        code = code[: len(run) - count + 1] | sizes[end] << _BITS * (count - 1)
        size = total[count:] - total[:-count]
        at = np.flatnonzero(
            (size >= digits[0])
            & (size <= digits[-1])
            & (run[: len(code)] == run[end])
            & apart[: len(code)]
            & closed[end]
            & ~(first[: len(code)] & last[end])
        )
        at = at[any_shape[at] | (shapes[np.searchsorted(shapes, code[at])] == code[at])]
        which, group = run[at], place[at]
        columns = (
            which,
            group,
            group + count,
            starts[at] - begun[which],
            stops[at + count - 1] - begun[which],
            code[at],
        )
        yield from zip(*(column.tolist() for column in columns), strict=True)
