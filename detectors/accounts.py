"""Finds bank accounts: IBANs, whose length the country gives and whose check digits must hold."""

import re
from collections.abc import Sequence

from detectors.checks import iban_length
from detectors.confirm import Scored, edges
from detectors.database import CASELESS, Database
from detectors.joined import Joined
from detectors.overlap import Found
from detectors.walk import Leaves
from detectors.words import SeenWords

# The shortest IBAN has 15 characters. A space may stand before each; a hyphen may not, for parts
# of a UUID would do too.
_LEAST = r"[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11}"
_SEEN = re.compile(_LEAST + r"\Z", re.IGNORECASE | re.ASCII)
_REACH = 30


class Accounts(Database):
    """The rules for account numbers."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[Scored]) -> None:
        super().__init__([("[^0-9A-Za-z_]" + _LEAST, CASELESS)])
        self._rules = [one for one in rules if one.rule.candidate == "iban"]

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        _, ends = self.see(joined.data)
        for leaf, seen in zip(*joined.locate(ends), strict=True) if ends else ():
            self._confirm(leaf, seen, leaves, words, found)

    def _confirm(
        self, leaf: int, seen: int, leaves: Leaves, words: SeenWords, found: list[Found]
    ) -> None:
        text = leaves.texts[leaf]
        head = _SEEN.search(text, max(0, seen - _REACH), seen)
        if head is None:
            return
        start = head.start()
        end = iban_end(text, start, iban_length(head[0][:2].upper()))
        if end and edges(text, start, end):
            number = text[start:end].replace(" ", "").upper()
            near = leaves.nodes[leaf].supports | words.near(leaf, start, end)
            rules = [one for one in self._rules if one.holds(number)]
            found += [one.found(leaf, start, end, one.score(near)) for one in rules]


def iban_end(text: str, start: int, length: int) -> int:
    """Return where an IBAN of ``length`` characters ends, single spaces not counted; 0: nowhere."""
    stop = start
    while length and stop < len(text):
        if text[stop].isalnum():
            length -= 1
        elif text[stop] != " " or not text[stop + 1 : stop + 2].isalnum():
            return 0
        stop += 1
    return 0 if length or stop == start else stop
