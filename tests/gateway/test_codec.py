"""Decoding: what an event is, when it happened, and by which code a record is refused."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codec import Decoder, Event, at, dump, instant, text_of
from gateway.config import Input, Limits
from gateway.stream import Line
from schemas.access import Reason
from schemas.event import contracts
from tests.builders import NOON, SECOND
from tests.gateway.generated_records import JSON

WHEN = "2026-11-05T12:00:00Z"


def decoder(limits: Limits = Limits(), **source: Any) -> Decoder:  # noqa: B008 - frozen
    return Decoder(Input(name="crm", tenant="acme", **source), limits, tuple(contracts()))


def decoded(value, key=None, headers=(), **source):
    return decoder(**source).decode(Line(0, value, key, 0, headers))


def event(value, key=None, headers=(), **source) -> Event:
    found = decoded(value, key, headers, **source)
    assert isinstance(found, Event)
    return found


class TestRefusing:
    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            (None, Reason.EMPTY),
            (b"", Reason.NOT_JSON),
            (b"{", Reason.NOT_JSON),
            (b"{} {}", Reason.NOT_JSON),
            (b'{"a":NaN}', Reason.NOT_JSON),
            (b'{"a":"\\ud800"}', Reason.NOT_JSON),
            (b"\xef\xbb\xbf{}", Reason.NOT_JSON),
            (b"\xff", Reason.INVALID_UTF8),
            (b'{"a":"\xc3"}', Reason.INVALID_UTF8),
            (b'{"a":"\xed\xa0\x80"}', Reason.INVALID_UTF8),
            (b"[" * 10_000 + b"]" * 10_000, Reason.TOO_DEEP),
            (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, Reason.TOO_DEEP),
            (b"null", Reason.NOT_AN_OBJECT),
            (b"7", Reason.NOT_AN_OBJECT),
            (b'"text"', Reason.NOT_AN_OBJECT),
            (b"[{}]", Reason.NOT_AN_OBJECT),
            (b'{"type":7}', Reason.WRONG_TYPE),
            (b'{"type":["crm.contact"]}', Reason.WRONG_TYPE),
            (b'{"type":"crm.contact","time":"soon"}', Reason.WRONG_TYPE),
            (b'{"type":"crm.contact","time":1793880000}', Reason.WRONG_TYPE),
        ],
    )
    def test_says_why(self, value, reason):
        assert decoded(value) is reason

    def test_an_event_is_too_large_from_the_first_byte_beyond_the_limit(self):
        limits = Limits(event_bytes=9)
        assert isinstance(decoder(limits).decode(Line(0, b'{"a":"b"}')), Event)
        assert decoder(limits).decode(Line(0, b'{"a":"bc"}')) is Reason.TOO_LARGE

    def test_what_is_too_large_is_not_even_read(self):
        assert decoder(Limits(event_bytes=9)).decode(Line(0, b"\xff" * 10)) is Reason.TOO_LARGE

    @given(st.binary() | JSON.map(dump))
    def test_never_raises(self, value):
        found = decoded(value)
        assert isinstance(found, Event | Reason)


class TestTenants:
    @pytest.mark.parametrize("named", [b'"other"', b"7", b"null", b'["acme"]', b"{}"])
    def test_one_that_the_input_does_not_declare_is_refused(self, named):
        value = b'{"tenant":%b}' % named
        assert decoded(value, tenant_pointer="/tenant") is Reason.UNKNOWN_TENANT

    def test_the_inputs_own_is_declared_where_no_list_is(self):
        assert event(b'{"tenant":"acme"}', tenant_pointer="/tenant").kind == "unknown"

    def test_a_list_says_which_there_are(self):
        words = {"tenant_pointer": "/meta/owner", "tenants": ("acme", "bcme")}
        assert event(b'{"meta":{"owner":"bcme"}}', **words).body == {"meta": {"owner": "bcme"}}
        assert decoded(b'{"meta":{"owner":"ccme"}}', **words) is Reason.UNKNOWN_TENANT
        assert decoded(b"{}", **words) is Reason.UNKNOWN_TENANT

    def test_without_a_pointer_nobody_asks(self):
        assert event(b'{"tenant":"other"}').kind == "unknown"


class TestKinds:
    def test_a_known_kind_is_told_with_its_time(self):
        found = event(b'{"type":"crm.contact","time":"2026-11-05T12:00:00Z"}')
        assert (found.kind, found.time) == ("crm.contact", NOON)

    def test_a_known_kind_may_leave_its_time_out(self):
        assert event(b'{"type":"crm.contact"}').time is None
        assert event(b'{"type":"crm.contact","time":null}').time is None

    @pytest.mark.parametrize("kind", [b'"shop.order"', b'"tombstone"', b'""', b"null"])
    def test_any_other_kind_is_unknown_and_goes_on(self, kind):
        assert event(b'{"type":%b}' % kind).kind == "unknown"

    @pytest.mark.parametrize("time", [b'"soon"', b"7", b"{}"])
    def test_an_unknown_kind_may_write_its_time_as_it_likes(self, time):
        assert event(b'{"time":%b}' % time).time is None

    def test_a_key_without_a_value_is_a_tombstone(self):
        found = event(None, key=b"k")
        assert (found.kind, found.body, found.time) == ("tombstone", None, None)


class TestPointers:
    def test_kind_and_time_stand_where_the_input_says(self):
        value = b'{"meta":{"kind":"crm.lead","at/on":"2026-11-05T12:00:00Z"},"type":7,"time":7}'
        found = event(value, type_pointer="/meta/kind", time_pointer="/meta/at~1on")
        assert (found.kind, found.time) == ("crm.lead", NOON)

    @pytest.mark.parametrize("value", [b"{}", b'{"meta":7}', b'{"meta":[{"kind":"crm.lead"}]}'])
    def test_a_pointer_to_nothing_finds_nothing(self, value):
        assert event(value, type_pointer="/meta/kind").kind == "unknown"

    def test_only_envelope_fields_at_the_top_are_known_to_be_harmless(self):
        elsewhere = decoder(type_pointer="/kind", time_pointer="/meta/at", tenant_pointer="/owner")
        assert elsewhere.checked() == ("kind", "owner")
        assert decoder().checked() == ("type", "time")


class TestCloudEvents:
    HEADERS = (("ce_type", b"crm.contact"), ("ce_time", WHEN.encode()))

    def test_headers_say_what_the_body_does_not(self):
        found = event(b"{}", headers=self.HEADERS)
        assert (found.kind, found.time) == ("crm.contact", NOON)

    def test_the_body_comes_first(self):
        value = b'{"type":"crm.lead","time":"2026-11-05T12:00:01Z"}'
        found = event(value, headers=self.HEADERS)
        assert (found.kind, found.time) == ("crm.lead", NOON + SECOND)

    def test_a_header_with_a_bad_time_is_refused_like_a_field(self):
        headers = [("ce_type", b"crm.contact"), ("ce_time", b"soon")]
        assert decoded(b"{}", headers=headers) is Reason.WRONG_TYPE

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"", None])
    def test_a_header_that_says_nothing_makes_no_kind(self, content):
        assert event(b"{}", headers=[("ce_type", content)]).kind == "unknown"


class TestInstants:
    @pytest.mark.parametrize(
        ("text", "after"),
        [
            ("2026-11-05T12:00:00Z", 0),
            ("2026-11-05t12:00:00z", 0),
            ("2026-11-05 12:00:00Z", 0),
            ("2026-11-05T12:00:00+00:00", 0),
            ("2026-11-05T12:00:00-00:00", 0),
            ("2026-11-05T15:30:00+03:30", 0),
            ("2026-11-05T01:00:00-11:00", 0),
            ("2026-11-05T12:00:07Z", 7_000_000),
            ("2026-11-05T12:00:00.5Z", 500_000),
            ("2026-11-05T12:00:00.123456789Z", 123_456),
            ("2026-11-05T15:00:00.000001+03:00", 1),
        ],
    )
    def test_every_way_of_rfc_3339_is_read(self, text, after):
        assert instant(text) == NOON + after

    @pytest.mark.parametrize(
        "text",
        [
            "2026-11-05T12:00:00",  # no offset: whose noon?
            "2026-11-05T12:00:00.500",
            "2026-11-05T12:00Z",
            "2026-11-05",
            "2026-11-05T12:00:60Z",  # a leap second
            "2026-11-05T24:00:00Z",
            "2026-02-30T12:00:00Z",
            "2026-11-05T12:00:1\u00b2Z",
            "2026-11-05T12:00:99Z",
            "0001-01-01T00:00:00+23:59",  # in the year before the first
            "9999-12-31T23:59:59-23:59",
            "2026-11-05T12:00:00.5551234567890123456789Z",  # room for a card number
            "2026-11-05T12:00:00.49301234567890Z",  # and for a little less
            "soon",
            "",
            1_793_880_000,
            True,
            None,
            ["2026-11-05T12:00:00Z"],
        ],
    )
    def test_anything_else_is_none(self, text):
        assert instant("2026-11-05T12:00:00Z") == NOON  # what was read before changes nothing
        assert instant(text) is None

    def test_another_form_of_the_same_length_keeps_its_own_seconds(self):
        noon = datetime(2026, 11, 5, 12, tzinfo=UTC)
        for text, seconds in (("20261105T120000.123Z", 0.123), ("20261105T120000.145Z", 0.145)):
            expected = noon + timedelta(seconds=seconds)
            assert (
                instant(text)
                == (expected - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta.resolution
            )

    @given(st.datetimes(timezones=st.just(UTC)), st.integers(-23 * 60, 23 * 60))
    def test_a_moment_is_the_same_wherever_its_clock_hangs(self, moment, minutes):
        expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta.resolution
        zone = timezone(timedelta(minutes=minutes))
        try:
            text = moment.astimezone(zone).isoformat()
        except OverflowError:
            return
        assert instant(text) == expected
        assert instant(moment.isoformat().replace("+00:00", "Z")) == expected


def test_a_path_of_keys_leads_through_objects_only():
    body = {"a": {"b": [{"c": 1}]}}
    assert at(body, ("a", "b")) == [{"c": 1}]
    assert (at(body, ()), at(body, ("a", "b", "0")), at(body, ("x",))) == (body, None, None)


def test_text_is_utf_8_or_none():
    assert [text_of(one) for one in ("ş".encode(), b"", b"\xff", None)] == ["ş", "", None, None]


def test_views_are_written_compactly_with_keys_in_their_order():
    assert dump({"b": [1, "ş"], "a": None}) == '{"b":[1,"ş"],"a":null}'.encode()


def test_no_repr_shows_content():
    found = event(b'{"type":"crm.contact","note":"secret"}', key=b"secret")
    assert "secret" not in repr(found)
