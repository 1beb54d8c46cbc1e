"""Records a batch: one audit row per event × subject × access, built as columns.

Rows never exist one by one. What an event and its people are stands in columns by person, what an
access got in a small table of answers; rows are numbers into both.
"""

from collections.abc import Hashable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from detectors.leaves import Integers
from gateway.sight import Sights
from gateway.subjects import NOBODY, Subject
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
_MOST_FIELDS = 32_767  # what the column holds
_REJECTED = Access("rejected")

Thing = TypeVar("Thing", bound=Hashable)


class Numbered(Generic[Thing]):
    """Things that rows name by number: each once, in the order of their first use."""

    def __init__(self) -> None:
        self._numbers: dict[Thing, int] = {}

    def number(self, thing: Thing) -> int:
        """Return the number of a thing; a new one gets the next."""
        return self._numbers.setdefault(thing, len(self._numbers))

    def numbers(self, things: Sequence[Thing]) -> list[int]:
        """Return the number of each of some things."""
        known = self._numbers
        return [known.setdefault(thing, len(known)) for thing in things]

    def all(self) -> tuple[Thing, ...]:
        """Return the things in the order of their numbers."""
        return tuple(self._numbers)


class Entry(msgspec.Struct, frozen=True):
    """What the audit says of one event, whoever reads it."""

    offset: int
    time: int | None  # the event's own, in microseconds since 1970, UTC
    resource: Resource


