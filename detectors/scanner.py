"""The engine: one scan of all leaves of a batch, then each candidate confirmed and scored.

Several small Hyperscan databases, grouped by what makes them fast, see the ends of candidates;
``detectors.numbers`` and ``detectors.spans`` delimit, confirm and score them. The engine scores;
the policy says from when a finding counts.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detectors.confirm import scored
from detectors.fields import Columns, Fields, only
from detectors.finders import finders
from detectors.hints import Hints
from detectors.joined import Joined
from detectors.known import find_known
from detectors.leaves import Leaves
from detectors.lists import Allowed, Lists
from detectors.overlap import Found, resolve
from detectors.recognition import Recognition
from detectors.recognizer import Recognizer
from detectors.rule import Rule, shipped
from detectors.shadow import shadow
from detectors.unveil import Veils
from detectors.words import Words
from schemas.audit import BY_CONTRACT, BY_RULE
from schemas.category import by_code, categories

NOTHING_LISTED = Lists()
_SECRETS = frozenset(by_code()[code].bit for code in ("access_token", "password"))


class Findings(NamedTuple):
    """What was found in a batch, each list in the order of the leaves.

    ``fields`` are whole leaves, known by their place: annotated, or named like a person's field.
    ``spans`` are parts of leaves, known by their content; no two of a leaf overlap. What is in
    ``leaves.unread`` says more than could be read: it may hold anything.
    """

    fields: Sequence[Found]
    spans: list[Found]


class Engine:
    """A compiled set of rules. One thread at a time: the scratch space of a scan is its own.

    ``lists`` say what is never reported and what always is; ``recognizers`` are asked about free
    text. Raises ValueError where a list names an entity that no rule finds.
    """

    def __init__(
        self,
        rules: Sequence[Rule] | None = None,
        lists: Lists = NOTHING_LISTED,
        recognizers: Sequence[Recognizer] = (),
    ) -> None:
        self.rules = tuple(shipped() if rules is None else rules)
        self.hints = Hints(self.rules)
        self.entities = [rule.entity for rule in self.rules]
        self._declared = self._name_categories()
        self._by_bit = np.array(self._declared, np.int64)
        self._words = Words(self.rules)
        self._veils = Veils()
        self._scored = scored(self.rules)
        self._finders = finders(self._scored, lists.deny)
        self._allowed = Allowed(lists)
        self._recognition = Recognition(recognizers, self.rules, self.entities)
        self.entities += self._recognition.entities

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

    def scan(self, leaves: Leaves) -> Findings:
        """Return the findings of a batch. None of them holds a value."""
        if not leaves.texts:
            return Findings([], [])
        joined = Joined(self._unknown(leaves))
        found = self._find(leaves, joined)
        # What hides in a declared token or password is a part of it.
        nodes, suspects = leaves.nodes, self._veils.suspects(joined)
        suspects = [leaf for leaf in suspects if nodes[leaf].bit not in _SECRETS]
        if suspects:
            hidden = shadow(leaves, suspects, leaves.events(suspects), self._veils)
            found += hidden.back(self._find(hidden.leaves, hidden.joined))
            leaves.unread += hidden.unread()
        self._recognition.find(leaves, found)
        spans = self._allowed.without(resolve(found), leaves.texts)
        return Findings(self._fields(leaves), spans)

    def _find(self, leaves: Leaves, joined: Joined) -> list[Found]:
        """Return what the texts of ``joined`` hold, one for each leaf: as long as it is, or empty."""
        words = self._words.see(joined)
        found: list[Found] = []
        for finder in self._finders:
            finder.find(joined, leaves, words, found)
        find_known(leaves, joined, self._declared, found)
        return found

    @staticmethod
    def _unknown(leaves: Leaves) -> list[str]:
        """Return the texts to look into: without those that are wholly known by their place."""
        texts, nodes = leaves.texts.copy(), leaves.nodes
        for leaf in leaves.apart:
            node, text = nodes[leaf], texts[leaf]
            if len(text) <= node.single:
                if node.marks is None:
                    if text.replace(" ", "").isalpha():
                        texts[leaf] = ""
                    continue
                one, two, three, four = node.marks
                if not (one in text or two in text or three in text or four in text):
                    texts[leaf] = ""
        return texts

    def _fields(self, leaves: Leaves) -> Sequence[Found]:
        texts, nodes, notable = leaves.texts, leaves.nodes, leaves.notable
        bit = np.array([nodes[leaf].bit for leaf in notable], np.int64)
        by = np.full(len(bit), BY_CONTRACT, np.int64)
        some = Columns(np.array(notable, np.int64), bit, self._by_bit[bit], np.ones(len(bit)), by)
        for at in np.flatnonzero(bit < 0).tolist():  # not annotated, but named like such a field
            leaf = notable[at]
            one = self._scored[nodes[leaf].whole]
            if one.field(texts[leaf]):
                some.bit[at], some.rule[at] = one.bit, one.number
                some.confidence[at], some.by[at] = one.confidence, BY_RULE
        sizes = np.fromiter(map(len, map(texts.__getitem__, notable)), np.int64, len(notable))
        return only(Fields(some, sizes), some.bit >= 0)
