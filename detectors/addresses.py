"""Finds postal addresses in running text by the grammar of their country (``streets``).

Hyperscan sees a kind of street beside a number, or a postcode behind one; Python looks for an address
that holds that place, in a bounded window around it.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from detectors.confirm import Scored
from detectors.heads import Head, Heads, Read, Reading
from detectors.letters import EDGE, any_case, escape
from detectors.spellings import fold
from detectors.streets import Grammar, Words, grammars

# How much less sure than an address with its town or postcode.
_STREET_ALONE, _DOUBTFUL, _DOUBTFUL_STREET = 0.2, 0.15, 0.35
_BEFORE, _BEHIND, _LONGEST_WORD = 90, 140, 24  # characters
_END = r"[^0-9A-Za-z\x80-\xff]"
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d ")
_TOKEN = re.compile(r"[^ \n]+")
_LAST = re.compile(r"([^\W\d_]+)\.? \Z")


def _read(grammar: Grammar) -> Read:
    """Return the reader of addresses of one language."""

    def read(text: str, at: int) -> Reading | None:
        low, high = max(0, at - _BEFORE), at + _BEHIND
        if _DIGIT.search(text, low, high) is None:
            return None
        starts = [start.start() for start in grammar.start.finditer(text, low, at)]
        for pattern in grammar.patterns:
            done = low
            for start in starts:
                match = pattern.match(text, start, high) if start >= done else None
                if match is None:
                    continue
                done = match.end()
                reading = _reading(grammar, text, match) if done >= at else None
                if reading is not None:
                    return reading
        return None

    return read


def _reading(grammar: Grammar, text: str, match: re.Match[str]) -> Reading | None:
    parts = match.groupdict()
    placed = bool(parts.get("place"))
    if not (placed or parts.get("number", "-")):
        return None
    start = match.start()
    if "first" in parts:
        name = _begin(grammar, text, *match.span("first"))
        if name is None:
            return None
        start = name if start == match.start("first") else start
    if not placed and _is_counted(grammar, text, start):
        return None
    # 2021 Iain Lane may as well be somebody's year.
    weak = parts.get("weak") is not None or (not placed and _YEAR.match(text, start) is not None)
    if placed:
        return Reading(start, match.end(), _DOUBTFUL if weak else 0.0)
    return Reading(start, match.end(), _DOUBTFUL_STREET if weak else _STREET_ALONE)


def _is_counted(grammar: Grammar, text: str, start: int) -> bool:
    """Say whether the word in front of a number says that it numbers something else."""
    before = _LAST.search(text, max(0, start - _LONGEST_WORD), start) if grammar.counts else None
    if before is None:
        return False
    word = fold(before[1])
    return word in grammar.counts or (word in grammar.dates and bool(_YEAR.match(text, start)))


def _begin(grammar: Grammar, text: str, start: int, end: int) -> int | None:
    """Return where a street's name begins; None where what stands there is none."""
    for token in _TOKEN.finditer(text, start, end):
        word = fold(token[0])
        if word not in grammar.lead:
            return None if word in grammar.never else token.start()
    return None


def _english(words: Words, read: Read) -> Iterable[Head]:
    written = [*words["types"], *words["weak_types"]]
    kinds = "|".join(map(escape, [*written, *map(str.upper, written), *words["small_types"]]))
    yield Head(rf"[0-9A-Za-z.] (?:{kinds}){_END}", 1, read)
    yield Head(rf",? [A-Z]{{2}},? [0-9]{{5}}{_END}", 1, read)
    yield Head(rf"[A-Z][0-9][0-9A-Z]? [0-9][A-Z]{{2}}{_END}", 1, read)


def _german(words: Words, read: Read) -> Iterable[Head]:
    yield Head(rf"{any_case([*words['suffixes'], *words['weak_suffixes']])} ?[0-9]", 1, read)
    yield Head(r"(?:Ring|Ufer) [0-9]", 1, read)
    yield Head(r"[,\n] ?(?:D[\- ])?[0-9]{5} [A-Z\xc3]", 1, read)


def _turkish(words: Words, read: Read) -> Iterable[Head]:
    kinds = any_case([*words["quarters"], *words["streets"], *words["buildings"]])
    number = rf"(?:{any_case(['no', 'numara', 'n'])}[.: ]{{1,3}})?[0-9]"
    yield Head(rf" {kinds}[.,]{{0,2}} ?{number}", 1, read)
    yield Head(rf" {any_case(words['quarters'])}[., ]", 1, read)


def _russian(words: Words, read: Read) -> Iterable[Head]:
    name = r"(?:\.| )[ ]?(?:[0-9]|[\xd0-\xd3].)"
    yield Head(f"{EDGE}{any_case(words['before'])}{name}", 1, read)
    house = rf"(?:{any_case(words['houses'])}\.? ?)?"
    yield Head(rf" {any_case(words['behind'])},? {house}[0-9]", 1, read)


def _hebrew(words: Words, read: Read) -> Iterable[Head]:
    yield Head(rf"{any_case([*words['streets'], *words['weak_streets']])} \xd7", 1, read)


def _arabic(words: Words, read: Read) -> Iterable[Head]:
    yield Head(rf"{any_case(words['streets'])} [\xd8-\xdb]", 1, read)


def _boxes(words: Words, read: Read) -> Iterable[Head]:
    kinds = f"(?:{EDGE}{any_case(words['words'])}|{any_case(words['joined'])})"
    yield Head(rf"{kinds}[ :#]{{1,2}}[0-9]", 1, read)


# What Hyperscan looks for in each language: a kind of street beside a number or a name, a postcode.
_HEADS: dict[str, Callable[[Words, Read], Iterable[Head]]] = {
    "english": _english,
    "german": _german,
    "turkish": _turkish,
    "russian": _russian,
    "hebrew": _hebrew,
    "arabic": _arabic,
    "boxes": _boxes,
}


def addressed(rules: Sequence[Scored]) -> Heads:
    """Return the finder of addresses in running text, for the rules that are about them."""
    heads = [
        head
        for language, grammar in grammars().items()
        for head in _HEADS[language](grammar.words, _read(grammar))
    ]
    return Heads(rules, heads)
