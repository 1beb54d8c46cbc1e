"""Whole leaves that are known by their place, kept as columns: most of what is found is one."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

from detectors.overlap import Found, make

Integers = npt.NDArray[np.int64]


class Columns(NamedTuple):
    """Findings as parallel columns, in the order of the leaves."""

    leaf: Integers
    bit: Integers
    rule: Integers
    confidence: npt.NDArray[np.float64]
    by: Integers


class Fields(Sequence[Found]):
    """Findings that take their whole leaf. As columns they are cheap; one by one, made when asked."""

    __slots__ = ("_found", "columns", "sizes")

    def __init__(self, columns: Columns, sizes: Integers) -> None:
        self.columns = columns
        self.sizes = sizes
        self._found: list[Found] | None = None

    @overload
    def __getitem__(self, at: int) -> Found: ...
    @overload
    def __getitem__(self, at: slice) -> list[Found]: ...
    def __getitem__(self, at: int | slice) -> Found | list[Found]:
        return self._made()[at]

    def __len__(self) -> int:
        return len(self.sizes)

    def __iter__(self) -> Iterator[Found]:
        return iter(self._made())

    def _made(self) -> list[Found]:
        if self._found is None:
            leaf, *rest = (column.tolist() for column in self.columns)
            rows = zip(leaf, repeat(0), self.sizes.tolist(), *rest, strict=False)
            self._found = list(map(make, rows))
        return self._found


def columns(found: Sequence[Found]) -> Columns:
    """Return findings as columns."""
    if isinstance(found, Fields):
        return found.columns
    leaf, _, _, bit, rule, confidence, by = zip(*found, strict=True) if found else [()] * 7
    return Columns(
        np.array(leaf, np.int64),
        np.array(bit, np.int64),
        np.array(rule, np.int64),
        np.array(confidence, np.float64),
        np.array(by, np.int64),
    )


def only(found: Sequence[Found], kept: npt.NDArray[np.bool_]) -> Sequence[Found]:
    """Return the findings that are to be kept."""
    if kept.all():
        return found
    if not isinstance(found, Fields):
        return [one for one, keep in zip(found, kept.tolist(), strict=True) if keep]
    leaf, bit, rule, confidence, by = found.columns
    some = Columns(leaf[kept], bit[kept], rule[kept], confidence[kept], by[kept])
    return Fields(some, found.sizes[kept])
