"""The breach questions, against the same sums done in plain Python over the same rows."""

import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.breach import (
    Headline,
    Selectors,
    principal_window,
    questions,
    scope,
    subject_history,
)
from gateway.expand import expand
from gateway.lake import open_lake
from gateway.trail import HOT, publish
from schemas.audit import ALLOWED, DENIED, MODIFIED, Access, Resource
from schemas.category import codes_of
from tests.builders import HOUR, NOON, Row, ref, wire
from tests.gateway.plain_counting import (
    counts,
    event,
    grouped,
    in_scope,
    is_chosen,
    people,
    placed,
    shares,
    union,
)

T0 = datetime(2026, 11, 5, 12, tzinfo=UTC)

# Few of everything, so that things meet.
accesses = st.builds(
    Access,
    kind=st.sampled_from(["delivered", "observed"]),
    subscription=st.sampled_from(["", "sales"]),
    principal_uid=st.sampled_from(["", "u:1", "u:2", "svc:a"]),
    role=st.sampled_from(["", "sales_rep", "dpo"]),
    recipient=st.sampled_from(["none", "", "stripe", "google"]),
    session_ref=st.integers(0, 2),
    has_mfa=st.sampled_from([None, True, False]),
    src_country=st.sampled_from(["", "TR", "DE"]),
)
resources = st.sampled_from(
    [
        Resource("crm.contact", 6005, 600502, "dpv:Access"),
        Resource("api.access", 6003, 600302, "dpv:Export"),
    ]
)
masks = st.sampled_from([0, 1, 2, 3, 1 << 26, (1 << 39) | 1])
rows = st.builds(
    Row,
    offset=st.integers(0, 5),
    ordinal=st.integers(0, 1),
    access=accesses,
    resource=resources,
    subject=st.sampled_from([None, ref(1), ref(2), ref(3)]),
    subject_kind=st.sampled_from(["dpv:Customer", "ext:Lead"]),
    age_band=st.integers(0, 4),
    jurisdiction=st.sampled_from(["", "EU", "TR"]),
    time=st.integers(-2, 2).map(lambda hours: NOON + hours * HOUR),
    clear=masks,
    masked=masks,
    denied=masks,
    action=st.sampled_from([ALLOWED, DENIED, MODIFIED]),
)
batches = st.tuples(
    st.sampled_from([("acme", "crm.events"), ("bcme", "b.events"), ("acme", "api.events")]),
    st.lists(rows, max_size=20),
)
instants = st.none() | st.integers(-3, 3).map(lambda hours: T0 + timedelta(hours=hours))


def some(*values):
    chosen = st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
    return st.just(()) | chosen.map(tuple)


selectors = st.builds(
    Selectors,
    since=instants,
    until=instants,
    tenants=some("acme", "bcme", "nobody"),
    principals=some("u:1", "u:2"),
    roles=some("sales_rep", "dpo"),
    topics=some("crm.events", "b.events"),
    subscriptions=some("sales"),
    recipients=some("stripe", "google"),
    include_masked=st.booleans(),
)


def lake_of(folder, batches):
    """Publish batches, one segment each; return the rows as the lake holds them."""
    held: list[dict[str, Any]] = []
    ends: dict[tuple[str, str], int] = defaultdict(int)
    for number, ((tenant, topic), rows) in enumerate(batches):
        place = ends[tenant, topic]
        moved = [msgspec.structs.replace(row, offset=row.offset + place) for row in rows]
        ends[tenant, topic] += 6
        stream = wire(
            moved, tenant=tenant, source=topic, topic=topic, first=place, next_position=place + 6
        )
        publish(folder / HOT, "0", number, number + 1, [stream])
        held += expand(stream).to_pylist()
    return held


@settings(max_examples=60, deadline=None)
@given(batches=st.lists(batches, min_size=1, max_size=4), chosen=selectors)
def test_the_scope_is_what_plain_counting_gives(tmp_path_factory, batches, chosen):
    folder = tmp_path_factory.mktemp("lake")
    held = lake_of(folder, batches)
    with open_lake(folder) as con:
        report = scope(con, chosen)
    rows = in_scope(held, chosen)
    assert report.selectors == chosen
    check_headline(report, rows)
    check_jurisdictions(report, rows, held)
    check_groups(report, rows, held)
    check_categories(report, rows)
    check_whose_access(report, rows)


