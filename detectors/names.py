"""Finds people's names in running text, where an introduction, a title or a greeting announces them.

Hyperscan sees the head ("my name is", "Mr", "best regards,"), Python delimits the name beside it:
one to four capitalised words with particles and initials; in scripts without case, and in text
without capitals, one to three words that are no words of the language (``introductions``).
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from detectors.confirm import Scored
from detectors.heads import Head, Heads, Read, Reading
from detectors.introductions import introductions
from detectors.letters import CAPITAL, EDGE, INITIAL, LETTER, UPPER, any_case, escape
from detectors.spellings import fold

# How much less sure than an introduction.
_CLEAR, _LIKELY, _ROLE, _SPOKEN, _DOUBTFUL = 0.05, 0.1, 0.15, 0.2, 0.35
_PLAIN_LESS, _OPEN_LESS, _SMALL_LESS, _LOUD_LESS, _COMMON_LESS = 0.1, 0.1, 0.15, 0.25, 0.2
_LONGEST, _BESIDE = 96, 80  # characters of a name, and before it
_MOST_WORDS, _MOST_PLAIN = 4, 3

_SAID = introductions()
_SPACE = "[ \u00a0]"
_QUOTE = "['\u2019]"


def _one_of(phrases: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, phrases))})"


_PARTICLES = _one_of(_SAID.particles)
_LEADING = rf"(?:van|von|vom|de|di|da|del|al|bin|ibn|abu){_SPACE}(?:(?:der|den|la){_SPACE})?"
_WORD = (
    rf"(?:[aA]l-|[dDlLO]{_QUOTE})?[{UPPER}]{LETTER}{{0,29}}"
    rf"(?:{_QUOTE}[{UPPER}]{LETTER}{{1,29}}|-{LETTER}{{1,29}}){{0,2}}"
)
_PIECE = rf"(?:[{UPPER}]\.(?:-?[{UPPER}]\.){{0,2}}|{_WORD})"
_GIVEN = re.compile(
    rf"(?:{_LEADING})?{_PIECE}"
    rf"(?:{_SPACE}(?:{_PARTICLES}{_SPACE}){{0,2}}{_PIECE}|{_SPACE}{_PARTICLES}(?!{LETTER})){{0,4}}"
)
_BEFORE = re.compile(rf"(?<![^\W_])(?:{_PIECE}{_SPACE}){{1,3}}{_one_of(_SAID.titles_behind)}\Z")
_PLAIN = re.compile(rf"{LETTER}{{2,24}}(?:['\u2019\u05f3-]{LETTER}{{1,24}})?(?!{LETTER})")
_TOKEN = re.compile(rf"[^{_SPACE[1:-1]}]+")
_MARKS = '[,;:!?)\n\r"|/\u00bb\u201c\u201d\u2013\u2014\u060c\u061b\u061f]'
_CLOSED = re.compile(rf"{_SPACE}{{0,2}}(?:{_MARKS}|\.(?!\w)|- |\Z)")
_COMMA = re.compile(rf"{_SPACE}?(?:[,\u060c\n\r]|\Z)")
_LINE_END = re.compile(rf"{_SPACE}{{0,2}}[.,!]?{_SPACE}{{0,2}}(?:[\n\r|\u2013\u2014]|\Z)")
_SPEAKS = re.compile(
    rf"[.,\u060c]? {{0,2}}(?:and |und |\u0648)?{_one_of(_SAID.speaks)}(?!{LETTER})", re.IGNORECASE
)
_I = re.compile(rf"[.,\u060c] {{0,2}}{_one_of(_SAID.first_person)}(?!{LETTER})", re.IGNORECASE)
_STREET_DRIVE = re.compile(r"\d[^\n,;:]{1,40}\b(?:[Dd]r|DR)\.? {0,2}\Z")
_PATRONYMIC = ("\u0438\u0447", "\u0432\u043d\u0430")  # the father's name is the last one
_CASELESS = "\u0530"  # letters from here on have no capitals


class Name(NamedTuple):
    """What may be a name: where it stands, of how many words, and what its writing says."""

    start: int
    end: int
    words: int
    first: str  # the first word, folded
    plain: bool  # without capitals
    cut: bool  # a word that is no name goes on behind it
    closed: bool  # a mark, a line's end or the text's stands behind it


def read_name(text: str, at: int) -> Name | None:
    """Return the name that begins at a place of a text, if there is one."""
    char = text[at : at + 1]
    if not char.isalpha():
        return None
    name = _given(text, at) if char < _CASELESS else None
    return _plain(text, at) if name is None and not char.isupper() else name


def _given(text: str, at: int) -> Name | None:
    """Return a name in capitalised words."""
    match = _GIVEN.match(text, at, at + _LONGEST)
    if match is None:
        return None
    end, words, longest, first, cut = at, 0, 0, "", False
    for token in _TOKEN.finditer(text, at, match.end()):
        word = fold(token[0])
        if word in _SAID.elsewhere:
            return None
        if word in _SAID.particles and (words or token[0].islower()):
            continue
        cut = _is_other(word) if words else _is_no_name(word) and word not in _SAID.names_too
        if cut or words == _MOST_WORDS:
            cut = True
            break
        first = first or word
        words += 1
        longest = max(longest, len(word.strip(".")))
        end = token.end()
    if longest < 2:  # noqa: PLR2004  # an initial alone is nobody
        return None
    closed = not cut and _CLOSED.match(text, end) is not None
    return Name(at, end, words, first, plain=False, cut=cut, closed=closed)


def _plain(text: str, at: int) -> Name | None:
    """Return a name in words without capitals: those before a mark or a word of the language."""
    ends: list[int] = []
    first, cut, place = "", False, at
    while len(ends) <= _MOST_PLAIN and place - at < _LONGEST:
        token = _PLAIN.match(text, place)
        if token is None:
            break
        word = fold(token[0])
        cut = _is_no_word(word)
        if cut:
            break
        first = first or word
        if word not in _SAID.particles:
            ends.append(token.end())
        if text[token.end() : token.end() + 1] not in (" ", "\u00a0"):
            break
        place = token.end() + 1
    if not ends:
        return None
    if len(ends) > _MOST_PLAIN:  # goes on and on: a given and a family name at most
        return Name(at, ends[1], 2, first, plain=True, cut=False, closed=False)
    closed = not cut and _CLOSED.match(text, ends[-1]) is not None
    return Name(at, ends[-1], len(ends), first, plain=True, cut=cut, closed=closed)


def _is_no_name(word: str) -> bool:
    return word in _SAID.never or word.startswith(_SAID.stems)


def _is_other(word: str) -> bool:
    """Say whether a capitalised word behind a name, or in front of it, is no part of it."""
    return word not in _SAID.names_too and (_is_no_name(word) or word in _SAID.common)


def _is_no_word(word: str) -> bool:
    """Say whether a word written without a capital is one of the language."""
    if _is_no_name(word) or word in _SAID.common or word in _SAID.elsewhere:
        return True
    # Hebrew and Arabic write "and" as a part of the next word; few Hebrew names begin with it.
    if word[0] == "\u05d5":
        return word[1] not in "\u05d5\u05d9\u05dc\u05e8" or _is_no_name(word[1:])
    return word[0] == "\u0648" and _is_no_name(word[1:])


def _doubt(text: str, name: Name) -> float:
    """Return how much less sure the writing of a name makes it."""
    if name.plain:
        cased = text[name.start] < _CASELESS
        ended = name.closed or name.cut
        return _PLAIN_LESS + (0 if ended else _OPEN_LESS) + (_SMALL_LESS if cased else 0)
    loud = name.words > 1 and not name.closed and text[name.start : name.end].isupper()
    common = name.words == 1 and name.first in _SAID.common
    return (_LOUD_LESS if loud else 0) + (_COMMON_LESS if common else 0)


def _stated(text: str, at: int) -> Reading | None:
    name = read_name(text, at)
    if name is None or (name.cut and name.first in _SAID.common):
        return None
    return Reading(name.start, name.end, _doubt(text, name))


def _in_name_of(text: str, at: int) -> Reading | None:
    name = read_name(text, at)
    if name is not None and name.plain and not (name.words > 1 and name.closed):
        return None
    return _stated(text, at)


def _stated_first(text: str, at: int) -> Reading | None:
    reading = _stated(text, at)
    if reading is None or " " in text[reading.start : reading.end]:
        return reading
    goes_on = text[reading.end : reading.end + 1] in (",", ".", "!", "'", "\u2019")
    return reading if goes_on else reading._replace(less=_DOUBTFUL)  # it means a step, too


def _titled(text: str, at: int) -> Reading | None:
    name = read_name(text, at)
    if name is None or name.first in _SAID.not_titled or (name.plain and text[at] < _CASELESS):
        return None
    if text[name.end : name.end + 1] == "(" or _STREET_DRIVE.search(text, max(0, at - _BESIDE), at):
        return None  # code, or Drive
    return Reading(name.start, name.end, _CLEAR + _doubt(text, name))


def _titled_behind(text: str, at: int) -> Reading | None:
    match = _BEFORE.search(text, max(0, at - _BESIDE), at)
    if match is None:
        return None
    tokens = list(_TOKEN.finditer(text, match.start(), at))[:-1]
    words = [fold(token[0]) for token in tokens]
    # The beginning of a sentence has a capital, too.
    odd = [n for n, word in enumerate(words) if _is_other(word)]
    tokens = tokens[odd[-1] + 1 :] if odd else tokens
    following = _TOKEN.match(text, at + 1, at + 25)
    if not tokens or (following and fold(following[0]).rstrip(".") in _SAID.elsewhere):
        return None
    return Reading(tokens[0].start(), tokens[-1].end(), _CLEAR)


def _met(less: float) -> Read:
    """Return the reader of words behind which a person's whole name may stand, or a thing's."""

    def read(text: str, at: int) -> Reading | None:
        name = read_name(text, at)
        if name is None or name.plain or name.cut or name.first in _SAID.common:
            return None
        doubt = less + _doubt(text, name) if name.words > 1 else _DOUBTFUL
        return Reading(name.start, name.end, doubt)

    return read


def _speaker(less: float) -> Read:
    """Return the reader of words that a speaker's name may follow, or anything else."""

    def read(text: str, at: int) -> Reading | None:
        name = read_name(text, at)
        if name is None or name.first in _SAID.common:
            return None
        doubt = _CLEAR + _doubt(text, name)
        if _SPEAKS.match(text, name.end):
            return Reading(name.start, name.end, doubt)
        if name.plain or not name.closed:
            return None
        if name.words == 1:
            return Reading(name.start, name.end, _DOUBTFUL)
        return Reading(name.start, name.end, doubt if _I.match(text, name.end) else less)

    return read