class Rows:
    """The audit rows of one batch, growing: its people first, then what each access got of them."""

    def __init__(self, entries: Sequence[Entry], people: Sequence[Subject], sights: Sights) -> None:
        self._sights = sights
        self._entries = list(entries)
        self._subjects = list(people)
        self._first: list[int] = sights.first_person.tolist()
        self._event = np.repeat(np.arange(len(entries)), np.diff(sights.first_person))
        self._accesses: Numbered[Access] = Numbered()
        self._reasons: Numbered[str] = Numbered()
        self._answers: Numbered[tuple[int, ...]] = Numbered()
        # Rows are (person, answer, time): blocks of a reader's, and single ones.
        self._blocks: list[Integers] = []
        self._singles: list[tuple[int, int, int]] = []

    def delivered(
        self, access: Access, decisions: Sequence[Decision], which: Integers, now: int
    ) -> None:
        """Add the rows of a reader: event e got ``decisions[which[e]]``."""
        answers = np.array([self._answer(access, one) for one in decisions], np.int64)
        answer = answers[which[self._event]]
        person = np.arange(len(answer))
        self._blocks.append(np.stack((person, answer, np.full(len(answer), now))))

    def observed(self, event: int, access: Access, mask: int, now: int) -> None:
        """Add the rows of an access that an event reports of itself: it happened, in clear."""
        decision = Decision(Action.ALLOW, mask, 0, 0, Reason.OBSERVED, -1)
        answer = self._answer(access, decision)
        time = self._entries[event].time
        for person in range(self._first[event], self._first[event + 1]):
            self._singles.append((person, answer, now if time is None else time))

    def rejected(self, entry: Entry, reason: Reason, now: int) -> None:
        """Add the row of a record that nobody reads, since it went to quarantine."""
        decision = Decision(Action.QUARANTINE, 0, 0, 0, reason, -1)
        self._singles.append((len(self._subjects), self._answer(_REJECTED, decision), now))
        self._event = np.append(self._event, len(self._entries))
        self._entries.append(entry)
        self._subjects.append(NOBODY)

    def _answer(self, access: Access, decision: Decision) -> int:
        action, disposition = _OCSF[decision.action]
        reason = self._reasons.number(decision.reason.value)
        masks = decision.clear, decision.masked, decision.denied
        accessed = self._accesses.number(access)
        return self._answers.number((accessed, *masks, action, disposition, reason))

    def encode(self, meta: WireMeta) -> bytes:
        """Return the rows as one Arrow IPC stream; ``meta`` gets the tables that rows point into."""
        resources: Numbered[Resource] = Numbered()
        kinds: Numbered[str] = Numbered()
        places: Numbered[str] = Numbered()
        columns = self._columns(resources, kinds, places)
        meta = msgspec.structs.replace(
            meta,
            accesses=self._accesses.all(),
            resources=resources.all(),
            reasons=self._reasons.all(),
            jurisdictions=places.all(),
            subject_kinds=kinds.all(),
            findings=self._sights.counts,
        )
        schema = WIRE.with_metadata({META_KEY: msgspec.json.encode(meta)})
        batch = pa.record_batch([columns[field.name] for field in WIRE], schema=schema)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema) as writer:
            writer.write_batch(batch)
        return bytes(sink.getvalue())

    def _columns(
        self, resources: Numbered[Resource], kinds: Numbered[str], places: Numbered[str]
    ) -> dict[str, Any]:
        of_event = self._of_events(resources)
        person, answer, time = self._sorted(of_event["offset"])
        event = self._event[person]
        of_person = self._of_people(kinds, places)
        columns = {name: column[event] for name, column in of_event.items()}
        columns |= {name: column[person] for name, column in of_person.items()}
        answers = np.array(self._answers.all(), np.int64).reshape(-1, 7)[answer].T
        accesses, clear, masked, denied, action, disposition, reason = answers
        mask = columns.pop("mask")
        refs = pa.array([subject.ref for subject in self._subjects], pa.binary(16))
        times = pa.array([entry.time for entry in self._entries], pa.int64())
        return columns | {
            "row_ordinal": (person - self._firsts()[event]).astype(np.int16),
            "access": accesses.astype(np.int32),
            "subject_ref": refs.take(pa.array(person)),
            "event_time": times.take(pa.array(event)),
            "time": time,
            "cat_clear": clear & mask,
            "cat_masked": masked & mask,
            "cat_denied": denied & mask,
            "action_id": action.astype(np.int8),
            "disposition_id": disposition.astype(np.int8),
            "reason": reason.astype(np.int16),
        }

    def _sorted(self, offsets: Integers) -> Integers:
        """Return all rows in the order of the input, and of each event's people."""
        singles = np.array(self._singles, np.int64).reshape(-1, 3).T
        rows = np.concatenate((*self._blocks, singles), axis=1)
        # Rejects were added last; everything else is in the order of the input as it is.
        return rows[:, np.lexsort((rows[0], offsets[self._event[rows[0]]]))]

    def _firsts(self) -> Integers:
        rejected = len(self._entries) - len(self._first) + 1
        start = self._first[-1]
        return np.concatenate((self._sights.first_person[:-1], np.arange(start, start + rejected)))

    def _of_events(self, resources: Numbered[Resource]) -> dict[str, npt.NDArray[Any]]:
        entries, sights = self._entries, self._sights
        rejected = len(entries) - len(sights.confidence)
        return {
            "offset": np.array([entry.offset for entry in entries], np.int64),
            "resource": np.array(
                resources.numbers([entry.resource for entry in entries]), np.int16
            ),
            "confidence": np.append(sights.confidence, np.ones(rejected, np.float32)),
            "detected_by": np.append(sights.detected_by, np.zeros(rejected, np.int8)),
        }

    def _of_people(
        self, kinds: Numbered[str], places: Numbered[str]
    ) -> dict[str, npt.NDArray[Any]]:
        subjects, sights = self._subjects, self._sights
        nothing = np.zeros(len(subjects) - len(sights.person_masks), np.int64)
        fields = np.minimum(np.append(sights.person_fields, nothing), _MOST_FIELDS)
        named = kinds.numbers([subject.kind for subject in subjects])
        where = places.numbers([subject.jurisdiction for subject in subjects])
        return {
            "mask": np.append(sights.person_masks, nothing),
            "n_fields": fields.astype(np.int16),
            "subject_kind": np.array(named, np.int16),
            "jurisdiction": np.array(where, np.int32),
            "age_band": np.array([subject.age_band for subject in subjects], np.int8),
        }
