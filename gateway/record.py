"""Records a batch: one audit row per event × subject × access, built as columns.

Rows never exist one by one: an event's facts, a subject's masks and a decision's answer are each
kept once, rows are numbers into them, and the columns are taken at the end.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from gateway.sight import Sight
from gateway.subjects import Subject
from schemas.access import Action, Decision, Reason
from schemas.audit import (
    ALLOWED,
    DENIED,
    DISPOSITION_ALLOWED,
    DISPOSITION_BLOCKED,
    DISPOSITION_CORRECTED,
    DISPOSITION_QUARANTINED,
    META_KEY,
    MODIFIED,
    WIRE,
    Access,
    FindingCount,
    Resource,
    WireMeta,
)

# Decision.action → (OCSF action_id, disposition_id).
_OCSF = {
    Action.ALLOW: (ALLOWED, DISPOSITION_ALLOWED),
    Action.MASK: (MODIFIED, DISPOSITION_CORRECTED),
    Action.DENY: (DENIED, DISPOSITION_BLOCKED),
    Action.QUARANTINE: (DENIED, DISPOSITION_QUARANTINED),
}


class _Table:
    """Things that rows name by number: each once, in the order of their first use."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def number(self, thing: Any) -> int:
        found = self.numbers.get(thing)
        if found is None:
            found = self.numbers[thing] = len(self.numbers)
        return found

    def all(self) -> tuple[Any, ...]:
        return tuple(self.numbers)


class Rows:
    """The audit rows of one batch, growing."""

    def __init__(self) -> None:
        self._accesses, self._resources, self._reasons = _Table(), _Table(), _Table()
        self._jurisdictions, self._kinds = _Table(), _Table()
        # By event and subject: offset, ordinal, resource, ref, kind, jurisdiction, age band,
        # event time, mask, fields, confidence, detected by.
        self._people: list[tuple[Any, ...]] = []
        # By answer: access, clear, masked, denied, action, disposition, reason.
        self._answers = _Table()
        self._rows: list[tuple[int, int, int]] = []  # person, answer, time

    def event(
        self,
        offset: int,
        resource: Resource,
        event_time: int | None,
        sight: Sight,
        subjects: Sequence[Subject],
    ) -> range:
        """Add an event; return the numbers of its subjects' facts for ``access``."""
        first = len(self._people)
        place = self._resources.number(resource)
        for ordinal, subject in enumerate(subjects):
            self._people.append(
                (
                    offset,
                    ordinal,
                    place,
                    subject.ref,
                    self._kinds.number(subject.kind),
                    self._jurisdictions.number(subject.jurisdiction),
                    subject.age_band,
                    event_time,
                    sight.masks[ordinal],
                    sight.counts[ordinal],
                    sight.confidence,
                    sight.detected_by,
                )
            )
        return range(first, len(self._people))

    def answer(self, access: Access, decision: Decision) -> int:
        """Return the number of an access's answer for ``add``; equal ones share it."""
        action, disposition = _OCSF[decision.action]
        return self._answers.number(
            (
                self._accesses.number(access),
                decision.clear,
                decision.masked,
                decision.denied,
                action,
                disposition,
                self._reasons.number(decision.reason.value),
            )
        )

    def add(self, people: range, answer: int, time: int) -> None:
        """Add a row for each subject of an event: this access had this answer at this time."""
        for person in people:
            self._rows.append((person, answer, time))

    def encode(self, meta: WireMeta, findings: Sequence[FindingCount]) -> bytes:
        """Return the rows as one Arrow IPC stream; ``meta`` gets the tables that rows point into."""
        meta = msgspec.structs.replace(
            meta,
            accesses=self._accesses.all(),
            resources=self._resources.all(),
            reasons=self._reasons.all(),
            jurisdictions=self._jurisdictions.all(),
            subject_kinds=self._kinds.all(),
            findings=tuple(findings),
        )
        schema = WIRE.with_metadata({META_KEY: msgspec.json.encode(meta)})
        batch = pa.record_batch(self._columns(), schema=schema)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema) as writer:
            writer.write_batch(batch)
        return bytes(sink.getvalue())

    def _columns(self) -> list[Any]:
        if not self._rows:
            return [pa.array([], field.type) for field in WIRE]
        person, answer, time = np.array(self._rows, np.int64).T
        people = list(zip(*self._people, strict=True))
        answers = np.array(self._answers.all(), np.int64)[answer]

        def of_person(column: int, kind: Any) -> Any:
            return np.array(people[column], kind)[person]

        def taken(column: int, kind: pa.DataType) -> Any:
            return pa.array(people[column], kind).take(pa.array(person))

        mask = of_person(8, np.int64)
        columns = {
            "offset": of_person(0, np.int64),
            "row_ordinal": of_person(1, np.int16),
            "access": answers[:, 0].astype(np.int32),
            "resource": of_person(2, np.int16),
            "subject_ref": taken(3, pa.binary(16)),
            "subject_kind": of_person(4, np.int16),
            "jurisdiction": of_person(5, np.int16),
            "age_band": of_person(6, np.int8),
            "event_time": taken(7, pa.int64()),
            "time": time,
            "cat_clear": answers[:, 1] & mask,
            "cat_masked": answers[:, 2] & mask,
            "cat_denied": answers[:, 3] & mask,
            "n_fields": np.minimum(of_person(9, np.int64), 32_767).astype(np.int16),
            "confidence": of_person(10, np.float32),
            "detected_by": of_person(11, np.int8),
            "action_id": answers[:, 4].astype(np.int8),
            "disposition_id": answers[:, 5].astype(np.int8),
            "reason": answers[:, 6].astype(np.int16),
        }
        return [columns[field.name] for field in WIRE]


def rejected(reason: Reason) -> Decision:
    """Return the answer of an event that nobody reads because it went to quarantine."""
    return Decision(action=Action.QUARANTINE, clear=0, masked=0, denied=0, reason=reason, share=-1)


def observed(mask: int) -> Decision:
    """Return the answer of an access that an event reports: it has happened, in clear."""
    return Decision(
        action=Action.ALLOW, clear=mask, masked=0, denied=0, reason=Reason.OBSERVED, share=-1
    )
