"""Reads escapes: of URLs and forms, of mail, of HTML, of JSON and the languages that write it.

What is escaped again and again, as in a chain of redirects, is read at once.
"""

import re
from collections.abc import Iterator
from html import unescape

from detectors.plain import UNREADABLE, WHOLE, Change, Readings, characters, replaced, rewrite

_BYTE = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})")
_BYTES = re.compile(rf"(?:{_BYTE.pattern})++|%u([0-9A-Fa-f]{{4}})")
_OCTET = re.compile(r"=([0-9A-F]{2})")
_QUOTED = re.compile(r"(?:=(?:[0-9A-F]{2}|\r?\n))++")
# What mail in quoted-printable has and hardly anything else: an escaped equals sign, a soft break, a
# letter of several bytes, a point or a space escaped beside an at sign or a plus.
QUOTED = (
    r"=3D",
    r"[0-9A-Za-z.,@;:\-]=\r?\n[0-9A-Za-z.,@]",
    r"=(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F]=[89AB][0-9A-F])=[89AB][0-9A-F]",
    r"=40[0-9A-Za-z\-]{1,63}=2E",
    r"=2B[0-9]{1,3}=(?:20|2D)[0-9]",
)
_SIGNS = re.compile("|".join(QUOTED))
_PLUS = re.compile(r"(?<=[\w)])\+(?=[\w(%])")
_REFERENCE = re.compile(
    r"&(?:amp;)*"
    r"(#(?:[0-9]{1,24}+|[xX][0-9A-Fa-f]{1,24}+);?|[A-Za-z][A-Za-z0-9]{1,31}+;)"
)
_BACKSLASHES = re.compile(
    r"\\++(?:u([dD][89abAB][0-9A-Fa-f]{2})\\++u([dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([\"'/bfnrt]))?"
)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

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
        if match[2]:
            yield *match.span(), _unit(match[2]), WHOLE
            continue
        escapes = [*_BYTE.finditer(text, *match.span())]
        first = 0
        for char, size in characters(bytes.fromhex("".join(escape[1] for escape in escapes))):
            last = first + size
            yield escapes[first].start(), escapes[last - 1].end(), char, WHOLE
            first = last


def quoted(text: str) -> Readings:
    """Read quoted-printable (RFC 2045 section 6.7), where a text has a sign of it."""
    return rewrite(text, _quoted(text)) if "=" in text and _SIGNS.search(text) else ()


def _quoted(text: str) -> Iterator[Change]:
    for match in _QUOTED.finditer(text):
        start, end = match.span()
        octets = [*_OCTET.finditer(text, start, end)]
        done = 0  # a soft break may stand between the bytes of one character; it goes with what follows
        for char, size in characters(bytes.fromhex("".join(octet[1] for octet in octets))):
            done += size
            yield start, octets[done - 1].end(), char, WHOLE
            start = octets[done - 1].end()
        if start < end:
            yield start, end, "", WHOLE


def html(text: str) -> Readings:
    """Read character references, also numeric ones without a semicolon (HTML section 13.5)."""
    return rewrite(text, _references(text)) if "&" in text else ()


def _references(text: str) -> Iterator[Change]:
    for match in _REFERENCE.finditer(text):
        new = unescape(f"&{match[1]}")
        if new != match[0]:
            yield *match.span(), new, WHOLE


def json(text: str) -> Readings:
    """Read backslash escapes: of JSON (RFC 8259 section 7), and those of bytes in ECMAScript."""
    return rewrite(text, _backslashes(text)) if "\\" in text else ()


def _backslashes(text: str) -> Iterator[Change]:
    for match in _BACKSLASHES.finditer(text):
        high, low, unit, byte, letter = match.groups()
        if letter:
            new = _MEANT.get(letter, letter)
        elif high:
            new = bytes.fromhex(high + low).decode("utf-16-be")
        elif unit or byte:
            new = _unit(unit or byte)
        elif len(match[0]) > 1:
            new = "\\"
        else:
            continue
        yield *match.span(), new, WHOLE


def _unit(digits: str) -> str:
    char = chr(int(digits, 16))
    return UNREADABLE if "\ud800" <= char <= "\udfff" else char