def check_headline(report, rows):
    times = [row["time"] for row in rows]
    assert report.headline == Headline(
        data_subjects=len(people(rows)),
        records=len({event(row) for row in rows}),
        records_without_subject=len({event(row) for row in rows if row["subject_ref"] is None}),
        accesses=len(rows),
        principals=len({row["principal_uid"] for row in rows} - {None}),
        controllers=len({row["controller_uid"] for row in rows}),
        first_exposure=min(times, default=None),
        last_exposure=max(times, default=None),
    )


def check_groups(report, rows, held):
    bands = {ref: {row["subject_age_band"] for row in held if row["subject_ref"] == ref} - {0}
             for ref in people(held)}  # fmt: skip
    expected = {}
    for (kind,), group in grouped(
        [row for row in rows if row["subject_ref"]], "subject_kind"
    ).items():
        who = people(group)
        expected[kind] = (
            len(who),
            len([ref for ref in who if bands[ref] & {1, 2, 3}]),
            len([ref for ref in who if not bands[ref]]),
            len({event(row) for row in group}),
        )
    assert {
        one.kind: (one.data_subjects, one.children, one.age_unknown, one.records)
        for one in report.by_group
    } == expected


def check_jurisdictions(report, rows, held):
    expected = {}
    for key, group in grouped(placed(rows, held), "subject_jurisdiction", "tenant").items():
        clear, masked = union(group, "cat_clear"), union(group, "cat_masked")
        expected[key] = (*counts(group), codes_of(clear), codes_of(masked & ~clear))
    found = report.by_jurisdiction
    assert {
        (one.jurisdiction, one.tenant): (
            one.data_subjects, one.records, one.accesses, one.in_clear, one.only_masked
        )
        for one in found
    } == expected  # fmt: skip
    assert len(found) == len(expected)
    assert [one.data_subjects for one in found] == sorted(
        (one.data_subjects for one in found), reverse=True
    )


def check_categories(report, rows):
    subjects = shares([row for row in rows if row["subject_ref"]], lambda row: row["subject_ref"])
    records = shares(rows, event)
    assert {
        one.bit: (
            [one.subjects_in_clear, one.subjects_only_masked],
            [one.records_in_clear, one.records_only_masked],
        )
        for one in report.by_category
    } == {bit: (subjects.get(bit, [0, 0]), records[bit]) for bit in records}
    assert [one.code for one in report.by_category] == [
        codes_of(1 << one.bit)[0] for one in report.by_category
    ]


def check_whose_access(report, rows):
    expected = {}
    for key, group in grouped(rows, "principal_uid", "role").items():
        said = [row["has_mfa"] for row in group if row["has_mfa"] is not None]
        expected[key] = (
            *counts(group),
            len({event(row) for row in group if row["operation"] == "dpv:Export"}),
            len({row["session_ref"] for row in group} - {None}),
            all(said) if said else None,
            tuple(sorted({row["src_country"] for row in group} - {None})),
            tuple(sorted({row["recipient"] for row in group} - {None, "none"})),
            min(row["time"] for row in group),
            max(row["time"] for row in group),
        )
    found = report.whose_access
    assert {
        (one.principal_uid, one.role): msgspec.structs.astuple(one)[2:] for one in found
    } == expected
    assert len(found) == len(expected)


@settings(max_examples=40, deadline=None)
@given(batches=st.lists(batches, min_size=1, max_size=4), chosen=selectors)
def test_a_history_has_every_access_to_one_person(tmp_path_factory, batches, chosen):
    folder = tmp_path_factory.mktemp("lake")
    held = lake_of(folder, batches)
    with open_lake(folder) as con:
        history = subject_history(con, ref(1), chosen)
    rows = [
        row for row in held if row["subject_ref"] == uuid.UUID(int=1) and is_chosen(row, chosen)
    ]
    names = ("tenant", "principal_uid", "role", "operation", "recipient", "action_id", "time")
    assert sorted(
        [(event(row), *(str(row[name]) for name in names), codes_of(row["cat_clear"]),
          codes_of(row["cat_masked"]), codes_of(row["cat_denied"])) for row in rows]
    ) == sorted(
        [((one.kafka_topic, one.kafka_partition, one.kafka_offset),
          *(str(getattr(one, name)) for name in names), one.in_clear, one.masked, one.denied)
         for one in history]
    )  # fmt: skip
    assert [one.time for one in history] == sorted(one.time for one in history)


