"""From the wire to the lake: every column has its value, and what is unknown is null."""

import uuid
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import TrailError
from gateway.expand import expand
from schemas.audit import LAKE, Access, Resource
from tests.builders import DAY, NOON, SALES, Row, ref, wire


def lone(row: Row, **meta):
    (found,) = expand(wire([row], **meta)).to_pylist()
    return found


FULL_ACCESS = Access(
    kind="observed",
    subscription="",
    principal_uid="u:7",
    principal_type=1,
    role="agent",
    purpose="dpv:CustomerCare",
    legal_basis="gdpr:A6-1-b",
    recipient="stripe",
    dst_region="US",
    transfer_safeguard="scc",
    rule_uid="rule-1",
    session_ref=77,
    has_mfa=True,
    src_net="192.0.2.0/24",
    src_country="TR",
)
FULL_ROW = Row(
    offset=41,
    ordinal=2,
    access=FULL_ACCESS,
    resource=Resource("api.access", 6003, 600302, "dpv:Export"),
    subject=ref(9),
    jurisdiction="TR",
    age_band=3,
    event_time=NOON - 1,
    time=NOON + 2,
    clear=1,
    masked=2,
    denied=1 << 39,
    fields=5,
    confidence=0.5,
    detected_by=6,
    action=4,
    disposition=11,
    reason="modified",
)
# FULL_ROW as it stands in the lake.
LANDED = {
    "time": datetime(2026, 11, 5, 12, 0, 0, 2, UTC),
    "logged_time": datetime(2026, 11, 5, 12, tzinfo=UTC),
    "event_time": datetime(2026, 11, 5, 11, 59, 59, 999_999, UTC),
    "dt": date(2026, 11, 5),
    "tenant": "acme",
    "controller_uid": "acme.example",
    "source": "crm",
    "kafka_topic": "crm.events",
    "kafka_partition": 3,
    "kafka_offset": 41,
    "row_ordinal": 2,
    "access_kind": "observed",
    "subscription": None,
    "class_uid": 6003,
    "type_uid": 600302,
    "operation": "dpv:Export",
    "principal_uid": "u:7",
    "principal_type": 1,
    "role": "agent",
    "session_ref": 77,
    "has_mfa": True,
    "src_net": "192.0.2.0/24",
    "src_country": "TR",
    "purpose": "dpv:CustomerCare",
    "legal_basis": "gdpr:A6-1-b",
    "consent_ref": None,
    "subject_ref": uuid.UUID(int=9),
    "subject_kind": "dpv:Customer",
    "subject_jurisdiction": "TR",
    "subject_age_band": 3,
    "resource": "api.access",
    "record_age_days": None,
    "cat_clear": 1,
    "cat_masked": 2,
    "cat_denied": 1 << 39,
    "n_fields": 5,
    "confidence": 0.5,
    "detected_by": 6,
    "action_id": 4,
    "disposition_id": 11,
    "rule_uid": "rule-1",
    "policy_version": "7",
    "reason": "modified",
    "recipient": "stripe",
    "dst_region": "US",
    "transfer_safeguard": "scc",
    "retain_until": None,
}


def test_every_column_of_the_lake_is_filled_from_the_batch():
    assert lone(FULL_ROW, tenant="acme", partition=3, policy_version="7") == LANDED


def test_the_columns_are_those_of_the_lake():
    assert expand(wire([Row()])).schema == LAKE
    assert expand(wire([])).schema == LAKE


def test_what_an_access_leaves_empty_is_null_but_its_kind_stays():
    found = lone(Row(access=Access(kind="rejected"), resource=Resource("", 6005, 600599, "")))
    empty = ("subscription", "principal_uid", "role", "purpose", "legal_basis", "dst_region",
             "transfer_safeguard", "rule_uid", "session_ref", "has_mfa", "src_net", "src_country",
             "resource", "operation")  # fmt: skip
    assert {found[name] for name in empty} == {None}
    assert (found["access_kind"], found["recipient"]) == ("rejected", "none")


def test_nobody_has_no_reference_and_no_jurisdiction():
    found = lone(Row(subject=None, subject_kind="", jurisdiction=""))
    names = ("subject_ref", "subject_kind", "subject_jurisdiction")
    assert [found[name] for name in names] == [None, None, None]


def test_somebody_of_an_unknown_jurisdiction_is_told_from_nobody():
    rows = [Row(jurisdiction=""), Row(jurisdiction="", subject=None), Row(jurisdiction="TR")]
    found = expand(wire(rows)).column("subject_jurisdiction").to_pylist()
    assert found == ["??", None, "TR"]


def test_an_event_without_a_time_has_none():
    assert lone(Row(event_time=None))["event_time"] is None


@pytest.mark.parametrize(
    ("logged_time", "day"),
    [(NOON - DAY // 2, date(2026, 11, 5)), (NOON + DAY // 2 - 1, date(2026, 11, 5)),
     (NOON + DAY // 2, date(2026, 11, 6))],
)  # fmt: skip
def test_the_day_is_that_of_the_decision_in_utc(logged_time, day):
    assert lone(Row(time=NOON - 9 * DAY), logged_time=logged_time)["dt"] == day


texts = st.sampled_from(["", "a", "b", "c"])
accesses = st.builds(
    Access,
    kind=st.sampled_from(["delivered", "observed"]),
    role=texts,
    principal_uid=texts,
    has_mfa=st.sampled_from([None, True, False]),
    session_ref=st.integers(-2, 2),
)
rows = st.builds(
    Row,
    offset=st.integers(0, 2**62),
    access=accesses,
    subject=st.none() | st.binary(min_size=16, max_size=16),
    jurisdiction=texts,
    subject_kind=texts,
    reason=texts,
    clear=st.integers(0, 2**40 - 1),
)


@given(st.lists(rows, max_size=12))
def test_rows_find_their_own_access_person_and_reason(rows):
    found = expand(wire(rows)).to_pylist()
    assert [
        (
            row["kafka_offset"],
            row["access_kind"],
            row["role"],
            row["principal_uid"],
            row["has_mfa"],
            row["session_ref"],
            row["subject_ref"],
            row["subject_kind"],
            row["subject_jurisdiction"],
            row["reason"],
            row["cat_clear"],
        )
        for row in found
    ] == [
        (
            row.offset,
            row.access.kind,
            row.access.role or None,
            row.access.principal_uid or None,
            row.access.has_mfa,
            row.access.session_ref or None,
            None if row.subject is None else uuid.UUID(bytes=row.subject),
            row.subject_kind or None,
            row.jurisdiction or (None if row.subject is None else "??"),
            row.reason or None,
            row.clear,
        )
        for row in rows
    ]


def test_bytes_that_are_no_stream_are_refused_without_quoting_them():
    with pytest.raises(TrailError, match=r"^not an audit batch: \w+ on reading it$"):
        expand(b"somebody@example.com")


def test_a_stream_of_other_columns_is_refused():
    sink = pa.BufferOutputStream()
    schema = pa.schema([("offset", pa.int64())])
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch([[1]], schema=schema))
    with pytest.raises(TrailError, match="not an audit batch: KeyError"):
        expand(sink.getvalue().to_pybytes())


@pytest.mark.parametrize("table", ["accesses", "resources", "reasons", "jurisdictions"])
def test_a_row_that_points_beyond_its_tables_is_refused(table):
    with pytest.raises(TrailError, match=r"a row of crm\.events/0 from 5 points beyond"):
        expand(wire([Row(offset=5, access=SALES)], changes={table: ()}))
