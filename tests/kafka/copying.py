"""The smallest honest middle of a house: every record into every view, one audit row for each."""

import hashlib
import time

import msgspec
import pyarrow as pa

from gateway.config import Settings
from gateway.kafka.parcel import Reject
from gateway.pipeline import consumed
from gateway.stream import Audit, Batch, Out, Outcome, Process
from schemas.access import Reason, Subscription
from schemas.audit import META_KEY, WIRE, Access, Resource, WireMeta


def copying(settings: Settings, name: str) -> Process:
    """Return a process that copies the input's records into the view of each subscription."""
    readers = _readers(settings, name)

    def process(batch: Batch) -> Outcome:
        outs = [Out(r.offset, r.timestamp, r.key, r.value, list(r.headers)) for r in batch.records]
        audit = _audit(batch, readers, str(Reason.GRANTED))
        return Outcome({r.name: outs for r in readers}, [], [Audit(audit, consumed(batch, "acme"))])

    return process


def refusing(settings: Settings, name: str) -> Reject:
    """Return a reject that keeps coordinates and a digest, never the payload."""
    readers = _readers(settings, name)

    def reject(batch: Batch, reason: Reason) -> Outcome:
        outs = [
            Out(
                r.offset,
                r.timestamp,
                f"{batch.topic}/{batch.partition}/{r.offset}".encode(),
                hashlib.sha256(r.value or b"").hexdigest().encode(),
                [("reason", reason.value.encode())],
            )
            for r in batch.records
        ]
        audit = Audit(_audit(batch, readers[:1], reason), consumed(batch, "acme"))
        return Outcome({r.name: [] for r in readers}, outs, [audit])

    return reject


def _readers(settings: Settings, name: str) -> list[Subscription]:
    return [each for each in settings.subscriptions if name in each.inputs]


def _audit(batch: Batch, readers: list[Subscription], reason: str) -> bytes:
    meta = WireMeta(
        tenant="acme",
        controller_uid="acme",
        source=batch.input,
        topic=batch.topic,
        partition=batch.partition,
        first=batch.first,
        next=batch.next,
        count=len(batch.records),
        logged_time=time.time_ns() // 1000,
        policy_version="1",
        accesses=tuple(Access("delivered", r.name, r.principal, role=r.role) for r in readers),
        resources=(Resource("unknown", 6005, 600599, "dpv:Access"),),
        reasons=(reason,),
        jurisdictions=("ZZ",),
        subject_kinds=("unknown",),
    )
    rows = [(r.offset, access) for r in batch.records for access in range(len(readers))]
    zeros = {name: [0] * len(rows) for name in WIRE.names}
    columns = zeros | {
        "offset": [offset for offset, _ in rows],
        "access": [access for _, access in rows],
        "subject_ref": [None] * len(rows),
        "event_time": [None] * len(rows),
        "time": [meta.logged_time] * len(rows),
    }
    schema = WIRE.with_metadata({META_KEY: msgspec.json.encode(meta)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.RecordBatch.from_pydict(columns, schema=schema))
    return bytes(sink.getvalue())
