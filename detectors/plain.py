"""A plainer reading of a text, and the way back from it to the characters that it was read from."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

UNREADABLE = "\ufffd"  # stands for a byte that is no text
# A piece of a reading says what a piece of the text says: so many characters of the one for so many
# of the other, each by itself; or the whole by the whole.
Ratio = tuple[int, int]
ONE: Ratio = (1, 1)
WHOLE: Ratio = (0, 0)
_IN_PLACE = (ONE,)  # of a text whose characters only changed
# Where a change starts and ends, what is read there instead, and by which ratio.
Change = tuple[int, int, str, Ratio]


class Origin(NamedTuple):
    """Where a rewritten text comes from, in pieces.

    Piece n begins at character ``at[n]`` of the new text, and says what the characters from
    ``begins[n]`` up to ``ends[n]`` of the old one say.
    """

    at: Sequence[int]
    begins: Sequence[int]
    ends: Sequence[int]
    ratios: Sequence[Ratio]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the least range of the old text that says all of a range of the new one."""
        if self.ratios == _IN_PLACE and not self.begins[0]:
            return start, end
        first = bisect_right(self.at, start) - 1
        begin = self.begins[first]
        new, old = self.ratios[first]
        if new:
            begin += (start - self.at[first]) * old // new
        last = bisect_right(self.at, end - 1) - 1
        stop = self.ends[last]
        new, old = self.ratios[last]
        if new:  # rounded up
            stop = min(stop, self.begins[last] - (self.at[last] - end) * old // new)
        return begin, stop


Rewritten = tuple[str, Origin]
Readings = tuple[Rewritten, ...]  # what one step makes of a text: mostly nothing


class Plain(NamedTuple):
    """What a text says once it is read, and how it was read: one origin for each step."""

    text: str
    origins: tuple[Origin, ...] = ()

    def then(self, rewritten: Rewritten) -> "Plain":
        """Return what is read in this reading."""
        text, origin = rewritten
        return Plain(text, (*self.origins, origin))


def span(plain: Plain, start: int, end: int) -> tuple[int, int]:
    """Return the characters of the original text that say a range of the reading, all of them."""
    for origin in reversed(plain.origins):
        start, end = origin.back(start, end)
    return start, end


def replaced(text: str, new: str) -> Readings:
    """Return the reading of a text whose characters changed in their places, if they did."""
    return () if new == text else ((new, Origin((0,), (0,), (len(text),), _IN_PLACE)),)


def rewrite(text: str, changes: Iterable[Change]) -> Readings:
    """Return the reading of a text with changes in it, if any.

    They come in order. Two side by side may share a character that says something of both.
    """
    pieces: list[str] = []
    places: list[tuple[int, int, Ratio]] = []
    done = 0
    for start, end, new, ratio in changes:
        if start > done:
            pieces.append(text[done:start])
            places.append((done, start, ONE))
        if new:
            pieces.append(new)
            places.append((start, end, ratio))
        done = end
    if not done:
        return ()
    if done < len(text):
        pieces.append(text[done:])
        places.append((done, len(text), ONE))
    begins, ends, ratios = zip(*places, strict=True) if places else ((), (), ())
    at = (0, *accumulate(map(len, pieces)))
    return (("".join(pieces), Origin(at[:-1], begins, ends, ratios)),)


def is_ascii(text: str) -> bool:
    """Say whether a text is ASCII, but for what is unreadable."""
    return text.isascii() or text.replace(UNREADABLE, "").isascii()


def characters(raw: bytes) -> Iterator[tuple[str, int]]:
    """Yield the characters of UTF-8 and the number of bytes of each; what is none is unreadable."""
    for char in raw.decode("utf-8", "surrogateescape"):
        if char < "\x80":
            yield char, 1
        elif "\ud800" <= char <= "\udfff":
            yield UNREADABLE, 1
        else:
            yield char, len(char.encode())
