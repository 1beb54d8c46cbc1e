"""Reads digits that are said in words, as transcripts have them: in English, Turkish and Russian.

Who says a number says its digits one by one, in pairs or in larger numbers: "four five thirty nine",
"double five", "beş yüz otuz iki", "девятьсот три". A word goes with what was said before it as far
as numbers of the language do; then the next number begins.
"""

# ruff: noqa: RUF001  # Turkish has an i without a dot

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, repeat
from typing import NamedTuple

from detectors.database import CASELESS, ONCE, UTF8, Database
from detectors.plain import WHOLE, Change, Readings, Rewritten, rewrite

_LEAST = 8  # digits in a row: fewer are a price, a time, a house
_FEW = 3  # words for a number in a row, which anything longer has
_GAP = " \t\r\n,.;:-\u2013\u2014\u2026"  # what a transcript has between words
_WIDEST = 3
_SMALL = ("o", "oh")  # zeros
_PAUSES = frozenset(_GAP) - {"-", " "}
# So many words for numbers are read in all readings of a text, or one for so many of its characters.
MOST, SPARSE = 8_000, 8
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


def _token(words: Mapping[str, _Word]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:[0-9]{{1,19}}+|{'|'.join(words)})(?!\w)")


_TOKENS = tuple(map(_token, _LANGUAGES))


# Digits, the characters that say them, and whether they are said digit by digit: the next number
# belongs to it then.
_Number = tuple[str, int, int, bool]


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
        value = word.value
        if self._times or word.joins or word.times:
            return self._odd(word, start, end)
        if word.hundreds and self._hundreds(word, end):
            return True
        if (word.hundreds and not value) or (word.digits == _PLUS and self.numbers):
            return False
        if 0 < value < self._room:
            apart = [self.numbers[-1], (str(value), start, end, True)]
            self._grow(self._value + value, end)
            self._apart = apart if value < _TEN else []
        else:
            digits = word.digits or str(value)
            self._value = 0 if word.digits else value
            self._apart = []
            self.numbers.append((digits, start, end, len(digits) == 1))
        self._room = word.room
        if not word.digits:
            self.words += 1
        return True

    def _odd(self, word: _Word, start: int, end: int) -> bool:
        """Take a word that says no number by itself, or the digit that was announced by one."""
        if word.joins:
            if self._value and self._value % _HUNDRED == 0:
                self._room = _HUNDRED
            return True
        if word.times:
            self._times, self._start = word.times, start
            return True
        return self._repeat(word, end)

    def _grow(self, value: int, end: int) -> None:
        self._value, self._apart = value, []
        self.numbers[-1] = (str(value), self.numbers[-1][1], end, False)

    def _hundreds(self, word: _Word, end: int) -> bool:
        """Say whether the open number counts hundreds, and let it do so."""
        self.doubtful |= bool(self._apart) and word.value > 0
        if self._apart and self._value < self._close:
            self.numbers[-1:] = self._apart
            self._value = int(self._apart[-1][0])
        elif not 0 < self._value < (_TEN if word.value else _HUNDRED):
            return False
        self._grow(self._value * _HUNDRED, end)
        self._room = word.room
        return True

    def _repeat(self, word: _Word, end: int) -> bool:
        digit = word.digits or str(word.value)
        if not digit.isdigit() or len(digit) != 1:
            return False
        self.numbers.append((digit * self._times, self._start, end, True))
        self._value = self._room = self._times = 0
        self.words += 1
        return True


class Speech(Database):
    """Reads what is said, in the texts in which it sees that something is."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__([(pattern, UTF8 | CASELESS | ONCE) for pattern in SAID])

    def __call__(self, text: str) -> Readings | None:
        """Return what ``said`` does."""
        languages, _ = self.see(text.encode(errors="replace"))
        return said(text, sorted(languages)) if languages else ()


def said(text: str, languages: Sequence[int] = range(len(_LANGUAGES))) -> Readings | None:
    """Read what is said in a row as one number, and with spaces where somebody pauses.

    A card is read out in pairs that are no groups of it; a telephone number in the groups that it
    has. A pause, or a number of more than one digit, ends a group. None: more is said than is read.
    """
    folded = _fold(text)
    for language in languages:
        if _FEW_SAID[language].search(folded):
            readings = _readings(text, folded, language)
            if readings is None:
                return None
            if readings:
                return tuple({plain: (plain, origin) for plain, origin in readings}.values())
    return ()


def _readings(text: str, folded: str, language: int) -> list[Rewritten] | None:
    readings: list[Rewritten] = []
    left = max(MOST, len(text) // SPARSE)
    for close in (0, _HUNDRED, 10 * _HUNDRED):
        runs = []
        for run in _runs(folded, language, close):
            if _is_long(run):
                runs.append(run)
                left -= len(run.numbers)
            if left < 0:
                return None
        readings += rewrite(text, _changes(runs))
        pauses = [_pauses(text, run) for run in runs]
        if any(map(any, pauses)):
            left -= sum(map(len, pauses))
            readings += rewrite(text, _changes(runs, pauses))
        if not any(run.doubtful for run in runs):
            break
    return readings


def _is_long(run: _Run) -> bool:
    return run.words >= _FEW and sum([len(one[0]) for one in run.numbers]) >= _LEAST


def _runs(text: str, language: int, close: int) -> Iterator[_Run]:
    words = _LANGUAGES[language]
    run, last = _Run(close), 0
    for match in _TOKENS[language].finditer(text):
        token, (start, end) = match[0], match.span()
        word = words.get(token) or _Word(0, digits=token)
        gap = text[last:start]
        goes_on = gap == " "
        if not goes_on:
            if not _PAUSES.isdisjoint(gap):
                run.pause()
            goes_on = len(gap) <= _WIDEST and not gap.strip(_GAP)
        if not (goes_on and run.hear(word, start, end)):
            yield run
            run = _Run(close)
            run.hear(word, start, end)
        last = end
    yield run


def _pauses(text: str, run: _Run) -> list[bool]:
    """Say behind which numbers but the last a group ends."""
    return [
        not together or not _PAUSES.isdisjoint(text[end:start])
        for (_, _, end, together), (_, start, _, _) in pairwise(run.numbers)
    ]


def _changes(
    runs: Sequence[_Run], pauses: Sequence[Sequence[bool]] | None = None
) -> Iterator[Change]:
    """Yield the numbers as digits; with a space at each pause where they are given."""
    for at, run in enumerate(runs):
        spaces = [" " if pause else "" for pause in pauses[at]] if pauses else repeat("")
        numbers = run.numbers
        for (digits, start, end, _), (_, following, _, _), space in zip(
            numbers, numbers[1:], spaces, strict=False
        ):
            yield start, end, digits, WHOLE
            yield end, following, space, WHOLE
        digits, start, end, _ = numbers[-1]
        yield start, end, digits, WHOLE
