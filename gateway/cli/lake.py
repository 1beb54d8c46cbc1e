"""The commands that ask the trail: ``audit sql``, ``audit verify`` and ``breach scope``."""

import contextlib
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import duckdb
import msgspec

from gateway.breach import HistoryEntry, Selectors, scope, subject_history
from gateway.chain import Head, Verdict, verify
from gateway.cli.group import Group
from gateway.cli.lake_tables import print_history, print_report, print_rows, print_verdict, warn
from gateway.cli.output import emit, plain_console
from gateway.cli.settings import read_settings, settings_option
from gateway.config import Settings
from gateway.errors import TrailError
from gateway.lake import ask, open_lake
from gateway.tokens import load_keys
from gateway.trail import HOT
from gateway.vault import Vault
from schemas.event import contracts


class _Instant(click.ParamType):
    """An ISO date or instant, UTC where it has no offset; ``last``: a date means its whole day."""

    name = "time"

    def __init__(self, *, last: bool) -> None:
        self._last = last

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            if self._last and _is_date(value):
                moment += timedelta(days=1)
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except ValueError:
            self.fail(
                f"{value!r} is no ISO date or instant, such as 2026-11-05 or 2026-11-05T13:30Z",
                param,
                ctx,
            )
        except OverflowError:
            self.fail(
                f"{value!r} is beyond the calendar; leave the option out for a window without end",
                param,
                ctx,
            )


def _is_date(value: str) -> bool:
    """Say whether a time is a day, in any of the forms of ISO: 2026-11-05, 20261105, 2026-W45-4."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


class _SubjectName(click.ParamType):
    """``KIND:VALUE``; a value of ``-`` is read from standard input."""

    name = "KIND:VALUE"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, str]:
        kind, colon, name = value.partition(":")
        if not (kind and colon and name):
            self.fail(
                "must be KIND:VALUE, such as email:- with the value on standard input", param, ctx
            )
        plans = [contract.subjects for contract in contracts().values() if contract.subjects]
        known = sorted({known for plan in plans for known, _ in plan.identities})
        if kind not in known:
            self.fail(f"nobody is known by {kind!r}; known: {', '.join(known)}", param, ctx)
        return kind, name


def _place(command: Any) -> Any:
    for option in (
        click.option(
            "--lake",
            type=click.Path(path_type=Path),
            help="The lake's folder, instead of settings.",
        ),
        settings_option,
        click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables."),
    ):
        command = option(command)
    return command


@click.group("audit", cls=Group)
def audit() -> None:
    """Ask the audit trail."""


@audit.command(
    "sql",
    epilog="Example: sluicegate audit sql 'SELECT reason, count(*) FROM audit GROUP BY 1'",
)
@click.argument("query")
@_place
def sql(query: str, *, lake: Path | None, settings_path: Path, as_json: bool) -> None:
    """Answer one SELECT over the trail.

    Views: audit, finding, segment, consumed, dim_category, dim_jurisdiction; category_codes(mask)
    reads a mask. Times are UTC.
    """
    with _opened(_lake_folder(lake, settings_path)) as con:
        try:
            columns, rows = ask(con, query)
        except duckdb.Error as error:
            raise click.ClickException(_reason(error)) from error
        if as_json:
            found = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
            emit({"columns": columns, "rows": found})
        else:
            print_rows(plain_console(), columns, rows)


@audit.command("verify")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What --json printed at an earlier time: all of that has to be there, unchanged.",
)
@_place
def verify_trail(
    *, against: Path | None, lake: Path | None, settings_path: Path, as_json: bool
) -> None:
    """Say whether the trail is whole and unchanged; exit code 5 where it is not.

    Every byte is read. Keep what --json prints where nobody who may write to the lake can write:
    without it, nothing shows that a lane's end was changed or taken off, or a lane written anew.
    """
    folder = _lake_folder(lake, settings_path)
    verdict = verify(folder / HOT, _kept(against))
    if as_json:
        emit(verdict)
    else:
        print_verdict(plain_console(), verdict, compared=against is not None)
    _end(verdict)


def _kept(path: Path | None) -> tuple[Head, ...]:
    if path is None:
        return ()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Verdict).heads
    except msgspec.DecodeError as error:
        raise click.ClickException(
            f"--against {path}: that is not what `audit verify --json` prints"
        ) from error


def _end(verdict: Verdict) -> None:
    """End with the code of the trail where it is not whole: programs do not read warnings."""
    if verdict.problems:
        click.get_current_context().exit(TrailError.exit_code)


@click.group("breach", cls=Group)
def breach() -> None:
    """Answer the questions of a breach."""


@breach.command(
    "scope", epilog="Example: sluicegate breach scope --principal sales-app --since 2026-11-01"
)
@click.option("--since", type=_Instant(last=False), help="From here; a date from its midnight.")
@click.option("--until", type=_Instant(last=True), help="Up to here; a date is included whole.")
@click.option("--tenant", "tenants", multiple=True, help="Only these tenants; may be repeated.")
@click.option("--principal", "principals", multiple=True, help="Only accesses by these.")
@click.option("--role", "roles", multiple=True, help="Only accesses in these roles.")
@click.option("--topic", "topics", multiple=True, help="Only events of these topics or files.")
@click.option(
    "--subscription", "subscriptions", multiple=True, help="Only what the views of these showed."
)
@click.option("--recipient", "recipients", multiple=True, help="Only what went to these.")
@click.option("--include-masked", is_flag=True, help="Count masked and tokenised values too.")
@click.option("--subject", type=_SubjectName(), help="One person's history: email:-, crm_id:17.")
@click.option("--country", default="", help="The country of --subject, for a local phone number.")
@click.option("--subject-ref", type=click.UUID, help="One person's history, by the reference.")
@_place
def breach_scope(
    *,
    subject: tuple[str, str] | None,
    subject_ref: UUID | None,
    country: str,
    lake: Path | None,
    settings_path: Path,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Say who saw what of whom: people, records, jurisdictions, groups, categories, readers.

    With --subject or --subject-ref: every access to one person's data, denied ones too. The value
    of --subject is better not on the command line, which the shell remembers: --subject email:-

    The trail is verified first. Where it is not whole, the answer says so; exit code 5.
    """
    selectors = msgspec.convert(chosen, Selectors)
    _check_window(selectors)
    if country and subject is None:
        raise click.UsageError("--country is of --subject, which is not given")
    if subject is not None and subject_ref is not None:
        raise click.UsageError("--subject and --subject-ref ask for the same; give one of them")
    folder = _lake_folder(lake, settings_path)
    refs = [subject_ref] if subject_ref else []
    if subject is not None:
        refs = _references(read_settings(settings_path), selectors.tenants, subject, country)
    verdict = verify(folder / HOT)
    if not as_json:
        warn(plain_console(), verdict.problems)
    with _opened(folder) as con:
        if refs:
            _tell_histories(con, refs, selectors, verdict.problems, as_json=as_json)
        elif as_json:
            emit(msgspec.structs.asdict(scope(con, selectors)) | {"problems": verdict.problems})
        else:
            print_report(plain_console(), scope(con, selectors), _held(con))
    _end(verdict)


