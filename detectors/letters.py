"""Letters of the scripts that names and streets are written in, for ``re`` and for Hyperscan."""

from collections.abc import Iterable

_CASED = range(0xC0, 0x530)  # Latin with diacritics, Greek, Cyrillic; ASCII is written out
_CAPITALS = "".join(char for char in map(chr, _CASED) if char.isupper())

# For ``re``: inside brackets, and a class of its own.
UPPER = f"A-Z{_CAPITALS}"
LETTER = r"[^\W\d_]"


def _two_bytes(chars: str) -> str:
    """Return a pattern of bytes for characters that take two of them each."""
    seconds: dict[int, str] = {}
    for char in chars:
        first, second = char.encode()
        seconds[first] = seconds.get(first, "") + rf"\x{second:02x}"
    return "|".join(rf"\x{first:02x}[{some}]" for first, some in seconds.items())


# For Hyperscan, which works on bytes: what cannot be inside a word, and what a name begins with.
# ``CAPITAL`` always takes two bytes, ``INITIAL`` the first byte of any letter.
EDGE = r"(?:[^0-9A-Za-z\x80-\xff]|\xc2[\xa0-\xbf]|\xe2[\x80\x81][\x80-\xbf]|\xd8\x8c)"
CAPITAL = f"(?:[A-Z].|{_two_bytes(_CAPITALS)})"
INITIAL = r"[A-Za-z\xc3-\xdb\xe1]"


def any_case(phrases: Iterable[str]) -> str:
    """Return a pattern of bytes for phrases in small letters, in capitals and with first capitals."""
    # Hyperscan ignores the case of ASCII only, and in Turkish an i keeps its dot.
    spelled = {
        some
        for phrase in phrases
        for one in (phrase, phrase.replace("i", "\u0130"))
        for some in (phrase, one[:1].upper() + phrase[1:], phrase.title(), one.upper())
    }
    return f"(?i:{'|'.join(map(escape, sorted(spelled)))})"


def escape(phrase: str) -> str:
    """Return a pattern of bytes for a phrase as it is written."""
    return "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else rf"\x{byte:02x}"
        for byte in phrase.encode()
    )
