"""The lake as SQL: the views are there and right, and nobody writes through them."""

import uuid
from datetime import UTC, datetime

import duckdb
import pytest

from gateway.errors import TrailError
from gateway.lake import ask, open_lake
from gateway.trail import HOT, publish
from schemas.audit import LAKE, FindingCount
from tests.builders import NOON, SECOND, Row, ref, wire


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


@pytest.fixture
def hot(lake):
    return lake / HOT


@pytest.fixture
def full(lake, hot):
    """A lake of two lanes and three segments, opened."""
    email = FindingCount("crm.contact", "EMAIL_ADDRESS", 1, 2, 5, 0.5)
    publish(hot, "0", 0, 2, [wire([Row(offset=0), Row(offset=1)], findings=[email])])
    publish(hot, "0", 2, 4, [wire([Row(offset=2, subject=None, time=NOON + SECOND)])])
    other = wire([Row(offset=7, subject=ref(2))], tenant="bcme", source="b", topic="b", partition=3)
    publish(hot, "1", 0, 9, [other])
    con = open_lake(lake)
    yield con
    con.close()


def test_the_audit_view_has_every_row_and_column_of_every_segment(full):
    names, rows = ask(full, "SELECT * FROM audit ORDER BY tenant, kafka_offset")
    assert names == LAKE.names
    key = ("tenant", "kafka_topic", "kafka_partition", "kafka_offset", "subject_ref", "time")
    picked = [tuple(row[names.index(name)] for name in key) for row in rows]
    noon = datetime(2026, 11, 5, 12, tzinfo=UTC)
    assert picked == [
        ("acme", "crm.events", 0, 0, uuid.UUID(int=1), noon),
        ("acme", "crm.events", 0, 1, uuid.UUID(int=1), noon),
        ("acme", "crm.events", 0, 2, None, noon.replace(second=1)),
        ("bcme", "b", 3, 7, uuid.UUID(int=2), noon),
    ]


def test_days_and_hours_are_those_of_utc(full):
    rows = ask(
        full, "SELECT DISTINCT dt::VARCHAR, hour(time), current_setting('TimeZone') FROM audit"
    )
    assert rows[1] == [("2026-11-05", 12, "UTC")]


def test_findings_are_counted_with_the_name_of_their_category(full):
    sql = "SELECT tenant, entity, category, count, lowest_confidence, lane, first FROM finding"
    assert ask(full, sql)[1] == [("acme", "EMAIL_ADDRESS", "email", 5, 0.5, "0", 0)]


def test_segments_and_what_they_consumed_are_listed(full):
    sql = "SELECT lane, first, next_offset, rows, policies[1].version FROM segment ORDER BY ALL"
    assert ask(full, sql)[1] == [("0", 0, 2, 2, "1"), ("0", 2, 4, 1, "1"), ("1", 0, 9, 1, "1")]
    sql = (
        "SELECT tenant, source, kafka_topic, kafka_partition, first_offset, next_offset, records,"
        " lane, first FROM consumed ORDER BY ALL"
    )
    assert ask(full, sql)[1] == [
        ("acme", "crm", "crm.events", 0, 0, 2, 2, "0", 0),
        ("acme", "crm", "crm.events", 0, 2, 3, 1, "0", 2),
        ("bcme", "b", "b", 3, 7, 8, 1, "1", 0),
    ]


def test_the_registers_are_there(full):
    sql = "SELECT bit, code, special_gdpr, ei FROM dim_category WHERE code = 'health'"
    assert ask(full, sql)[1] == [(26, "health", True, 0.5)]
    sql = "SELECT authority, regulator_hours FROM dim_jurisdiction WHERE jurisdiction = 'GB'"
    assert ask(full, sql)[1] == [("ICO", 72.0)]


def test_a_mask_can_be_read(full):
    sql = "SELECT category_codes(3), category_codes(1::BIGINT << 39), category_codes(0)"
    assert ask(full, sql)[1] == [(["name", "email"], ["child_data"], [])]


