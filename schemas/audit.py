"""The audit trail's columns: narrow on the wire, complete in the lake.

On the wire an audit batch is one Arrow IPC stream with one record batch of ``WIRE``; its schema
metadata (``META_KEY``, a JSON ``WireMeta``) says once what all rows share. The lander expands it to
``LAKE``, whose names are OCSF's attribute names, with the extension ``privacy`` for what OCSF lacks.
A row has no place for a value of an event.
"""

import msgspec
import pyarrow as pa

META_KEY = b"sluicegate"
FOOTER_KEY = b"sluicegate"

# How a row's categories were found: bits of detected_by.
BY_CONTRACT = 1  # the event's contract annotates the field
BY_RULE = 2  # a detector rule
BY_KNOWN_VALUE = 4  # a value of an annotated field stood again in another leaf
BY_MODEL = 8  # a language model, in a field of free text

# OCSF action_id and disposition_id.
ALLOWED, DENIED, MODIFIED = 1, 2, 4
DISPOSITION_ALLOWED, DISPOSITION_BLOCKED, DISPOSITION_QUARANTINED = 1, 2, 3
DISPOSITION_DROPPED, DISPOSITION_CORRECTED = 6, 11


class Access(msgspec.Struct, frozen=True, array_like=True):
    """What all rows of one access share; rows name it by its place in ``WireMeta.accesses``.

    ``kind`` is ``delivered`` (a view), ``observed`` (an access the event reports) or ``rejected``
    (the event went to quarantine before anybody could read it; then the rest is empty).
    """

    kind: str
    subscription: str = ""
    principal_uid: str = ""
    principal_type: int = 0  # OCSF actor.user.type_id: 1 user, 2 admin, 4 service
    role: str = ""
    purpose: str = ""  # DPV id
    legal_basis: str = ""
    recipient: str = "none"
    dst_region: str = ""
    transfer_safeguard: str = ""
    rule_uid: str = ""
    session_ref: int = 0
    has_mfa: bool | None = None
    src_net: str = ""
    src_country: str = ""


class Resource(msgspec.Struct, frozen=True, array_like=True):
    """What all rows of one kind of event share."""

    name: str
    class_uid: int
    type_uid: int
    operation: str


class FindingCount(msgspec.Struct, frozen=True, array_like=True):
    """How often one entity was found in one kind of event of the batch."""

    resource: str
    entity: str
    category_bit: int
    detected_by: int
    count: int
    lowest_confidence: float


class WireMeta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an audit batch says once: where its rows come from and what their numbers stand for.

    ``first`` and ``next`` are the consumed input range: the position before and after the batch.
    ``count`` is the number of input records in it; markers and compaction leave gaps in offsets.
    """

    tenant: str
    controller_uid: str
    source: str  # the input's name
    topic: str
    partition: int
    first: int
    next: int
    count: int
    logged_time: int  # microseconds since 1970, UTC
    policy_version: str
    accesses: tuple[Access, ...]
    resources: tuple[Resource, ...]
    reasons: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    subject_kinds: tuple[str, ...]
    findings: tuple[FindingCount, ...] = ()


WIRE = pa.schema(
    [
        ("offset", pa.int64()),
        ("row_ordinal", pa.int16()),
        ("access", pa.int32()),
        ("resource", pa.int16()),
        ("subject_ref", pa.binary(16)),
        ("subject_kind", pa.int16()),
        ("jurisdiction", pa.int32()),
        ("age_band", pa.int8()),
        ("event_time", pa.int64()),  # microseconds since 1970, UTC; null: the event says none
        ("time", pa.int64()),
        ("cat_clear", pa.int64()),
        ("cat_masked", pa.int64()),
        ("cat_denied", pa.int64()),
        ("n_fields", pa.int16()),
        ("confidence", pa.float32()),
        ("detected_by", pa.int8()),
        ("action_id", pa.int8()),
        ("disposition_id", pa.int8()),
        ("reason", pa.int16()),
    ]
)

_TEXT = pa.dictionary(pa.int32(), pa.string())
_INSTANT = pa.timestamp("us", tz="UTC")

LAKE = pa.schema(
    [
        ("time", _INSTANT),
        ("logged_time", _INSTANT),
        ("event_time", _INSTANT),
        ("dt", pa.date32()),
        ("tenant", _TEXT),
        ("controller_uid", _TEXT),
        ("source", _TEXT),
        ("kafka_topic", _TEXT),
        ("kafka_partition", pa.int32()),
        ("kafka_offset", pa.int64()),
        ("row_ordinal", pa.int16()),
        ("access_kind", _TEXT),
        ("subscription", _TEXT),
        ("class_uid", pa.int32()),
        ("type_uid", pa.int32()),
        ("operation", _TEXT),
        ("principal_uid", _TEXT),
        ("principal_type", pa.int8()),
        ("role", _TEXT),
        ("session_ref", pa.int64()),
        ("has_mfa", pa.bool_()),
        ("src_net", _TEXT),
        ("src_country", _TEXT),
        ("purpose", _TEXT),
        ("legal_basis", _TEXT),
        ("consent_ref", _TEXT),
        ("subject_ref", pa.uuid()),
        ("subject_kind", _TEXT),
        ("subject_jurisdiction", _TEXT),
        ("subject_age_band", pa.int8()),
        ("resource", _TEXT),
        ("record_age_days", pa.int32()),
        ("cat_clear", pa.int64()),
        ("cat_masked", pa.int64()),
        ("cat_denied", pa.int64()),
        ("n_fields", pa.int16()),
        ("confidence", pa.float32()),
        ("detected_by", pa.int8()),
        ("action_id", pa.int8()),
        ("disposition_id", pa.int8()),
        ("rule_uid", _TEXT),
        ("policy_version", _TEXT),
        ("reason", _TEXT),
        ("recipient", _TEXT),
        ("dst_region", _TEXT),
        ("transfer_safeguard", _TEXT),
        ("retain_until", pa.date32()),
    ]
)

# What makes a row itself: two rows with the same key are one row written twice.
ROW_KEY = (
    "kafka_topic",
    "kafka_partition",
    "kafka_offset",
    "subscription",
    "row_ordinal",
    "access_kind",
)
# What differs between two honest runs over the same events.
RUN_TIMES = ("time", "logged_time", "dt")
