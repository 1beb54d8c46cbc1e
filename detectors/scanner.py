"""The engine: one scan of all leaves of a batch, then each candidate confirmed and scored.

Several small Hyperscan groups, grouped by what makes them fast, see the ends of candidates;
``detectors.candidates`` finds their starts and ``detectors.confirm`` scores them. The engine
scores; the policy says from when a finding counts.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detectors.confirm import Confirm, Sight
from detectors.database import CASELESS, Database
from detectors.hints import Hints
from detectors.known import find_known
from detectors.overlap import Found, make, resolve
from detectors.rule import Rule, shipped
from detectors.walk import Leaves
from detectors.words import SeenWords, Words
from schemas.audit import BY_CONTRACT, BY_RULE
from schemas.category import categories

# (candidate, pattern, flags, how many characters the pattern takes beyond the candidate)
_HEADS: tuple[tuple[tuple[str, str, int, int], ...], ...] = (
    (("email", r"[^\x00-\x20]@[0-9A-Za-z\x80-\xff]", 0, 1),),
    (("number", r"[0-9](?:[ .\-()/]{0,2}[0-9]){6,18}[^0-9]", 0, 1),),
    (
        ("ipv4", r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[^0-9]", 0, 1),
        ("ipv6", r"(?:::|(?:[0-9a-f]{1,4}:){7})[0-9a-f]", CASELESS, 0),
        ("mac", r"(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}", CASELESS, 0),
    ),
    (
        ("iban", r"[A-Z]{2}[0-9]{2} ?[0-9A-Z]{4}", CASELESS, 0),
        ("url", r"://[^\s/@\x00]+:[^\s/@\x00]+@", 0, 0),
    ),
)


class _Group(Database):
    """Patterns compiled together, and what confirms a match of each."""

    __slots__ = ("beyond", "sights")

    def __init__(self, patterns: Sequence[tuple[str, int, Sight, int]]) -> None:
        super().__init__([(pattern, flags) for pattern, flags, _, _ in patterns])
        self.sights = [sight for _, _, sight, _ in patterns]
        self.beyond = np.array([beyond for *_, beyond in patterns])


class Findings(NamedTuple):
    """What was found in a batch, each list in the order of the leaves.

    ``fields`` are whole leaves, known by their place: annotated, or named like a person's field.
    ``spans`` are parts of leaves, known by their content; no two of a leaf overlap.
    """

    fields: list[Found]
    spans: list[Found]


class Engine:
    """A compiled set of rules. One thread at a time: the scratch space of a scan is its own."""

    def __init__(self, rules: Sequence[Rule] | None = None) -> None:
        self.rules = tuple(shipped() if rules is None else rules)
        self.hints = Hints(self.rules)
        self.entities = [rule.entity for rule in self.rules]
        self._declared = self._name_categories()
        self._confirm = Confirm(self.rules)
        self._words = Words(self.rules)
        self._groups = self._compile()

    def _name_categories(self) -> list[int]:
        # An annotated field is reported as its category's entity; where the category has several,
        # which one it is can't be known, and the category's own code is the name.
        named = {rule.bit: at for at, rule in enumerate(self.rules) if rule.annotated}
        declared = []
        for category in categories():
            if category.bit not in named:
                named[category.bit] = len(self.entities)
                self.entities.append(category.code.upper())
            declared.append(named[category.bit])
        return declared

    def _compile(self) -> list[_Group]:
        confirm = self._confirm
        groups = []
        for heads in _HEADS:
            patterns: list[tuple[str, int, Sight, int]] = []
            for kind, pattern, flags, beyond in heads:
                if kind == "number":
                    sight: Sight = confirm.number
                elif kind == "iban":
                    sight = confirm.iban
                else:
                    sight = confirm.span(kind)
                patterns.append((pattern, flags, sight, beyond))
            groups.append(_Group(patterns))
        tokens: list[tuple[str, int, Sight, int]] = []
        for one in confirm.scored:
            if one.rule.candidate == "token":
                tokens.append((one.rule.pattern, 0, confirm.token(one), 0))
            elif one.rule.candidate == "assignment":
                tokens.append((one.rule.pattern, 0, confirm.assignment(one), 0))
        if tokens:
            groups.append(_Group(tokens))
        return groups

    def scan(self, leaves: Leaves) -> Findings:
        """Return the findings of a batch. None of them holds a value."""
        texts = leaves.texts
        if not texts:
            return Findings([], [])
        joined = "\x00".join(texts) + "\x00"
        if joined.count("\x00") != len(texts):  # a leaf holds the separator: same length without it
            joined = "\x00".join([text.replace("\x00", "\x01") for text in texts]) + "\x00"
        data = joined.encode()
        stops = np.flatnonzero(np.frombuffer(data, np.uint8) == 0)
        starts = np.concatenate(([0], stops + 1))
        found: list[Found] = []
        self._confirm.start()
        words = self._words.see(data)
        for group in self._groups:
            self._match(group, words, data, starts, stops, leaves, found)
        fields = self._fields(leaves)
        if fields:
            if len(data) != len(joined):
                sizes = np.fromiter(map(len, texts), np.int64, len(texts))
                starts = np.concatenate(([0], np.cumsum(sizes + 1)))
            find_known(leaves, joined, starts.tolist(), self._declared, found)
        return Findings(fields, resolve(found))

    @staticmethod
    def _match(
        group: _Group,
        words: SeenWords,
        data: bytes,
        starts: npt.NDArray[np.int64],
        stops: npt.NDArray[np.int64],
        leaves: Leaves,
        found: list[Found],
    ) -> None:
        seen, ends = group.see(data)
        if not seen:
            return
        places = np.array(ends) - group.beyond[seen]
        at = np.searchsorted(stops, places - 1)
        offsets = (places - starts[at]).tolist()
        nears = words.near(places, starts[at], stops[at])
        texts, nodes, sights = leaves.texts, leaves.nodes, group.sights
        for pattern, leaf, offset, near in zip(seen, at.tolist(), offsets, nears, strict=True):
            text = texts[leaf]
            if not text.isascii():  # Hyperscan counts bytes
                offset = len(text.encode()[:offset].decode(errors="ignore"))  # noqa: PLW2901
            sights[pattern](text, offset, leaf, nodes[leaf], near, found)

    def _fields(self, leaves: Leaves) -> list[Found]:
        texts, nodes, declared = leaves.texts, leaves.nodes, self._declared
        fields: list[Found] = []
        for leaf in leaves.notable:
            node = nodes[leaf]
            size = len(texts[leaf])
            if node.bit >= 0:
                rule = declared[node.bit]
                fields.append(make((leaf, 0, size, node.bit, rule, 1.0, BY_CONTRACT)))
            elif self._confirm.field(node.whole, texts[leaf]):
                rule = node.whole
                bit, confidence = self.rules[rule].bit, self.rules[rule].confidence
                fields.append(make((leaf, 0, size, bit, rule, confidence, BY_RULE)))
        return fields
