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

from detectors.plain import WHOLE, Change, Readings, Rewritten, rewrite

_LEAST = 8  # digits in a row: fewer are a price, a time, a house
_FEW = 3  # words for a number in a row, which anything longer has
_GAP = " \t\r\n,.;:-\u2013\u2014\u2026"  # what a transcript has between words
_WIDEST = 3
_SMALL = ("o", "oh")  # zeros
_PAUSES = frozenset(_GAP) - {"-", " "}
_TOKEN = re.compile(r"(?<!\w)(?:[0-9]{1,19}+|[^\W\d_]++)(?!\w)")
_THREE = re.compile(
    rf"(?<!\w)(?:[^\W\d_]{{1,16}}+[{re.escape(_GAP)}]{{1,{_WIDEST}}}+){{{_FEW - 1}}}[^\W\d_]"
)
_HUNDRED, _TEN, _ONE = 100, 10, 1
_PLUS = "+"
_ASCII = str.maketrans("şüöç", "suoc")


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


def _spellings(words: Mapping[str, _Word]) -> dict[str, _Word]:
    """Return Turkish words as they are folded, and as who has no Turkish keyboard writes them."""
    folded = {_fold(word): meant for word, meant in words.items()}
    return {**{word.translate(_ASCII): meant for word, meant in folded.items()}, **folded}


_TURKISH = _spellings(
    {
        **_numbered("sıfır bir iki üç dört beş altı yedi sekiz dokuz"),
        **_numbered("on yirmi otuz kırk elli altmış yetmiş seksen doksan", 10, 10, _TEN),
        "yüz": _Word(_HUNDRED, _HUNDRED, hundreds=True),
        "artı": _Word(0, digits=_PLUS),
        **_joining("ııı eee şey"),
    }
)
_LANGUAGES = (_ENGLISH, _TURKISH, _RUSSIAN)


def _seen(words: Mapping[str, _Word]) -> str:
    """Return the pattern of a few words for numbers of one language in a row.

    Digits, and words that stand in too many others to look for, may stand between.
    """
    gap = f"[{re.escape(_GAP)}]{{1,{_WIDEST}}}"
    small = [word for word, meant in words.items() if meant.joins or word in _SMALL]
    large = [word.replace("i", "[i\u0131\u0130]") for word in words if word not in small]
    between = f"(?:(?:{'|'.join(small)}|[0-9]){gap}){{0,2}}"
    said = f"(?:{'|'.join(large)})"
    return f"{said}(?:{gap}{between}{said}){{{_FEW - 1}}}"


SAID = tuple(map(_seen, _LANGUAGES))
_FEW_SAID = tuple(map(re.compile, SAID))


class _Number(NamedTuple):
    digits: str
    start: int
    end: int
    together: bool = True  # said digit by digit: the next number belongs to it


