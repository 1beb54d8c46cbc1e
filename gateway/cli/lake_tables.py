"""The trail's answers as tables for people."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.breach import HistoryEntry, ScopeReport, Selectors
from gateway.chain import Verdict
from gateway.cli.output import CONTROLS, add_row, counted, new_table
from schemas.audit import DENIED

MOST_ROWS = 200
_BORDER = 3
_NARROW = 12  # a column that gets less than this is not readable
_NAMES = {
    "ip_address": "IP address",
    "device_id": "device ID",
    "cookie_id": "cookie ID",
    "record_id": "record ID",
}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def category_name(code: str) -> str:
    """Return a category as people call it: ``ip_address`` is IP address."""
    return _NAMES.get(code, code.replace("_", " "))


def print_rows(console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print the rows of a query; where they are too wide for the screen, one below the other."""
    shown = [[_cell(value) for value in row] for row in rows[:MOST_ROWS]]
    widths = [max(map(len, column)) for column in zip(columns, *shown, strict=True)]
    is_wide = sum(widths) + _BORDER * len(widths) > console.width
    if is_wide and len(columns) * _NARROW > console.width:
        for number, row in enumerate(shown, 1):
            table = new_table(f"Row {number}", "column", "value")
            for name, value in zip(columns, row, strict=True):
                add_row(table, name, value)
            console.print(table)
    else:
        table = new_table("", *columns)
        for column, values in zip(table.columns, zip(*rows[:MOST_ROWS], strict=True), strict=False):
            if all(isinstance(value, int | float | None) for value in values):
                column.justify = "right"
        for row in shown:
            add_row(table, *row)
        console.print(table)
    console.print(_count(len(rows), "row"))


def warn(console: Console, problems: Sequence[str]) -> None:
    """Say that the trail is not whole, where it is not: an answer from it may be wrong."""
    if problems:
        text = "The trail is not whole or was changed: what it tells may be too little, or wrong."
        console.print(Text(text, style="bold red"))
        for problem in problems:
            console.print(Text(f"  - {problem}".translate(CONTROLS)), soft_wrap=True)
        console.print()


def print_verdict(console: Console, verdict: Verdict, *, compared: bool) -> None:
    """Print what is wrong with the trail, and where each lane ends."""
    warn(console, verdict.problems)
    if not verdict.heads:
        console.print("The trail is empty: nothing has landed in this lake yet.")
        return
    table = new_table("", "Lane", "#Segments", "#Rows", "#Up to", "SHA-256 of the last one")
    for head in verdict.heads:
        numbers = (f"{number:,}" for number in (head.segments, head.rows, head.next_offset))
        add_row(table, head.lane, *numbers, head.sha256)
    console.print(table)
    if not verdict.problems:
        console.print("No segment is missing, and each is as it was when the next one followed it.")
    if not compared:
        console.print(
            "Whether a lane's end was changed or taken off shows only --against an earlier --json."
        )


def print_report(console: Console, report: ScopeReport, held: str) -> None:
    """Print the scope of a breach; ``held`` says what the trail covers, for an empty scope."""
    console.print(Text("Breach scope", style="bold"))
    console.print(Text(_selected(report.selectors), style="dim"))
    console.print()
    for one in report.unknown:
        meant = f"is {' or '.join(one.near)} meant?" if one.near else "is it spelt right?"
        warning = f"{one.kind} {one.value!r} is nowhere in the trail; {meant}"
        console.print(Text(warning.translate(CONTROLS), style="yellow"))
    if not report.headline.accesses:
        console.print("Nothing was exposed by the selected accesses.")
        console.print(held)
        return
    _print_headline(console, report)
    _print_jurisdictions(console, report)
    _print_groups(console, report)
    _print_categories(console, report)
    _print_principals(console, report)


def print_history(console: Console, who: str, history: Sequence[HistoryEntry], held: str) -> None:
    """Print every access to one person's data."""
    console.print(Text(f"Who saw what of {who}", style="bold"))
    if not history:
        console.print("No access to this person's data is in the selected part of the trail.")
        console.print(held)
        return
    table = new_table("", "Time (UTC)", "Who", "What for", "What")
    table.columns[0].no_wrap = True
    for one in history[:MOST_ROWS]:
        to = None if one.recipient in {None, "none"} else f"to {one.recipient}"
        shown = {"clear": one.in_clear, "changed": one.masked, "denied": one.denied}
        data = [f"{how}: {_categories(codes)}" for how, codes in shown.items() if codes]
        add_row(
            table,
            _time(one.time),
            _lines(one.principal_uid, one.role, to),
            _lines(_words(one.purpose), _words(one.operation), one.resource),
            _lines("DENIED" if one.action_id == DENIED else None, *data),
        )
    console.print(table)
    console.print(_count(len(history), "access", "accesses"))


