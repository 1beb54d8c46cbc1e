"""Strategies and flaws for the tests of checks."""

from hypothesis import strategies as st


def digits(size: int) -> st.SearchStrategy[str]:
    """Return a strategy of texts of so many digits."""
    return st.text("0123456789", min_size=size, max_size=size)


def flipped(number: str, place: int, by: int) -> str:
    """Return a number with one digit changed: that at ``place``, by 1 to 9."""
    at = place % len(number)
    return f"{number[:at]}{(int(number[at]) + by) % 10}{number[at + 1 :]}"
