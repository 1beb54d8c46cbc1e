"""Keeps one finding where several overlap in a leaf: the surest, then the longest, then the first."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from schemas.audit import BY_KNOWN_VALUE


class Found(NamedTuple):
    """One finding of a batch. It carries no value: ``leaf`` and two offsets in characters.

    ``rule`` is the rule's number; ``detected_by`` is a bit of ``schemas.audit``. Sorting findings
    puts them in the order of the leaves, and in a leaf by place.
    """

    leaf: int
    start: int
    end: int
    bit: int
    rule: int
    confidence: float
    detected_by: int


# What Found(...) does, without the call that a named tuple puts around it: findings are made by
# the million.
make: Callable[[tuple[int, int, int, int, int, float, int]], Found] = partial(tuple.__new__, Found)


def resolve(found: list[Found]) -> list[Found]:
    """Return the findings in order, without duplicates and without overlaps inside a leaf.

    But a known value is no guess: it stays beside a surer finding unless it is a part of it. A user
    name that is an e-mail address is both. The order of the input does not matter. Findings that
    only touch do not overlap.
    """
    found.sort()
    # In the order of the starts, an overlap in a leaf always shows between two neighbours.
    if not any(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(found)):
        return found
    kept: list[Found] = []
    for some in _touching(found):
        kept += some if len(some) == 1 else _resolve(some)
    kept.sort()
    return kept


def _touching(found: list[Found]) -> Iterator[list[Found]]:
    """Yield sorted findings, each once, with those that they overlap, and those that overlap these."""
    some: list[Found] = []
    leaf, reach, last = -1, 0, None
    for one in found:
        if one[0] != leaf or one[1] >= reach:
            if some:
                yield some
            some, leaf, reach = [one], one[0], one[2]
        elif one != last:
            some.append(one)
            reach = max(reach, one[2])
        last = one
    yield some


def _resolve(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    starts: list[int] = []  # of those kept, in order; their ends are in the same order
    ends: list[int] = []
    for one in sorted(found, key=_preference):
        at = bisect_right(ends, one.start)
        if at == len(starts) or one.end <= starts[at]:
            starts.insert(at, one.start)
            ends.insert(at, one.end)
            kept.append(one)
    told = {(one.start, one.end, one.bit) for one in kept}
    for one in found:
        if one.detected_by == BY_KNOWN_VALUE and (one.start, one.end, one.bit) not in told:
            at = bisect_right(starts, one.start) - 1  # the only one that it could be a part of
            if at < 0 or ends[at] < one.end or (starts[at], ends[at]) == (one.start, one.end):
                told.add((one.start, one.end, one.bit))
                kept.append(one)
    return kept


def _preference(one: Found) -> tuple[float, int, int, int]:
    return -one.confidence, one.start - one.end, one.start, one.rule
