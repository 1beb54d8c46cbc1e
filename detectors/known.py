"""Finds the event's own names, addresses and numbers again in its other leaves.

A contact's name inside the note needs no language model: the event says what the name is.
Annotated values that may be repeated (``known`` in the contract) are looked up in every other leaf
of the same event, without regard to case, and as people write them where their keyboard has no such
letters; a name also by its parts, a number also without what groups it.
"""

from collections.abc import Iterator, Sequence

from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found, make
from detectors.spellings import (
    NO_OTHER,
    NUMBERS,
    fold,
    spellings,
    ungrouped,
    words_of,
)
from schemas.audit import BY_KNOWN_VALUE
from schemas.category import by_code

_NAME = by_code()["name"].bit
_ID = by_code()["record_id"].bit
SHORTEST = 2  # characters of a whole value
SHORTEST_PART = 3  # characters of a part of a name
SHORTEST_ID = 5  # characters of a record's id: a shorter one is a number like any other
MOST_PARTS = 8
CONFIDENCE = 0.9
Place = tuple[int, int, int]  # leaf, start, end


def find_known(  # noqa: C901, PLR0912, PLR0915 - one loop: a call for each value costs more
    leaves: Leaves, joined: Joined, rules: Sequence[int], found: list[Found]
) -> None:
    """Append a finding for each repetition of a known value.

    ``joined`` has the texts to look into, one for each leaf: as long as it is, or empty.
    ``rules[bit]`` is the rule number to report for a category.
    """
    nodes, values, starts = leaves.nodes, leaves.texts, leaves.starts
    text, begins = joined.text, joined.begins(starts)
    event = stop = 0
    host = _Host("", 0)
    names, parts = list[Place](), list[Place]()
    for leaf in leaves.notable:
        node = nodes[leaf]
        if not node.known:
            continue
        if leaf >= stop:
            while starts[event + 1] <= leaf:
                event += 1
            stop = starts[event + 1]
            host = _Host(fold(text[begins[event] : begins[event + 1] - 1]), starts[event])
        value, bit = values[leaf], node.bit
        others = NO_OTHER
        if value.isascii():
            value = value.lower().strip()
        else:
            others = spellings(value)
            value = fold(value).strip()
        if bit == _NAME:
            words = words_of(value)
            if any(map(host.text.__contains__, words)):
                _find_name(value, words, host, names, parts)
            if others.words and any(map(host.text.__contains__, others.words)):
                for other in others.forms:
                    _find_name(other, words_of(other), host, names, parts)
            continue
        again = ungrouped(value, bit, host.text) if bit in NUMBERS else others.forms
        if value in host.text and (not joined.texts[leaf] or host.text.count(value) > 1):
            again = (*again, value)
        for one in again:
            found += [
                _finding(place, bit, rules)
                for place in host.fresh(one, bit, SHORTEST_ID if bit == _ID else SHORTEST)
                if not nodes[place[0]].apart and nodes[place[0]].bit != bit
            ]
    names += _join(parts, values)
    found += [_finding(place, _NAME, rules) for place in names if not nodes[place[0]].apart]


def stands_in(value: str, bit: int, text: str) -> bool:
    """Say whether a known value of a category stands in a folded text, in any of its forms."""
    known = fold(value).strip()
    others = NO_OTHER if value.isascii() else spellings(value)
    if bit == _NAME:
        forms = (*words_of(known), *others.words)
    else:
        forms = (known, *(ungrouped(known, bit, text) if bit in NUMBERS else others.forms))
    there = [one for one in forms if one in text]
    least = SHORTEST_ID if bit == _ID else SHORTEST
    return any(len(one) >= least and _places(one, text, 0) for one in there)


def _find_name(
    name: str, words: Sequence[str], host: "_Host", wholes: list[Place], parts: list[Place]
) -> None:
    """Add where a whole name stands, and where words of it do that are not too short."""
    if words[0] == name:  # a first or a last name
        parts += host.fresh(name, _NAME, SHORTEST)
    elif name in host.text:
        wholes += host.fresh(name, _NAME, SHORTEST)
    rest = host.text.replace(name, "") if len(words) > 1 else ""
    for word in words[:MOST_PARTS]:
        if len(word) >= SHORTEST_PART and word in rest:
            parts += host.fresh(word, _NAME, SHORTEST_PART)


class _Host:
    """The folded text of one event, a zero character between its leaves; ``first`` is the first."""

    __slots__ = ("_first", "_sought", "text")

    def __init__(self, text: str, first: int) -> None:
        self.text = text
        self._first = first
        self._sought: set[tuple[str, int]] = set()

    def fresh(self, value: str, bit: int, least: int) -> list[Place]:
        """Return where a value stands, unless it is too short or was looked for before.

        A mailing may name a thousand people, many of them alike.
        """
        if len(value) < least or (value, bit) in self._sought:
            return []
        self._sought.add((value, bit))
        return _places(value, self.text, self._first)


def _places(value: str, host: str, first: int) -> list[Place]:
    """Return where a value stands as a word of its own: the leaf and the place in it."""
    places: list[Place] = []
    at = -1 if "\x00" in value else host.find(value)
    leaf, begin, counted = first, 0, 0  # the leaf that ``counted`` lies in begins at ``begin``
    while at >= 0:
        end = at + len(value)
        if not (host[at - 1 : at].isalnum() or host[end : end + 1].isalnum()) or _dense(
            host, at, end
        ):
            passed = host.count("\x00", counted, at)
            if passed:
                leaf, begin = leaf + passed, host.rfind("\x00", counted, at) + 1
            counted = at
            places.append((leaf, at - begin, end - begin))
        at = host.find(value, end)
    return places


def _dense(host: str, at: int, end: int) -> bool:
    """Say whether letters beside a place are of scripts that write words without spaces: CJK."""
    return not any(
        char.isalnum() and char < "\u2e80" for char in host[at - 1 : at] + host[end : end + 1]
    )


def _finding(place: Place, bit: int, rules: Sequence[int]) -> Found:
    leaf, start, end = place
    return make((leaf, start, end, bit, rules[bit], CONFIDENCE, BY_KNOWN_VALUE))


def _join(names: list[Place], texts: Sequence[str]) -> Iterator[Place]:
    """Join parts of names that stand side by side to one name."""
    names.sort()
    leaf, start, end = -1, 0, 0
    for other, first, last in names:
        if other == leaf and (first <= end or texts[leaf][end:first] == " "):
            end = max(end, last)
            continue
        if leaf >= 0:
            yield leaf, start, end
        leaf, start, end = other, first, last
    if leaf >= 0:
        yield leaf, start, end
