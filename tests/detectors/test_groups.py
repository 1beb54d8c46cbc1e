"""Windows over groups of digits, held against a loop that looks at each."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.groups import MOST, coded, windows

DIGITS = range(8, 27)
CARD = (4, 4, 4, 4)
SHAPES = ((CARD, "123456789"), ((3, 3, 4), "0123456789"))
GROUPS = st.lists(
    st.tuples(
        st.from_regex(r"[0-9]{1,5}|[0-9]{28,40}", fullmatch=True),
        st.sampled_from([*" -", "\u00a0", " ."]),
    ),
    min_size=1,
    max_size=12,
)


def seen(*runs: str, loose: bool = False) -> list[tuple[int, str]]:
    """Return in which run windows are seen, and what stands in them."""
    found = windows(runs, coded(SHAPES), [loose] * len(runs), DIGITS)
    return [(run, runs[run][begin:end]) for run, _, _, begin, end, _ in found]


def slowly(run: str, *, loose: bool) -> set[tuple[int, int]]:
    """Return the windows of one run: the first of the groups and one past the last."""
    groups = re.findall("[0-9]+", run)
    apart = [True, *(any(map(str.isspace, gap)) for gap in re.findall("[^0-9]+", run)), True]
    sizes = tuple(map(len, groups))
    return {
        (first, last)
        for first in range(len(groups))
        for last in range(first + 1, min(first + MOST, len(groups)) + 1)
        if (apart[first] and apart[last] and last - first < len(groups))
        and sum(sizes[first:last]) in DIGITS
        and (loose or not first or groups[first][0] in dict(SHAPES).get(sizes[first:last], ()))
    }


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (
            "12 4539 1488 0343 6467 3",
            ["12 4539 1488", "12 4539 1488 0343", "12 4539 1488 0343 6467"],
        ),
        ("1-4539 1488 0343 6467 3", ["1-4539 1488", "1-4539 1488 0343", "1-4539 1488 0343 6467"]),
        ("4539 1488 0343 6467", ["4539 1488", "4539 1488 0343"]),
    ],
)
def test_what_begins_a_run_is_seen_in_any_shape_but_the_whole_is_not(run, expected):
    assert [text for _, text in seen(run) if run.startswith(text)] == expected


def test_behind_that_groups_are_seen_where_their_shape_is_known_and_spaces_take_them_apart():
    assert (0, "4539 1488 0343 6467") in seen("12 4539 1488 0343 6467 3")
    assert (0, "4539 1488 0343 6467") not in seen("12-4539 1488 0343 6467 3")
    assert (0, "4539 1488 0343 6467") not in seen("12 4539 1488 0343 6467-3")
    assert (0, "4539 1488 0343") not in seen("12 4539 1488 0343 6467 3")


def test_in_a_loose_run_any_shape_is_seen():
    assert (0, "1488 0343") in seen("4539 1488 0343 6467", loose=True)
    assert (0, "0343") not in seen("4539 1488 0343 6467", loose=True)


def test_a_zero_in_front_makes_another_shape():
    assert (0, "0539 1488 0343 6467") not in seen("12 0539 1488 0343 6467")
    assert (0, "053 148 0343") in seen("12 053 148 0343")


@given(st.lists(GROUPS, min_size=1, max_size=4), st.booleans())
def test_windows_are_those_that_a_loop_sees_each_once(runs, loose):
    texts = ["".join(map("".join, run))[: -len(run[-1][1])] for run in runs]
    found = [*windows(texts, coded(SHAPES), [loose] * len(texts), DIGITS)]

    for at, text in enumerate(texts):
        here = [one[1:] for one in found if one[0] == at]
        assert {(first, last) for first, last, *_ in here} == slowly(text, loose=loose)
        assert len(here) == len({*here})
        spans = [match.span() for match in re.finditer("[0-9]+", text)]
        for first, last, begin, end, _ in here:
            assert (begin, end) == (spans[first][0], spans[last - 1][1])