def _print_headline(console: Console, report: ScopeReport) -> None:
    headline = report.headline
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    add_row(table, f"{headline.data_subjects:,}", "people")
    add_row(table, f"{headline.records:,}", "records (events)")
    if headline.records_without_subject:
        add_row(table, f"{headline.records_without_subject:,}", "of them without a known person")
    add_row(table, f"{headline.accesses:,}", "accesses")
    who = "principal" if headline.principals == 1 else "principals"
    add_row(table, f"{headline.principals:,}", who)
    console.print(table)
    if headline.first_exposure and headline.last_exposure:
        times = f"{_time(headline.first_exposure)} to {_time(headline.last_exposure)}"
        console.print(f"first to last exposure: {times} UTC")
    console.print()


def _print_jurisdictions(console: Console, report: ScopeReport) -> None:
    table = new_table("Whose data", "Jurisdiction", "Tenant", "#People", "#Records", "In clear")
    masked = report.selectors.include_masked
    if masked:
        table.add_column("Only masked", overflow="fold")
    for one in report.by_jurisdiction:
        where = {None: "nobody named", "??": "unknown"}.get(one.jurisdiction, one.jurisdiction)
        row = [where, one.tenant, f"{one.data_subjects:,}", f"{one.records:,}"]
        row.append(_categories(one.in_clear))
        add_row(table, *row, *([_categories(one.only_masked)] if masked else []))
    console.print(table)


def _print_groups(console: Console, report: ScopeReport) -> None:
    names = ("Kind", "#People", "#Children", "#Age unknown", "#Records")
    table = new_table("Who they are", *names)
    for one in report.by_group:
        numbers = (one.data_subjects, one.children, one.age_unknown, one.records)
        add_row(table, _words(one.kind), *(f"{number:,}" for number in numbers))
    console.print(table)


def _print_categories(console: Console, report: ScopeReport) -> None:
    masked = report.selectors.include_masked
    counts = ("#People", "#Records", "#People, only masked", "#Records, only masked")
    table = new_table("What data", "Category", *counts[: 4 if masked else 2], "The law")
    for one in report.by_category:
        numbers = [one.subjects_in_clear, one.records_in_clear]
        if masked:
            numbers += [one.subjects_only_masked, one.records_only_masked]
        flags = {
            "special (GDPR 9)": one.special_gdpr,
            "special (KVKK 6)": one.special_kvkk,
            "California breach element": one.ca_breach_elem,
        }
        law = ", ".join(name for name, holds in flags.items() if holds)
        add_row(table, category_name(one.code), *(f"{number:,}" for number in numbers), law)
    console.print(table)


def _print_principals(console: Console, report: ScopeReport) -> None:
    names = ("Principal", "#People", "#Records", "#Sent out", "From", "Seen (UTC)")
    table = new_table("Whose access", *names)
    table.columns[-1].no_wrap = True
    for one in report.whose_access[:MOST_ROWS]:
        mfa = {True: "always MFA", False: "not always MFA", None: None}[one.always_mfa]
        add_row(
            table,
            _lines(one.principal_uid, one.role),
            f"{one.data_subjects:,}",
            f"{one.records:,}",
            _lines(f"{one.egress_records:,}", *one.recipients),
            _lines(", ".join(one.countries), mfa),
            _lines(_time(one.first_seen), _time(one.last_seen)),
        )
    console.print(table)
    console.print(_count(len(report.whose_access), "principal and role", "principals and roles"))


def _selected(selectors: Selectors) -> str:
    since = f"from {_time(selectors.since)} UTC" if selectors.since else "from the beginning"
    until = f"up to {_time(selectors.until)} UTC" if selectors.until else "to the end"
    lists = {
        "tenant": selectors.tenants,
        "principal": selectors.principals,
        "role": selectors.roles,
        "topic": selectors.topics,
        "subscription": selectors.subscriptions,
        "recipient": selectors.recipients,
    }
    chosen = [f"{kind} {' or '.join(values)}" for kind, values in lists.items() if values]
    seen = "clear and masked values" if selectors.include_masked else "values in clear"
    return " · ".join([f"{since} {until}", *chosen, seen])


def _count(number: int, one: str, many: str = "") -> str:
    text = counted(number, one, many)
    if number > MOST_ROWS:
        text += f", the first {MOST_ROWS} shown; --json has all"
    return text


def _categories(codes: Iterable[str]) -> str:
    return ", ".join(map(category_name, codes)) or "-"


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part) or "-"


def _words(term: str | None) -> str | None:
    """Return a term of DPV or of ours as words: ``dpv:CustomerCare`` is customer care."""
    return term and _WORD.sub(" ", term.removeprefix("dpv:").removeprefix("ext:")).lower()


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return ", ".join(map(_inner, value))
    if isinstance(value, dict):  # a struct or a map
        return ", ".join(f"{name}: {_inner(each)}" for name, each in value.items())
    return "" if value is None else str(value)


def _inner(value: Any) -> str:
    """Return a value inside another one: where it has parts of its own, they are held together."""
    text = _cell(value)
    if isinstance(value, dict):
        return f"{{{text}}}"
    return f"[{text}]" if isinstance(value, list | tuple) else text or "-"
