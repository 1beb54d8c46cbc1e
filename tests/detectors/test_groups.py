"""Groups of digits side by side, as arrays."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.groups import LEAD, MOST, Groups, Windows, coded, decoded, leads

RUNS = st.lists(
    st.from_regex(r"\(?[0-9]{1,4}(?:[ .\-()/\u00a0]{1,2}[0-9]{1,40}){0,9}", fullmatch=True),
    min_size=1,
    max_size=4,
)


@given(st.lists(st.integers(1, 31), min_size=1, max_size=MOST))
def test_a_code_says_the_sizes_of_groups(sizes):
    assert decoded(coded(sizes)) == tuple(sizes)


def test_digits_in_front_are_those_that_a_prefix_begins_with():
    flags = leads(["53", "0044", "7"])

    assert [number for number in range(10**LEAD) if flags[number]] == [
        4,
        *range(530, 540),
        *range(700, 800),
    ]


@given(RUNS)
def test_groups_are_those_of_all_runs(runs):
    groups = Groups(runs)
    matches = [
        (at, place, *match.span())
        for at, run in enumerate(runs)
        for place, match in enumerate(re.finditer("[0-9]+", run))
    ]
    begun = groups.begun[groups.run]
    seen = zip(groups.run, groups.place, groups.starts - begun, groups.stops - begun, strict=True)

    assert [*map(tuple, seen)] == matches
    assert groups.text()[: int(groups.total[-1])] == "".join(re.findall("[0-9]", "".join(runs)))


@given(RUNS)
def test_the_first_digits_go_on_in_the_groups_behind(runs):
    groups = Groups(runs)
    digits = groups.text()

    for at in range(len(groups.run)):
        begin = int(groups.total[at])
        assert groups.lead(np.array([at])) == [int(digits[begin : begin + LEAD])]
        assert groups.lead(np.array([at]), 2) == [int(digits[begin + 2 : begin + 2 + LEAD])]


@pytest.mark.parametrize(("mark", "many"), [(" ", 1), ("/", 1), ("-", 1), (")", 0)])
def test_marks_are_counted_between_the_digits_of_a_window(mark, many):
    groups, one = Groups(["1-23 4/56-7) 8"]), np.array([1])
    window = Windows(one, one * 4, one, one, one, one > 0, one > 0)

    assert groups.marks(mark, window) == [many]
