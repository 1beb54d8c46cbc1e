"""Quarantine: what was refused comes back byte by byte, and nobody without the key sees any of it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.errors import SealError
from gateway.quarantine import UNGUESSABLE, Held, quarantined, read_held, restore
from gateway.stream import Batch, Line, Out
from gateway.tokens import Keyring
from schemas.access import REJECTS, Reason

KEYS = Keyring("acme", bytes(range(32)))
OTHERS = Keyring("acme", bytes(32))
LIMIT = 1_000_000
MARKER = b"hilde.marker@ornek.example"
HEADERS = st.lists(st.tuples(st.text(), st.none() | st.binary()))


def batch(topic="crm"):
    return Batch("crm-input", topic, 3, 0, 100, ())


def put(record, *, reason=Reason.NOT_JSON, limit=LIMIT) -> Out:
    return quarantined(KEYS, "acme", batch(), record, reason, limit)


def held(out: Out) -> Held:
    return read_held(out.headers, out.value)


def altered(**changes):
    """Return what a record's headers say, some of it changed, and its payload."""
    out = put(Line(17, b"{"))
    return replace(held(out), **changes), out.value


@given(
    st.integers(0, 2**63 - 1),
    st.none() | st.binary(),
    st.none() | st.binary(),
    st.integers(-1, 2**63 - 1),
    HEADERS,
    st.sampled_from(sorted(REJECTS)),
)
def test_the_original_record_comes_back_as_it_was(offset, value, key, timestamp, headers, reason):
    out = put(Line(offset, value, key, timestamp, headers), reason=reason)
    line = restore(KEYS, held(out), out.value)
    assert (line.offset, line.value, line.key, line.timestamp) == (offset, value, key, timestamp)
    assert list(line.headers) == headers


def test_its_headers_say_where_it_came_from_and_why():
    out = put(Line(17, b"{}x", b"k", 99, [("a", b"bc")]))
    assert out.headers == [
        ("sluicegate-input", b"crm-input"),
        ("sluicegate-topic", b"crm"),
        ("sluicegate-partition", b"3"),
        ("sluicegate-offset", b"17"),
        ("sluicegate-tenant", b"acme"),
        ("sluicegate-reason", b"not_json"),
        ("sluicegate-size", b"7"),
        ("sluicegate-key-id", KEYS.id.encode()),
    ]


def test_it_stands_under_its_coordinate_with_its_own_time():
    out = put(Line(17, b"{", timestamp=99))
    assert (out.offset, out.timestamp, out.key) == (17, 99, b"crm/3/17")


def test_what_is_read_back_has_no_content():
    assert held(put(Line(17, b"{}x", b"k"))) == Held(
        input="crm-input",
        topic="crm",
        partition=3,
        offset=17,
        tenant="acme",
        reason="not_json",
        size=4,
        key_id=KEYS.id,
        sealed=True,
    )


@pytest.mark.parametrize("limit", [LIMIT, 0])
def test_no_content_is_written_in_clear(limit):
    out = put(Line(17, b"<" + MARKER, MARKER, 0, [("from", MARKER)]), limit=limit)
    written = b"".join([out.key or b"", out.value or b"", *(value for _, value in out.headers)])
    assert MARKER not in written
    assert "marker" not in repr(out) + repr(held(out))


def test_above_the_limit_only_a_digest_is_kept():
    value = bytes(UNGUESSABLE)
    out = put(Line(17, value), reason=Reason.TOO_LARGE, limit=UNGUESSABLE - 1)
    assert out.value is None
    assert held(out).sha256 == hashlib.sha256(value).hexdigest()
    assert held(out).hmac_sha256 == ""
    assert not held(out).sealed


def test_at_the_limit_the_payload_is_kept():
    assert put(Line(17, b"12345", b"123", 0, [("a", b"1")]), limit=10).value is not None
    assert put(Line(17, b"12345", b"123", 0, [("a", b"1")]), limit=9).value is None


def test_the_digest_of_a_short_value_is_keyed():
    one, other = (held(put(Line(at, b"+905321234567"), limit=0)) for at in (1, 2))
    assert one.sha256 == ""
    assert one.hmac_sha256 != hashlib.sha256(b"+905321234567").hexdigest()
    assert one.hmac_sha256 == other.hmac_sha256  # the same bad record twice is seen as such


def test_a_record_without_value_has_no_digest():
    out = put(Line(17, None, b"key"), limit=0)
    assert (held(out).sha256, held(out).hmac_sha256) == ("", "")


def test_what_was_not_kept_cannot_be_restored():
    out = put(Line(17, b"{"), limit=0)
    with pytest.raises(
        SealError, match="crm/3/17: the payload is not in quarantine; only a digest"
    ):
        restore(KEYS, held(out), out.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"offset": 18},
        {"partition": 4},
        {"topic": "calls"},
        {"tenant": "globex"},
        {"input": "other"},
        {"reason": "too_deep"},
        {"size": 2},
    ],
)
def test_a_payload_opens_only_under_its_own_headers(changes):
    with pytest.raises(SealError, match="was altered"):
        restore(KEYS, *altered(**changes))


def test_another_key_is_named_with_the_one_that_sealed():
    with pytest.raises(SealError, match=f"key {OTHERS.id} of tenant acme; it was sealed with"):
        restore(OTHERS, *altered())


def test_altered_bytes_are_refused_without_being_shown():
    one, sealed = altered()
    assert sealed is not None
    with pytest.raises(SealError, match="crm/3/17: the content was altered"):
        restore(KEYS, one, sealed[:-1] + bytes([sealed[-1] ^ 1]))


@pytest.mark.parametrize(
    "headers", [[], [("sluicegate-topic", b"crm")], [("sluicegate-offset", b"\xff")]]
)
def test_other_records_are_refused(headers):
    with pytest.raises(SealError, match="not a quarantined record"):
        read_held(headers, b"x")


def test_headers_of_others_do_not_matter():
    out = put(Line(17, b"{"))
    more = [*out.headers, ("traceparent", b"00"), ("sluicegate-new", b"1")]
    assert read_held(more, out.value) == held(out)