@pytest.mark.parametrize("made", [False, True])
def test_an_empty_lake_has_the_same_views_without_rows(lake, hot, full, made):
    empty = lake.parent / "empty"
    if made:
        (empty / HOT).mkdir(parents=True)
    con = open_lake(empty)
    for view in ("audit", "finding", "segment", "consumed", "dim_category", "dim_jurisdiction"):
        columns = f"DESCRIBE {view}"
        assert ask(con, columns) == ask(full, columns)
    for view in ("audit", "finding", "segment", "consumed"):
        assert ask(con, f"FROM {view}")[1] == []
    con.close()


def test_an_alien_file_in_the_trail_is_an_error(lake, hot, full):
    (hot / "notes.parquet").write_bytes(b"")
    with pytest.raises(TrailError, match=r"alien file: .*notes\.parquet"):
        open_lake(lake)


def test_a_quote_in_the_path_is_only_a_character(tmp_path):
    lake = tmp_path / "l'a\"ke; DROP"
    publish(lake / HOT, "0", 0, 1, [wire([Row()])])
    con = open_lake(lake)
    assert ask(con, "SELECT count(*) FROM audit")[1] == [(1,)]
    con.close()


@pytest.mark.parametrize(
    "sql",
    ["FROM audit", "DESCRIBE audit", "SUMMARIZE audit", "SHOW TABLES", "VALUES (1)", "SELECT 1;",
     "-- why\nWITH a AS (SELECT 1) SELECT * FROM a -- because"],
)  # fmt: skip
def test_whatever_only_reads_is_answered(full, sql):
    assert ask(full, sql)[1]


WRITES = [
    "DROP VIEW audit",
    "CREATE TABLE t AS SELECT 1",
    "DELETE FROM segment",
    "INSERT INTO segment SELECT * FROM segment",
    "WITH t AS (INSERT INTO segment SELECT * FROM segment RETURNING *) SELECT * FROM t",
    "WITH t AS (DELETE FROM segment RETURNING *) SELECT * FROM t",
    "SELECT 1; DROP VIEW audit",
    "COPY (SELECT 1) TO '{other}'",
    "COPY (SELECT 1) TO '{segment}' (USE_TMP_FILE false)",
    "WITH t AS (COPY (SELECT 1) TO '{other}') SELECT * FROM t",
    "WITH t AS (COPY (SELECT 1) TO '{segment}' (USE_TMP_FILE false)) SELECT * FROM t",
    "SELECT * FROM (WITH t AS (COPY (SELECT 1) TO '{segment}') SELECT * FROM t)",
    "SELECT * FROM query('COPY (SELECT 1) TO ''{segment}'' (USE_TMP_FILE false)')",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{segment}' (USE_TMP_FILE false)",
    "EXPORT DATABASE '{folder}'",
    "ATTACH '{other}'",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "SET VARIABLE a = 1",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM '/etc/hostname'",
    "SELECT * FROM glob('/*')",
    "",
]


@pytest.mark.parametrize("sql", WRITES)
def test_nothing_that_writes_or_looks_elsewhere_gets_through(full, hot, sql):
    before = {file: file.read_bytes() for file in hot.iterdir()}
    segment = min(before)
    other = hot.parent / "other"
    with pytest.raises(duckdb.Error):
        ask(full, sql.format(segment=segment, other=other, folder=hot.parent / "export"))
    assert {file: file.read_bytes() for file in hot.iterdir()} == before
    assert [each.name for each in hot.parent.iterdir()] == [HOT]
    assert ask(full, "SELECT count(*) FROM segment")[1] == [(3,)]
    assert ask(full, "SELECT count(*) FROM audit")[1] == [(4,)]


def test_settings_are_locked_even_without_the_door(full):
    with pytest.raises(duckdb.InvalidInputException, match="locked"):
        full.execute("SET enable_external_access = true")
    with pytest.raises(duckdb.PermissionException):
        full.execute("SELECT * FROM read_text('/etc/hostname')")
