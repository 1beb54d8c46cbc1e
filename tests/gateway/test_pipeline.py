"""The main path as a whole: nothing stops it, nothing is lost on it, and chance has no part in it."""

from base64 import b64encode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.unveil import DEPTH
from gateway.config import Limits
from gateway.quarantine import read_held, restore
from gateway.stream import Line, Outcome
from gateway.vault import Vault
from schemas.access import Reason
from tests.builders import NOON
from tests.gateway.build_pipeline import (
    OPEN,
    batch,
    contact,
    keyring,
    line,
    mailing,
    opened,
    pipeline,
    process,
    subscription,
)
from tests.gateway.generated_records import GOOD, MIXED, PARENT, lines

NARROW = Limits(event_bytes=4000, depth=20, leaves=200)
READERS = {
    "all": OPEN,
    "some": {"*": "allow", "email": "mask", "name": "drop", "phone": "tokenize"},
    "few": {"*": "redact", "government_id": "quarantine"},
    "none": {"email": "deny"},
}
WARM = pipeline(READERS, limits=NARROW)  # it has seen all examples before this one
OPEN_TO_ALL = pipeline(limits=NARROW)


@settings(max_examples=150, deadline=None)
@given(lines(GOOD))
@example(
    [Line(0, b'{"type":"crm.contact","contact":{"birth_date":"\xc2\xb2\xc2\xb2\xc2\xb2\xc2\xb2"}}')]
)
@example([Line(0, b'{"time":"2026-11-05T12:00:1\xc2\xb2Z"}')] * 2)
@example([Line(0, b"{}", headers=[("ce_type", None), ("ce_time", None)])])  # type: ignore[list-item]
def test_whatever_json_it_is_it_is_shown_or_held(records):
    result = process(OPEN_TO_ALL, *records)
    shown = [out.offset for out in result.view()]
    held = [offset for offset, _ in result.held()]
    assert sorted([*shown, *held]) == list(range(len(records)))


@settings(max_examples=150, deadline=None)
@given(MIXED)
def test_whatever_bytes_they_are_they_are_shown_or_held(records):
    result = process(OPEN_TO_ALL, *records)
    shown = [out.offset for out in result.view()]
    held = [offset for offset, _ in result.held()]
    assert sorted([*shown, *held]) == list(range(len(records)))


@settings(max_examples=60, deadline=None)
@given(MIXED)
def test_every_view_is_in_the_order_of_the_input(records):
    outcome = WARM(batch(*records, first=40))
    assert list(outcome.views) == ["all", "some", "few", "none"]
    for view in outcome.views.values():
        offsets = [out.offset for out in view]
        assert offsets == sorted(set(offsets))


def plain(outcome: Outcome):
    """Return an outcome without what is made anew each time: parents of traces, sealed bytes."""
    views = {name: [unparented(out) for out in view] for name, view in outcome.views.items()}
    held = [out._replace(value=out.value and b"sealed") for out in outcome.quarantine]
    return views, held, outcome.audits


def unparented(out):
    headers = [
        (name, value[:36] if name == "traceparent" else value) for name, value in out.headers
    ]
    return out._replace(headers=headers)


@settings(max_examples=60, deadline=None)
@given(before=MIXED, records=MIXED)
def test_the_outcome_depends_on_the_lines_and_the_settings_alone(before, records):
    vault = Vault.open(":memory:")
    fresh, warm = (pipeline(READERS, limits=NARROW, vault=vault) for _ in range(2))
    warm(batch(*before))
    assert plain(warm(batch(*records))) == plain(fresh(batch(*records)))
    vault.close()


@settings(max_examples=40, deadline=None)
@given(records=MIXED, at=st.integers(0, 8))
def test_where_a_batch_ends_does_not_change_what_a_reader_sees(records, at):
    whole = WARM(batch(*records))
    parts = [WARM(batch(*records[:at])), WARM(batch(*records[at:], first=min(at, len(records))))]
    for name, view in whole.views.items():
        got = [out for part in parts for out in part.views[name]]
        assert [unparented(out) for out in got] == [unparented(out) for out in view]


class TestLimits:
    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            (b'{"a":[' + b'"x",' * 200 + b'"x"]}', "too_many_leaves"),
            (b'{"a":' * 21 + b"1" + b"}" * 21, "too_deep"),
            (b'{"a":' * 600 + b"1" + b"}" * 600, "too_deep"),
            (b'{"a":' * 2000 + b"1" + b"}" * 2000, "too_large"),
        ],
    )
    def test_what_is_beyond_them_does_not_disturb_its_neighbours(self, value, reason):
        note = contact(note="call ayse@ornek.example", email="ayse@ornek.example")
        reader = {"all": {"*": "allow", "email": "redact"}}
        result = process(pipeline(reader, limits=NARROW), note, value, note)
        assert result.held() == [(1, reason)]
        assert [(out.offset, event["note"]) for out, event in zip(
            result.view(), result.shown(), strict=True
        )] == [(0, "call [EMAIL]"), (2, "call [EMAIL]")]  # fmt: skip

    def test_what_is_just_within_them_is_shown(self):
        wide = b'{"a":[' + b'"x",' * 199 + b'"x"]}'
        deep = b'{"a":' * 20 + b"1" + b"}" * 20
        assert len(process(pipeline(limits=NARROW), wide, deep).view()) == 2

    def test_names_of_fields_count_the_same_whether_they_were_seen_before_or_not(self):
        path = pipeline(limits=NARROW)
        half, whole = ({f"f{n}": "x" for n in range(size)} for size in (100, 200))
        assert len(process(path, whole, half, whole).view()) == 3
        assert len(process(path, whole).view()) == 1

    def test_an_event_about_more_people_than_rows_can_number_is_held(self):
        crowd = mailing(*[None] * 32_768)
        result = process(pipeline(), crowd, mailing(*[None] * 32_767))
        assert result.held() == [(0, "too_many_leaves")]
        assert result.column("row_ordinal") == [0, *range(32_767)]