@settings(max_examples=30, deadline=None)
@given(batches=st.lists(batches, min_size=1, max_size=3), hours=st.integers(-3, 3))
def test_a_principal_window_is_the_scope_of_one_principal(tmp_path_factory, batches, hours):
    folder = tmp_path_factory.mktemp("lake")
    held = lake_of(folder, batches)
    since = T0 + timedelta(hours=hours)
    until = since + timedelta(hours=2)
    with open_lake(folder) as con:
        window = principal_window(con, "u:1", since, until)
    rows = in_scope(held, Selectors(since=since, until=until, principals=("u:1",)))
    found = (window.data_subjects, window.records, window.accesses)
    assert found == counts(rows)
    assert window.in_clear == codes_of(union(rows, "cat_clear"))


class TestWhatCounts:
    """The rules in words, each with the rows that show it."""

    @pytest.fixture
    def report(self, tmp_path):
        def answer(*rows, **chosen):
            publish(tmp_path / HOT, "0", 0, 1, [wire(rows)])
            with open_lake(tmp_path) as con:
                return scope(con, Selectors(**chosen))

        return answer

    def test_an_event_that_two_readers_saw_is_one_record_and_two_accesses(self, report):
        other = Access(kind="delivered", subscription="other", principal_uid="svc:other")
        headline = report(Row(offset=1), Row(offset=1, access=other)).headline
        assert (headline.records, headline.accesses, headline.data_subjects) == (1, 2, 1)

    def test_what_was_denied_disclosed_nothing(self, report):
        assert report(Row(action=DENIED, clear=1)).headline.accesses == 0

    def test_masked_values_count_on_request_only(self, report, tmp_path):
        asked = report(Row(clear=0, masked=2), include_masked=True)
        with open_lake(tmp_path) as con:
            default = scope(con, Selectors())
        assert (default.headline.accesses, default.by_category) == (0, ())
        (email,) = asked.by_category
        assert (email.code, email.subjects_in_clear, email.subjects_only_masked) == ("email", 0, 1)

    def test_an_access_that_showed_nothing_does_not_count_even_with_masked_values(self, report):
        rows = Row(clear=0, masked=0), Row(clear=0, masked=0, denied=1)
        assert report(*rows, include_masked=True).headline.accesses == 0

    def test_a_record_without_a_subject_is_a_record_but_nobody(self, report):
        headline = report(Row(subject=None, jurisdiction="")).headline
        assert (headline.data_subjects, headline.records, headline.records_without_subject) == (
            0,
            1,
            1,
        )

    def test_who_belongs_to_one_jurisdiction_is_not_unknown_as_well(self, report):
        silent, known = Row(offset=0, jurisdiction=""), Row(offset=1, jurisdiction="TR")
        found = report(silent, known, Row(offset=2, subject=ref(2), jurisdiction=""))
        assert [(one.jurisdiction, one.data_subjects, one.records) for one in found.by_jurisdiction] == [
            ("TR", 1, 2), ("??", 1, 1)
        ]  # fmt: skip

    def test_where_somebody_belongs_and_how_old_they_are_may_be_said_outside_the_window(
        self, report
    ):
        hidden = Row(offset=0, time=NOON - HOUR, jurisdiction="TR", age_band=2, clear=0, denied=1)
        found = report(hidden, Row(offset=1, jurisdiction="", age_band=0), since=T0)
        assert [one.jurisdiction for one in found.by_jurisdiction] == ["TR"]
        assert [(one.children, one.age_unknown) for one in found.by_group] == [(1, 0)]

    def test_groups_of_people_are_told_with_their_children(self, report):
        rows = [
            Row(offset=0, subject=ref(1), age_band=3),
            Row(offset=1, subject=ref(1), age_band=4),
            Row(offset=2, subject=ref(2), age_band=4),
            Row(offset=3, subject=ref(3), age_band=0),
            Row(offset=4, subject=ref(3), age_band=0, subject_kind="ext:Lead"),
            Row(offset=5, subject=None, age_band=0, subject_kind=""),
        ]
        assert [msgspec.structs.astuple(one) for one in report(*rows).by_group] == [
            ("dpv:Customer", 3, 1, 1, 4), ("ext:Lead", 1, 0, 1, 1)
        ]  # fmt: skip

    def test_the_window_has_its_beginning_and_not_its_end(self, report):
        rows = Row(offset=0, time=NOON), Row(offset=1, time=NOON + HOUR)
        headline = report(*rows, since=T0, until=T0 + timedelta(hours=1)).headline
        assert (headline.accesses, headline.first_exposure) == (1, T0)

    def test_an_exposure_long_before_it_was_logged_is_found_by_its_own_time(self, report):
        headline = report(
            Row(time=NOON - 90 * 24 * HOUR),
            since=T0 - timedelta(days=91),
            until=T0 - timedelta(days=89),
        ).headline
        assert headline.accesses == 1

    def test_a_time_at_the_end_of_the_calendar_is_no_way_out_of_the_answer(self, report, tmp_path):
        last = int(datetime(9999, 12, 31, 23, 59, tzinfo=UTC).timestamp()) * 1_000_000
        assert report(Row(time=last)).headline.accesses == 1
        with open_lake(tmp_path) as con:
            assert len(subject_history(con, ref(1))) == 1

    def test_a_name_that_is_nowhere_in_the_trail_is_said(self, report):
        found = report(
            Row(), tenants=("acme", "amce"), principals=("svc:sales",), roles=("boss", "king")
        )
        assert [(one.kind, one.value, one.near) for one in found.unknown] == [
            ("role", "boss", ()), ("role", "king", ()), ("tenant", "amce", ("acme",))
        ]  # fmt: skip

    def test_names_that_are_like_one_that_is_nowhere_are_said_the_likest_first(self, report):
        people = ("svc:Sales", "svc:sale", "svc:salesman", "u:1")
        rows = [
            Row(offset=n, access=Access("delivered", principal_uid=one))
            for n, one in enumerate(people)
        ]
        (found,) = report(*rows, principals=("svc:sales", "u:1")).unknown
        assert (found.value, found.near) == (
            "svc:sales", ("svc:Sales", "svc:sale", "svc:salesman")
        )  # fmt: skip

    def test_a_name_that_is_only_outside_the_window_is_not_misspelt(self, report):
        found = report(Row(), topics=("crm.events",), since=T0 + timedelta(days=1))
        assert (found.unknown, found.headline.accesses) == ((), 0)

    def test_a_selector_is_a_value_and_not_sql(self, report):
        assert report(Row(), principals=("' OR 1=1 --",)).headline.accesses == 0


def test_an_empty_lake_answers_with_nothing(tmp_path):
    with open_lake(tmp_path) as con:
        report = scope(con, Selectors(include_masked=True))
        assert subject_history(con, ref(1)) == ()
    assert report.headline == Headline(0, 0, 0, 0, 0, 0, None, None)
    assert (report.by_jurisdiction, report.by_group) == ((), ())
    assert (report.by_category, report.whose_access) == ((), ())


def test_a_second_question_does_not_see_the_scope_of_the_first(tmp_path):
    publish(tmp_path / HOT, "0", 0, 1, [wire([Row()])])
    with open_lake(tmp_path) as con:
        assert scope(con, Selectors()).headline.accesses == 1
        assert scope(con, Selectors(tenants=("other",))).headline.accesses == 0


def test_every_question_has_its_name():
    assert list(questions()) == [
        "Q00_scope",
        "Q00_unknown",
        "Q01_headline",
        "Q02_by_jurisdiction",
        "Q03_categories",
        "Q04_subject_groups",
        "Q05_whose_access",
        "Q16_subject_history",
        "Q17_principal_window",
    ]
