"""The finders of an engine: each confirms one sort of candidates in a whole batch."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from detectors import spans
from detectors.accounts import Accounts
from detectors.codes import Codes, Sought
from detectors.confirm import Scored
from detectors.joined import Joined
from detectors.numbers import Numbers
from detectors.overlap import Found
from detectors.terms import Terms
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
        *_codes(rules),
        *_terms(rules),
    ]


def _codes(rules: Sequence[Scored]) -> Iterator[Finder]:
    codes = [one for one in rules if one.rule.candidate == "code"]
    anywhere = [one for one in codes if not one.rule.is_sought]
    if anywhere:
        yield Codes(anywhere)
    if len(anywhere) < len(codes):
        yield Sought([one for one in codes if one.rule.is_sought])


def _terms(rules: Sequence[Scored]) -> Iterator[Finder]:
    chosen = [one for one in rules if one.rule.candidate == "terms"]
    if chosen:
        yield Terms(chosen)
