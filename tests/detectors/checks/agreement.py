"""Compares checks with python-stdnum, a hundred ends at a time behind each body that is made."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from detectors.checks.digits import Check
from tests.detectors.checks.build import digits, flipped

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST = 1500  # of two thousand: some sums leave no digit for a few bodies
TWO = [f"{number:02}" for number in range(100)]


class Case(NamedTuple):
    """A check, what stands for it in stdnum, numbers without their end, and all ends to try."""

    check: Check
    standard: Check
    bodies: st.SearchStrategy[str]
    ends: Sequence[str] = TWO


def day(form: str, first: int = 1900, last: int = 2020) -> st.SearchStrategy[str]:
    """Return a strategy of days between two years, mostly real ones."""
    days = st.dates(dt.date(first, 1, 1), dt.date(last, 12, 31))
    real = days.map(lambda one: one.strftime(form))
    return real | digits(len(dt.date(first, 1, 1).strftime(form)))


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy of texts one behind the other."""
    return st.tuples(*parts).map("".join)


def one_of(texts: Sequence[str]) -> st.SearchStrategy[str]:
    """Return a strategy of one of some texts."""
    return st.sampled_from(texts)


def either(*standards: Callable[[str], bool]) -> Check:
    """Return what holds where one of some modules of stdnum does."""
    return lambda number: any(standard(number) for standard in standards)


def assert_agreement(case: Case, body: str) -> None:
    """Assert that the standard takes what a check takes, and does not take what it refuses.

    Of the many refused it is asked for each sixth only, and for those that are near to a valid one.
    """
    numbers = [body + end for end in case.ends]
    taken = [number for number in numbers if case.check(number)]
    some = set(numbers[len(taken) + ord(body[-1]) % 6 :: 6]).difference(taken)
    assert [number for number in taken if not case.standard(number)] == []
    assert [number for number in some if case.standard(number)] == []
    for wrong in near(taken[0]) if taken else ():
        assert (wrong, case.check(wrong)) == (wrong, case.standard(wrong))


def assert_thousands(case: Case, made: Callable[[int], str], ends: Sequence[str]) -> None:
    """Assert that of two thousand bodies most have an end that both take, and what is near to it."""
    held = 0
    for n in range(2000):
        body = made(n)
        taken = [body + end for end in ends if case.check(body + end)]
        assert [number for number in taken if not case.standard(number)] == []
        for number in taken[:1]:
            held += 1
            wrong = flipped(number, n, 1 + n % 9) if number.isdigit() else number[::-1]
            assert (wrong, case.check(wrong)) == (wrong, case.standard(wrong))
    assert held >= MOST


def near(number: str) -> Iterator[str]:
    """Yield numbers with one digit or letter changed, two exchanged, one lost and one too many."""
    for at, char in enumerate(number):
        row = next((row for row in (DIGITS, LETTERS) if char in row), char)  # signs stay
        other = row[(row.index(char) + 1 + at % 8) % len(row)]
        yield number[:at] + other + number[at + 1 :]
        yield number[:at] + number[at + 1 : at + 2] + char + number[at + 2 :]
    yield number[:-1]
    yield number + number[-1]
