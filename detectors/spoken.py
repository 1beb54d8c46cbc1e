"""Reads digits that are said in words, as transcripts have them: in English, Turkish and Russian.

Who says a number says its digits one by one, in pairs or in larger numbers: "four five thirty nine",
"double five", "beş yüz otuz iki", "девятьсот три". A word goes with what was said before it as far
as numbers of the language do; then the next number begins.
"""

# ruff: noqa: RUF001  # Turkish has an i without a dot

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from detectors.plain import Change, Rewritten, rewrite

_LEAST = 8  # digits in a row: fewer are a price, a time, a house
_FEW = 3  # words for a number in a row, which anything longer has
_GAP = " \t\r\n,.;:-\u2013\u2014\u2026"  # what a transcript has between words
_WIDEST = 3
_SHORT = 2  # letters
_PAUSE = _GAP.replace("-", "").replace(" ", "")
_TOKEN = re.compile(r"[0-9]{1,19}+|[^\W\d_]++")
_WORDS = re.compile(r"[^\W\d_]{3,}+")
_BETWEEN = re.compile(rf"[{re.escape(_GAP)}][^\W\d_]{{3,16}}+[{re.escape(_GAP)}]")
_HUNDRED, _TEN, _ONE = 100, 10, 1
_PLUS = "+"
_TURKISH_ASCII = str.maketrans("şüö", "suo")


class _Word(NamedTuple):
    """What a word does to a number: ``value`` is added, what is less than ``room`` may follow."""

    value: int
    room: int = _ONE
    digits: str = ""  # said as they are: digits, and a plus
    times: int = 0  # a digit follows, so many times
    hundreds: bool = False  # so many hundreds as the digit before it says
    joins: bool = False  # and, er: says nothing by itself


def _numbered(words: str, first: int = 0, step: int = 1, room: int = _ONE) -> dict[str, _Word]:
    some = [part.split("/") for part in words.split()]
    return {word: _Word(first + at * step, room) for at, same in enumerate(some) for word in same}


def _joining(words: str) -> dict[str, _Word]:
    return {word: _Word(0, joins=True) for word in words.split()}


_ENGLISH = {
    **_numbered("zero/oh/o/nought one two three four five six seven eight nine/niner"),
    **_numbered(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", first=10
    ),
    **_numbered("twenty thirty forty/fourty fifty sixty seventy eighty ninety", 20, 10, _TEN),
    "hundred": _Word(0, hundreds=True),
    "double": _Word(0, times=2),
    "triple": _Word(0, times=3),
    "plus": _Word(0, digits=_PLUS),
    **_joining("and uh um er erm"),
}
_TURKISH = {
    **_numbered("sıfır bir iki üç dört beş altı yedi sekiz dokuz"),
    **_numbered("on yirmi otuz kırk elli altmış yetmiş seksen doksan", 10, 10, _TEN),
    "yüz": _Word(_HUNDRED, _HUNDRED, hundreds=True),
    "artı": _Word(0, digits=_PLUS),
    **_joining("ııı eee şey"),
}
_RUSSIAN = {
    **_numbered("ноль/нуль один/одна/одно два/две три четыре пять шесть семь восемь девять"),
    **_numbered(
        "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать "
        "восемнадцать девятнадцать",
        first=10,
    ),
    **_numbered(
        "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто", 20, 10, _TEN
    ),
    **_numbered(
        "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
        _HUNDRED,
        _HUNDRED,
        _HUNDRED,
    ),
    "плюс": _Word(0, digits=_PLUS),
    **_joining("ну э ээ эээ эм"),
}


def _fold(text: str) -> str:
    """Return the text in lower case with every character in its place; an i is one with any dot."""
    return text.replace("\u0130", "i").lower().replace("\u0131", "i")


def _folded(words: Mapping[str, _Word]) -> dict[str, _Word]:
    return {_fold(word): meant for word, meant in words.items()}


_LANGUAGES = (
    _ENGLISH,
    {
        **_folded(_TURKISH),
        **{word.translate(_TURKISH_ASCII): meant for word, meant in _folded(_TURKISH).items()},
    },
    _RUSSIAN,
)


def _seen(words: Mapping[str, _Word]) -> str:
    """Return the pattern of a few words for numbers of one language in a row.

    A word of one or two letters stands in too many others to look for, but may stand between.
    """
    gap = f"[{re.escape(_GAP)}]{{1,{_WIDEST}}}"
    short = "|".join(word for word in words if len(word) <= _SHORT)
    long = "|".join(word.replace("i", "[i\u0131\u0130]") for word in words if len(word) > _SHORT)
    return f"(?:{long})(?:{gap}(?:(?:{short}){gap}){{0,2}}(?:{long})){{{_FEW - 1}}}"


