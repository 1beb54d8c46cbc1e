"""Delimits keys: tokens behind a head of their own, and armoured blocks.

Hyperscan has seen where a head ends. What follows is looked at a bounded distance only: the longest
that the rule allows for a token, ``LONGEST_BLOCK`` characters for a block.
"""

import re
from collections.abc import Callable, Iterator

from detectors.candidates import reach_on

LONGEST_BLOCK = 16_384  # characters; a key of 16,384 bits in PEM has 12,900
_LONGEST_HEAD = 128
_FOLLOWED = (" ", "=", "/")  # heads that end so are keywords: the value follows them
_GAP = " \t\"'"  # between a keyword and its value
_BODY = re.compile(r"[0-9A-Za-z+/=\s\\:,.\-()]*")  # of a block whose end is missing
_BEGIN = re.compile(r"-{4,5} ?BEGIN |PuTTY-User-Key-File-")
_DASHES = re.compile(r"-{4,5} ?END [0-9A-Za-z ]{1,48}-{4,5}")
_SUM = re.compile(r"Private-(?:MAC|Hash): ?[0-9a-f]{16,64}")

Delimit = Callable[[str, int], Iterator[tuple[int, int]]]


def token(head: str, alphabet: str, longest: int) -> Delimit:
    """Return what delimits a token: from its head on, as far as its alphabet goes.

    A head that ends with a space, ``=`` or ``/`` is a keyword, and the value follows it. Any other
    is the token's beginning and must not begin inside a word; where the head has a group, the token
    begins with that, and what may stand in front is the head's own business. A token ends where its
    alphabet does, and not inside a word; full stops behind it are a sentence's, or else its own.
    """
    begins = None if head.endswith(_FOLLOWED) else re.compile(f"(?:{head})\\Z")

    def delimit(text: str, end: int) -> Iterator[tuple[int, int]]:
        start = _start(begins, text, end) if begins else reach_on(text, end, _GAP, 4)
        if start < 0:
            return
        stop = reach_on(text, max(start, end), alphabet, longest + 1)
        if not _inside_word(text, stop):
            bare = start + len(text[start:stop].rstrip("."))
            yield start, bare
            if bare < stop:
                yield start, stop

    return delimit


def _start(head: re.Pattern[str], text: str, end: int) -> int:
    match = head.search(text, max(0, end - _LONGEST_HEAD), end)
    if match is None:
        return -1
    if head.groups:
        return match.start(1)
    return -1 if match.start() and _inside_word(text, match.start() - 1) else match.start()


def _inside_word(text: str, at: int) -> bool:
    char = text[at : at + 1]
    return (char.isascii() and char.isalnum()) or char == "_"


def block(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Delimit an armoured key around the head that ends at ``end``: PEM, OpenPGP or PuTTY.

    A block that breaks off is taken as far as it goes: what is there of a key is still secret.
    """
    begins = _BEGIN.search(text, max(0, end - _LONGEST_HEAD), end)
    if begins is None:
        return
    ends = _SUM if begins[0].startswith("P") else _DASHES
    limit = end + LONGEST_BLOCK
    last = ends.search(text, end, limit) or _BODY.match(text, end, limit)
    if last is not None:
        yield begins.start(), begins.start() + len(text[begins.start() : last.end()].rstrip())
