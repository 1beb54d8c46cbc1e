"""Reads characters that only look different: other digits, widths, spaces, dashes and letters.

Unicode Standard Annex 15 (NFC, NFKC) does most of it. The rest are characters that nobody sees, and
letters of Cyrillic and Greek that stand in for those of Latin (Unicode Technical Standard 39).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from detectors.plain import WHOLE, Change, Readings, is_ascii, replaced, rewrite

_FEW = 32  # characters that are replaced one by one
_LONGEST = 4  # characters that one is read as; a few ligatures of whole phrases have more
_KEPT = "\t\n\v\f\r\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
_READ = {
    **{char: char for char in _KEPT},  # text, by category beside what nobody sees
    # Nobody sees them, though they are letters or marks: fillers, joiners, selectors.
    **dict.fromkeys("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0", ""),
    **dict.fromkeys(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))), ""),
    # Tags: ASCII once more, but unseen.
    **{chr(0xE0000 + code): chr(code) for code in range(0x20, 0x7F)},
    # Dots between the parts of a name (Unicode Technical Standard 46 section 2.3), and minus.
    **dict.fromkeys("\u3002\uff61", "."),
    **dict.fromkeys("\u02d7\u2212", "-"),
    # Bullets and dots that stand between groups of digits.
    **dict.fromkeys("\u00b7\u2022\u2027\u2219\u22c5\u2800\u30fb", " "),
}
_BY_CATEGORY = {"Zs": " ", "Pd": "-", "Cf": "", "Cc": "", "Zl": "\n", "Zp": "\n"}

_MARKS = "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_MARK = re.compile(f"[{_MARKS}\ufe00-\ufe0f]")
_MARKED = re.compile(f".?[{_MARKS}\ufe00-\ufe0f]{{1,8}}+", re.DOTALL)

# Capitals, then small letters, that look like one of Latin in any typeface.
_CAPITALS = (
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
)
_SMALL = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0475"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7"
)
_LATIN = str.maketrans(
    _CAPITALS + _SMALL, "ABESIJKMHOPCTYXABEZHIKMNOPTYX" + "aeopcyxijshdqwv" + "aiknopux"
)
_FOREIGN = "\u0370-\u052f"
_ANY_ALIKE = re.compile(f"[{_CAPITALS}{_SMALL}]")
# All letters side by side are such, and beside them stands one of Latin or a digit.
_ALIKE = re.compile(
    f"(?<![{_FOREIGN}])(?:(?<=[0-9A-Za-z])[{_CAPITALS}{_SMALL}]++(?![{_FOREIGN}])"
    f"|[{_CAPITALS}{_SMALL}]++(?=[0-9A-Za-z@]))"
)

# What tells that something is disguised. Scripts have their own digits, marks of direction, joiners
# and dashes in any text: these count only where they touch what can be of a number or an address.
_PART = "0-9A-Za-z@._+\\-\u00c0-\u052f"
_UNSEEN = (
    "\u0080-\u0084\u0086-\u009f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_DIGIT = (
    "\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u096f\u09e6-\u09ef\u0a66-\u0a6f"
    "\u0ae6-\u0aef\u0b66-\u0b6f\u0be6-\u0bef\u0c66-\u0c6f\u0ce6-\u0cef\u0d66-\u0d6f"
    "\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9\u1810-\u1819"
    "\u2070-\u2079\u2080-\u2089"
)
_BETWEEN = (
    "\u00b7\u02d7\u1680\u2000-\u200a\u2010-\u2015\u2022\u2027\u205f\u2212\u2219\u22c5"
    "\u2800\u3000\u30fb\ufe58\ufe63\uff0d"
)
FOLD = (
    f"[{_UNSEEN}][{_PART}]",
    r"[\x01-\x08\x0e-\x1f\x7f]",
    f"[{_DIGIT}]",
    f"[0-9] ?[{_BETWEEN}] ?[0-9]",
    "[\uff0b\uff0e\uff10-\uff19\uff20-\uff3a\uff41-\uff5a\ufe6b]",  # widths
    "[0-9A-Za-z][\u3002\uff61][0-9A-Za-z]",
    "[\ufb00-\ufb06\ufb1d-\ufdfb\ufe70-\ufefc]",  # ligatures, and forms of Hebrew and Arabic
    "[\u2460-\u24ff\u2776-\u2793]{2}",  # in circles
    "[\U0001d400-\U0001d7ff\U0001f100-\U0001f189\U0001fbf0-\U0001fbf9\U000e0020-\U000e007e]",
)
COMPOSE = (f"[{_MARKS}]",)
LOOK = (f"[{_CAPITALS}{_SMALL}][0-9A-Za-z@]",)


def compose(text: str) -> Readings:
    """Read a letter and the marks behind it as one letter; marks that stay are strokes through it."""
    if is_ascii(text) or not _MARK.search(text):
        return ()
    return rewrite(text, _composed(text))


def _composed(text: str) -> Iterator[Change]:
    for match in _MARKED.finditer(text):
        yield *match.span(), _MARK.sub("", unicodedata.normalize("NFC", match[0])), WHOLE


def fold(text: str) -> Readings:
    """Read each character as the plain one that it is a form of; what nobody sees is nothing."""
    if text.isascii() and text.isprintable():
        return ()
    table = {char: new for char in set(text) if (new := _read(char)) != char}
    if not table:
        return ()
    longer = [char for char, new in table.items() if len(new) != 1]
    places = sorted(place for char in longer for place in _places(text, char))
    changes = ((at, at + 1, table[text[at]], WHOLE) for at in places)
    alike = {char: new for char, new in table.items() if len(new) == 1}
    if not longer:
        return replaced(text, _translated(text, alike))
    return tuple((_translated(read, alike), origin) for read, origin in rewrite(text, changes))


def _translated(text: str, table: Mapping[str, str]) -> str:
    """Return a text with other characters in their places."""
    if len(table) > _FEW or not table.keys().isdisjoint(table.values()):
        return text.translate({ord(char): new for char, new in table.items()})
    for char, new in table.items():  # a hundred times as fast
        text = text.replace(char, new)
    return text


def _places(text: str, char: str) -> Iterator[int]:
    at = text.find(char)
    while at >= 0:
        yield at
        at = text.find(char, at + 1)


@lru_cache(4096)
def _read(char: str) -> str:
    if char in _READ:
        return _READ[char]
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return _BY_CATEGORY[category] if category in _BY_CATEGORY else _form(char, category)


def _form(char: str, category: str) -> str:
    """Return what a character is a form of; itself where that says something else, or more."""
    form = unicodedata.normalize("NFKC", char)
    if form == char or len(form) > (1 if category == "So" else _LONGEST):
        return char  # a sign such as that of a number or a trade mark is no word
    if " " in form or "\u2044" in form or _MARK.search(form):
        return char  # an accent or a fraction
    return "".join(map(_read, form))


def look(text: str) -> Readings:
    """Read letters of Cyrillic and Greek among Latin ones and digits as those they look like."""
    if is_ascii(text) or not _ANY_ALIKE.search(text):
        return ()
    return replaced(text, _ALIKE.sub(_latin, text))


def _latin(alike: re.Match[str]) -> str:
    return alike[0].translate(_LATIN)
