"""The lake as SQL: a DuckDB connection over the trail's segments that can look and not touch."""

from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import csv

from gateway.footer import Footer
from gateway.trail import HOT, segments
from schemas.audit import LAKE
from schemas.category import register

_INSTANT = LAKE.field("time").type

SEGMENT = pa.schema(
    [
        ("lane", pa.string()),
        ("first", pa.int64()),
        ("next_offset", pa.int64()),
        ("rows", pa.int64()),
        ("bytes", pa.int64()),
        ("first_time", _INSTANT),
        ("last_time", _INSTANT),
        ("policies", pa.list_(pa.struct([("tenant", pa.string()), ("version", pa.string())]))),
        ("file", pa.string()),
    ]
)
CONSUMED = pa.schema(
    [
        ("tenant", pa.string()),
        ("source", pa.string()),
        ("kafka_topic", pa.string()),
        ("kafka_partition", pa.int32()),
        ("first_offset", pa.int64()),
        ("next_offset", pa.int64()),
        ("records", pa.int64()),
        ("lane", pa.string()),
        ("first", pa.int64()),
    ]
)
FINDING = pa.schema(
    [
        ("tenant", pa.string()),
        ("resource", pa.string()),
        ("entity", pa.string()),
        ("category_bit", pa.int8()),
        ("detected_by", pa.int8()),
        ("count", pa.int64()),
        ("lowest_confidence", pa.float64()),
        ("first_time", _INSTANT),
        ("last_time", _INSTANT),
        ("lane", pa.string()),
        ("first", pa.int64()),
    ]
)

_VIEWS = """
CREATE VIEW finding AS
  SELECT f.tenant, f.resource, f.entity, f.category_bit, c.code AS category,
         f.* EXCLUDE (tenant, resource, entity, category_bit)
  FROM finding_count f LEFT JOIN dim_category c ON c.bit = f.category_bit;
CREATE MACRO category_codes(mask) AS
  (SELECT coalesce(list(code ORDER BY bit), []) FROM dim_category WHERE (mask >> bit) & 1 = 1);
"""


def open_lake(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection in UTC to the lake as it is now.

    It has ``audit`` (one row per event, subject and access), ``finding`` (counts), ``segment`` and
    ``consumed`` (what each file covers), ``dim_category``, ``dim_jurisdiction``, and
    ``category_codes(mask)``. A lake without segments has them empty. It reads the lake's files and
    no others, and its settings are locked; give a stranger's SQL to ``ask`` all the same, since
    DuckDB lets COPY write to files that may be read. Raises TrailError for a file that is none
    of ours.
    """
    found = [(file.absolute(), footer) for file, footer in segments(path / HOT)]
    con = duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    )
    con.execute("SET TimeZone = 'UTC'")
    _audit(con, [str(file) for file, _ in found])
    _table(con, "segment", [_segment(*each) for each in found], SEGMENT)
    _table(con, "consumed", [row for _, each in found for row in _consumed(each)], CONSUMED)
    _table(con, "finding_count", [row for _, each in found for row in _findings(each)], FINDING)
    for name, file in (("dim_category", "taxonomy"), ("dim_jurisdiction", "jurisdictions")):
        _create(con, name, csv.read_csv(BytesIO(register(file).encode())))
    con.execute(_VIEWS)
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def ask(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the column names and rows of one SELECT (also DESCRIBE, SUMMARIZE, SHOW, FROM).

    Nothing else runs: DuckDB's ``query`` takes a single statement that reads, and the text is
    bound, not pasted. Raises duckdb.Error for any other.
    """
    answer = con.execute("SELECT * FROM query($sql)", {"sql": sql})
    return [str(column[0]) for column in answer.description], answer.fetchall()


def _audit(con: duckdb.DuckDBPyConnection, files: list[str]) -> None:
    if files:
        con.read_parquet(files, hive_partitioning=False).create_view("audit")
        con.execute("SET allowed_paths = $files", {"files": files})
    else:
        _create(con, "audit", LAKE.empty_table())


def _table(
    con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], schema: pa.Schema
) -> None:
    _create(con, name, pa.Table.from_pylist(rows, schema=schema))


def _create(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.register("incoming", table)
    con.table("incoming").create(name)
    con.unregister("incoming")


def _segment(file: Path, footer: Footer) -> dict[str, Any]:
    return {
        "lane": footer.lane,
        "first": footer.first,
        "next_offset": footer.next_offset,
        "rows": footer.rows,
        "bytes": file.stat().st_size,
        "first_time": footer.time_min,
        "last_time": footer.time_max,
        "policies": [{"tenant": one.tenant, "version": one.version} for one in footer.policies],
        "file": str(file),
    }


def _consumed(footer: Footer) -> list[dict[str, Any]]:
    return [
        {
            "tenant": each.tenant,
            "source": each.input,
            "kafka_topic": each.topic,
            "kafka_partition": each.partition,
            "first_offset": each.first,
            "next_offset": each.next,
            "records": each.count,
            "lane": footer.lane,
            "first": footer.first,
        }
        for each in footer.consumed
    ]


def _findings(footer: Footer) -> list[dict[str, Any]]:
    return [
        {
            "tenant": each.tenant,
            "resource": each.resource,
            "entity": each.entity,
            "category_bit": each.category_bit,
            "detected_by": each.detected_by,
            "count": each.count,
            "lowest_confidence": each.lowest_confidence,
            "first_time": footer.time_min,
            "last_time": footer.time_max,
            "lane": footer.lane,
            "first": footer.first,
        }
        for each in footer.findings
    ]
