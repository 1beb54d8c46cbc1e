"""Keys, headers and tombstones of a view: equal keys stay equal, and nothing else goes on."""

import re
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.unveil import DEPTH
from tests.gateway.build_pipeline import (
    OPEN,
    contact,
    keyring,
    line,
    pipeline,
    process,
    view,
)
from tests.gateway.generated_records import PARENT

AYSE, CAN = "ayse@ornek.example", "can@ornek.example"
KEY = AYSE.encode()


def other(**actions: str):
    return {"*": "allow", **actions}


def pseudonym(code: str, text: str) -> bytes:
    return keyring().pseudonym(code, text, exact=True).encode()


class TestKeys:
    @pytest.mark.parametrize("key", [None, b"", b"c1", b"order-7731", KEY])
    def test_an_allowed_one_goes_on_as_it_is(self, key):
        assert view(OPEN, contact(), key=key).key == key

    def test_a_tokenised_one_can_be_turned_back(self):
        key = view(other(email="tokenize"), contact(), key=KEY).key
        assert key is not None
        assert keyring().detokenize(key.decode()) == ("email", AYSE)

    @pytest.mark.parametrize(
        "action", ["mask", "generalise", "pseudonymise", "redact", "drop", "deny"]
    )
    def test_whatever_is_stricter_makes_a_pseudonym_of_it(self, action):
        assert view(other(email=action), contact(), key=KEY).key == pseudonym("email", AYSE)

    def test_one_that_holds_personal_data_is_replaced_whole(self):
        key = view(other(email="redact"), contact(), key=b"user:" + KEY).key
        assert key == pseudonym("email", f"user:{AYSE}")

    def test_one_that_is_not_utf_8_cannot_be_examined_and_becomes_a_pseudonym(self):
        one, same, another = (
            view(OPEN, contact(), key=key).key for key in (b"\xff", b"\xff", b"\xfe")
        )
        assert one == same != another
        assert one == keyring().pseudonym("key", "ff").encode()

    @pytest.mark.parametrize("field", [{}, {"name": "Ayse Demir"}, {"name": "Kaya"}])
    def test_the_event_has_no_say_in_it(self, field):
        key = view(other(name="drop"), contact(**field), key=b"Ayse Demir").key
        assert key == b"Ayse Demir"


class TestKeysOfADeclaredCategory:
    """What a key is that no rule can know: the input's settings say it."""

    def key(self, actions, key=b"Ayse Demir", category="name"):
        path = pipeline({"all": actions}, key_category=category)
        return process(path, line(contact(), key=key)).view()[0].key

    def test_are_treated_as_such(self):
        assert self.key(other(name="mask")) == pseudonym("name", "Ayse Demir")

    def test_can_be_turned_back_from_a_token(self):
        key = self.key(other(name="tokenize"))
        assert keyring().detokenize(key.decode()) == ("name", "Ayse Demir")

    def test_go_on_where_the_category_is_allowed(self):
        assert self.key(OPEN) == b"Ayse Demir"

    def test_are_held_to_what_else_they_hold(self):
        assert self.key(other(email="redact"), KEY) == pseudonym("email", AYSE)

    def test_are_in_the_trail(self):
        path = pipeline({"all": OPEN}, key_category="name")
        assert [one.entity for one in process(path, line(contact(), key=b"x")).meta.findings] == [
            "PERSON",
            "RECORD_ID",
        ]


def deep() -> str:
    """Return a text that is encoded more often than anybody reads."""
    text = AYSE
    for _ in range(DEPTH + 1):
        text = b64encode(text.encode()).decode()
    return text