def _dear(text: str, at: int) -> Reading | None:
    name = read_name(text, at)
    if name is None or not name.closed or name.first in _SAID.common:
        return None
    if name.plain and text[at] < _CASELESS:
        return None
    return Reading(name.start, name.end, _CLEAR + _doubt(text, name))


def _hello(text: str, at: int) -> Reading | None:
    name = read_name(text, at)
    if name is None or not name.closed or name.plain or name.first in _SAID.common:
        return None
    if fold(text[name.start : name.end]).endswith(_PATRONYMIC):
        return Reading(name.start, name.end, _CLEAR)
    comma = _COMMA.match(text, name.end)
    return Reading(name.start, name.end, _SPOKEN if comma else _DOUBTFUL)


def _signed(less: float, alone: float) -> Read:
    """Return the reader of a sign-off, with which a line ends."""

    def read(text: str, at: int) -> Reading | None:
        name = read_name(text, at)
        if (
            name is None
            or name.cut
            or name.first in _SAID.common
            or not _LINE_END.match(text, name.end)
        ):
            return None
        least = less if name.words > 1 else alone
        if name.plain and (text[at] < _CASELESS or alone == _DOUBTFUL):
            least = _DOUBTFUL
        return Reading(name.start, name.end, max(least, _doubt(text, name)))

    return read


