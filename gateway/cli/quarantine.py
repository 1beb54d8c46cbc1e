"""The command ``sluicegate quarantine``: what is held and why, one record, and the way back."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from gateway.cli.group import Group
from gateway.cli.output import PIPED, add_row, counted, emit, new_table, plain_console
from gateway.cli.quiet import quiet
from gateway.cli.settings import read_settings, settings_option
from gateway.config import Settings
from gateway.errors import SealError
from gateway.files import QUARANTINE, read_quarantine
from gateway.kafka.quarantine import held as held_on_kafka
from gateway.kafka.quarantine import put_back
from gateway.quarantine import Held, read_held, restore
from gateway.stream import Line
from gateway.tokens import Keyring, load_keys

_YEAR_9999 = 253_370_764_800_000

Wanted = Callable[[Held], bool]


class _Found(NamedTuple):
    held: Held
    timestamp: int
    sealed: bytes | None

    def __repr__(self) -> str:
        return f"_Found({self.held.coordinate})"


def _selection(command: Any) -> Any:
    for option in (
        click.option("--reason", default="", help="Only records held for this reason."),
        click.option("--input", "source", default="", help="Only records of this input."),
    ):
        command = option(command)
    return command


@click.group(cls=Group)
@click.pass_context
def quarantine(ctx: click.Context) -> None:
    """List, show and release rejected records.

    A COORDINATE is topic/partition/offset; for files it is input/0/line, lines counted from 0.
    """
    ctx.with_resource(quiet())


@quarantine.command("list")
@settings_option
@_selection
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def list_(settings_path: Path, *, source: str, reason: str, as_json: bool) -> None:
    """List what is held: where it came from, why, and how big it is. Never its content."""
    settings = read_settings(settings_path)
    found = _gather(settings, _chosen(source, reason), sealed=False)
    if as_json:
        emit({"held": [_described(one) for one in found]})
    else:
        _print_table(found)


@quarantine.command()
@click.argument("coordinate")
@settings_option
@click.option(
    "--json", "as_json", is_flag=True, help="The whole record with key and headers, as JSON."
)
def show(coordinate: str, *, settings_path: Path, as_json: bool) -> None:
    """Open one record with its tenant's key and write its value to standard output.

    It is personal data in clear. In JSON, what is not UTF-8 stands in base64 under ``base64``.
    """
    settings = read_settings(settings_path)
    found = _gather(settings, lambda one: one.coordinate == coordinate, sealed=True)
    _all_found([coordinate], found)
    line = restore(_Keys(settings)(found[0].held), found[0].held, found[0].sealed)
    if as_json:
        emit(_opened(found[0], line))
    else:
        click.get_binary_stream("stdout").write(line.value or b"")


@quarantine.command()
@click.argument("coordinates", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that is held, or all that is chosen.")
@_selection
@click.option("--out", type=click.Path(path_type=Path), help="Files: where the lines are written.")
@settings_option
def release(
    coordinates: tuple[str, ...],
    *,
    everything: bool,
    source: str,
    reason: str,
    out: Path | None,
    settings_path: Path,
) -> None:
    """Put original records back into their input, where they are processed again.

    On Kafka they are produced to the topic and partition they came from, each of them once. A file
    is not appended to: the lines go to --out, a new file that only its owner may read, in clear.
    """
    if bool(coordinates) == everything or (coordinates and (source or reason)):
        raise click.UsageError("give COORDINATES, or --all, which --input and --reason narrow")
    settings = read_settings(settings_path)
    if (settings.transport.kind == "files") != (out is not None):
        where = "lines need --out FILE, a new file" if out is None else "records go back, not --out"
        raise click.UsageError(f"[transport] kind is {settings.transport.kind!r}: {where}")
    asked = frozenset(coordinates)
    want = _chosen(source, reason) if everything else (lambda one: one.coordinate in asked)
    found = _gather(settings, want, sealed=True)
    _all_found(coordinates, found)
    opened, closed = _restored(settings, found)
    if coordinates and closed:
        raise click.ClickException(f"nothing was released: {'; '.join(closed)}")
    if out is None:
        _put_back(settings, opened)
    else:
        _write(out, opened)
    for problem in closed:
        click.echo(f"sluicegate: not released: {problem}", err=True)
    if closed:
        sys.exit(1)


class _Keys:
    """The keys of the tenants that turn up, each loaded once."""

    def __init__(self, settings: Settings) -> None:
        self._paths = settings.keys
        self._loaded: dict[str, Keyring] = {}

    def __call__(self, held: Held) -> Keyring:
        tenant = held.tenant
        if tenant not in self._paths:
            raise click.ClickException(f"[keys] has no key of tenant {tenant}: it stays closed")
        if tenant not in self._loaded:
            self._loaded[tenant] = load_keys(self._paths[tenant], tenant)
        return self._loaded[tenant]


def _chosen(source: str, reason: str) -> Wanted:
    return lambda held: source in ("", held.input) and reason in ("", held.reason)


def _gather(settings: Settings, want: Wanted, *, sealed: bool) -> list[_Found]:
    """Return what is held and wanted, with the sealed payloads or without."""
    found = []

    def take(record: Any) -> None:
        held = read_held(record.headers, record.value)
        if want(held):
            found.append(_Found(held, record.timestamp, record.value if sealed else None))

    async def take_all() -> None:
        async for record in held_on_kafka(settings):
            take(record)

    if settings.transport.kind == "kafka":
        asyncio.run(take_all())
    else:
        for record in read_quarantine(settings.at(settings.transport.out) / QUARANTINE):
            take(record)
    return found


def _all_found(coordinates: Sequence[str], found: Sequence[_Found]) -> None:
    known = {one.held.coordinate for one in found}
    missing = [each for each in coordinates if each not in known]
    if missing:
        raise click.ClickException(f"not in quarantine: {', '.join(missing)}")


def _restored(
    settings: Settings, found: Sequence[_Found]
) -> tuple[list[tuple[Held, Line]], list[str]]:
    """Return the original records, and a line for each that is not there or cannot be opened."""
    opened, closed, keys = [], [], _Keys(settings)
    for one in found:
        try:
            opened.append((one.held, restore(keys(one.held), one.held, one.sealed)))
        except SealError as error:
            closed.append(str(error))
    return opened, closed


def _put_back(settings: Settings, opened: Sequence[tuple[Held, Line]]) -> None:
    def origin(one: tuple[Held, Line]) -> tuple[str, int]:
        return one[0].topic, one[0].partition

    for (topic, partition), group in groupby(sorted(opened, key=origin), origin):
        lines = [line for _, line in group]
        went = asyncio.run(put_back(settings, topic, partition, lines))
        rest = len(lines) - went
        again = f", {rest} had gone back before" if rest else ""
        click.echo(f"{topic}/{partition}: {went} put back{again}")
    if not opened:
        click.echo("nothing to release")


def _write(path: Path, opened: Sequence[tuple[Held, Line]]) -> None:
    inputs = sorted({held.input for held, _ in opened})
    if len(inputs) > 1:
        raise click.UsageError(f"records of {', '.join(inputs)}: one --input to a file")
    if not opened:
        click.echo("nothing to release")
        return
    try:
        place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already; it is not overwritten") from None
    with os.fdopen(place, "wb") as file:
        file.writelines((line.value or b"") + b"\n" for _, line in opened)
    lines = counted(len(opened), "line")
    click.echo(f"{path}: {lines} of {inputs[0]}, in clear; they stay in quarantine, too")


def _described(one: _Found) -> dict[str, Any]:
    shown = {"coordinate": one.held.coordinate, **msgspec.structs.asdict(one.held)}
    return {**shown, "time": _time(one.timestamp)}


def _opened(one: _Found, line: Line) -> dict[str, Any]:
    headers = [{"name": name, **_content(value)} for name, value in line.headers]
    return {
        **_described(one),
        "key": _content(line.key),
        "value": _content(line.value),
        "headers": headers,
    }


def _content(value: bytes | None) -> dict[str, Any]:
    if value is None:
        return {"text": None}
    try:
        return {"text": value.decode()}
    except UnicodeDecodeError:
        return {"base64": value}


def _print_table(found: Sequence[_Found]) -> None:
    console = plain_console(PIPED)
    if not found:
        console.print("Nothing is held in quarantine.")
        return
    table = new_table("", "coordinate", "input", "tenant", "reason", "#bytes", "time", "payload")
    for row in _rows(found):
        add_row(table, *row)
    console.print(table)
    console.print(counted(len(found), "record"))


def _rows(found: Sequence[_Found]) -> Iterator[tuple[str, ...]]:
    for held, timestamp, _ in found:
        kept = "sealed" if held.sealed else "digest only"
        where = (held.coordinate, held.input, held.tenant, held.reason)
        yield (*where, f"{held.size:,}", _time(timestamp), kept)


def _time(milliseconds: int) -> str:
    """Return the record's own time; nothing where it has none, as lines of files, or an odd one."""
    if not 0 < milliseconds < _YEAR_9999:
        return ""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