STRICT = pipeline({"all": {"*": "redact", "phone": "mask", "name": "allow"}}, compacted=True)
TOKENS = pipeline({"all": {"*": "tokenize"}}, key_category="email")
KEYS = st.lists(
    st.binary(max_size=12)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(str.encode)
    | st.sampled_from([KEY, KEY.upper(), b" " + KEY, b"+905321234567", b"0532 123 45 67", b"Ayse"]),
    min_size=2,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(KEYS)
@pytest.mark.parametrize("path", [STRICT, TOKENS], ids=["strict", "tokens"])
def test_equal_keys_stay_equal_and_others_stay_apart(path, keys):
    values = [None, contact(name="Ayse", email=AYSE, note="call +90 532 123 45 67")]
    records = [line(values[at % 2], key=key) for at, key in enumerate(keys)]
    made = [out.key for out in process(path, *records).view()]
    assert len(made) == len(keys)
    assert len(set(zip(keys, made, strict=True))) == len(set(keys)) == len(set(made))


class TestTombstones:
    def test_one_stays_one_under_the_key_of_its_event(self):
        result = process(
            pipeline({"all": other(email="drop")}),
            line(contact(email=AYSE), key=KEY),
            line(None, key=KEY),
        )
        event, tombstone = result.view()
        assert (tombstone.value, tombstone.key) == (None, event.key)
        assert event.key == pseudonym("email", AYSE)

    def test_one_has_a_row_in_the_trail(self):
        (row,) = process(pipeline(), line(None, key=KEY)).rows
        assert (row["resource"], row["reason"], row["subject_ref"]) == ("unknown", "granted", None)

    @pytest.mark.parametrize("action", ["deny", "drop"])
    def test_a_denied_event_leaves_one_where_an_older_value_could_stay(self, action):
        path = pipeline({"none": {"email": action}}, compacted=True)
        record = line(contact(email=AYSE), key=KEY, timestamp=7, headers=[("a", b"b")])
        assert process(path, record).view("none") == [(0, 7, pseudonym("email", AYSE), None, [])]

    def test_an_event_that_goes_to_quarantine_leaves_one_too(self):
        path = pipeline({"all": other(email="quarantine")}, compacted=True)
        (out,) = process(path, line(contact(email=AYSE), key=b"c1")).view()
        assert (out.key, out.value) == (b"c1", None)

    def test_without_a_key_nothing_older_can_stay(self):
        path = pipeline({"none": {"email": "deny"}}, compacted=True)
        assert process(path, contact(email=AYSE)).view("none") == []

    def test_a_key_of_which_not_all_could_be_read_is_a_pseudonym_there(self):
        key = deep()
        path = pipeline({"all": OPEN}, compacted=True)
        result = process(path, line(contact(), key=key.encode()))
        (out,) = result.view()
        assert result.held() == [(0, "not_examined")]
        assert re.match(b"psd_key_", out.key or b"")
        assert out.value is None

    def test_where_nothing_is_compacted_a_denied_event_leaves_nothing(self):
        path = pipeline({"none": {"email": "deny"}})
        assert process(path, line(contact(), key=b"c1"), line(None, key=b"c1")).view("none") == []


class TestHeaders:
    def headers(self, actions, *headers, event=None):
        return view(actions, event or contact(), headers=list(headers)).headers

    def test_are_treated_like_fields(self):
        sent = [("x-user", KEY), ("x-shop", b"7"), ("note", b"from " + KEY), ("ce_type", b"a.b")]
        assert self.headers(other(email="mask"), *sent) == [
            ("x-user", b"a***@o***.example"),
            ("x-shop", b"7"),
            ("note", b"from a***@o***.example"),
            ("ce_type", b"a.b"),
        ]

    def test_of_one_name_are_told_apart(self):
        sent = [("x", KEY), ("x", b"1"), ("x", CAN.encode())]
        found = self.headers(other(email="redact"), *sent)
        assert found == [("x", b"[EMAIL]"), ("x", b"1"), ("x", b"[EMAIL]")]

    def test_hold_the_values_of_the_event_too(self):
        event = contact(name="Ayse Demir")
        found = self.headers(other(name="drop"), ("x-about", b"Ayse Demir"), event=event)
        assert found == [("x-about", b"[NAME]")]

    def test_that_are_removed_as_a_whole_are_left_out(self):
        sent = [("password", b"horse-battery"), ("b", b"1")]
        assert self.headers(OPEN | {"password": "drop"}, *sent) == [("b", b"1")]

    @pytest.mark.parametrize("value", [b"\xff\xfe", None])
    def test_that_are_not_text_are_left_out(self, value):
        assert self.headers(OPEN, ("a", value), ("b", b"1")) == [("b", b"1")]

    def test_that_are_empty_go_on(self):
        assert self.headers(OPEN, ("a", b"")) == [("a", b"")]

    def test_one_whose_name_could_not_all_be_read_holds_its_event_each_time(self):
        path, name = pipeline({"all": OPEN}), deep()
        for event, headers in ((contact(), [(name, b"1")]), (contact() | {name: 1}, [])):
            for _ in range(2):
                assert process(path, line(event, headers=headers)).held() == [(0, "not_examined")]

    def test_one_whose_name_holds_what_the_reader_may_not_see_is_left_out_each_time(self):
        sent = [(AYSE, b"1"), ("x-request", b"2")]
        path = pipeline({"all": other(email="mask")})
        for _ in range(2):
            (out,) = process(path, line(contact(), headers=sent)).view()
            assert out.headers == [("x-request", b"2")]
        assert self.headers(OPEN, *sent) == sent

    def test_the_trace_goes_on_with_a_parent_of_its_own(self):
        ((name, value),) = self.headers({"*": "redact"}, ("traceparent", PARENT))
        assert name == "traceparent"
        assert re.fullmatch(b"00-(?:a1){16}-[0-9a-f]{16}-01", value)
        assert value != PARENT

    @pytest.mark.parametrize("value", [b"", b"00-" + KEY, PARENT + b"-more", b"\xff", None])
    def test_a_malformed_trace_ends(self, value):
        assert self.headers(OPEN, ("traceparent", value), ("a", b"1")) == [("a", b"1")]

    def test_of_a_tombstone_go_on_as_well(self):
        (out,) = process(
            pipeline({"all": other(email="redact")}),
            line(None, key=b"c1", headers=[("x-user", KEY)]),
        ).view()
        assert (out.value, out.headers) == (None, [("x-user", b"[EMAIL]")])
