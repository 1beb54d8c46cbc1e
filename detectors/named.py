"""Confirms values by the names of their fields: ``{"api_key": …}`` assigns as ``api_key=…`` does.

A rule about assignments looks for its keywords in texts. Where it has hints, a field whose name
ends with one of them is such an assignment too, and the value is all that stands in it.
"""

from collections.abc import Sequence
from functools import lru_cache

from detectors.candidates import ASSIGNED
from detectors.confirm import FLOOR, PLACEHOLDERS, Scored, hinted
from detectors.joined import Joined
from detectors.overlap import Found
from detectors.rule import field_words
from detectors.walk import Leaves
from detectors.words import SeenWords


class Named:
    """The fields whose names say what stands in them."""

    __slots__ = ("_mask", "_rules")

    def __init__(self, rules: Sequence[Scored]) -> None:
        self._mask = sum(one.mask for one in rules)
        self._rules = [
            (one, one.rule.lengths or ASSIGNED, tuple(f"_{hint}" for hint in one.rule.hints))
            for one in rules
        ]

    def find(
        self,
        joined: Joined,  # noqa: ARG002  # what every finder is given
        leaves: Leaves,
        words: SeenWords,  # noqa: ARG002
        found: list[Found],
    ) -> None:
        """Append what is found in the batch."""
        for leaf in hinted(leaves, self._mask):
            node, text = leaves.nodes[leaf], leaves.texts[leaf]
            if node.is_name or text.lower() in PLACEHOLDERS:
                continue
            name = _name(node.path)
            for one, (least, most), endings in self._rules:
                if least <= len(text) <= most and name.endswith(endings) and one.holds(text):
                    confidence = one.score(leaves.support(leaf))
                    if confidence >= FLOOR:
                        found.append(one.found(leaf, 0, len(text), confidence))


@lru_cache(maxsize=4096)
def _name(path: tuple[str, ...]) -> str:
    """Return the name of a field behind its parent's, as words between underscores."""
    return "_" + "_".join(field_words(part) for part in path[-2:] if part != "*")
