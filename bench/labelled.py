"""Compares what was found in generated events with what was planted in them.

A planted value counts as found where a finding has its very characters and its entity. A finding
is false where nothing of its entity is planted under it. What repeats a declared field of its
event, such as the contact's name in the note, is counted once more, as a known value.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from bench.engine import Scanned, pointer
from detectors.overlap import Found
from detectors.proof import COUNTS_FROM
from gateway.corpus import Label, Sample
from schemas.audit import BY_CONTRACT, BY_KNOWN_VALUE
from schemas.event import Contract
from schemas.event import pointer as path_of

KNOWABLE = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "STREET_ADDRESS")
_RECALL_WEIGHT = 4  # of F2: a miss is a leak, a false finding is a nuisance
_LEAST_DIGITS = 7  # that two writings of one telephone number share
_BEFORE, _SHOWN = 60, 160  # characters of a text around what went wrong


class Seen(NamedTuple):
    """One finding, its entity, and at which JSON pointer it is."""

    path: str
    entity: str
    found: Found


class Tally(msgspec.Struct):
    """Counts for one entity."""

    planted: int = 0
    hits: int = 0
    reported: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """The share of the planted values that were found; 1 where none was planted."""
        return self.hits / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """The share of the findings that are right; 1 where there are none."""
        return 1 - self.wrong / self.reported if self.reported else 1.0

    @property
    def f2(self) -> float:
        """Recall and precision in one figure, in which recall counts for more."""
        both = _RECALL_WEIGHT * self.precision + self.recall
        return (1 + _RECALL_WEIGHT) * self.precision * self.recall / both if both else 0.0


class Miss(NamedTuple):
    """What went wrong, in a generated text: it is nobody's."""

    sort: str
    entity: str
    path: str
    text: str


class Quality(msgspec.Struct):
    """What was measured over some events."""

    events: int = 0
    overlaps: int = 0
    entities: dict[str, Tally] = msgspec.field(default_factory=lambda: defaultdict(Tally))
    known: dict[str, Tally] = msgspec.field(default_factory=lambda: defaultdict(Tally))
    misses: list[Miss] = msgspec.field(default_factory=list)

    @property
    def false(self) -> int:
        """How many findings are of nothing that was planted."""
        return sum(tally.wrong for tally in self.entities.values())

    def compare(self, sample: Sample, found: Sequence[Seen], bits: Mapping[str, int]) -> None:
        """Count what of one event was found, what else was, and what overlaps.

        ``bits`` has the category of each entity.
        """
        self.events += 1
        for label in sample.labels:
            self._count(self.entities[label.entity], "missed", sample, label, found, bits)
        content = [one for one in found if one.found.detected_by != BY_CONTRACT]
        for one in content:
            if one.entity not in bits and one.found.detected_by == BY_KNOWN_VALUE:
                continue  # a company, or a record's id: declared, and nothing that is planted
            tally = self.entities[one.entity]
            tally.reported += 1
            if not any(is_right(label, one, bits) for label in sample.labels):
                tally.wrong += 1
                self.misses.append(_miss("false", sample, _as_label(one)))
        for one in overlapping(content):
            self.overlaps += 1
            self.misses.append(_miss("overlap", sample, _as_label(one)))

    def remember(
        self,
        sample: Sample,
        found: Sequence[Seen],
        bits: Mapping[str, int],
        contract: Contract,
    ) -> None:
        """Count what repeats a declared field of the event, and whether it was found there too."""
        for label in repeats(sample, contract):
            self._count(self.known[label.entity], "known", sample, label, found, bits)

    def _count(
        self,
        tally: Tally,
        sort: str,
        sample: Sample,
        label: Label,
        found: Sequence[Seen],
        bits: Mapping[str, int],
    ) -> None:
        tally.planted += 1
        if any(is_hit(label, one, bits) for one in found):
            tally.hits += 1
        else:
            self.misses.append(_miss(sort, sample, label))


