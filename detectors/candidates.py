"""Delimits a candidate once Hyperscan has seen its end: looks back, and on, a bounded distance.

Finding the start with Hyperscan costs up to ten times the scan, so it reports ends only. Every
function takes the text of one leaf and the offset of a match's end in characters, and gives the
spans that could be the thing. Nothing here looks further than ``REACH`` characters.
"""

# ruff: noqa: PLR2004  # lengths and limits of the formats themselves

import re
import string

REACH = 64
_ALNUM = string.ascii_letters + string.digits
_LOCAL = _ALNUM + "._%+-'"  # what people use; RFC 5321 allows more, query strings do too
_LOCAL_EDGE = ".%+-'"
_DOMAIN = _ALNUM + ".-"
QUAD = string.digits + "."  # of an IPv4 address
_HEX = string.hexdigits
GROUPS = _HEX + ":."  # of an IPv6 address
_PAIRED = frozenset(_ALNUM + ":-")  # what a MAC address does not touch

ALPHABETS = {
    "digits": string.digits,
    "upper": string.ascii_uppercase + string.digits,
    "lower": string.ascii_lowercase + string.digits,
    "alnum": _ALNUM,
    "hex": _HEX,
    "base32": string.ascii_uppercase + "234567",
    "base64": _ALNUM + "+/=",
    "base64url": _ALNUM + "_-",
    "base64_any": _ALNUM + "+/=_-",
    "dashed": _ALNUM + "-",
    "dotted": _ALNUM + "_-.",
    "padded": _ALNUM + "_-.=",
    "tilde": _ALNUM + "_-.~",
    "path": _ALNUM + "_-/",
    "webhook": _ALNUM + "_-/@",
    "escaped": _ALNUM + "+/=%",
    "jwt": _ALNUM + "_-.",
    "token": _ALNUM + "_-.~+/=:",
    "printed": _ALNUM + "!#$%&()*+,-./:<=>?@[]\\^_`{|}~",  # no quotes, no semicolon
}


def reach_back(text: str, end: int, alphabet: str, reach: int = REACH) -> int:
    """Return where the run of ``alphabet`` that ends at ``end`` begins."""
    window = text[max(0, end - reach) : end]
    return end - (len(window) - len(window.rstrip(alphabet)))


def reach_on(text: str, start: int, alphabet: str, reach: int = REACH) -> int:
    """Return where the run of ``alphabet`` that begins at ``start`` ends."""
    window = text[start : start + reach]
    return start + len(window) - len(window.lstrip(alphabet))


_LATE = "\u0530"  # from here on letters are of Hebrew, Arabic, CJK and others
_DENSE = "\u2e80"  # from here on they are of scripts without spaces


def _letter(char: str) -> bool:
    # Latin with diacritics, Greek and Cyrillic write addresses; CJK, Hebrew and Arabic touch them.
    return "\x7f" < char < _LATE and char.isalpha()


def email(text: str, end: int) -> tuple[int, int] | None:
    """Delimit an e-mail address; ``end`` is one past the ``@``."""
    at = end - 1
    domain = _domain(text, end)
    last = domain.rpartition(".")[2]
    if last == domain or len(last) < 2 or not last[-1].isalpha():
        return None
    start = _local(text, at)
    if start == at:
        start = _unusual(text, at, is_ascii=domain.isascii())
    elif text[start - 1 : start] == "=":
        start = _returned(text, start, at)
    elif text[start - 1 : start] == "@":  # the domain of another one, which nothing parts from this
        other = reach_back(text, start - 1, _LOCAL)
        start = other if other < start - 1 else start
    return (start, end + len(domain)) if start < at else None


def _local(text: str, at: int) -> int:
    """Return where what people use of a local part begins that ends at ``at``."""
    start = at
    while True:
        start = reach_back(text, start, _LOCAL)
        if start == 0 or at - start >= REACH or not _letter(text[start - 1]):
            return reach_on(text, start, _LOCAL_EDGE, at - start)
        start -= 1


def _domain(text: str, end: int) -> str:
    """Return the domain that begins at ``end``."""
    stop = end
    while True:
        stop = reach_on(text, stop, _DOMAIN, 255)
        if stop >= len(text) or stop - end >= 255 or not _in_label(text, stop):
            return text[end:stop].rstrip(".-")
        stop += 1


def _in_label(text: str, at: int) -> bool:
    """Say whether a letter goes on with a domain: one of another script only in labels of its own."""
    char, before = text[at], text[at - 1]
    if _letter(char):
        return True
    return char.isalpha() and (before in "@." or (before > _LATE and before.isalpha()))


_QUOTED = re.compile(r'"[0-9A-Za-z][^"@,:<>\x00-\x1f]{0,60}"\Z')


