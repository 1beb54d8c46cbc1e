"""Finds the event's own names, addresses and numbers again in its other leaves.

A contact's name inside the note needs no language model: the event says what the name is.
Annotated values that may be repeated (``known`` in the contract) are looked up in every other leaf
of the same event, without regard to case; a name also by its parts.
"""

from bisect import bisect_right

from detectors.overlap import Found, make
from detectors.walk import Leaves
from schemas.audit import BY_KNOWN_VALUE
from schemas.category import by_code

_NAME = by_code()["name"].bit
# An annotated address or user name is one value, also where it is made of the person's name.
_HOLD_NAMES = frozenset(by_code()[code].bit for code in ("email", "username"))
SHORTEST = 2  # characters of a whole value
SHORTEST_PART = 3  # characters of a part of a name
MOST_PARTS = 4


def fold(text: str) -> str:
    """Return the text in lower case with every character in its place, also in Turkish."""
    if text.isascii():
        return text.lower()
    # Only U+0130 grows in lower case; ı and i count as one, since people and systems mix them.
    return text.replace("\u0130", "i").lower().replace("\u0131", "i")


def find_known(
    leaves: Leaves, joined: str, starts: list[int], rules: list[int], found: list[Found]
) -> None:
    """Append a finding for each repetition of a known value.

    ``joined`` is all leaves, each followed by one separator; ``starts[i]`` is where leaf i begins.
    ``rules[bit]`` is the rule number to report for a category.
    """
    folded = fold(joined)
    nodes, event_starts = leaves.nodes, leaves.starts
    event = first = 0
    stop = event_starts[1]
    start, end = 0, starts[stop]
    for leaf in leaves.notable:
        node = nodes[leaf]
        if not node.known:
            continue
        while leaf >= stop:
            event += 1
            first, stop = event_starts[event], event_starts[event + 1]
            start, end = starts[first], starts[stop]
        value = folded[starts[leaf] : starts[leaf + 1] - 1]
        if len(value) < SHORTEST:
            continue
        times = folded.count(value, start, end)
        if times > 1:
            _append(value, leaf, (start, end), folded, starts, leaves, rules, found)
        if node.bit == _NAME and " " in value:
            for part in value.split()[:MOST_PARTS]:
                if len(part) >= SHORTEST_PART and folded.count(part, start, end) > times:
                    _append(part, leaf, (start, end), folded, starts, leaves, rules, found)


def _append(
    needle: str,
    source: int,
    span: tuple[int, int],
    folded: str,
    starts: list[int],
    leaves: Leaves,
    rules: list[int],
    found: list[Found],
) -> None:
    bit = leaves.nodes[source].bit
    own, own_end = starts[source], starts[source + 1]
    at = folded.find(needle, *span)
    while at >= 0:
        end = at + len(needle)
        alone = not (folded[at - 1 : at].isalnum() or folded[end : end + 1].isalnum())
        if alone and not own <= at < own_end:
            leaf = bisect_right(starts, at) - 1
            start = at - starts[leaf]
            node = leaves.nodes[leaf]
            if node.bit != bit and node.bit not in _HOLD_NAMES and not node.alone:
                stop = start + len(needle)
                found.append(make((leaf, start, stop, bit, rules[bit], 0.9, BY_KNOWN_VALUE)))
        at = folded.find(needle, at + 1, span[1])
