"""Sums up the findings of a batch: per event and per person what was found, as parallel columns."""

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from detectors.fields import columns, only
from detectors.leaves import Integers, Leaves
from detectors.overlap import Found
from detectors.scanner import Findings
from schemas.audit import FindingCount


class Sighted(msgspec.Struct, frozen=True):
    """Some findings in the order of the events, with the leaf, bit and event of each."""

    found: Sequence[Found]
    leaves: Integers
    bits: Integers
    events: Integers


class Sights(msgspec.Struct, frozen=True):
    """What was found in the events of a batch. Only findings as sure as the policy asks for count.

    Event ``e`` is about the people ``first_person[e]`` up to ``first_person[e + 1]``, at least
    one. ``masks`` are by event, ``person_masks`` and ``person_fields`` (the number of fields with
    personal data) by person. Findings that belong to no listed person are the first one's.
    """

    fields: Sighted
    spans: Sighted
    masks: Integers
    confidence: npt.NDArray[np.float32]
    detected_by: npt.NDArray[np.int8]
    first_person: Integers
    person_masks: Integers
    person_fields: Integers
    counts: tuple[FindingCount, ...]

    def by_entity(self) -> Counter[str]:
        """Return how many findings there are of each entity."""
        found: Counter[str] = Counter()
        for one in self.counts:
            found[one.entity] += one.count
        return found


class _Columns:
    """Fields and spans as columns; ``event`` is the event that each one is in."""

    def __init__(self, fields: Sequence[Found], spans: Sequence[Found], starts: Integers) -> None:
        one, other = columns(fields), columns(spans)
        self.leaf = np.concatenate((one.leaf, other.leaf))
        self.bit = np.concatenate((one.bit, other.bit))
        self.rule = np.concatenate((one.rule, other.rule))
        self.confidence = np.concatenate((one.confidence, other.confidence)).astype(np.float32)
        self.by = np.concatenate((one.by, other.by))
        self.event = np.searchsorted(starts, self.leaf, "right") - 1


def sum_up(
    leaves: Leaves,
    findings: Findings,
    thresholds: npt.NDArray[np.float32],
    kinds: Sequence[str],
    entities: Sequence[str],
) -> Sights:
    """Return the sights of a batch's events.

    ``thresholds[bit]`` is the confidence from which a category counts, ``kinds[e]`` the kind of
    event e; ``entities`` are the engine's, by rule.
    """
    starts = np.array(leaves.starts, np.int64)
    first = np.array([*leaves.firsts, len(leaves.facts)], np.int64)
    fields: Sequence[Found]
    spans: Sequence[Found]
    fields, spans = findings
    of = _Columns(fields, spans, starts)
    sure = of.confidence >= thresholds[of.bit]
    if not sure.all():
        fields, spans = only(fields, sure[: len(fields)]), only(spans, sure[len(fields) :])
        of = _Columns(fields, spans, starts)
    events, count = len(kinds), len(fields)
    person = _people(leaves, of, first)
    person_masks = np.zeros(first[-1], np.int64)
    np.bitwise_or.at(person_masks, person, np.int64(1) << of.bit)
    _, each_field = np.unique(of.leaf, return_index=True)
    confidence = np.ones(events, np.float32)
    np.minimum.at(confidence, of.event, of.confidence)
    detected_by = np.zeros(events, np.int64)
    np.bitwise_or.at(detected_by, of.event, of.by)
    return Sights(
        fields=Sighted(fields, of.leaf[:count], of.bit[:count], of.event[:count]),
        spans=Sighted(spans, of.leaf[count:], of.bit[count:], of.event[count:]),
        masks=np.bitwise_or.reduceat(person_masks, first[:-1]) if events else person_masks,
        confidence=confidence,
        detected_by=detected_by.astype(np.int8),
        first_person=first,
        person_masks=person_masks,
        person_fields=np.bincount(person[each_field], minlength=int(first[-1])),
        counts=_counts(of, kinds, entities),
    )


def _people(leaves: Leaves, of: _Columns, first: Integers) -> Integers:
    """Return whose each finding is: a person's who is listed, else their event's first one's."""
    person = first[of.event]
    listed = np.flatnonzero(np.diff(first)[of.event] > 1)
    if len(listed):
        holders = leaves.holders(of.leaf[listed])
        inside = listed[holders >= 0]
        person[inside] = np.array(leaves.people, np.int64)[holders[holders >= 0]]
    return person


def _counts(
    of: _Columns, kinds: Sequence[str], entities: Sequence[str]
) -> tuple[FindingCount, ...]:
    """Return how often each entity was found in each kind of event, with the lowest confidence."""
    names = list(dict.fromkeys(kinds))
    numbers = {name: number for number, name in enumerate(names)}
    kind = np.array([numbers[name] for name in kinds], np.int64)[of.event]
    code = ((kind * len(entities) + of.rule) << 8 | of.by) << 8 | of.bit
    codes, place, count = np.unique(code, return_inverse=True, return_counts=True)
    lowest = np.ones(len(codes), np.float32)
    np.minimum.at(lowest, place, of.confidence)
    found = []
    for one, times, low in zip(codes.tolist(), count.tolist(), lowest.tolist(), strict=True):
        where, rule = divmod(one >> 16, len(entities))
        found.append(
            FindingCount(
                names[where], entities[rule], one & 255, one >> 8 & 255, times, round(low, 2)
            )
        )
    return tuple(sorted(found, key=lambda each: (each.resource, each.entity, each.detected_by)))
