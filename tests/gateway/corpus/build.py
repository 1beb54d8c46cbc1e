"""Builders and independent checks for the tests of the corpus."""

from typing import Any

from gateway.corpus.dice import Dice


def dice_of(seed: int) -> Dice:
    """Return dice at the begin of a seed."""
    dice = Dice()
    dice.start(seed, 0, 0)
    return dice


def iin_is_valid(number: str) -> bool:
    """Check a Kazakh individual number by the two sums of its register."""
    digits = [int(char) for char in number]
    first = sum(weight * digit for weight, digit in zip(range(1, 12), digits, strict=False)) % 11
    weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    second = sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
    return len(number) == 12 and digits[11] == (first if first < 10 else second)


def leaf_at(event: Any, path: str) -> str:
    """Return the leaf at a JSON pointer as the text that a label counts in."""
    here = event
    for key in path[1:].split("/"):
        here = here[int(key)] if isinstance(here, list) else here[key]
    return here if isinstance(here, str) else str(here)
