"""The finders of an engine: each confirms one sort of candidates in a whole batch."""

from collections.abc import Sequence
from typing import Protocol

from detectors import spans
from detectors.accounts import Accounts
from detectors.confirm import Scored
from detectors.joined import Joined
from detectors.numbers import Numbers
from detectors.overlap import Found
from detectors.walk import Leaves
from detectors.words import SeenWords


class Finder(Protocol):
    """Confirms one sort of candidates."""

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch; ``found`` has what earlier finders were sure of."""


def finders(rules: Sequence[Scored]) -> list[Finder]:
    """Return the finders that the rules need, in the order in which they know of each other."""
    return [
        Accounts(rules),
        Numbers(rules),  # knows what is an account already
        *spans.groups(rules),
    ]
