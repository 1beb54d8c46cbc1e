"""Reads numbers that a float would round, so that views say them and detection sees them as written."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Self

import orjson

from detectors.leaves import Leaves

# A float is sure of 15 digits, and a whole number of 64 bits has 20 at most.
_LONG = b"0" * 17  # characters of a number, each as a zero
_AS_ZEROS = bytes(ord("0") if chr(char) in "0123456789." else 0 for char in range(256))
_SURE = 16  # characters
_LEAST, _MOST = -(2**63), 2**64 - 1  # what orjson reads as a whole number
_PLACES = 64  # digits that an exponent may stand for


class Exact(float):
    """A number with more digits than a float has: ``text`` is how its record writes it.

    Two are equal where they are written alike.
    """

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Self:
        """Keep how the number is written."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        """Return the digits, without an exponent."""
        try:
            number = Decimal(self.text)
        except InvalidOperation:  # no computer has such an exponent
            return self.text
        if abs(number.adjusted()) > _PLACES:
            return self.text
        return f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"

    def __eq__(self, other: object) -> bool:
        """Compare what is written."""
        return isinstance(other, Exact) and self.text == other.text

    def __hash__(self) -> int:
        """Hash what is written."""
        return hash(self.text)


def reread(value: bytes | None, leaves: Leaves) -> Any:
    """Return anew what an event says whose walk met a float that may be rounded; None: it met none.

    orjson has read the event before. What is deeper than Python's own stack stays as it was read.
    """
    if value is None or not leaves.has_floats or _LONG not in value.translate(_AS_ZEROS):
        return None
    try:
        return read(value)
    except RecursionError:
        return None


def read(value: bytes) -> Any:
    """Return what JSON says, with every number that 64 bits cannot hold as it is written."""
    return json.loads(value, parse_int=_whole, parse_float=_fraction)


def _whole(text: str) -> int | Exact:
    number = int(text)
    return number if _LEAST <= number <= _MOST else Exact(text)


def _fraction(text: str) -> float:
    number = float(text)
    return number if len(text) <= _SURE or repr(number) == text else Exact(text)


def write(number: object) -> orjson.Fragment:
    """Return an exact number as orjson is to write it. Raises TypeError for anything else."""
    if isinstance(number, Exact):
        return orjson.Fragment(number.text)
    raise TypeError