_BLANK = r"(?:[ \t]|\xc2\xa0)"
_COLON = r"(?:[ \t:\"-]|\xc2[\xa0\xab]|\xe2\x80[\x90-\x9f]){1,3}"
_POINT = r"(?:\.[ ]{0,2}|[ ]{1,2}|\xc2\xa0)"
_LINES = r"(?:[ ,.!\r\n\t-]|\xd8\x8c|\xe2\x80[\x90-\x95]){1,6}"
_COMMAS = r"(?:,? |\xd8\x8c )"
# Where a clause begins.
_OPENS = (
    r"(?:[\x00\n\r.:,;!?\"(>*-]|\xc2[\xab\xb7]|\xe2\x80[\x80-\xbf]|\xd8[\x8c\x9b\x9f])[ \t]{0,2}"
)
# A card's formatted name (RFC 6350 section 6.2.1) and a calendar's common name (RFC 5545 section 3.2.2).
_PROPERTY = r"(?:[\x00\n]FN(?:;[^\x00\n:]{1,64})?:|;CN=\"?)"
_LARGE = rf"(?:{CAPITAL}|[\xd7-\xda].)"


def introduced(rules: Sequence[Scored]) -> Heads:
    """Return the finder of names that something announces, for the rules that are about them."""
    said, written = _SAID, "|".join(map(escape, _SAID.titles_as_written))
    behind = "|".join(map(escape, said.titles_behind))
    signed, thanked = _signed(_CLEAR, _SPOKEN), _signed(_LIKELY, _DOUBTFUL)
    return Heads(
        rules,
        [
            Head(f"{EDGE}{any_case(said.stated)}{_COLON}{INITIAL}", 1, _stated),
            Head(f"{_PROPERTY}{INITIAL}", 1, _stated),
            Head(f"{EDGE}{any_case(said.in_name_of)}{_COLON}{INITIAL}", 1, _in_name_of),
            Head(f"{_OPENS}{any_case(said.stated_first)}{_COLON}{INITIAL}", 1, _stated_first),
            Head(f"{EDGE}{any_case(said.titles)}{_POINT}{INITIAL}", 1, _titled),
            Head(f"{EDGE}(?:{written}){_POINT}{INITIAL}", 1, _titled),
            Head(rf"[A-Za-z\x80-\xbf] (?:{behind})[^0-9A-Za-z\x80-\xff]", 1, _titled_behind),
            Head(f"{EDGE}{any_case(said.roles)}{_COLON}{_LARGE}", 2, _met(_ROLE)),
            Head(f"{EDGE}{any_case(said.met)} {_LARGE}", 2, _met(_SPOKEN)),
            Head(f"{_OPENS}{any_case(said.speaker)} {_LARGE}", 2, _speaker(_SPOKEN)),
            Head(f"{_OPENS}{any_case(said.this_is)} {_LARGE}", 2, _speaker(_DOUBTFUL)),
            Head(f"{EDGE}{any_case(said.dear)}{_BLANK}{_LARGE}", 2, _dear),
            Head(f"{_OPENS}{any_case(said.hello)}{_COMMAS}{_LARGE}", 2, _hello),
            Head(f"{EDGE}{any_case(said.regards)}{_LINES}{INITIAL}", 1, signed),
            Head(f"{_OPENS}{any_case(said.thanks)}{_LINES}{INITIAL}", 1, thanked),
        ],
    )
