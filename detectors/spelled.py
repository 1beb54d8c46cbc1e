"""Reads e-mail addresses that are spelled out: "name at example dot com", "name [at] example.com".

Also as it is said in Turkish, Russian, German, Hebrew and Arabic. Around what stands for the at sign
nothing is looked at further than an address is long.
"""

# ruff: noqa: RUF001  # Turkish has an i without a dot

import re
from collections.abc import Iterator

from detectors.plain import WHOLE, Change, Readings, rewrite

_AT = "at sign|at|kuyruklu a|et|ät|klammeraffe|собака|эт|שטרודל|כרוכית|آت"
_SAID = {
    ".": "dot|nokta|точка|punkt|נקודה|نقطة",
    "-": "dash|hyphen|tire|дефис|bindestrich",
    "_": "underscore|alt çizgi|нижнее подчёркивание|unterstrich",
    "+": "plus|artı|плюс",
}
# What is at a place, not somebody's name: "look at example dot com".
_NO_NAME = frozenset(
    [
        *("us", "me", "it", "you", "them", "look", "looking", "visit", "is", "are", "was", "be"),
        *("here", "there", "out", "online", "available", "listed", "contact", "reach", "site"),
        *("or", "and", "more", "website", "now", "found", "working", "bak", "bize", "смотри"),
    ]
)
_OPEN, _CLOSE = r"[(\[{<]", r"[)\]}>]"


def _bracketed(words: str) -> str:
    return rf"\s{{0,2}}{_OPEN}\s?(?:{words})\s?{_CLOSE}\s{{0,2}}"


def _spelled(words: str) -> str:
    return rf"{_bracketed(words)}|\s{{1,2}}(?:{words})\s{{1,2}}"


_DOT = _spelled(_SAID["."])
_LABEL = r"[^\W_][\w-]{0,62}+"
_LABELS = rf"{_LABEL}(?:(?:{_spelled(_SAID['-'])}){_LABEL}){{0,2}}"
# With a dot spelled out behind it, or brackets around it, it is an at sign.
_SIGN = re.compile(
    rf"(?:@|\s{{1,2}}(?:{_AT})\s{{1,2}})(?={_LABELS}(?:{_DOT}))"
    rf"|{_bracketed(_AT)}(?={_LABELS}(?:\.|{_DOT}))",
    re.IGNORECASE,
)
_DOTS = _SAID["."].split("|")
_MARKS = tuple(_SAID)
_MARK = "|".join(f"({_spelled(words)})" for words in _SAID.values())
_NEXT = re.compile(rf"(?:(\.)|{_MARK})(?={_LABEL})", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:{_MARK})\Z", re.IGNORECASE)
_NAME = re.compile(r"[\w.+%'-]{1,64}\Z")
_PART = re.compile(_LABEL)
_REACH, _WIDEST, _MOST = 64, 28, 6  # characters of a name, of a spelled mark; marks on a side
_IN_BRACKETS = rf"{_OPEN}\s?(?:{_AT})\s?{_CLOSE}"
_BRACKETS = re.compile(_IN_BRACKETS, re.IGNORECASE)
SPELLED = (rf"(?:\s|{_OPEN})(?:{_SAID['.']})(?:\s|{_CLOSE})", _IN_BRACKETS)


def spelled(text: str) -> Readings:
    """Read spelled-out addresses as they are written."""
    lower = text.lower()
    if any(word in lower for word in _DOTS) or _BRACKETS.search(text):
        return rewrite(text, _addresses(text))
    return ()


def _addresses(text: str) -> Iterator[Change]:
    done = 0
    for sign in _SIGN.finditer(text):
        start, end = sign.span()
        name = _NAME.search(text, max(done, start - _REACH), start)
        if start < done or name is None or name[0].lower() in _NO_NAME:
            continue
        yield from _before(text, name.start(), done)
        yield start, end, "@", WHOLE
        done = end
        for change in _after(text, end):
            yield change
            done = change[1]


def _before(text: str, start: int, done: int) -> list[Change]:
    """Return the marks spelled out in what stands before a part of a name."""
    changes: list[Change] = []
    while len(changes) < _MOST:
        mark = _BEHIND.search(text, max(done, start - _WIDEST), start)
        if mark is None:
            break
        name = _NAME.search(text, max(done, mark.start() - _REACH), mark.start())
        if name is None:
            break
        changes.append((*mark.span(), _MARKS[(mark.lastindex or 1) - 1], WHOLE))
        start = name.start()
    return changes[::-1]


def _after(text: str, at: int) -> Iterator[Change]:
    """Yield the marks spelled out between the labels of a domain that begins at ``at``."""
    for _ in range(_MOST):
        label = _PART.match(text, at)
        mark = _NEXT.match(text, label.end()) if label else None
        if mark is None:
            return
        if mark.lastindex != 1:
            yield *mark.span(), _MARKS[(mark.lastindex or 2) - 2], WHOLE
        at = mark.end()
