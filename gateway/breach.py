"""Answers the breach questions from the trail: who saw what of whom, when, and how much of it.

The SQL stands in ``breach.sql``, one named question each. Counts are exact.
"""

from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, TypeVar
from uuid import UUID

import duckdb
import msgspec

T = TypeVar("T")


class Selectors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an incident is about. Every kind is optional; kinds are AND-ed, values OR-ed.

    The window is on the time of the exposure, ``since`` included and ``until`` not.
    ``include_masked`` counts values that readers saw masked or tokenised, too.
    """

    since: datetime | None = None
    until: datetime | None = None
    tenants: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    include_masked: bool = False


class Headline(msgspec.Struct, frozen=True):
    """How much was exposed. A record is an event, an access is one reader's row of it."""

    data_subjects: int
    records: int
    records_without_subject: int
    accesses: int
    principals: int
    controllers: int
    first_exposure: datetime | None
    last_exposure: datetime | None


class JurisdictionShare(msgspec.Struct, frozen=True):
    """What was exposed of the people of one jurisdiction, None where the event names nobody.

    It is ``??`` of people of whom no event of the trail says it.
    """

    jurisdiction: str | None
    tenant: str
    data_subjects: int
    records: int
    accesses: int
    in_clear: tuple[str, ...]
    only_masked: tuple[str, ...]


class SubjectGroup(msgspec.Struct, frozen=True):
    """How many people of one kind were exposed; someone of two kinds counts in both.

    ``children`` were under 18 at an event of the trail; of ``age_unknown`` no event says an age.
    """

    kind: str | None
    data_subjects: int
    children: int
    age_unknown: int
    records: int


class CategoryShare(msgspec.Struct, frozen=True):
    """How many people and records one category was exposed of, and what the law says of it."""

    bit: int
    code: str
    fideslang: str
    dpv_pd: str
    subjects_in_clear: int
    subjects_only_masked: int
    records_in_clear: int
    records_only_masked: int
    special_gdpr: bool
    special_kvkk: bool
    spi_ccpa: bool
    ca_breach_elem: bool
    il_sensitive: bool


class PrincipalShare(msgspec.Struct, frozen=True):
    """What one principal saw in one role. ``always_mfa`` is None where nobody said."""

    principal_uid: str | None
    role: str | None
    data_subjects: int
    records: int
    accesses: int
    egress_records: int
    sessions: int
    always_mfa: bool | None
    countries: tuple[str, ...]
    recipients: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime


class Unknown(msgspec.Struct, frozen=True):
    """A selected value that is nowhere in the trail, in no window: perhaps one ``near`` is meant."""

    kind: str
    value: str
    near: tuple[str, ...]


class ScopeReport(msgspec.Struct, frozen=True):
    """The scope of a breach, every part over the same rows."""

    selectors: Selectors
    unknown: tuple[Unknown, ...]
    headline: Headline
    by_jurisdiction: tuple[JurisdictionShare, ...]
    by_group: tuple[SubjectGroup, ...]
    by_category: tuple[CategoryShare, ...]
    whose_access: tuple[PrincipalShare, ...]


class HistoryEntry(msgspec.Struct, frozen=True):
    """One access to one person's data, or an attempt that was denied (``action_id`` 2)."""

    time: datetime
    tenant: str
    principal_uid: str | None
    role: str | None
    purpose: str | None
    legal_basis: str | None
    access_kind: str
    subscription: str | None
    operation: str | None
    resource: str | None
    recipient: str | None
    dst_region: str | None
    action_id: int
    reason: str | None
    policy_version: str | None
    in_clear: tuple[str, ...]
    masked: tuple[str, ...]
    denied: tuple[str, ...]
    kafka_topic: str
    kafka_partition: int
    kafka_offset: int


class PrincipalWindow(msgspec.Struct, frozen=True):
    """What one principal saw in clear between two instants."""

    data_subjects: int
    records: int
    accesses: int
    in_clear: tuple[str, ...]


def scope(con: duckdb.DuckDBPyConnection, selectors: Selectors) -> ScopeReport:
    """Return what the selected accesses exposed. Leaves the rows in the temporary table ``scope``."""
    bound = _bound(selectors)
    lists = {name: values for name, values in bound.items() if name not in {"since", "until"}}
    unknown = _rows(con, "Q00_unknown", Unknown, lists)
    bound["include_masked"] = selectors.include_masked
    con.execute(questions()["Q00_scope"], bound)
    return ScopeReport(
        selectors=selectors,
        unknown=unknown,
        headline=_rows(con, "Q01_headline", Headline)[0],
        by_jurisdiction=_rows(con, "Q02_by_jurisdiction", JurisdictionShare),
        by_group=_rows(con, "Q04_subject_groups", SubjectGroup),
        by_category=_rows(con, "Q03_categories", CategoryShare),
        whose_access=_rows(con, "Q05_whose_access", PrincipalShare),
    )


def subject_history(
    con: duckdb.DuckDBPyConnection,
    ref: bytes | UUID,
    selectors: Selectors = Selectors(),  # noqa: B008 - frozen
) -> tuple[HistoryEntry, ...]:
    """Return every access to one person's data in the order of time, denied ones too."""
    uid = ref if isinstance(ref, UUID) else UUID(bytes=ref)
    bound = _bound(selectors) | {"subject_ref": str(uid)}
    return _rows(con, "Q16_subject_history", HistoryEntry, bound)


def principal_window(
    con: duckdb.DuckDBPyConnection, principal: str, since: datetime, until: datetime
) -> PrincipalWindow:
    """Return what a principal saw in clear from ``since`` up to ``until``."""
    bound = {"principal": principal, "since": since, "until": until}
    return _rows(con, "Q17_principal_window", PrincipalWindow, bound)[0]


@cache
def questions() -> dict[str, str]:
    """Return the SQL of every question by its name, such as ``Q01_headline``."""
    text = resources.files("gateway").joinpath("breach.sql").read_text("utf-8")
    parts = (part.partition("\n") for part in text.split("-- name: ")[1:])
    return {name.strip(): sql.strip() for name, _, sql in parts}


def _bound(selectors: Selectors) -> dict[str, Any]:
    return {
        "since": selectors.since,
        "until": selectors.until,
        "tenants": list(selectors.tenants),
        "principals": list(selectors.principals),
        "roles": list(selectors.roles),
        "topics": list(selectors.topics),
        "subscriptions": list(selectors.subscriptions),
        "recipients": list(selectors.recipients),
    }


def _rows(
    con: duckdb.DuckDBPyConnection,
    question: str,
    shape: type[T],
    bound: dict[str, Any] | None = None,
) -> tuple[T, ...]:
    answer = con.execute(questions()[question], bound or {})
    names = [column[0] for column in answer.description]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return msgspec.convert(rows, tuple[shape, ...])  # type: ignore[valid-type]
