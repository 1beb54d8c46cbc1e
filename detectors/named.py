"""Confirms values by the names of their fields: ``{"api_key": …}`` assigns as ``api_key=…`` does.

A rule about assignments looks for its keywords in texts. Where it has hints, a field whose name
ends with one of them is such an assignment too, and the value is all that stands in it. A few hints
say so only where they are the whole name: a page's token is no secret.
"""

from collections.abc import Sequence

from detectors.candidates import ASSIGNED
from detectors.confirm import FLOOR, PLACEHOLDERS, Scored, hinted
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.rule import field_words
from detectors.words import SeenWords

REMEMBERED = 4096  # names of fields
ALONE = frozenset(["token", "secret", "auth", "credential", "credentials", "jwt"])


class Named:
    """The fields whose names say what stands in them."""

    __slots__ = ("_chosen", "_mask", "_rules")

    def __init__(self, rules: Sequence[Scored]) -> None:
        self._mask = sum(one.mask for one in rules)
        self._rules = [
            (
                one,
                one.rule.lengths or ASSIGNED,
                tuple(f"_{hint}" for hint in one.rule.hints if hint not in ALONE),
                ALONE.intersection(one.rule.hints),
            )
            for one in rules
        ]
        self._chosen: dict[tuple[str, ...], list[tuple[Scored, tuple[int, ...]]]] = {}

    def find(
        self,
        joined: Joined,
        leaves: Leaves,
        words: SeenWords,  # noqa: ARG002
        found: list[Found],
    ) -> None:
        """Append what is found in the batch."""
        for leaf in hinted(leaves, self._mask):
            node, text = leaves.nodes[leaf], leaves.texts[leaf]
            # Nothing to look into, where the place says it all.
            if node.is_name or not joined.texts[leaf] or text.lower() in PLACEHOLDERS:
                continue
            for one, (least, most) in self._named(node.path[-2:]):
                if least <= len(text) <= most and one.holds(text):
                    confidence = one.score(leaves.support(leaf))
                    if confidence >= FLOOR:
                        found.append(one.found(leaf, 0, len(text), confidence))

    def _named(self, path: tuple[str, ...]) -> list[tuple[Scored, tuple[int, ...]]]:
        """Return the rules that a field is an assignment for, with how long a value may be."""
        chosen = self._chosen.get(path)
        if chosen is None:
            if len(self._chosen) >= REMEMBERED:
                self._chosen.clear()
            name = "_" + "_".join(field_words(part) for part in path if part != "*")
            key = next((part for part in reversed(path) if part != "*"), "")
            last = field_words(key.rpartition(".")[2])
            chosen = self._chosen[path] = [
                (one, sizes)
                for one, sizes, endings, alone in self._rules
                if name.endswith(endings) or last in alone
            ]
        return chosen