def seen(entities: Sequence[str], scanned: Scanned) -> Iterator[list[Seen]]:
    """Yield what counts in each event of a batch."""
    leaves, findings = scanned
    by_leaf: dict[int, list[Found]] = defaultdict(list)
    for one in (*findings.fields, *findings.spans):
        if one.confidence >= COUNTS_FROM:
            by_leaf[one.leaf].append(one)
    for first, last in pairwise(leaves.starts):
        yield [
            Seen(pointer(leaves, leaf), entities[one.rule], one)
            for leaf in range(first, last)
            for one in by_leaf.get(leaf, ())
        ]


def is_hit(label: Label, one: Seen, bits: Mapping[str, int]) -> bool:
    """Say whether a finding is just what was planted; a declared value goes by its category."""
    if (one.path, one.found.start, one.found.end) != (label.path, label.start, label.end):
        return False
    if one.found.detected_by in (BY_CONTRACT, BY_KNOWN_VALUE):
        return one.found.bit == bits.get(label.entity)
    return one.entity == label.entity


def is_right(label: Label, one: Seen, bits: Mapping[str, int]) -> bool:
    """Say whether a finding by content covers anything of what was planted, and calls it that."""
    if one.path != label.path or one.found.start >= label.end or label.start >= one.found.end:
        return False
    return one.entity == label.entity or (
        one.found.detected_by == BY_KNOWN_VALUE and one.found.bit == bits.get(label.entity)
    )


def overlapping(found: Sequence[Seen]) -> Iterator[Seen]:
    """Yield the findings that begin before the one in front of them ends."""
    placed = sorted(found, key=lambda one: (one.path, one.found.start, one.found.end))
    for one, other in pairwise(placed):
        if one.path == other.path and other.found.start < one.found.end:
            yield other


def repeats(sample: Sample, contract: Contract) -> Iterator[Label]:
    """Yield what is planted outside the event's declared fields and stands in one of them too."""
    declared: dict[str, list[str]] = defaultdict(list)
    elsewhere = []
    for label in sample.labels:
        if label.entity in KNOWABLE:
            if _is_declared(label, contract):
                declared[label.entity].append(_text(sample, label))
            else:
                elsewhere.append(label)
    for label in elsewhere:
        if _is_among(_text(sample, label), declared[label.entity], label.entity):
            yield label


def _is_declared(label: Label, contract: Contract) -> bool:
    """Say whether a contract says of a field, or of an object around it, what it is."""
    path = tuple("*" if part.isdigit() else part for part in path_of(label.path))
    above = [contract.fields.get(path[:size]) for size in range(1, len(path) + 1)]
    return any(one is not None and one.bit >= 0 and not one.free_text for one in above)


def _is_among(text: str, values: Sequence[str], entity: str) -> bool:
    if entity == "PERSON":
        words = {word for value in values for word in value.casefold().split()}
        return words.issuperset(text.casefold().split())
    if entity == "PHONE_NUMBER":
        digits = "".join(filter(str.isdigit, text)).lstrip("0")
        return len(digits) >= _LEAST_DIGITS and any(value.endswith(digits) for value in values)
    return text.casefold() in {value.casefold() for value in values}


def _text(sample: Sample, label: Label) -> str:
    return _leaf(sample, label.path)[label.start : label.end]


def _leaf(sample: Sample, path: str) -> str:
    at: object = sample.event
    for part in path_of(path):
        at = at[int(part)] if isinstance(at, list) else at[part] if isinstance(at, dict) else at
    return str(at)


def _as_label(one: Seen) -> Label:
    return Label(one.path, one.found.start, one.found.end, one.entity)


def _miss(sort: str, sample: Sample, label: Label) -> Miss:
    text, start, end = _leaf(sample, label.path), label.start, label.end
    begin = max(0, start - _BEFORE)
    marked = f"{text[begin:start]}«{text[start:end]}»{text[end:]}"
    return Miss(sort, label.entity, f"{sample.event['type']} {label.path}", marked[:_SHOWN])
