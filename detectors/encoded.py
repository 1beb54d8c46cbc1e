"""Reads text that stands in base64 or base64url: whole, or as strings in something binary.

A run of the alphabet is mostly no base64 (a path, a digest, an id). Four of its characters that
encode three characters of ASCII are seen by themselves, though: few characters can stand in each
place. What has some of these in a row is decoded; what comes out decides.
"""

import binascii
import re
from collections.abc import Iterator

from detectors.plain import UNREADABLE, WHOLE, Change, Rewritten, characters, rewrite

_BYTES, _CHARS = 3, 4  # so many bytes take so many characters of base64
_ANY = r"[A-Za-z0-9+/_\-]"
# ASCII: the highest bit of each byte is 0, and of those below 32 only tab and line ends are text.
_ASCII = rf"[CDI-Za-f][AC-HQS-Xgi-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589]{_ANY}"
# Three letters of two bytes each of Cyrillic, Hebrew or Arabic: lead bytes D0 to DB.
_LETTERS = (
    r"[0-2][I-LY-bo-r4-7][DHLPTXbfjnrvz37/_][D-b]"
    rf"[g-v][MNcdst89][CGKOSWaeimquy26+\-]{_ANY}"
)
_TEXT = rf"(?:{_ASCII}){{3}}|{_LETTERS}"
BASE64 = (rf"{_ANY}{{4}}(?:{_TEXT})",)

# MIME (RFC 2045 section 6.8) and PEM break lines after 76 and 64 characters.
_RUN = re.compile(rf"{_ANY}{{60,}}+(?:\r?\n{_ANY}++)++={{0,2}}|{_ANY}{{16,}}+={{0,2}}")
_WRAPPED = re.compile(r"[\r\n]")
_SEEN = re.compile(_TEXT)
_WINDOW = re.compile(f"(?:{_LETTERS}|{_ASCII}){{4,}}+")
_DELIMITER = re.compile(r"[+/_\-]")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LEAST = 12  # bytes
_STANDARD = str.maketrans("-_", "+/")


def base64(text: str) -> Rewritten | None:
    """Read the text in every run of base64 (RFC 4648 sections 4 and 5)."""
    return rewrite(text, _runs(text))


def _runs(text: str) -> Iterator[Change]:
    for match in _RUN.finditer(text):
        run, begin = match[0], match.start()
        if _WRAPPED.search(run):
            yield from _unwrapped(run, begin)
            continue
        for start, end, new, unit in _decode(run):
            yield Change(begin + start, begin + end, new, unit)


def _unwrapped(run: str, begin: int) -> Iterator[Change]:
    """Read a run with line breaks in it, which stand between any two of its characters."""
    places = [at for at, char in enumerate(run, begin) if char not in "\r\n"]
    for start, end, new, unit in _decode(_WRAPPED.sub("", run)):
        size, width = unit if unit != WHOLE else (len(new), end - start)
        for at in range(0, len(new), size):
            first = start + at // size * width
            last = min(first + width, end) - 1
            yield Change(places[first], places[last] + 1, new[at : at + size])


def _decode(run: str) -> Iterator[Change]:
    seen = _SEEN.search(run)
    if seen is None:
        return
    for start, end in _parts(run, *seen.span()):
        raw = _bytes(run[start:end])
        if len(raw) >= _LEAST and _is_text(raw):
            yield from _changes(raw, start, end)
            return
    windows = [window.span() for window in _WINDOW.finditer(run)]
    done = 0
    for at, (start, end) in enumerate(windows, 1):
        following = windows[at][0] if at < len(windows) else len(run.rstrip("="))
        # What stands at the edges of a string may share four characters with what is none.
        first = start - _CHARS if start - _CHARS >= done else start
        done = min(end + _CHARS, following)
        yield from _changes(_bytes(run[first:done]), first, done)


def _parts(run: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the whole run, and the part around a place that stands between delimiters of a path."""
    yield 0, len(run)
    ahead = [match.end() for match in _DELIMITER.finditer(run, 0, start)]
    behind = _DELIMITER.search(run, end)
    yield ahead[-1] if ahead else 0, behind.start() if behind else len(run)


def _bytes(run: str) -> bytes:
    digits = run.rstrip("=").translate(_STANDARD)
    if len(digits) % _CHARS == 1:  # says nothing
        digits = digits[:-1]
    return binascii.a2b_base64(digits + "=" * (-len(digits) % _CHARS))


def _is_text(raw: bytes) -> bool:
    try:
        return not _NO_TEXT.search(raw.decode())
    except UnicodeDecodeError:
        return False


def _changes(raw: bytes, start: int, end: int) -> Iterator[Change]:
    """Yield what stands in base64, by the least pieces that begin and end with a character."""
    if raw.isascii():
        yield Change(start, end, _NO_TEXT.sub(UNREADABLE, raw.decode()), (_BYTES, _CHARS))
        return
    piece, size = "", 0
    for char, width in characters(raw):
        piece += UNREADABLE if _NO_TEXT.match(char) else char
        size += width
        if size % _BYTES == 0:
            stop = start + size // _BYTES * _CHARS
            yield Change(start, stop, piece)
            piece, size, start = "", 0, stop
    if piece:
        yield Change(start, end, piece)
