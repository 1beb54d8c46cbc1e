"""What checks of many registers share: sums of Luhn, days of a year."""

from collections.abc import Callable

Check = Callable[[str], bool]


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: double every second digit from the right, the sum ends in 0."""
    number = digits.encode()[::-1]
    return (sum(number[::2].translate(_ONCE)) + sum(number[1::2].translate(_DOUBLED))) % 10 == 0


_ONCE = bytes((code - 48) % 10 for code in range(256))
_DOUBLED = bytes(sum(divmod(2 * digit, 10)) for digit in _ONCE)


def month_day(month: str, day: str) -> bool:
    """Say whether two digits each can be a month and a day of it."""
    return "01" <= month <= "12" and "01" <= day <= "31"
