"""Builders of audit batches as they stand on the wire. A test names only what matters to it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from schemas.audit import (
    ALLOWED,
    BY_CONTRACT,
    DISPOSITION_ALLOWED,
    META_KEY,
    WIRE,
    Access,
    FindingCount,
    Resource,
    WireMeta,
)

NOON = 1_793_880_000_000_000  # 2026-11-05 12:00 UTC in microseconds
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

SALES = Access(
    kind="delivered",
    subscription="sales",
    principal_uid="svc:sales",
    principal_type=4,
    role="sales_rep",
    purpose="dpv:CustomerRelationshipManagement",
    legal_basis="gdpr:A6-1-b",
    rule_uid="crm-sales",
)
CONTACT = Resource("crm.contact", 6005, 600502, "dpv:Access")


def ref(number: int) -> bytes:
    """Return the reference of a person as the vault would issue it."""
    return number.to_bytes(16, "big")


class Row(msgspec.Struct, frozen=True):
    """One audit row, in words instead of numbers into tables."""

    offset: int = 0
    ordinal: int = 0
    access: Access = SALES
    resource: Resource = CONTACT
    subject: bytes | None = ref(1)
    subject_kind: str = "dpv:Customer"
    jurisdiction: str = "EU"
    age_band: int = 4
    event_time: int | None = NOON - HOUR
    time: int = NOON
    clear: int = 0b11
    masked: int = 0
    denied: int = 0
    fields: int = 1
    confidence: float = 1.0
    detected_by: int = BY_CONTRACT
    action: int = ALLOWED
    disposition: int = DISPOSITION_ALLOWED
    reason: str = "granted"


def wire(  # noqa: PLR0913 - a builder defaults everything
    rows: Sequence[Row] = (),
    *,
    tenant: str = "acme",
    source: str = "crm",
    topic: str = "crm.events",
    partition: int = 0,
    first: int | None = None,
    next_position: int | None = None,
    count: int | None = None,
    logged_time: int = NOON,
    policy_version: str = "1",
    findings: Sequence[FindingCount] = (),
    changes: Mapping[str, Any] | None = None,
) -> bytes:
    """Return an audit batch. Without other word it consumed just the offsets of its rows.

    ``changes`` replaces what it says of itself, for batches that are not as they should be.
    """
    offsets = [row.offset for row in rows]
    start = min(offsets, default=0) if first is None else first
    tables = _Tables()
    columns = [tables.column(rows, field) for field in WIRE]
    meta = WireMeta(
        tenant=tenant,
        controller_uid=f"{tenant}.example",
        source=source,
        topic=topic,
        partition=partition,
        first=start,
        next=max(offsets, default=start) + 1 if next_position is None else next_position,
        count=len(set(offsets)) if count is None else count,
        logged_time=logged_time,
        policy_version=policy_version,
        accesses=tuple(tables.of["access"]),
        resources=tuple(tables.of["resource"]),
        reasons=tuple(tables.of["reason"]),
        jurisdictions=tuple(tables.of["jurisdiction"]),
        subject_kinds=tuple(tables.of["subject_kind"]),
        findings=tuple(findings),
    )
    meta = msgspec.structs.replace(meta, **(changes or {}))
    schema = WIRE.with_metadata({META_KEY: msgspec.json.encode(meta)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch(columns, schema=schema))
    return bytes(sink.getvalue())


_FIELDS = {
    "row_ordinal": "ordinal",
    "subject_ref": "subject",
    "cat_clear": "clear",
    "cat_masked": "masked",
    "cat_denied": "denied",
    "n_fields": "fields",
    "action_id": "action",
    "disposition_id": "disposition",
}


class _Tables:
    def __init__(self) -> None:
        self.of: dict[str, dict[Any, int]] = {
            name: {} for name in ("access", "resource", "reason", "jurisdiction", "subject_kind")
        }

    def column(self, rows: Sequence[Row], field: pa.Field) -> pa.Array:
        values = [getattr(row, _FIELDS.get(field.name, field.name)) for row in rows]
        table = self.of.get(field.name)
        if table is not None:
            values = [table.setdefault(value, len(table)) for value in values]
        return pa.array(values, field.type)
