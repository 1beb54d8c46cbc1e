"""The trail's hot segments: audit batches in, Parquet files out, each range published once.

A segment covers a range of a lane: a partition of the audit topic, or an input read from a file.
Its name says where it starts and its footer where it ends, so the files are the offset store.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gateway.errors import FencedError, TrailError
from gateway.expand import read_stream, rows_of
from gateway.footer import (
    FORMAT,
    End,
    Footer,
    advanced,
    finding_totals,
    merged,
    policies_used,
    read_footer,
)
from schemas.audit import FOOTER_KEY, LAKE, WireMeta

HOT = "hot"  # the folder of the segments inside the lake
TEMPORARY = ".tmp-"
ROW_GROUP = 65_536

_NAME = re.compile(r"audit\+(?P<lane>[A-Za-z0-9._-]+)\+(?P<first>[0-9]{20})\.parquet")
_LANE = re.compile(r"[A-Za-z0-9._-]+")

_DELTA = ("time", "logged_time", "event_time", "kafka_offset", "session_ref")
_NO_DICTIONARY = (*_DELTA, "subject_ref", "has_mfa")
_PARQUET: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "row_group_size": ROW_GROUP,
    "use_dictionary": [name for name in LAKE.names if name not in _NO_DICTIONARY],
    "column_encoding": dict.fromkeys(_DELTA, "DELTA_BINARY_PACKED"),
    "write_page_index": True,
    "write_page_checksum": True,
}


class Tail(msgspec.Struct, frozen=True):
    """Where a lane's last segment starts, where the next one has to, and what was consumed."""

    first: int
    next_offset: int
    ends: tuple[End, ...]


# 1. Publishing a segment.


def check_streams(streams: Sequence[bytes]) -> None:
    """Raise TrailError where audit batches do not follow each other in an input partition."""
    merged(read_stream(stream)[0] for stream in streams)


def publish(
    folder: Path,
    lane: str,
    first: int,
    next_offset: int,
    streams: Sequence[bytes],
    *,
    begins: bool = True,
) -> Path:
    """Write a segment of ``lane``, offsets ``first`` up to ``next_offset``; return its path.

    When it returns the segment is durable and complete; after a crash it is there whole or not at
    all. Raises FencedError where another segment holds the range (nothing is written; go on from
    ``read_tail``), and TrailError where the segment would not follow the one before it, in the
    lane or in an input partition. ``begins`` False: the lane has segments, an empty store is lost.
    """
    if not _LANE.fullmatch(lane) or not 0 <= first < next_offset:
        raise ValueError(f"no segment of lane {lane!r} covers {first} up to {next_offset}")
    tail = read_tail(folder, lane)
    _check_place(folder, lane, first, tail, begins=begins)
    opened = [read_stream(stream) for stream in streams]
    table = pa.concat_tables([LAKE.empty_table(), *(rows_of(*each) for each in opened)])
    before = None if tail is None else sha256_of(folder / _name(lane, tail.first))
    footer = _footer(lane, first, next_offset, tail, [meta for meta, _ in opened], table)
    footer = msgspec.structs.replace(footer, previous_sha256=before)
    return _put_if_absent(folder, footer, table.unify_dictionaries())


def _check_place(folder: Path, lane: str, first: int, tail: Tail | None, *, begins: bool) -> None:
    if tail is None and not begins:
        raise TrailError(f"emptied store: {folder} holds no segment of lane {lane} any more")
    if tail is not None and first < tail.next_offset:
        raise _fenced(folder, lane, first, tail.first, tail.next_offset)
    if tail is not None and first > tail.next_offset:
        raise TrailError(
            f"audit gap: lane {lane} in {folder} ends at {tail.next_offset},"
            f" a segment from {first} would leave out {first - tail.next_offset} offsets"
        )


def _fenced(folder: Path, lane: str, first: int, start: int, end: int) -> FencedError:
    return FencedError(
        f"lane {lane} in {folder}: the range from {first} is taken,"
        f" {_name(lane, start)} covers {start} up to {end}"
    )


