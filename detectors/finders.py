"""The finders of an engine: each confirms one sort of candidates in a whole batch."""

from collections.abc import Callable, Sequence
from typing import Protocol

from detectors import secrets, spans
from detectors.accounts import Accounts
from detectors.addresses import addressed
from detectors.codes import Codes, Sought
from detectors.confirm import Scored
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.lists import AlwaysFound, Denied
from detectors.mailboxes import Mailboxes
from detectors.named import Named
from detectors.names import introduced
from detectors.numbers import Numbers
from detectors.overlap import Found
from detectors.secrets import Secrets
from detectors.terms import Terms
from detectors.words import SeenWords
from detectors.written import Written


class Finder(Protocol):
    """Confirms one sort of candidates."""

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch; ``found`` has what earlier finders were sure of."""


def finders(rules: Sequence[Scored], denied: Sequence[Denied] = ()) -> list[Finder]:
    """Return the finders that the rules need, in the order in which they know of each other."""
    return [
        *_made(Accounts, _of(rules, "iban")),
        *_made(Numbers, _of(rules, "digits", "phone")),  # knows what is an account already
        *spans.groups(rules),
        *_made(Secrets, _of(rules, *secrets.KINDS)),
        *_made(Named, [one for one in _of(rules, "assignment") if one.rule.hints]),
        *_made(Codes, [one for one in _of(rules, "code") if not one.rule.is_sought]),
        *_made(Sought, [one for one in rules if one.rule.is_sought]),
        *_made(Written, _of(rules, "field")),
        *_made(Terms, _of(rules, "terms")),
        *([AlwaysFound(denied, rules)] if denied else []),
        *_made(introduced, _of(rules, "introduced")),
        *_made(Mailboxes, _of(rules, "introduced")),
        *_made(addressed, _of(rules, "address")),
    ]


def _of(rules: Sequence[Scored], *candidates: str) -> list[Scored]:
    return [one for one in rules if one.rule.candidate in candidates]


def _made(make: Callable[[Sequence[Scored]], Finder], rules: Sequence[Scored]) -> list[Finder]:
    return [make(rules)] if rules else []
