"""A record that can't be processed never stops the stream: it is held, with a reason, and counted."""

import hashlib
from collections import Counter
from typing import Any

import orjson
import pytest

from gateway.app import Gateway
from gateway.expand import expand
from gateway.quarantine import read_held
from gateway.stream import Batch, Line
from tests.gateway.house import House, contact

DEEP = 10_000
FIVE_MEGABYTES = 5_000_000
ENVELOPE = b'{"type": "crm.contact", "time": "2026-11-05T12:00:00Z", '
POISON = {
    "cut off": (b'{"type": "crm.contact", "conta', "not_json"),
    "no JSON at all": (b"GET / HTTP/1.1", "not_json"),
    "two objects": (b"{} {}", "not_json"),
    "not a number": (b'{"score": NaN}', "not_json"),
    "a number beyond all": (b'{"score": 1e400}', "not_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "not_json"),
    "bytes of no text": (b"\x00\x01\x02", "not_json"),
    "invalid UTF-8": (b'{"note": "\xff\xfe"}', "invalid_utf8"),
    "UTF-8 that was cut": (b'{"note": "\xc5"}', "invalid_utf8"),
    "an array": (b'[{"type": "crm.contact"}]', "not_an_object"),
    "a text": (b'"crm.contact"', "not_an_object"),
    "null": (b"null", "not_an_object"),
    "5 MB": (b'{"note": "%s"}' % (b"x" * FIVE_MEGABYTES), "too_large"),
    "deep objects": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "too_deep"),
    "deep arrays": (b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}", "too_deep"),
    "deep and never closed": (b'{"a":' * DEEP, "too_deep"),
    "a little too deep": (b'{"a":' * 65 + b"1" + b"}" * 65, "too_deep"),
    "a crowd of leaves": (b'{"a": [%s"x"]}' % (b'"x",' * 20_000), "too_many_leaves"),
    "a crowd of names": (
        orjson.dumps({"a": [{f"k{n}": "x"} for n in range(20_001)]}),
        "too_many_leaves",
    ),
    "a type that is no text": (b'{"type": 7}', "wrong_type"),
    "a type that is an object": (b'{"type": {"a": "crm.contact"}}', "wrong_type"),
    "a time that is no text": (b'{"type": "crm.contact", "time": 12}', "wrong_type"),
    "a time that is none": (b'{"type": "crm.contact", "time": "yesterday"}', "wrong_type"),
}
# Odd, but events: every field of a wrong type is one that the scan looks into all the same.
ODD = [
    b"{}",
    ENVELOPE + b'"contact": [], "note": {"a": ["b"]}, "billing": "x", "tags": 7}',
    ENVELOPE + b'"contact": {"id": {}, "name": [["x"]], "email": {"a": {"b": "c"}}}}',
    ENVELOPE + b'"contact": {"id": 1e300, "phone": -0.0, "score": 1e-400}, "": {"": ""}}',
    ENVELOPE + b'"contact": {"birth_date": "99999-99-99", "country": "\\u0000"}}',
    ENVELOPE + b'"note": "\\ud83d\\ude00 \\u202e\\u0000", "note": "twice"}',
    b'{"type": "campaign.send", "recipients": {"0": "x"}}',
    b'{"type": "campaign.send", "recipients": [[], 7, null, "x", {"email": ["y"]}]}',
    b'{"type": "api.access", "actor": "x", "headers": [1], "client_address": {}}',
    b'{"type": "nobody.knows", "time": [], "x": 123456789012345678901234567890}',
]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path, {"sales": {"email": "mask"}})


@pytest.mark.parametrize("name", POISON)
def test_a_bad_line_is_held_with_its_reason_and_its_neighbours_are_shown(house, name):
    value, reason = POISON[name]
    house.write([contact(0), value, contact(2)])
    house.run()
    assert [each["id"] for each in house.view()] == ["e0", "e2"]
    assert {offset: held.reason for offset, held in house.held().items()} == {1: reason}
    rejected = [row for row in house.rows() if row["access_kind"] == "rejected"]
    assert [(row["kafka_offset"], row["reason"]) for row in rejected] == [(1, reason)]


def test_all_bad_lines_of_a_batch_are_held_and_counted(tmp_path):
    house = House(tmp_path, {"sales": {"email": "mask"}}, batch_lines=100)
    house.write(value for value, _ in POISON.values())
    house.write([contact(0)])
    house.run()
    expected = Counter(reason for _, reason in POISON.values())
    assert Counter(held.reason for held in house.held().values()) == expected
    counted = Counter(row["reason"] for row in house.rows() if row["access_kind"] == "rejected")
    assert counted == expected
    assert [each["id"] for each in house.view()] == ["e0"]


def test_what_is_held_is_the_line_as_it_came(house):
    value, _ = POISON["invalid UTF-8"]
    house.write([value])
    house.run()
    assert house.restored() == [("crm/0/0", "invalid_utf8", value)]


def test_of_what_is_too_big_to_keep_the_digest_is_held(house):
    value, _ = POISON["5 MB"]
    house.write([value])
    house.run()
    (held,) = house.held().values()
    assert (held.sealed, held.size) == (False, len(value))
    assert held.sha256 == hashlib.sha256(value).hexdigest()


@pytest.mark.parametrize("value", ODD)
def test_an_odd_event_is_still_an_event(house, value):
    house.write([contact(0), value, contact(2)])
    house.run()
    assert len(house.view()) == 3
    assert house.held() == {}


# On Kafka a record may have no value, no key, or neither.


@pytest.fixture
def pipeline(house):
    with Gateway(house.settings) as gateway:
        yield gateway.pipelines["crm"]


def outcome_of(pipeline, *records):
    return pipeline(Batch("crm", "events", 3, 0, len(records), records))


def test_a_record_without_key_and_value_is_held_and_counted(pipeline):
    good = orjson.dumps(contact(0))
    outcome = outcome_of(pipeline, Line(0, good, b"a"), Line(1, None), Line(2, good, b"b"))
    assert [out.offset for out in outcome.views["sales"]] == [0, 2]
    (held,) = [read_held(out.headers, out.value) for out in outcome.quarantine]
    assert (held.coordinate, held.reason) == ("events/3/1", "empty")
    rows = [row for each in outcome.audits for row in expand(each.stream).to_pylist()]
    assert [row["reason"] for row in rows if row["access_kind"] == "rejected"] == ["empty"]


def test_a_record_with_a_key_only_is_a_tombstone_and_stays_one(pipeline):
    outcome = outcome_of(pipeline, Line(0, None, b"a.b@example.org"))
    (out,) = outcome.views["sales"]
    assert (out.value, outcome.quarantine) == (None, [])
    assert out.key.startswith(b"psd_email_")


@pytest.mark.parametrize("key", [b"", b"\xff\xfe", b"x" * 100_000, b"{", b"\x00"])
def test_no_key_stops_the_stream(pipeline, key):
    headers: list[Any] = [("h", b"\xff"), ("", b""), ("n", None)]  # Kafka allows all of these
    outcome = outcome_of(pipeline, Line(0, b"{}", key, 0, headers))
    assert [out.offset for out in outcome.views["sales"]] == [0]
    assert outcome.quarantine == []
