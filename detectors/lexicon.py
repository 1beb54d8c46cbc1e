"""Words and phrases that Hyperscan looks for: many, found only where they begin a word.

Asking Hyperscan for an edge in front of thousands of words takes it seconds to compile; it is asked
only in front of short ones, which stand inside others all the time. The rest is looked at here.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.database import CASELESS, Database
from detectors.joined import Joined

Integers = npt.NDArray[np.int64]

_SHORT = 5  # bytes
_EDGE = "[^0-9A-Za-z]"
# By byte: no part of a word, a part of one, or a byte of a character that must be looked at.
_APART, _WORD, _LOOK = 0, 1, 2
_KIND = np.array(
    [_LOOK if byte > 127 else _WORD if chr(byte).isalnum() else _APART for byte in range(256)],  # noqa: PLR2004  # ASCII
    np.uint8,
)
# Hebrew and Arabic write "and", "in", "to", "the" together with the word behind them.
_JOINED = frozenset("והבלמשכ" + "وبلفكا")
_MOST_JOINED = 2
_LONGEST_CHARACTER = 4  # bytes


class Seen(NamedTuple):
    """The words of a batch, in the order of their ends: which, in which leaf, up to where."""

    numbers: Sequence[int]
    leaves: Sequence[int]
    ends: Sequence[int]


NOTHING = Seen((), (), ())


class Lexicon(Database):
    """Words compiled together; each is to be whole, or may go on with what inflects it."""

    __slots__ = ("_sizes", "_whole")

    def __init__(self, words: Sequence[tuple[str, bool]]) -> None:
        sizes = [len(word.encode()) for word, _ in words]
        super().__init__(
            [
                ((_EDGE if size <= _SHORT else "") + _escape(word), CASELESS)
                for size, (word, _) in zip(sizes, words, strict=True)
            ]
        )
        self._sizes = np.array(sizes, np.int64)
        self._whole = np.array([whole for _, whole in words], np.bool_)

    def words(self, joined: Joined) -> Seen:
        """Return the words of a batch."""
        seen, ends = self.see(joined.data)
        if not seen:
            return NOTHING
        numbers, stops = np.array(seen, np.int64), np.array(ends, np.int64)
        kept = _begin(joined.data, stops - self._sizes[numbers])
        kept &= ~self._whole[numbers] | _end(joined.data, stops)
        places = np.flatnonzero(kept).tolist()
        if not places:
            return NOTHING
        leaves, sizes = joined.locate(stops[places].tolist())
        return Seen(numbers[places].tolist(), leaves, sizes)


def _begin(data: bytes, starts: Integers) -> npt.NDArray[np.bool_]:
    """Say which places begin a word."""
    kinds = _KIND[np.frombuffer(data, np.uint8)[starts - 1]]
    edges: npt.NDArray[np.bool_] = kinds == _APART
    for at in np.flatnonzero(kinds == _LOOK).tolist():
        edges[at] = _begins(data, int(starts[at]))
    return edges


def _begins(data: bytes, start: int) -> bool:
    reach = _LONGEST_CHARACTER * (_MOST_JOINED + 1)
    before = data[max(0, start - reach) : start].decode("utf-8", "ignore")
    for char in before[: -_MOST_JOINED - 2 : -1]:
        if not char.isalnum():
            return True
        if char not in _JOINED:
            return False
    return False


def _end(data: bytes, stops: Integers) -> npt.NDArray[np.bool_]:
    """Say which places end a word."""
    kinds = _KIND[np.frombuffer(data, np.uint8)[stops]]
    edges: npt.NDArray[np.bool_] = kinds == _APART
    for at in np.flatnonzero(kinds == _LOOK).tolist():
        stop = int(stops[at])
        after = data[stop : stop + _LONGEST_CHARACTER].decode("utf-8", "ignore")
        edges[at] = not after[:1].isalnum()
    return edges


def spellings(word: str) -> set[str]:
    """Return how a word is written in capitals and small letters, each as long as the word.

    Hyperscan ignores the case of ASCII, so a spelling stands for all that differ in that alone.
    """
    dotted = word.replace("i", "\u0130")  # in Turkish an i keeps its dot
    plain = word.replace("i", "\u0131")  # and a capital I becomes one without: IBAN, \u0131ban
    written = (
        *(word.lower(), word.upper(), word.capitalize()),
        *(dotted, dotted.upper(), plain, plain.capitalize()),
    )
    return {one.encode().lower().decode() for one in written}


def _escape(word: str) -> str:
    return "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else rf"\x{byte:02x}"
        for byte in word.encode()
    )