class TestQuarantine:
    def test_what_is_held_comes_back_byte_by_byte(self):
        record = line(b"{", key=b"k", timestamp=5, headers=[("a", b"b")])
        (out,) = process(pipeline(), record).outcome.quarantine
        back = restore(keyring(), read_held(out.headers, out.value), out.value)
        assert (back.value, back.key, back.timestamp) == (b"{", b"k", 5)
        assert list(back.headers) == [("a", b"b")]

    def test_above_its_limit_only_a_digest_is_kept(self):
        path = pipeline(limits=Limits(event_bytes=10, quarantine_bytes=20))
        small, big = process(path, b"x" * 15, b"x" * 25).outcome.quarantine
        assert (small.value is None, big.value) == (False, None)

    def test_an_event_that_the_policy_sends_there_is_held_once_and_still_shown_to_others(self):
        strict = {"*": "allow", "email": "quarantine"}
        readers = {"a": strict, "b": strict, "all": OPEN}
        result = process(pipeline(readers), contact(email="ayse@ornek.example"), contact())
        assert result.held() == [(0, "policy_quarantine")]
        assert [[out.offset for out in result.view(name)] for name in readers] == [[1], [1], [0, 1]]

    def test_an_event_that_could_not_all_be_read_is_shown_to_nobody(self):
        note = "ayse@ornek.example"
        for _ in range(DEPTH + 1):
            note = b64encode(note.encode()).decode()
        result = process(pipeline({"a": OPEN, "b": OPEN}), contact(note=note), contact())
        assert result.held() == [(0, "not_examined")]
        assert [out.offset for out in [*result.view("a"), *result.view("b")]] == [1, 1]
        assert result.column("reason") == [*["not_examined"] * 2, *["granted"] * 2]

    def test_a_whole_batch_that_cannot_be_processed_goes_there(self):
        path = pipeline({"a": OPEN, "b": OPEN})
        records = batch(contact(), line(None, key=b"k"), first=7)
        result = opened(path.reject(records, Reason.POISON))
        assert result.outcome.views == {"a": [], "b": []}
        assert result.held() == [(7, "poison"), (8, "poison")]
        assert [out.value for out in result.outcome.quarantine] == [None, None]
        assert result.column("kafka_offset") == [7, 8]
        assert set(result.column("access_kind")) == {"rejected"}
        assert set(result.column("reason")) == {"poison"}


class TestBatches:
    def test_the_headers_of_the_audit_say_what_was_consumed(self):
        outcome = pipeline()(batch(contact(), contact(), first=5))
        assert outcome.audits[0].headers == [
            ("sluicegate-tenant", b"acme"),
            ("sluicegate-input", b"crm"),
            ("sluicegate-topic", b"crm.events"),
            ("sluicegate-partition", b"0"),
            ("sluicegate-first", b"5"),
            ("sluicegate-next", b"7"),
            ("sluicegate-count", b"2"),
        ]

    def test_an_empty_batch_has_an_empty_outcome(self):
        result = process(pipeline(), first=5)
        assert result.outcome.views == {"all": []}
        assert (result.outcome.quarantine, result.rows) == ([], [])
        assert (result.meta.first, result.meta.next, result.meta.count) == (5, 5, 0)

    def test_without_a_reader_what_was_found_is_still_counted(self):
        result = process(pipeline(subscriptions=[]), contact(email="ayse@ornek.example"))
        assert (result.outcome.views, result.rows) == ({}, [])
        assert [one.entity for one in result.meta.findings] == [
            "EMAIL_ADDRESS",
            "RECORD_ID",
        ]

    def test_only_readers_of_the_input_have_a_view(self):
        readers = [subscription("all"), subscription("all", name="b", inputs=("web",))]
        assert list(process(pipeline(subscriptions=readers)).outcome.views) == ["all"]

    def test_what_the_audit_says_once_comes_from_the_batch_and_the_policy(self):
        meta = process(pipeline(), contact(), first=9).meta
        assert (meta.tenant, meta.controller_uid, meta.policy_version) == (
            "acme", "acme.example", "7",
        )  # fmt: skip
        assert (meta.source, meta.topic, meta.partition) == ("crm", "crm.events", 0)
        assert (meta.first, meta.next, meta.count, meta.logged_time) == (9, 10, 1, NOON)


def test_readers_who_see_the_same_share_the_bytes():
    readers = {"a": {"*": "allow", "email": "mask"}, "b": {"*": "allow", "email": "mask"}}
    result = process(
        pipeline(readers), line(contact(email="a@b.example"), headers=[("traceparent", PARENT)])
    )
    assert result.view("a")[0] is result.view("b")[0]
