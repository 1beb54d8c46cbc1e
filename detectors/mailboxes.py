"""Finds the name in front of an address: ``Jane Roe <jane.roe@example.com>``.

The address has to say who it is: a word of the name stands in its local part, and not in its domain,
where it would be a firm's. A single word may be anything.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from detectors.confirm import Scored
from detectors.database import Database
from detectors.introductions import introductions
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.letters import LETTER
from detectors.overlap import Found
from detectors.spellings import GERMAN, fold
from detectors.words import SeenWords

# RFC 5322 section 3.4, name-addr. A name in Latin letters, for the address has no others.
_HEAD = r"[A-Za-z\x80-\xff\".] ?<[0-9A-Za-z][^\x00-\x20<>@]{1,63}@[0-9A-Za-z]"
_SAID = introductions()
_WORD = rf"{LETTER}(?:{LETTER}|['\u2019.\-]){{0,30}}"
_NAME = re.compile(rf'({_WORD}(?:,? {_WORD}){{1,3}})"? ?\Z')
_DOMAIN = re.compile(r"[0-9A-Za-z.\-]*")
_LONGEST, _LOCAL = 80, 66  # characters of a name, and of a local part with its marks
_ENDS = "<>;:()\n\r\t"  # in no name
_LEAST = 3  # letters of a word that says who it is


class Mailboxes(Database):
    """The rules for names that something announces: here it is an address."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[Scored]) -> None:
        super().__init__([(_HEAD, 0)])
        self._rules = rules

    def find(self, joined: Joined, leaves: Leaves, words: SeenWords, found: list[Found]) -> None:  # noqa: ARG002  # every finder is asked in one way
        """Append what is found in the batch."""
        _, ends = self.see(joined.data)
        for leaf, end in zip(*joined.locate(ends, 1), strict=True) if ends else ():
            place = _named(leaves.texts[leaf], end)
            if place is not None:
                found += [one.found(leaf, *place, one.confidence) for one in self._rules]


def _named(text: str, end: int) -> tuple[int, int] | None:
    """Return where the name stands whose address goes on at ``end`` with its domain."""
    mark = text.rfind("<", max(0, end - _LOCAL), end)
    begin = max(0, mark - _LONGEST)
    begin = max(begin, *(text.rfind(char, begin, mark) + 1 for char in _ENDS))
    match = _NAME.search(text, begin, mark)
    if match is None:
        return None
    start = _capitals(text, *match.span(1))
    some = [_plain(word) for word in re.split(r"[ ,]+", text[start : match.end(1)])]
    domain = _DOMAIN.match(text, end)
    local, host = text[mark:end].lower(), "" if domain is None else domain[0].lower()
    said = any(
        len(word) >= _LEAST and word not in _SAID.mailboxes and word in local and word not in host
        for spellings in some
        for word in spellings
    )
    is_nobody = len(some) < 2 or any(_SAID.elsewhere & spellings for spellings in some)  # noqa: PLR2004
    return (start, match.end(1)) if said and not is_nobody else None


def _capitals(text: str, start: int, end: int) -> int:
    """Return where the words with capitals begin that go on up to ``end``; particles may be among them."""
    first = end
    for word in reversed([*re.finditer(_WORD, text[start:end])]):
        if word[0][0].isupper():
            first = start + word.start()
        elif word[0] not in _SAID.particles:
            break
    return first


def _plain(word: str) -> set[str]:
    """Return a word as it can stand in an address: in ASCII, umlauts as one letter or as two."""
    folded = fold(word).replace("ß", "ss")
    return {_bare(folded), _bare(folded.translate(GERMAN))}


def _bare(word: str) -> str:
    return "".join(_letters(word))


def _letters(word: str) -> Iterator[str]:
    return filter(str.isalnum, unicodedata.normalize("NFKD", word))
