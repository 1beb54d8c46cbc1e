"""What checks of many registers share: sums of Luhn and Verhoeff, weighted sums, days of a year."""

import calendar
from collections.abc import Callable, Sequence
from operator import mul

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


def is_day(year: int, month: int, day: int) -> bool:
    """Say whether the calendar has the day."""
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= _DAYS[month - 1] or (day == 29 and calendar.isleap(year))


_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def numeric(text: str, *sizes: int) -> bool:
    """Say whether a text is ASCII digits only, and as many as one of the sizes."""
    return len(text) in sizes and text.isascii() and text.isdigit()


def weighted(text: str, weights: Sequence[int]) -> int:
    """Return the sum of the first digits times the weights.

    A letter counts as its place behind 0 in ASCII, which is what registers with letters use (A is 17).
    """
    total: int = sum(map(mul, weights, map(ord, text)))
    return total - 48 * sum(weights[: len(text)])


# The products of the dihedral group of ten elements, and the powers of the permutation that
# Verhoeff chose (J. Verhoeff, Error Detecting Decimal Codes, 1969).
_PRODUCT = tuple(
    tuple((a + b) % 5 + 5 * (b > 4) if a < 5 else (a - b) % 5 + 5 * (b < 5) for b in range(10))
    for a in range(10)
)
_TURNED = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def _powers() -> tuple[tuple[int, ...], ...]:
    powers = [tuple(range(10))]
    for _ in range(7):
        powers.append(tuple(_TURNED[digit] for digit in powers[-1]))
    return tuple(powers)


_POWERS = _powers()


def verhoeff(digits: str) -> bool:
    """Verhoeff's check over ASCII digits, the last of them the check digit."""
    check = 0
    for place, char in enumerate(reversed(digits)):
        check = _PRODUCT[check][_POWERS[place % 8][ord(char) - 48]]
    return check == 0


def mod11_10(digits: str) -> bool:
    """ISO/IEC 7064 MOD 11,10 over ASCII digits, the last of them the check digit."""
    check = 5
    for char in digits:
        check = ((check or 10) * 2 % 11 + ord(char) - 48) % 10
    return check == 1


_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _mixed(top: int) -> int:
    mix = 0
    for bit, part in enumerate(_GENERATOR):
        mix ^= part if top >> bit & 1 else 0
    return mix


_MIX = tuple(_mixed(top) for top in range(32))


def bech32_sum(name: bytes, symbols: Sequence[int]) -> int:
    """Return the checksum of Bech32 (BIP 173) over a name and symbols; it is 1 where they hold one."""
    check = 1
    for symbol in (*(byte >> 5 for byte in name), 0, *(byte & 31 for byte in name), *symbols):
        check = (check & 0x1FFFFFF) << 5 ^ symbol ^ _MIX[check >> 25]
    return check
