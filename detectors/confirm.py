"""Scores candidates: checksum, context, field hint, contradiction. All of scoring is said here.

A candidate that fails its rule's check is gone. The rest scores

* ``supported``, where a word near it or its field's name speaks for the rule;
* ``confidence - CONTRADICTION``, where nothing does, it is a mere number, and a word near it or its
  field's name speaks against it;
* ``confidence`` otherwise: nothing at all, where the rule needs support.

Which of the words near it count says ``detectors.words``: the nearest in front decides. So what
passes a check of one digit and stands behind *invoice* is no finding, whatever else is said around.
A telephone number loses something for being written less like one (``detectors.numbers``).
What scores less than ``FLOOR`` is not reported. Neither language nor a tenant's region has a part
in it: they could only raise what they know, and words and names of fields do that by themselves.

``near`` is a mask of what speaks for and against a candidate: bit n speaks for rule n; behind the
rules' bits come one against all rules, and one against each.
"""

import string
from collections.abc import Sequence

from detectors.checks.table import BY_NAME
from detectors.leaves import Leaves
from detectors.overlap import Found, make
from detectors.rule import Rule
from schemas.audit import BY_RULE

CONTRADICTION = 0.4  # what a contradiction takes away
FLOOR = 0.2  # what scores less is not reported at all
NUMBERS = (
    "digits",
    "phone",
    "ipv4",
    "code",
)  # what an order number or a version can be mistaken for
LONGEST_NAME = 200  # characters of a name or a street
WHOLE_PART = 6  # digits before a point or comma that make what follows a fraction
_DIGITS, _SEPARATORS = frozenset(string.digits), b" -()/"
_NUMBER = string.digits + _SEPARATORS.decode()
_WORD, _POINTS = frozenset(string.ascii_letters + string.digits + "_"), frozenset(".,")
_REACH = 24

PLACEHOLDERS = frozenset(
    ["null", "none", "true", "false", "undefined", "redacted", "********", "changeme", "required"]
)


class Scored:
    """A rule with everything looked up that scoring needs."""

    __slots__ = (
        "_against",
        "_lowered",
        "bit",
        "confidence",
        "holds",
        "mask",
        "most",
        "number",
        "rule",
        "supported",
    )

    def __init__(self, number: int, rule: Rule, rules: int) -> None:
        self.number = number
        self.rule = rule
        self.bit = rule.bit
        self.holds = BY_NAME[rule.check] if rule.check else _anything
        self.confidence = 0.0 if rule.needs else rule.confidence
        self.supported = rule.supported
        self.most = max(self.confidence, rule.supported)
        self.mask = 1 << number
        self._lowered = self.confidence - CONTRADICTION
        self._against = 1 << rules | 1 << (rules + 1 + number) if rule.candidate in NUMBERS else 0

    def score(self, near: int) -> float:
        """Return the confidence of a candidate of this rule, if its checksum holds."""
        if near & self.mask:
            return self.supported
        return self._lowered if near & self._against else self.confidence

    def found(self, leaf: int, start: int, end: int, confidence: float) -> Found:
        """Return a finding of this rule."""
        return make((leaf, start, end, self.bit, self.number, confidence, BY_RULE))

    def field(self, text: str) -> bool:
        """Say whether a field's content can be what the field's name says."""
        if self.rule.check:
            return self.holds("".join(filter(str.isdigit, text)))
        if self.rule.alphabet == "letters":
            return len(text) <= LONGEST_NAME and any(map(str.isalpha, text))
        return text.lower() not in PLACEHOLDERS


def _anything(_: str) -> bool:
    return True


def scored(rules: Sequence[Rule]) -> list[Scored]:
    """Return the rules ready to score, each at its number."""
    return [Scored(number, rule, len(rules)) for number, rule in enumerate(rules)]


def hinted(leaves: Leaves, mask: int) -> list[int]:
    """Return the leaves whose field's name supports one of some rules."""
    return [leaf for leaf in leaves.hinted if leaves.support(leaf) & mask]


def edges(text: str, start: int, end: int) -> bool:
    """Say whether a number stands for itself: not in a word, not behind a decimal point."""
    return text[end : end + 1] not in _WORD and begins(text, start)


def begins(text: str, start: int) -> bool:
    """Say whether what begins at a place stands for itself there."""
    before = text[start - 1 : start]  # nothing, where the text begins
    if before in _WORD:
        return False
    if before in _POINTS and text[start].isdigit():
        return not _whole_part(text[max(0, start - _REACH) : start - 1])
    return True


def ends(text: str, end: int) -> bool:
    """Say whether what ends at a place stands for itself there."""
    return text[end : end + 1] not in _WORD


def _whole_part(before: str) -> bool:
    """Say whether a text ends with what a point or comma behind it makes the whole part of."""
    if before[-1:] not in _DIGITS:
        return False
    run = before[len(before.rstrip(_NUMBER)) :]
    return len(run.encode().translate(None, _SEPARATORS)) <= WHOLE_PART
