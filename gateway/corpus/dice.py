"""Chance that can be repeated: every event and every person has dice of their own.

Only products and sums of doubles and whole numbers are used, so that the same seed gives the same
corpus on every platform and Python version.
"""

from collections.abc import Sequence
from random import Random  # noqa: TID251  # seeded below, before every use
from typing import TypeVar

T = TypeVar("T")

HEX = "0123456789abcdef"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Dice:
    """A generator of chance that ``start`` puts to a place of its own."""

    __slots__ = ("_random", "bits", "roll")

    def __init__(self) -> None:
        self._random = Random(0)  # noqa: S311  # a corpus is no secret
        self.roll = self._random.random  # a number from 0 up to 1
        self.bits = self._random.getrandbits

    def start(self, seed: int, stream: int, index: int) -> None:
        """Begin the sequence of one (seed, stream, index); nothing rolled before matters."""
        self._random.seed((seed << 72) | (stream << 64) | index)

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to ``limit``."""
        return int(self.roll() * limit)

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self.roll() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices, all equally likely."""
        return choices[int(self.roll() * len(choices))]

    def chance(self, share: float) -> bool:
        """Return true in that share of all cases."""
        return self.roll() < share

    def rank(self, size: int) -> int:
        """Return a place from 0 up to ``size``: low ones far more often, as in Zipf's law."""
        return int(self.roll() * self.roll() * self.roll() * size)

    def digits(self, count: int) -> str:
        """Return that many decimal digits, at most 15."""
        return str(int(self.roll() * 10**count)).zfill(count)

    def hex(self, count: int) -> str:
        """Return that many hexadecimal digits."""
        return f"{self.bits(4 * count):0{count}x}"

    def base32(self, count: int) -> str:
        """Return that many characters of the base 32 alphabet."""
        return self._spell(BASE32, 5, count)

    def base64(self, count: int) -> str:
        """Return that many characters of the URL-safe base 64 alphabet."""
        return self._spell(BASE64, 6, count)

    def _spell(self, alphabet: str, width: int, count: int) -> str:
        bits = self.bits(width * count)
        last = len(alphabet) - 1
        return "".join([alphabet[bits >> place & last] for place in range(0, width * count, width)])