SAID = tuple(map(_seen, _LANGUAGES))


class _Number(NamedTuple):
    digits: str
    start: int
    end: int
    together: bool = True  # said digit by digit: the next number belongs to it


class _Run:
    """Numbers that are said in a row.

    The last one is open: its ``value`` may grow by what is less than ``room``.
    """

    __slots__ = ("numbers", "room", "start", "times", "value", "words")

    def __init__(self) -> None:
        self.numbers: list[_Number] = []
        self.value = 0
        self.room = self.words = 0
        self.times = 0  # of the digit that comes, which began at ``start``
        self.start = 0

    def hear(self, word: _Word, start: int, end: int) -> bool:
        """Take one more word; say False where it cannot follow."""
        if word.joins:
            if self.value and self.value % _HUNDRED == 0:
                self.room = _HUNDRED
            return True
        if word.times:
            self.times, self.start = word.times, start
            return True
        if self.times:
            return self._repeat(word, end)
        return self._add(word, start, end)

    def _add(self, word: _Word, start: int, end: int) -> bool:
        if word.hundreds and self._hundreds(word, end):
            return True
        if (word.hundreds and not word.value) or (word.digits == _PLUS and self.numbers):
            return False
        if 0 < word.value < self.room:
            self._grow(self.value + word.value, end)
        else:
            self._begin(word, start, end)
        self.room = word.room
        self.words += not word.digits
        return True

    def _begin(self, word: _Word, start: int, end: int) -> None:
        digits = word.digits or str(word.value)
        self.value = 0 if word.digits else word.value
        self.numbers.append(_Number(digits, start, end, len(digits) == 1))

    def _grow(self, value: int, end: int) -> None:
        self.value = value
        self.numbers[-1] = _Number(str(value), self.numbers[-1].start, end, together=False)

    def _hundreds(self, word: _Word, end: int) -> bool:
        """Say whether the open number counts hundreds, and let it do so."""
        if not 0 < self.value < (_TEN if word.value else _HUNDRED):
            return False
        self._grow(self.value * _HUNDRED, end)
        self.room = word.room
        return True

    def _repeat(self, word: _Word, end: int) -> bool:
        digit = word.digits or str(word.value)
        if not digit.isdigit() or len(digit) != 1:
            return False
        self.numbers.append(_Number(digit * self.times, self.start, end))
        self.value = self.room = self.times = 0
        self.words += 1
        return True


def said(text: str) -> Rewritten | None:
    """Read what is said in a row as one number, however it is grouped."""
    return _read(text, paused=False)


def paused(text: str) -> Rewritten | None:
    """Read what is said in a row, with a space where there is a pause or a larger number ends."""
    return _read(text, paused=True)


def _read(text: str, *, paused: bool) -> Rewritten | None:
    if not _BETWEEN.search(text):
        return None
    folded = _fold(text)
    tokens = {*_WORDS.findall(folded)}
    for words in _LANGUAGES:
        if tokens.isdisjoint(words):
            continue
        changes = [
            change
            for run in _runs(folded, words)
            if run.words >= _FEW and sum(len(one.digits) for one in run.numbers) >= _LEAST
            for change in _changes(text, run.numbers, paused=paused)
        ]
        if changes:
            return rewrite(text, changes)
    return None


def _runs(text: str, words: Mapping[str, _Word]) -> Iterator[_Run]:
    run, last = _Run(), 0
    for match in _TOKEN.finditer(text):
        token, (start, end) = match[0], match.span()
        word = _Word(0, digits=token) if token.isdecimal() else words.get(token)
        if word is not None:
            gap = text[last:start]
            if len(gap) > _WIDEST or gap.strip(_GAP) or not run.hear(word, start, end):
                yield run
                run = _Run()
                run.hear(word, start, end)
            last = end
    yield run


def _changes(text: str, numbers: Sequence[_Number], *, paused: bool) -> Iterator[Change]:
    for one, following in pairwise(numbers):
        yield Change(one.start, one.end, one.digits)
        gap = text[one.end : following.start]
        apart = paused and (not one.together or any(char in _PAUSE for char in gap))
        yield Change(one.end, following.start, " " if apart else "")
    yield Change(numbers[-1].start, numbers[-1].end, numbers[-1].digits)
