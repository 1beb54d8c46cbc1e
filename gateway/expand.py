"""From the wire to the lake: an audit batch's narrow columns become the trail's complete ones."""

from collections.abc import Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from gateway.errors import TrailError
from schemas.audit import LAKE, META_KEY, WIRE, WireMeta

UNKNOWN_JURISDICTION = "??"

_DAY = 86_400_000_000  # microseconds

_SAME = ("row_ordinal", "cat_clear", "cat_masked", "cat_denied", "n_fields", "confidence",
         "detected_by", "action_id", "disposition_id")  # fmt: skip
_ACCESS_TEXTS = ("subscription", "principal_uid", "role", "purpose", "legal_basis", "recipient",
                 "dst_region", "transfer_safeguard", "rule_uid", "src_net", "src_country")  # fmt: skip
_WITHOUT_SOURCE = ("consent_ref", "record_age_days", "retain_until")


def expand(stream: bytes) -> pa.Table:
    """Return an audit batch (an Arrow IPC stream of ``WIRE``) as rows of ``LAKE``.

    What the batch does not know is null: an empty text, a session of 0. A person of unknown
    jurisdiction has ``??``. Raises TrailError for a stream that is no audit batch.
    """
    return rows_of(*read_stream(stream))


def read_stream(stream: bytes) -> tuple[WireMeta, pa.RecordBatch]:
    """Return what an audit batch says once, and its rows. Raises TrailError if it is none."""
    try:
        with pa.ipc.open_stream(stream) as reader:
            meta = msgspec.json.decode((reader.schema.metadata or {})[META_KEY], type=WireMeta)
            table = reader.read_all()
    except (pa.ArrowException, OSError, KeyError, msgspec.DecodeError) as error:
        raise TrailError(f"not an audit batch: {type(error).__name__} on reading it") from error
    if not table.schema.equals(WIRE):
        raise TrailError(f"not an audit batch: its columns are {', '.join(table.schema.names)}")
    return meta, pa.RecordBatch.from_arrays(
        [column.combine_chunks() for column in table.columns], schema=WIRE
    )


def rows_of(meta: WireMeta, rows: pa.RecordBatch) -> pa.Table:
    """Return the rows of an audit batch as rows of ``LAKE``. See ``expand``."""
    columns = {name: rows[name] for name in _SAME}
    columns |= {name: pa.nulls(len(rows), LAKE.field(name).type) for name in _WITHOUT_SOURCE}
    try:
        columns |= _of_batch(meta, len(rows))
        columns |= _of_access(meta, rows["access"])
        columns |= _of_resource(meta, rows["resource"])
        columns |= _of_subject(meta, rows)
        columns["reason"] = _texts(meta.reasons, rows["reason"])
    except (IndexError, pa.ArrowInvalid) as error:
        raise TrailError(
            f"not an audit batch: a row of {meta.topic}/{meta.partition} from {meta.first} points"
            " beyond the batch's own tables"
        ) from error
    columns["kafka_offset"] = rows["offset"]
    for name in ("time", "event_time"):
        columns[name] = rows[name].cast(LAKE.field(name).type)
    return pa.Table.from_arrays([columns[name] for name in LAKE.names], schema=LAKE)


def _of_batch(meta: WireMeta, count: int) -> dict[str, pa.Array]:
    zeros = pa.repeat(0, count)
    texts = {
        "tenant": meta.tenant,
        "controller_uid": meta.controller_uid,
        "source": meta.source,
        "kafka_topic": meta.topic,
        "policy_version": meta.policy_version,
    }
    numbers = {
        "kafka_partition": meta.partition,
        "logged_time": meta.logged_time,
        "dt": meta.logged_time // _DAY,
    }
    columns = {name: _texts([text], zeros) for name, text in texts.items()}
    for name, number in numbers.items():
        columns[name] = pa.repeat(pa.scalar(number, LAKE.field(name).type), count)
    return columns


def _of_access(meta: WireMeta, place: pa.Array) -> dict[str, pa.Array]:
    accesses = meta.accesses
    columns = {
        name: _texts([getattr(access, name) for access in accesses], place)
        for name in _ACCESS_TEXTS
    }
    columns["access_kind"] = _texts([access.kind for access in accesses], place)
    kinds = [access.principal_type for access in accesses]
    columns["principal_type"] = pa.array(kinds, pa.int8()).take(place)
    sessions = [access.session_ref or None for access in accesses]
    columns["session_ref"] = pa.array(sessions, pa.int64()).take(place)
    columns["has_mfa"] = pa.array([access.has_mfa for access in accesses], pa.bool_()).take(place)
    return columns


def _of_resource(meta: WireMeta, place: pa.Array) -> dict[str, pa.Array]:
    resources = meta.resources
    return {
        "resource": _texts([resource.name for resource in resources], place),
        "operation": _texts([resource.operation for resource in resources], place),
        "class_uid": pa.array([each.class_uid for each in resources], pa.int32()).take(place),
        "type_uid": pa.array([each.type_uid for each in resources], pa.int32()).take(place),
    }


def _of_subject(meta: WireMeta, rows: pa.RecordBatch) -> dict[str, pa.Array]:
    refs, place = rows["subject_ref"], rows["jurisdiction"]
    named = _texts(meta.jurisdictions, place)
    known = _texts([where or UNKNOWN_JURISDICTION for where in meta.jurisdictions], place)
    somebody = pc.is_valid(refs)
    jurisdiction = pc.if_else(somebody, known.cast(pa.string()), named.cast(pa.string()))
    return {
        "subject_ref": pa.ExtensionArray.from_storage(pa.uuid(), refs),
        "subject_kind": _texts(meta.subject_kinds, rows["subject_kind"]),
        "subject_jurisdiction": jurisdiction.dictionary_encode(),
        "subject_age_band": rows["age_band"],
    }


def _texts(values: Sequence[str], place: pa.Array) -> pa.Array:
    return (
        pa.array([value or None for value in values], pa.string()).dictionary_encode().take(place)
    )
