"""Says how a value may be written again: in another case, without marks, without groups."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from schemas.category import by_code

LONGEST = 128  # characters of a value that has other spellings
SHORTEST_NUMBER = 7  # characters of a number without what groups it
REMEMBERED = 16_384
_PHONE = by_code()["phone"].bit
# What has groups: numbers that people, offices and banks give.
NUMBERS = frozenset(
    by_code()[code].bit
    for code in ("phone", "government_id", "licence_number", "payment_card", "bank_account")
)
# Between the parts of a name, and between the groups of a number.
_APART = re.compile(r"[\s,;:.()/\"'\u2018\u2019\u201c\u201d\u2010-\u2015-]+")
_GROUPS = re.compile(r"[\s.()/+\u2010-\u2015-]+")
_MARKED_LATIN = re.compile("([a-z])[\u0300-\u036f]+")
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_STROKES = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "\u2019": "'"}
)


def fold(text: str) -> str:
    """Return the text in lower case with every character in its place, also in Turkish."""
    if text.isascii():
        return text.lower()
    # Only U+0130 grows in lower case; with or without a dot an i counts as one, since people and
    # systems mix them.
    return text.replace("\u0130", "i").lower().replace("\u0131", "i")


class Others(NamedTuple):
    """How a value may be written beside as it is, folded; and the words of all these forms."""

    forms: Sequence[str] = ()
    words: Sequence[str] = ()


NO_OTHER = Others()


def spellings(value: str) -> Others:
    """Return how a value that is not ASCII may be written again.

    With each letter and its marks as one, without what nobody sees; without marks; and as in
    German, where a keyboard has no umlauts. Of a value longer than ``LONGEST`` nothing.
    """
    return _spellings(value) if len(value) <= LONGEST else NO_OTHER


def ungrouped(number: str, bit: int, text: str) -> Sequence[str]:
    """Return how a folded number of a category may stand again in a text, without groups.

    Of a telephone number the calling code may be left out, and stand behind 00 instead of a plus.
    """
    tail = number[-SHORTEST_NUMBER:]
    if len(number) > LONGEST or (tail not in text and tail.isalnum()):
        return ()
    tail, forms = _ungrouped(number, bit)
    return forms if tail in text else ()


def words_of(name: str) -> list[str]:
    """Return the words of a name, and the parts of those that are not letters alone."""
    words = name.split()
    if name.replace(" ", "").isalpha():
        return words
    return list(dict.fromkeys([*words, *filter(None, _APART.split(name))]))


@lru_cache(REMEMBERED)
def _spellings(text: str) -> Others:
    known = fold(text).strip()
    seen = "".join([char for char in text if unicodedata.category(char) != "Cf"])
    form = " ".join(fold(unicodedata.normalize("NFKC", seen)).split())
    forms = dict.fromkeys([form, _unmarked(form), _unmarked(form.translate(GERMAN))])
    others = [one for one in forms if one and one != known]
    words = dict.fromkeys(word for one in others for word in words_of(one))
    return Others(others, [word for word in words if word not in known.split()])


def _unmarked(form: str) -> str:
    """Return a text with the letters of Latin that its own have marks around."""
    apart = unicodedata.normalize("NFD", form.translate(_STROKES))
    return unicodedata.normalize("NFC", _MARKED_LATIN.sub(r"\1", apart))


@lru_cache(REMEMBERED)
def _ungrouped(number: str, bit: int) -> tuple[str, Sequence[str]]:
    plain = _GROUPS.sub("", number)
    if len(plain) < SHORTEST_NUMBER:
        return number, ()
    forms = [plain]
    if bit == _PHONE:
        for size in (9, 10):  # digits behind the calling code, or behind the 0 instead of it
            if len(plain) > size:
                forms += [plain[-size:], f"0{plain[-size:]}", f"00{plain}"]
    return plain[-SHORTEST_NUMBER:], [one for one in dict.fromkeys(forms) if one != number]
