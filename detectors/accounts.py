"""Finds bank accounts: IBANs, whose length the country gives and whose check digits must hold."""

import re
from collections.abc import Sequence
from functools import cache

from detectors.checks.money import iban_length
from detectors.confirm import FLOOR, Scored, edges
from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import SeenWords

# The shortest IBAN has 15 characters. A space may stand before each; a hyphen may not, for parts
# of a UUID would do too.
_LEAST = r"[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11}"
_HEAD = re.compile(r"[A-Z]{2}[0-9]{2}", re.IGNORECASE | re.ASCII)
_REACH = 30


class Accounts(Database):
    """The rules for account numbers."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[Scored]) -> None:
        super().__init__([("[^0-9A-Za-z_]" + _LEAST, CASELESS)])
        self._rules = rules

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        _, ends = self.see(joined.data)
        for leaf, seen in zip(*joined.locate(ends), strict=True) if ends else ():
            self._confirm(leaf, seen, leaves, words, found)

    def _confirm(
        self, leaf: int, seen: int, leaves: Leaves, words: SeenWords, found: list[Found]
    ) -> None:
        text = leaves.texts[leaf]
        for head in _HEAD.finditer(text, max(0, seen - _REACH), seen):
            body = _body(iban_length(head[0][:2].upper())).match(text, head.end())
            if body is not None and edges(text, head.start(), body.end()):
                start, end = head.start(), body.end()
                number = text[start:end].replace(" ", "").upper()
                near = leaves.support(leaf) | words.near(leaf, start, end)
                for one in self._rules:
                    confidence = one.score(near)
                    if confidence >= FLOOR and one.holds(number):
                        found.append(one.found(leaf, start, end, confidence))


@cache
def _body(length: int) -> re.Pattern[str]:
    """Return what follows the country and the check digits of an IBAN; nothing where length is 0."""
    size = length - len("TR33")
    return re.compile(f"(?: ?[0-9A-Za-z]){{{size}}}" if length else "(?!)")
