"""Memory stays flat, also over few events; what grows is noticed."""

from collections.abc import Iterator

import pytest

from bench.measure import Case, corpus
from bench.soak import BATCH, engine, is_flat, path, values

TIMES, WARM = 20, 4  # how often the same 5,000 events come, and before which everything is known
EVENTS = 5000


def again() -> Iterator[list[bytes]]:
    events = corpus(7, EVENTS)
    for _ in range(TIMES):
        for first in range(0, EVENTS, BATCH):
            yield events[first : first + BATCH]


@pytest.mark.parametrize("way", [engine, path], ids=["engine", "whole path"])
def test_memory_stays_flat_over_100_000_events(way):
    figures = way(again(), WARM * EVENTS)

    assert figures["events"] == (TIMES - WARM) * EVENTS
    assert is_flat(Case("again", figures))


def test_memory_that_grows_or_shrinks_is_not_flat():
    def case(least: float, most: float) -> Case:
        return Case("", {"least_to_warm": least, "most_to_warm": most})

    assert is_flat(case(0.96, 1.04))
    assert not is_flat(case(1.0, 1.06))
    assert not is_flat(case(0.94, 1.0))


def test_events_come_in_batches_from_a_process_of_their_own():
    batches = list(values(BATCH + 3, 7))

    assert [len(some) for some in batches] == [BATCH, 3]
    assert [value for some in batches for value in some] == corpus(7, BATCH + 3)
