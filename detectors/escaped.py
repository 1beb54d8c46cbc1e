"""Reads escapes: of URLs and forms, of HTML, of JSON and the languages that write it."""

import re
from collections.abc import Iterator
from html import unescape

from detectors.plain import UNREADABLE, WHOLE, Change, Readings, characters, replaced, rewrite

_ESCAPE = 3  # characters that stand for a byte in a URL
_BYTES = re.compile(r"(?:%[0-9A-Fa-f]{2})++|%u([0-9A-Fa-f]{4})")
_PLUS = re.compile(r"(?<=[\w)])\+(?=[\w(%])")
_REFERENCE = re.compile(
    r"&(?:#(?:[0-9]{1,24}+|[xX][0-9A-Fa-f]{1,24}+);?|[A-Za-z][A-Za-z0-9]{1,31}+;)"
)
_PAIR = 6  # characters of one unit of UTF-16; more are a pair of them, which is one character
_BACKSLASH = re.compile(
    r"\\(?:[\"'\\/bfnrt]|u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
    r"|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})"
)
_MEANT = {
    **{f"\\{char}": char for char in "\"'\\/"},
    "\\b": "\b",
    "\\f": "\f",
    "\\n": "\n",
    "\\r": "\r",
    "\\t": "\t",
}

PERCENT = (r"%(?:u[0-9A-Fa-f])?[0-9A-Fa-f]{2}",)
FORM = (r"[0-9]\+[0-9(]", r"=[A-Za-z]{1,24}\+[A-Za-z]")
HTML = (r"&#[0-9Xx]", r"&[A-Za-z][A-Za-z0-9]{1,31};")
JSON = (r"\\[\"'\\/bfnrt]", r"\\[ux][0-9A-Fa-f]{2}")


def form(text: str) -> Readings:
    """Read a plus between words as a space, as forms write it (URL Standard section 5.1)."""
    return replaced(text, _PLUS.sub(" ", text)) if "+" in text else ()


def percent(text: str) -> Readings:
    """Read percent escapes (RFC 3986 section 2.1), and ``%uXXXX`` of ECMAScript B.2.1."""
    return rewrite(text, _percent(text)) if "%" in text else ()


def _percent(text: str) -> Iterator[Change]:
    for match in _BYTES.finditer(text):
        at = match.start()
        if match[1]:
            yield at, match.end(), _unit(match[1]), WHOLE
            continue
        for char, size in characters(bytes.fromhex(match[0].replace("%", ""))):
            yield at, at + _ESCAPE * size, char, WHOLE
            at += _ESCAPE * size


def html(text: str) -> Readings:
    """Read character references, also numeric ones without a semicolon (HTML section 13.5)."""
    return rewrite(text, _references(text)) if "&" in text else ()


def _references(text: str) -> Iterator[Change]:
    for match in _REFERENCE.finditer(text):
        new = unescape(match[0])
        if new != match[0]:
            yield *match.span(), new, WHOLE


def json(text: str) -> Readings:
    """Read backslash escapes: of JSON (RFC 8259 section 7), and those of bytes in ECMAScript."""
    return rewrite(text, _backslashes(text)) if "\\" in text else ()


def _backslashes(text: str) -> Iterator[Change]:
    for match in _BACKSLASH.finditer(text):
        written = match[0]
        yield *match.span(), _MEANT.get(written) or _units(written), WHOLE


def _units(written: str) -> str:
    if len(written) > _PAIR:
        return bytes.fromhex(written.replace("\\u", "")).decode("utf-16-be")
    return _unit(written[2:])


def _unit(digits: str) -> str:
    char = chr(int(digits, 16))
    return UNREADABLE if "\ud800" <= char <= "\udfff" else char