class _Run:
    """Numbers that are said in a row.

    The last one is open: its ``value`` may grow by what is less than ``room``. "Doksan beş yüz" is
    95 and 100, or 90 and 500, which is how numbers less than ``close`` are read.
    """

    __slots__ = (
        *("_apart", "_close", "_room", "_start", "_times", "_value"),
        *("doubtful", "numbers", "words"),
    )

    def __init__(self, close: int) -> None:
        self.numbers: list[_Number] = []
        self.words = 0
        self.doubtful = False  # there was something that can be read in another way
        self._value = self._room = 0
        self._times = 0  # of the digit that comes, which began at ``start``
        self._start = 0
        self._close = close
        self._apart: list[_Number] = []  # the last number once more, as two: 90 and 5

    def pause(self) -> None:
        """End the last number."""
        self._value = self._room = 0
        self._apart = []

    def hear(self, word: _Word, start: int, end: int) -> bool:
        """Take one more word; say False where it cannot follow."""
        if word.joins:
            if self._value and self._value % _HUNDRED == 0:
                self._room = _HUNDRED
            return True
        if word.times:
            self._times, self._start = word.times, start
            return True
        if self._times:
            return self._repeat(word, end)
        return self._add(word, start, end)

    def _add(self, word: _Word, start: int, end: int) -> bool:
        if word.hundreds and self._hundreds(word, end):
            return True
        if (word.hundreds and not word.value) or (word.digits == _PLUS and self.numbers):
            return False
        if 0 < word.value < self._room:
            apart = [self.numbers[-1], _Number(str(word.value), start, end)]
            self._grow(self._value + word.value, end)
            self._apart = apart if word.value < _TEN else []
        else:
            self._begin(word, start, end)
        self._room = word.room
        self.words += not word.digits
        return True

    def _begin(self, word: _Word, start: int, end: int) -> None:
        digits = word.digits or str(word.value)
        self._value = 0 if word.digits else word.value
        self._apart = []
        self.numbers.append(_Number(digits, start, end, len(digits) == 1))

    def _grow(self, value: int, end: int) -> None:
        self._value, self._apart = value, []
        self.numbers[-1] = _Number(str(value), self.numbers[-1].start, end, together=False)

    def _hundreds(self, word: _Word, end: int) -> bool:
        """Say whether the open number counts hundreds, and let it do so."""
        self.doubtful |= bool(self._apart) and word.value > 0
        if self._apart and self._value < self._close:
            self.numbers[-1:] = self._apart
            self._value = int(self._apart[-1].digits)
        elif not 0 < self._value < (_TEN if word.value else _HUNDRED):
            return False
        self._grow(self._value * _HUNDRED, end)
        self._room = word.room
        return True

    def _repeat(self, word: _Word, end: int) -> bool:
        digit = word.digits or str(word.value)
        if not digit.isdigit() or len(digit) != 1:
            return False
        self.numbers.append(_Number(digit * self._times, self._start, end))
        self._value = self._room = self._times = 0
        self.words += 1
        return True


def said(text: str) -> Readings:
    """Read what is said in a row as one number, and with spaces where somebody pauses.

    A card is read out in pairs that are no groups of it; a telephone number in the groups that it
    has. A pause, or a number of more than one digit, ends a group.
    """
    if not _THREE.search(text):
        return ()
    folded = _fold(text)
    for words, few in zip(_LANGUAGES, _FEW_SAID, strict=True):
        if few.search(folded):
            readings = _readings(text, folded, words)
            if readings:
                return tuple({plain: (plain, origin) for plain, origin in readings}.values())
    return ()


def _readings(text: str, folded: str, words: Mapping[str, _Word]) -> list[Rewritten]:
    readings: list[Rewritten] = []
    for close in (0, _HUNDRED, 10 * _HUNDRED):
        runs = [run for run in _runs(folded, words, close) if _is_long(run)]
        readings += rewrite(text, _changes(runs))
        if any(_pause(text, *pair) for run in runs for pair in pairwise(run.numbers)):
            readings += rewrite(text, _changes(runs, text))
        if not any(run.doubtful for run in runs):
            break
    return readings


def _is_long(run: _Run) -> bool:
    return run.words >= _FEW and sum(len(one.digits) for one in run.numbers) >= _LEAST


def _runs(text: str, words: Mapping[str, _Word], close: int) -> Iterator[_Run]:
    run, last = _Run(close), 0
    for match in _TOKEN.finditer(text):
        token, (start, end) = match[0], match.span()
        word = _Word(0, digits=token) if token.isdecimal() else words.get(token)
        if word is not None:
            gap = text[last:start]
            if not _PAUSES.isdisjoint(gap):
                run.pause()
            if len(gap) > _WIDEST or gap.strip(_GAP) or not run.hear(word, start, end):
                yield run
                run = _Run(close)
                run.hear(word, start, end)
            last = end
    yield run


def _pause(text: str, one: _Number, following: _Number) -> bool:
    """Say whether a group ends between two numbers."""
    return not one.together or not _PAUSES.isdisjoint(text[one.end : following.start])


def _changes(runs: Sequence[_Run], text: str = "") -> Iterator[Change]:
    """Yield the numbers as digits; with a space at each pause of ``text`` where it is given."""
    for run in runs:
        for one, following in pairwise(run.numbers):
            yield one.start, one.end, one.digits, WHOLE
            space = " " if text and _pause(text, one, following) else ""
            yield one.end, following.start, space, WHOLE
        last = run.numbers[-1]
        yield last.start, last.end, last.digits, WHOLE