def _unusual(text: str, at: int, *, is_ascii: bool) -> int:
    """Return where a name in quotes or of other letters begins that ends at ``at``.

    In a script without spaces it must be all of an address, for it may be any sentence.
    """
    quoted = _QUOTED.search(text, max(0, at - REACH), at)
    if quoted is not None:
        return quoted.start()
    start = at
    while start > max(0, at - REACH) and (text[start - 1].isalnum() or text[start - 1] in "._-"):
        if is_ascii and text[start - 1] >= _DENSE:
            return at
        start -= 1
    return reach_on(text, start, _LOCAL_EDGE, at - start)


# What mailers put in front of the address to which they return what could not be delivered, and that
# address, with ``=`` for its ``@``: VERP, BATV, SRS.
_RETURN = re.compile(
    r"(?<![\w.+\-=])(?:bounces?|verp|errors?|(?:ms)?prvs[0-9]?|srs[01])[+\-=.][\w.+=\-]{0,160}=\Z",
    re.IGNORECASE | re.ASCII,
)


def _returned(text: str, start: int, at: int) -> int:
    found = _RETURN.search(text, max(0, start - 192), start)
    inner = text[start:at]
    if found is None or not ("." in inner or "." in found[0]):
        return start
    return found.start()


def ipv4(text: str, end: int) -> tuple[int, int] | None:
    """Delimit a dotted quad: four numbers up to 255, and not part of a longer version."""
    start = reach_back(text, end, QUAD, 24)
    stop = reach_on(text, end, QUAD, 24)
    quad = text[start:stop].strip(".")
    start += len(text[start:stop]) - len(text[start:stop].lstrip("."))
    parts = quad.split(".")
    if len(parts) != 4 or _in_word(text, start) or text[max(0, start - 1) : start] in ("-", "_"):
        return None
    for part in parts:
        if not part or len(part) > 3 or int(part) > 255 or (len(part) > 1 and part[0] == "0"):
            return None
    return start, start + len(quad)


def ipv6(text: str, end: int) -> tuple[int, int] | None:
    """Delimit an IPv6 address around ``end``; two colons side by side, or all eight groups.

    What begins or ends inside a word is code, such as ``std::accumulate``.
    """
    start = reach_back(text, end, GROUPS)
    stop = reach_on(text, end, GROUPS)
    if _in_word(text, start) or _in_word(text, stop):
        return None
    body = text[start:stop].rstrip(".")
    if body.endswith(":") and not body.endswith("::"):
        body = body[:-1]
    if body.startswith(":") and not body.startswith("::"):
        body = body[1:]
        start += 1
    groups = body.split(":")
    short = "::" in body
    if not 3 <= len(groups) <= 9 or (not short and len(groups) != 8) or body.count("::") > 1:
        return None
    if len(body) < 6 or any(len(group) > 4 for group in groups if "." not in group):
        return None
    return start, start + len(body)


def _in_word(text: str, at: int) -> bool:
    around = text[max(0, at - 1) : at + 1]
    return len(around) == 2 and around.isascii() and around.isalnum()


def mac(text: str, end: int) -> tuple[int, int] | None:
    """Delimit a MAC address of 17 characters that ends at ``end`` and touches no other."""
    start = end - 17
    if start < 0 or text[end : end + 1] in _PAIRED or text[max(0, start - 1) : start] in _PAIRED:
        return None
    return start, end


def url_credentials(text: str, end: int) -> tuple[int, int] | None:
    """Delimit ``user:password`` after ``://``; ``end`` is one past an ``@`` that follows it.

    A password may hold an ``@`` itself: the last one before the path counts.
    """
    scheme = text.rfind("://", max(0, end - 256), end)
    if scheme < 0:
        return None
    stop = end
    while stop < len(text) and stop - end < 256 and text[stop] not in _HOST_END:
        stop += 1
    return scheme + 3, text.rfind("@", end - 1, stop)


_HOST_END = "/?#\\ \t\r\n\"'`,;<>(){}[]|"
_PLAIN = r"[^ \t\r\n&\"'`,;<>(){}\[\]|]"
# An ampersand ends a value where it ends the text, or where a name and its own value follow.
_VALUE = re.compile(rf"(?:{_PLAIN}++|&(?={_PLAIN})(?!(?:amp;)*[\w.%\-]{{1,64}}(?:\[\w*\])?=))*+")
_QUOTES = "\"'"
_ASSIGNS = " \t=:>"
ASSIGNED = (4, 128)  # characters of an assigned value, where a rule says nothing of them


def assigned(text: str, end: int, most: int = ASSIGNED[1]) -> tuple[int, int] | None:
    """Delimit the value assigned after ``end``: in quotes, or up to a space or a separator.

    Where a quote is not closed, the text has broken off: the value goes on like one without.
    """
    start = reach_on(text, end, _ASSIGNS, 4)
    stop = -1
    quote = text[start : start + 1]
    if quote and quote in _QUOTES:
        start += 1
        stop = text.find(quote, start, start + most + 1)
    if stop < 0:
        value = _VALUE.match(text, start, start + most)
        stop = start if value is None else value.end()
    return (start, stop) if stop - start >= ASSIGNED[0] else None
