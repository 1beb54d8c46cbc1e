"""What a run on the broker must come to: what the same events come to as files, exactly."""

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from aiokafka import ConsumerRecord

from gateway.app import Gateway
from gateway.chain import check_chain
from gateway.config import Settings, view_name
from gateway.files import QUARANTINE, read_quarantine, run_files
from gateway.settings_file import load_settings
from gateway.trail import HOT, lanes, segments
from schemas.audit import DENIED, RUN_TIMES
from tests.kafka.house import committed_records

Place = tuple[int, int]  # partition and offset in the input


class Truth:
    """The input as it stands on the broker, and the same events run through files."""

    def __init__(self, files: Path, records: list[ConsumerRecord]) -> None:
        self.places: list[Place] = [(record.partition, record.offset) for record in records]
        self.ids = [_id(record.value) for record in records]
        self.settings = load_settings(files)
        with self.settings.at(self.settings.inputs[0].path).open("wb") as file:
            file.writelines(record.value + b"\n" for record in records)
        with Gateway(self.settings) as gateway:
            run_files(self.settings, gateway.pipelines)
        self.hot = self.settings.at(self.settings.lake.path) / HOT
        self._out = self.settings.at(self.settings.transport.out)

    def view(self, reader: str) -> Counter[bytes]:
        """Return digests of the events of a view."""
        folder = self._out / view_name(self.settings.inputs[0].name, reader)
        files = sorted(folder.glob("*.jsonl"))
        return digests(line for path in files for line in path.read_bytes().splitlines())

    def quarantine(self) -> Counter[Place]:
        """Return the places, on the broker, of what is in quarantine."""
        return Counter(self.places[out.offset] for out in read_quarantine(self._out / QUARANTINE))


def digests(values: Iterable[bytes]) -> Counter[bytes]:
    """Count values by a digest, which takes less room."""
    return Counter(blake2b(value, digest_size=16).digest() for value in values)


async def quarantined(settings: Settings) -> Counter[Place]:
    """Return the places of what is in quarantine on the broker."""
    found = await committed_records(settings, settings.transport.quarantine_topic)
    return Counter(_place(record.key) for record in found)


async def accounted(settings: Settings, truth: Truth) -> dict[str, int]:
    """Return how many events have another number of outcomes than one; there must be none.

    By reader: an event is once in the view, or denied there, or once in quarantine.
    """
    held = await quarantined(settings)
    wrong: dict[str, int] = {}
    for reader in settings.subscriptions:
        records = await committed_records(settings, view_name(settings.inputs[0].name, reader.name))
        shown = Counter(_id(record.value) for record in records)
        denied = _denied(settings, reader.name)
        outcomes = [
            shown[name] + (place in denied) + held[place]
            for place, name in zip(truth.places, truth.ids, strict=True)
        ]
        wrong[reader.name] = sum(count != 1 for count in outcomes)
    return wrong


def different_rows(settings: Settings, truth: Truth) -> dict[str, list[dict[str, Any]]]:
    """Return the first audit rows that only one of the two lakes has, times left out."""
    lines = pa.table(
        {
            "line": range(len(truth.places)),
            "partition": [partition for partition, _ in truth.places],
            "offset": [offset for _, offset in truth.places],
        }
    )
    with duckdb.connect() as con:
        con.register("lines", lines)
        con.execute("SET TimeZone = 'UTC'")
        apart = ", ".join(RUN_TIMES)
        con.execute(f"CREATE VIEW run AS SELECT * EXCLUDE ({apart}) FROM {_rows(settings)}")  # noqa: S608
        con.execute(
            f"CREATE VIEW truth AS SELECT f.* EXCLUDE ({apart})"  # noqa: S608 - our own names
            ' REPLACE (l."partition"::INTEGER AS kafka_partition, l."offset" AS kafka_offset)'
            f" FROM {_rows(truth.settings)} f JOIN lines l ON f.kafka_offset = l.line"
        )
        pairs = {"only on the broker": ("run", "truth"), "only over files": ("truth", "run")}
        return {
            side: con.sql(f"FROM {one} EXCEPT ALL FROM {other} LIMIT 3")
            .to_arrow_table()
            .to_pylist()
            for side, (one, other) in pairs.items()
        }


def consumed(settings: Settings) -> dict[int, tuple[int, int, int]]:
    """Return the first, the next and the count of each input partition; chains and ranges checked."""
    folder = settings.at(settings.lake.path) / HOT
    found: dict[int, tuple[int, int, int]] = {}
    for lane in lanes(folder):
        for footer in check_chain(folder, lane):  # raises where a range does not meet the next
            for each in footer.consumed:
                first, _, count = found.get(each.partition, (each.first, 0, 0))
                found[each.partition] = (first, each.next, count + each.count)
    return found


def findings(settings: Settings) -> Counter[tuple[Any, ...]]:
    """Return how often each entity was found, by kind of event."""
    total: Counter[tuple[Any, ...]] = Counter()
    for _, footer in segments(settings.at(settings.lake.path) / HOT):
        for one in footer.findings:
            total[one.tenant, one.resource, one.entity, one.detected_by] += one.count
    return total


def _denied(settings: Settings, reader: str) -> set[Place]:
    with duckdb.connect() as con:
        found = con.execute(
            f"SELECT DISTINCT kafka_partition, kafka_offset FROM {_rows(settings)}"  # noqa: S608
            " WHERE access_kind = 'delivered' AND subscription = ? AND action_id = ?",
            [reader, DENIED],
        )
        return {(partition, offset) for partition, offset in found.fetchall()}


def _rows(settings: Settings) -> str:
    return f"read_parquet('{settings.at(settings.lake.path) / HOT}/*.parquet')"


def _place(key: bytes) -> Place:
    partition, offset = key.split(b"/")[-2:]
    return int(partition), int(offset)


def _id(value: bytes) -> str:
    """Return an event's id, or a name of its own for what is no event."""
    try:
        found = json.loads(value)
        return str(found["id"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return f"poison {blake2b(value, digest_size=8).hexdigest()}"
