"""Strategies and flaws for the tests of checks."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from detectors.checks.digits import Check
from tests.gateway.corpus.build import dice_of

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
EITHER = DIGITS + LETTERS
AMOUNT = 2000  # numbers that each register is tried with, and as many flawed ones
ENOUGH = 1000  # of them are valid, and refused: some sums have no digit


def digits(size: int) -> st.SearchStrategy[str]:
    """Return a strategy of texts of so many digits."""
    return st.text(DIGITS, min_size=size, max_size=size)


def flipped(number: str, place: int, by: int) -> str:
    """Return a number with one digit or capital changed: that at ``place``, by 1 to 9."""
    at = place % len(number)
    among = DIGITS if number[at] in DIGITS else LETTERS
    other = among[(among.index(number[at]) + by) % len(among)]
    return f"{number[:at]}{other}{number[at + 1 :]}"


class Register(NamedTuple):
    """How to make a register's numbers, and who else says whether one is valid.

    ``parts`` are the choices for what goes before the check; ``endings`` are all that could follow,
    or a function that computes it, or the whole number, from the rest.
    """

    is_valid: Callable[[str], bool]
    parts: Sequence[Sequence[str]]
    endings: Sequence[str] | Callable[[str], str] = DIGITS

    def number(self, seed: int) -> str:
        """Return the number of a seed: valid, unless nothing that follows makes it so."""
        dice = dice_of(seed)
        body = "".join(part[dice.between(0, len(part) - 1)] for part in self.parts)
        if callable(self.endings):
            return self.endings(body)
        return next((body + end for end in self.endings if self.is_valid(body + end)), body)

    def judged(self, check: Check) -> tuple[int, int]:
        """Return how many of 2,000 numbers, and of these with a flaw, a check takes and refuses.

        Where it disagrees with the register it does neither.
        """
        taken = refused = 0
        for seed in range(AMOUNT):
            number = self.number(seed)
            for one in (number, flipped(number, seed, 1 + seed % 9)):
                verdict = self.is_valid(one)
                if check(one) is verdict:
                    taken += verdict
                    refused += not verdict
        return taken, refused


def days(*years: int, form: str) -> list[str]:
    """Return some days of each year in a form such as ``ymd`` or ``dmy``, two digits each."""
    parts = [
        {"y": f"{year % 100:02d}", "m": f"{month:02d}", "d": f"{day:02d}"}
        for year in years
        for month, day in ((1, 1), (2, 28), (4, 30), (7, 14), (10, 9), (12, 31))
    ]
    return ["".join(part[letter] for letter in form) for part in parts]