def _check_window(selectors: Selectors) -> None:
    """Refuse a window that nothing can be in: its empty answer would read like an all-clear."""
    since, until = selectors.since, selectors.until
    if since is not None and until is not None and since >= until:
        raise click.UsageError(
            f"the window is empty: --since is {since:%Y-%m-%d %H:%M:%S} UTC,"
            f" and --until ends it at {until:%Y-%m-%d %H:%M:%S} UTC"
        )


def _tell_histories(
    con: duckdb.DuckDBPyConnection,
    refs: list[UUID],
    selectors: Selectors,
    problems: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    found: dict[UUID, tuple[HistoryEntry, ...]] = {
        ref: subject_history(con, ref, selectors) for ref in refs
    }
    if as_json:
        subjects = [{"subject_ref": ref, "accesses": found[ref]} for ref in refs]
        emit({"selectors": selectors, "subjects": subjects, "problems": problems})
        return
    for ref, history in found.items():
        print_history(plain_console(), f"subject {ref}", history, _held(con))


def _references(
    settings: Settings, tenants: tuple[str, ...], subject: tuple[str, str], country: str
) -> list[UUID]:
    """Return whom the vault knows by an identifier, at any of the tenants."""
    kind, value = subject
    if value == "-":
        value = click.get_text_stream("stdin").readline().strip()
    path = settings.at(settings.vault.path)
    if not path.exists():
        raise click.ClickException(f"there is no identity vault at {path}; nobody is known yet")
    unknown = [tenant for tenant in tenants if tenant not in settings.keys]
    if unknown:
        raise click.ClickException(f"[keys] has no key of tenant {', '.join(unknown)}")
    with contextlib.closing(Vault.open(path)) as vault:
        found = [
            vault.lookup(tenant, load_keys(settings.keys[tenant]).index(kind, value, country))
            for tenant in tenants or settings.keys
        ]
    refs = [UUID(bytes=ref) for ref in found if ref]
    if not refs:
        raise click.ClickException(f"the identity vault knows nobody by this {kind}")
    return refs


def _lake_folder(lake: Path | None, settings_path: Path) -> Path:
    if lake is None:
        loaded = read_settings(settings_path)
        return loaded.at(loaded.lake.path)
    if not lake.is_dir():
        raise click.ClickException(f"--lake {lake}: there is no such folder")
    if not (lake / HOT).is_dir():
        raise click.ClickException(
            f"--lake {lake}: that is no lake, which has a folder {HOT} with the segments in it"
        )
    return lake


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with contextlib.closing(open_lake(folder)) as con:
        yield con


def _held(con: duckdb.DuckDBPyConnection) -> str:
    query = "SELECT sum(rows)::BIGINT, min(first_time), max(last_time) FROM segment"
    rows, first, last = con.execute(query).fetchall()[0]
    if not rows:
        return "The trail is empty: nothing has landed in this lake yet."
    return (
        f"The trail holds {rows:,} rows, from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC."
    )


def _reason(error: duckdb.Error) -> str:
    """Return DuckDB's message without the line that quotes our own wrapper of the query."""
    reason = str(error).partition("\n\nLINE ")[0]
    if "Expected a single SELECT" in reason or "must be at the top level" in reason:
        return f"only one SELECT is answered, nothing is changed here ({reason})"
    return reason


def _plain(value: Any) -> Any:
    """Return a value of DuckDB as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    plain = isinstance(value, bool | int | float | str | None)
    return value if plain else str(value)