def _footer(
    lane: str,
    first: int,
    next_offset: int,
    tail: Tail | None,
    metas: Sequence[WireMeta],
    table: pa.Table,
) -> Footer:
    consumed = merged(metas)
    times = pc.min_max(table["time"].cast(pa.int64())).as_py()
    return Footer(
        format=FORMAT,
        lane=lane,
        first=first,
        next_offset=next_offset,
        previous=None if tail is None else tail.first,
        rows=table.num_rows,
        time_min=times["min"],
        time_max=times["max"],
        consumed=consumed,
        ends=advanced(() if tail is None else tail.ends, consumed),
        findings=finding_totals(metas),
        policies=policies_used(metas),
    )


def _put_if_absent(folder: Path, footer: Footer, table: pa.Table) -> Path:
    """Write aside, then link: the name appears with the whole content or not at all."""
    path = folder / _name(footer.lane, footer.first)
    # Not the process id: two pods on one volume have the same.
    aside = folder / f"{TEMPORARY}{footer.lane}-{footer.first}-{secrets.token_hex(8)}"
    _make(folder)
    try:
        with aside.open("xb") as file:
            table = table.replace_schema_metadata({FOOTER_KEY: msgspec.json.encode(footer)})
            pq.write_table(table, file, **_PARQUET)
            file.flush()
            os.fchmod(file.fileno(), 0o444)  # published segments never change
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError as error:
            winner = read_footer(path)
            taken = (footer.first, winner.first, winner.next_offset)
            raise _fenced(folder, footer.lane, *taken) from error
        _sync(folder)
    finally:
        with suppress(FileNotFoundError):
            aside.unlink()
    return path


def _name(lane: str, first: int) -> str:
    return f"audit+{lane}+{first:020d}.parquet"


def _make(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        _sync(each.parent)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


# 2. Reading the trail. Whether it is whole says ``gateway.chain``.


def read_tail(folder: Path, lane: str) -> Tail | None:
    """Return the end of a lane, by names and one footer; None where it has no segment.

    Raises TrailError for a file that is not a segment, or that is not what its name says.
    """
    own = _places(folder).get(lane)
    if not own:
        return None
    footer = _checked(own[-1], lane)
    return Tail(footer.first, footer.next_offset, footer.ends)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, as ``sha256sum`` prints it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readers_of(folder: Path, lane: str, first: int) -> frozenset[str]:
    """Return the subscriptions that a segment, the one that starts at ``first``, has rows of."""
    table = pq.read_table(folder / _name(lane, first), columns=["subscription"])
    return frozenset(filter(None, table["subscription"].to_pylist()))


def lanes(folder: Path) -> list[str]:
    """Return the lanes that have segments, in order."""
    return sorted(_places(folder))


def segments(folder: Path) -> Iterator[tuple[Path, Footer]]:
    """Yield every segment with its footer, by lane and start. Does not look at the chain."""
    places = _places(folder)
    for lane in sorted(places):
        for path in places[lane]:
            yield path, _checked(path, lane)


def sweep(folder: Path, older_than_seconds: float, now: float) -> int:
    """Remove what writers that died left behind; return how many files that were.

    ``now`` is in seconds since 1970. The age has to be well above the longest write.
    """
    swept = 0
    for path in folder.glob(f"{TEMPORARY}*"):
        with suppress(FileNotFoundError):  # its writer, or another sweep, was faster
            if path.stat().st_mtime < now - older_than_seconds:
                path.unlink()
                swept += 1
    return swept


def _places(folder: Path) -> dict[str, list[Path]]:
    """Return the segments of each lane in the order of their starts, by their names."""
    if not folder.exists():
        return {}
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(TEMPORARY):
            continue
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise TrailError(
                f"alien file: {path} is not named like a segment"
                " (audit+<lane>+<20 digits>.parquet); move it out of the trail"
            )
        found.setdefault(match["lane"], []).append(path)
    return found


def _checked(path: Path, lane: str) -> Footer:
    footer = read_footer(path)
    if path.name != _name(footer.lane, footer.first):
        raise TrailError(
            f"alien file: {path} was published as {_name(footer.lane, footer.first)};"
            f" it is not the segment of lane {lane} that its name says"
        )
    return footer
