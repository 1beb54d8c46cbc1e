"""Reads text that stands in base64 or base64url: whole, or as strings in something binary.

A run of the alphabet is mostly no base64 (a path, a digest, an id). Four of its characters that
encode three characters of ASCII are seen by themselves, though: few characters can stand in each
place. What has some of these in a row is decoded; what comes out decides.
"""

import binascii
import re
from collections.abc import Iterator

from detectors.plain import UNREADABLE, WHOLE, Change, Readings, rewrite

_BYTES, _CHARS = 3, 4  # so many bytes take so many characters of base64
_ANY = r"[A-Za-z0-9+/_\-]"
# Three characters of ASCII from the space up: the first two bits of each are 01, or 001.
_ASCII = (
    "[I-Za-f][C-HS-Xi-ny-z0-3]"
    rf"(?:[AEIMQUYcgkosw048][g-z0-9+/_\-]|[BFJNRVZdhlptx159]{_ANY})"
)
# Three letters of two bytes each of Cyrillic, Hebrew or Arabic: lead bytes D0 to DB.
_LETTERS = (
    r"[0-2][I-LY-bo-r4-7][DHLPTXbfjnrvz37/_][D-b]"
    rf"[g-v][MNcdst89][CGKOSWaeimquy26+\-]{_ANY}"
)
_TEXT = rf"(?:{_ASCII}){{3}}|{_LETTERS}"
BASE64 = (rf"{_ANY}{{4}}(?:{_TEXT})",)

# MIME (RFC 2045 section 6.8) and PEM break lines after 76 and 64 characters.
_RUN = re.compile(rf"{_ANY}{{60,}}+(?:\r?\n{_ANY}++)++={{0,2}}|{_ANY}{{16,}}+={{0,2}}")
_SEEN = re.compile(_TEXT)
_WINDOW = re.compile(f"(?:{_LETTERS}|{_ASCII}){{4,}}+")
_PART = re.compile(r"[A-Za-z0-9]{16,}+={0,2}")  # of a path, or between dashes
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\udc80-\udcff]")
# Characters of as many bytes each, by the number of the group: of one byte is what is none, too.
_ALIKE = re.compile(
    r"([\x00-\x7f\udc80-\udcff]+)|([\x80-\u07ff]+)"
    r"|([\u0800-\ud7ff\ue000-\uffff]+)|([\U00010000-\U0010ffff]+)"
)
_LEAST = 12  # bytes
_STANDARD = bytes.maketrans(b"-_", b"+/")


def base64(text: str) -> Readings:
    """Read the text in every run of base64 (RFC 4648 sections 4 and 5)."""
    return rewrite(text, _runs(text))


def _runs(text: str) -> Iterator[Change]:
    for match in _RUN.finditer(text):
        run, begin = match[0], match.start()
        if "\n" in run:
            yield from _unwrapped(run, begin)
            continue
        for start, end, new, ratio in _decode(run):
            yield begin + start, begin + end, new, ratio


def _unwrapped(run: str, begin: int) -> Iterator[Change]:
    """Read a run with line breaks in it, which stand between any two of its characters."""
    stops: list[int] = []
    for line in run.splitlines(keepends=True):
        stops += range(begin + 1, begin + 1 + len(line.rstrip("\r\n")))
        begin += len(line)
    starts = [stops[0] - 1, *stops]  # a line break goes with what stands behind it
    for start, end, new, (chars, digits) in _decode("".join(run.split())):
        if not chars:
            yield starts[start], stops[end - 1], new, WHOLE
            continue
        for at, char in enumerate(new):
            first, last = start + at * digits // chars, start - (-(at + 1) * digits // chars)
            yield starts[first], stops[last - 1], char, WHOLE


def _decode(run: str) -> Iterator[Change]:
    if not _SEEN.search(run):
        return
    if _is_text(raw := _bytes(run)):
        yield from _changes(raw, 0, len(run))
        return
    done = 0
    for part in _PART.finditer(run):
        if part[0] != run and _SEEN.search(part[0]) and _is_text(raw := _bytes(part[0])):
            yield from _strings(run, done, part.start())
            yield from _changes(raw, *part.span())
            done = part.end()
    yield from _strings(run, done, len(run.rstrip("=")))


def _strings(run: str, begin: int, end: int) -> Iterator[Change]:
    """Read the strings in a part of a run that encodes something binary."""
    windows = [window.span() for window in _WINDOW.finditer(run, begin, end)]
    for at, (start, stop) in enumerate(windows, 1):
        following = windows[at][0] if at < len(windows) else end
        # What stands at the edges of a string may share four characters with what is none.
        first = start - _CHARS if start - _CHARS >= begin else start
        begin = min(stop + _CHARS, following)
        yield from _changes(_bytes(run[first:begin]), first, begin)


def _bytes(run: str) -> bytes:
    digits = run.rstrip("=").encode().translate(_STANDARD)
    if len(digits) % _CHARS == 1:  # says nothing
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % _CHARS))


def _is_text(raw: bytes) -> bool:
    try:
        return len(raw) >= _LEAST and not _NO_TEXT.search(raw.decode())
    except UnicodeDecodeError:
        return False


def _changes(raw: bytes, start: int, end: int) -> Iterator[Change]:
    """Yield what stands in base64, and which of its characters say something of it.

    What fills the base64 up goes with the last character.
    """
    text = raw.decode("utf-8", "surrogateescape")
    plain = _NO_TEXT.sub(UNREADABLE, text)
    at, size = 0, 0  # characters, and the bytes that they take
    for alike in _ALIKE.finditer(text, 0, len(text) - 1):
        width = alike.lastindex or 1
        while at < alike.end():
            # Where a byte begins with a character of base64, all behind it keep their distance.
            many = 1 if size % _BYTES else alike.end() - at
            first, size = start + size * _CHARS // _BYTES, size + many * width
            last = start - (-size * _CHARS // _BYTES)
            yield (
                first,
                last,
                plain[at : at + many],
                (_BYTES, width * _CHARS) if many > 1 else WHOLE,
            )
            at += many
    yield start + size * _CHARS // _BYTES, end, plain[-1], WHOLE
