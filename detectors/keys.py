"""Delimits keys: tokens behind a head of their own, and armoured blocks.

Hyperscan has seen where a head ends. How far what follows could reach is asked first, and not again
for heads inside it, so that a text full of heads costs no more than its length.
"""

import re
from collections.abc import Iterator

LONGEST_BLOCK = 16_384  # characters; a key of 16,384 bits in PEM has 12,900
_LONGEST_HEAD = 128
_FOLLOWED = (" ", "=", "/")  # heads that end so are keywords: the value follows them
_LITERAL = re.compile(r"[0-9A-Za-z_\-]+")
_STOPS = 3  # full stops behind a token
_GAP = re.compile(r"[ \t\"']{0,4}")  # between a keyword and its value


class Token:
    """Delimits a token: from its head on, as far as its alphabet goes.

    A head that ends with a space, ``=`` or ``/`` is a keyword, and the value follows it. Any other
    is the token's beginning and must not begin inside a word; where the head has a group, the token
    begins with that, and what may stand in front is the head's own business. A token ends where its
    alphabet does, and not inside a word; full stops behind it are a sentence's, or else its own.
    """

    __slots__ = ("_begins", "_longest", "_run", "_size")

    def __init__(self, head: str, alphabet: str, longest: int) -> None:
        self._longest = longest
        self._begins = None if head.endswith(_FOLLOWED) else re.compile(f"(?:{head})\\Z")
        self._size = len(head) if _LITERAL.fullmatch(head) else 0  # of a head that is one text
        self._run = re.compile(f"[{re.escape(alphabet)}]*+")

    def reach(self, text: str, end: int) -> int:
        """Return where the run of the alphabet ends that follows a head."""
        return _ended(self._run, text, self._start(text, end) if self._begins is None else end)

    def spans(self, text: str, end: int, stop: int) -> Iterator[tuple[int, int]]:
        """Yield what could be the token whose head ends at ``end`` and whose run at ``stop``."""
        start = self._start(text, end)
        if start < 0 or stop - start > self._longest + _STOPS or _inside_word(text, stop):
            return
        bare = start + len(text[start:stop].rstrip("."))
        yield start, bare
        if bare < stop:
            yield start, stop

    def _start(self, text: str, end: int) -> int:
        if self._begins is None:
            return _ended(_GAP, text, end)
        if self._size:
            start = end - self._size
        else:
            match = self._begins.search(text, max(0, end - _LONGEST_HEAD), end)
            if match is None:
                return -1
            if self._begins.groups:
                return match.start(1)
            start = match.start()
        return -1 if start and _inside_word(text, start - 1) else start


def _ended(form: re.Pattern[str], text: str, start: int) -> int:
    """Return where a form ends that matches anywhere, if only nothing."""
    match = form.match(text, start)
    return start if match is None else match.end()


def _inside_word(text: str, at: int) -> bool:
    char = text[at : at + 1]
    return (char.isascii() and char.isalnum()) or char == "_"


_BODY = re.compile(r"[0-9A-Za-z+/=\s\\:,.\-()]*+")  # of a block whose end is missing
_BEGIN = re.compile(r"-----BEGIN |PuTTY-User-Key-File-")
_END, _ENDED = "-----END", re.compile(r"-----END [0-9A-Za-z ]{1,48}-----")
_SUMMED = re.compile(r"Private-(?:MAC|Hash): ?[0-9a-f]{16,64}")


class Block:
    """Delimits an armoured key: PEM, OpenPGP or PuTTY.

    A block that breaks off is taken as far as it goes: what is there of a key is still secret.
    """

    __slots__ = ()

    def reach(self, text: str, end: int) -> int:
        """Return where the block ends whose head ends at ``end``."""
        putty = text.find("PuTTY", max(0, end - _LONGEST_HEAD), end) >= 0
        limit = end + LONGEST_BLOCK
        if putty:
            last = _SUMMED.search(text, end, limit)
            return last.end() if last else _ended(_BODY, text, end)
        at = text.find(_END, end, limit)
        return _ended(_ENDED, text, at) if at >= 0 else _ended(_BODY, text, end)

    def spans(self, text: str, end: int, stop: int) -> Iterator[tuple[int, int]]:
        """Yield the block whose head ends at ``end`` and that goes as far as ``stop``."""
        begins = _BEGIN.search(text, max(0, end - _LONGEST_HEAD), end)
        if begins is not None:
            start = begins.start()
            yield start, start + len(text[start : min(stop, end + LONGEST_BLOCK)].rstrip())
