"""Finds the event's own names, addresses and numbers again in its other leaves.

A contact's name inside the note needs no language model: the event says what the name is.
Annotated values that may be repeated (``known`` in the contract) are looked up in every other leaf
of the same event, without regard to case; a name also by its parts.
"""

from collections.abc import Iterator, Sequence

from detectors.overlap import Found, make
from detectors.walk import Leaves
from schemas.audit import BY_KNOWN_VALUE
from schemas.category import by_code

_NAME = by_code()["name"].bit
SHORTEST = 2  # characters of a whole value
SHORTEST_PART = 3  # characters of a part of a name
MOST_PARTS = 4
CONFIDENCE = 0.9
Place = tuple[int, int, int]  # leaf, start, end


def fold(text: str) -> str:
    """Return the text in lower case with every character in its place, also in Turkish."""
    if text.isascii():
        return text.lower()
    # Only U+0130 grows in lower case; with or without a dot an i counts as one, since people and
    # systems mix them.
    return text.replace("\u0130", "i").lower().replace("\u0131", "i")


def find_known(
    leaves: Leaves, texts: Sequence[str], rules: Sequence[int], found: list[Found]
) -> None:
    """Append a finding for each repetition of a known value.

    ``texts`` are those of the leaves, without a zero byte in any; ``rules[bit]`` is the rule number
    to report for a category.
    """
    nodes, hosts = leaves.nodes, _Hosts(leaves, texts)
    names: list[Place] = []
    for leaf in leaves.notable:
        node = nodes[leaf]
        if not node.known:
            continue
        if leaf >= hosts.stop:
            hosts.move(leaf)
        text = texts[leaf]
        value = text.lower() if text.isascii() else fold(text)
        if node.bit == _NAME:
            names += hosts.names(value)
        elif value in hosts.text and (node.apart or hosts.text.count(value) > 1):
            places = hosts.places(value) if len(value) >= SHORTEST else []
            found += [
                _finding(place, node.bit, rules)
                for place in places
                if nodes[place[0]].bit != node.bit
            ]
    found += [_finding(place, _NAME, rules) for place in _join(names, texts)]


class _Hosts:
    """What known values are looked for in: the texts of one event after the other, folded."""

    __slots__ = ("_event", "_first", "_starts", "_texts", "stop", "text")

    def __init__(self, leaves: Leaves, texts: Sequence[str]) -> None:
        self._texts = list(texts)
        for leaf in leaves.apart:
            self._texts[leaf] = ""
        self._starts = leaves.starts
        self._event = self._first = self.stop = 0
        self.text = ""

    def move(self, leaf: int) -> None:
        """Move on to the event of a leaf."""
        starts, event = self._starts, self._event
        while starts[event + 1] <= leaf:
            event += 1
        self._event, self._first, self.stop = event, starts[event], starts[event + 1]
        self.text = fold("\x00".join(self._texts[self._first : self.stop]))

    def names(self, name: str) -> list[Place]:
        """Return where parts of a name stand; the whole counts too where a part is too short."""
        parts = name.split()[:MOST_PARTS]
        long = [part for part in parts if len(part) >= SHORTEST_PART]
        if len(long) < len(parts) and len(name) >= SHORTEST:
            long.append(name)
        text = self.text
        return [place for part in long if part in text for place in self.places(part)]

    def places(self, value: str) -> list[Place]:
        """Return where a value stands as a word of its own: the leaf and the place in it."""
        text, places = self.text, []
        at = text.find(value)
        while at >= 0:
            end = at + len(value)
            if not (_in_word(text[at - 1 : at]) or _in_word(text[end : end + 1])):
                begin = text.rfind("\x00", 0, at) + 1
                leaf = self._first + text.count("\x00", 0, at)
                places.append((leaf, at - begin, end - begin))
            at = text.find(value, end)
        return places


def _finding(place: Place, bit: int, rules: Sequence[int]) -> Found:
    return make((*place, bit, rules[bit], CONFIDENCE, BY_KNOWN_VALUE))


def _in_word(char: str) -> bool:
    # Scripts from CJK on write words without spaces between them.
    return char.isalnum() and char < "\u2e80"


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
