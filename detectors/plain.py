"""A plainer reading of a text, and the way back from it to the characters that it was read from."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

UNREADABLE = "\ufffd"  # stands for a byte that is no text
# So many characters of a reading say what so many of the text say, and are not taken apart.
Unit = tuple[int, int]
ONE: Unit = (1, 1)
WHOLE: Unit = (0, 0)  # all of them


# Where a change starts and ends, what is read there instead, and by which unit.
Change = tuple[int, int, str, Unit]


class Origin(NamedTuple):
    """Where a rewritten text comes from, in pieces.

    Piece n begins at character ``at[n]`` of the new text, and says what the characters from
    ``begins[n]`` up to ``ends[n]`` of the old one say, unit by unit.
    """

    at: Sequence[int]
    begins: Sequence[int]
    ends: Sequence[int]
    units: Sequence[Unit]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the least range of the old text that says all of a range of the new one."""
        first = bisect_right(self.at, start) - 1
        new, old = self.units[first]
        begin = self.begins[first] + (start - self.at[first]) // new * old
        last = bisect_right(self.at, end - 1) - 1
        new, old = self.units[last]
        stop = self.begins[last] - (self.at[last] - end) // new * old
        return begin, min(stop, self.ends[last])


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
    return () if new == text else ((new, Origin((0,), (0,), (len(text),), (ONE,))),)


def rewrite(text: str, changes: Iterable[Change]) -> Readings:
    """Return the reading of a text with changes in it, which come in order and apart, if any."""
    pieces: list[str] = []
    places: list[tuple[int, int, Unit]] = []
    done = 0
    for start, end, new, unit in changes:
        if start > done:
            pieces.append(text[done:start])
            places.append((done, start, ONE))
        if new:
            pieces.append(new)
            places.append((start, end, (len(new), end - start) if unit is WHOLE else unit))
        done = end
    if not done:
        return ()
    if done < len(text):
        pieces.append(text[done:])
        places.append((done, len(text), ONE))
    begins, ends, units = zip(*places, strict=True) if places else ((), (), ())
    at = (0, *accumulate(map(len, pieces)))
    return (("".join(pieces), Origin(at[:-1], begins, ends, units)),)


def characters(raw: bytes) -> Iterator[tuple[str, int]]:
    """Yield the characters of UTF-8 and the number of bytes of each; what is none is unreadable."""
    for char in raw.decode("utf-8", "surrogateescape"):
        if char < "\x80":
            yield char, 1
        elif "\ud800" <= char <= "\udfff":
            yield UNREADABLE, 1
        else:
            yield char, len(char.encode())
