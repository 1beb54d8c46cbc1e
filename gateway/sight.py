"""Sums up the findings of a batch: per event what was found, per subject which categories."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from detectors.overlap import Found
from detectors.scanner import Findings
from detectors.walk import Leaves
from schemas.audit import FindingCount


class Sight(msgspec.Struct, gc=False):
    """What was found in one event. Only findings as sure as the policy asks for are in it.

    ``masks`` has the categories of each subject, ``counts`` the number of fields with personal
    data. Findings that belong to no listed subject are the first one's.
    """

    mask: int
    fields: list[Found]
    spans: list[Found]
    masks: Sequence[int]
    counts: Sequence[int]
    confidence: float
    detected_by: int


class Tally:
    """Counts findings by kind of event, entity and way, for the audit batch and the counters."""

    def __init__(self) -> None:
        self._codes: list[tuple[str, int, int, int]] = []
        self.note = self._codes.append

    def counts(self, entities: Sequence[str]) -> tuple[FindingCount, ...]:
        """Return the counts, with the lowest confidence of each, in a fixed order."""
        lowest: dict[tuple[str, str, int, int], tuple[int, float]] = {}
        for (kind, rule, bit, how), times in Counter(self._codes).items():
            by, hundredths = how >> 8, how & 255
            key = (kind, entities[rule], bit, by)
            count, low = lowest.get(key, (0, 1.0))
            lowest[key] = (count + times, min(low, hundredths / 100))
        return tuple(FindingCount(*key, *lowest[key]) for key in sorted(lowest))

    def by_entity(self, entities: Sequence[str]) -> Counter[str]:
        """Return how many findings there are of each entity."""
        counts: Counter[str] = Counter()
        for one in self.counts(entities):
            counts[one.entity] += one.count
        return counts


def sum_up(
    leaves: Leaves, findings: Findings, thresholds: Sequence[float], subjects: Sequence[int]
) -> tuple[list[Sight], Tally]:
    """Return a sight for each event of the batch.

    ``thresholds[bit]`` is the confidence from which a category counts; ``subjects[e]`` how many
    subjects event e has.
    """
    tally = Tally()
    sights: list[Sight] = []
    fields, spans, starts = findings.fields, findings.spans, leaves.starts
    at_field = at_span = 0
    for event, people in enumerate(subjects):
        stop = starts[event + 1]
        first_field, first_span = at_field, at_span
        while at_field < len(fields) and fields[at_field][0] < stop:
            at_field += 1
        while at_span < len(spans) and spans[at_span][0] < stop:
            at_span += 1
        own = [one for one in fields[first_field:at_field] if one[5] >= thresholds[one[3]]]
        inner = [one for one in spans[first_span:at_span] if one[5] >= thresholds[one[3]]]
        sights.append(_sight(leaves, own, inner, people, tally))
    return sights, tally


def _sight(
    leaves: Leaves, fields: list[Found], spans: list[Found], people: int, tally: Tally
) -> Sight:
    mask, low, how = 0, 1.0, 0
    note, nodes = tally.note, leaves.nodes
    for some in (fields, spans):
        for leaf, _, _, bit, rule, confidence, by in some:
            mask |= 1 << bit
            how |= by
            low = min(low, confidence)
            note((nodes[leaf].contract.kind, rule, bit, by << 8 | int(confidence * 100)))
    if people == 1:
        return Sight(mask, fields, spans, (mask,), (len(fields) + len(spans),), low, how)
    masks, counts = [0] * people, [0] * people
    for some in (fields, spans):
        for leaf, _, _, bit, *_ in some:
            holder = leaves.holders[leaf]
            owner = leaves.subjects[holder] if holder >= 0 else 0
            masks[owner] |= 1 << bit
            counts[owner] += 1
    return Sight(mask, fields, spans, masks, counts, low, how)
