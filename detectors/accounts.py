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

# The shortest IBAN has 15 characters. A space may stand before each.
_LEAST = r"[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11}"
# Anything else stands between groups of four only, and the same between all: parts of a UUID would
# do otherwise. In bytes for Hyperscan, and in characters.
_BYTES = r"(?:[\t\n./_\-]|\r\n|  +| - |\xc2\xa0|\xe2\x80[\x80-\x95\xaf])"
_BETWEEN = r"(?:[\t\n./_\-\u00a0\u2000-\u2015\u202f]|\r\n| {1,3}| - )"
_GROUPED = f"[A-Z]{{2}}[0-9]{{2}}{_BYTES}[0-9A-Z]{{4}}{_BYTES}[0-9A-Z]{{4}}{_BYTES}[0-9A-Z]{{3}}"
_APART = "[A-Z]{2} [0-9]{2}(?: ?[0-9A-Z]){11}"  # in small letters that is any sentence
_HEAD = re.compile(r"[A-Z]{2} ?[0-9]{2}", re.IGNORECASE | re.ASCII)
_REACH = 40
_SEPARATORS = {ord(char): None for char in "\t\n\r ./_-\u00a0\u202f"} | dict.fromkeys(
    range(0x2000, 0x2016)
)


class Accounts(Database):
    """The rules for account numbers."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[Scored]) -> None:
        forms = ((_LEAST, CASELESS), (_GROUPED, CASELESS), (_APART, 0))
        super().__init__([(f"[^0-9A-Za-z_]{form}", flags) for form, flags in forms])
        self._rules = rules

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:
        """Append what is found in the batch."""
        _, ends = self.see(joined.data)
        where, tried = -1, 0  # in which leaf, and from where on no head was looked behind
        for leaf, seen in zip(*joined.locate(ends), strict=True) if ends else ():
            if leaf != where:
                where, tried = leaf, 0
            for head in _HEAD.finditer(leaves.texts[leaf], max(tried, seen - _REACH), seen):
                tried = head.end()
                self._confirm(leaf, head, leaves, words, found)

    def _confirm(
        self, leaf: int, head: re.Match[str], leaves: Leaves, words: SeenWords, found: list[Found]
    ) -> None:
        text, start = head.string, head.start()
        body = _body(iban_length(head[0][:2].upper())).match(text, head.end())
        if body is None or not edges(text, start, body.end()):
            return
        end = body.end()
        number = text[start:end].translate(_SEPARATORS).upper()
        near = leaves.support(leaf) | words.near(leaf, start, end)
        for one in self._rules:
            confidence = one.score(near)
            if confidence >= FLOOR and one.holds(number):
                found.append(one.found(leaf, start, end, confidence))


@cache
def _body(length: int) -> re.Pattern[str]:
    """Return what follows the country and the check digits of an IBAN; nothing where length is 0."""
    if not length:
        return re.compile("(?!)")
    size = length - len("TR33")
    fours, rest = divmod(size, 4)
    grouped = rf"({_BETWEEN})[0-9A-Za-z]{{4}}(?:\1[0-9A-Za-z]{{4}}){{{fours - 1}}}"
    if rest:
        grouped += rf"\1[0-9A-Za-z]{{{rest}}}"
    return re.compile(rf"(?: ?[0-9A-Za-z]){{{size}}}|{grouped}", re.ASCII)
