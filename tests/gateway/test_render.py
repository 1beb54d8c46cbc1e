"""Views: what a reader sees of an event's fields, and that nobody's view is in another's."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings

import schemas
from gateway.policy import load_policy
from gateway.render import WITHHELD
from tests.gateway.build_pipeline import (
    OPEN,
    contact,
    keyring,
    line,
    mailing,
    pipeline,
    process,
    shown,
    subscription,
    view,
)
from tests.gateway.generated_records import GOOD, MIXED, lines

AYSE, CAN = "ayse@ornek.example", "can@ornek.example"
SMILOAI = Path(schemas.__file__).parent / "policies" / "smiloai.toml"


def other(**actions: str):
    """Return what a reader may see of everything that is not named here: all of it."""
    return {"*": "allow", **actions}


class TestAllow:
    @settings(max_examples=150, deadline=None)
    @given(lines(GOOD))
    def test_leaves_every_event_as_it_is(self, records):
        result = process(pipeline(), *records)
        for out in result.view():
            body = orjson.loads(records[out.offset].value)
            assert out.value == orjson.dumps(body)

    def test_keeps_place_and_time(self):
        out = view(OPEN, contact(), timestamp=77)
        assert (out.offset, out.timestamp) == (0, 77)

    def test_writes_json_compactly_with_keys_in_their_order(self):
        assert view(OPEN, b'{ "b": 1,\n "a": [ 2.50, null ] }').value == b'{"b":1,"a":[2.5,null]}'


class TestFields:
    def test_a_masked_one_keeps_its_shape(self):
        event = contact(name="Ayse Demir", email=AYSE)
        found = shown(other(name="mask", email="mask"), event)["contact"]
        assert found == {"id": "c1", "name": "A. D.", "email": "a***@o***.example"}

    @pytest.mark.parametrize("action", ["drop", "deny"])
    def test_a_removed_one_is_not_there(self, action):
        event = contact(name="Ayse Demir", email=AYSE)
        assert shown(other(email=action), event)["contact"] == {"id": "c1", "name": "Ayse Demir"}

    def test_a_token_can_be_turned_back(self):
        token = shown(other(email="tokenize"), contact(email=AYSE))["contact"]["email"]
        assert keyring().detokenize(token) == ("email", AYSE)

    def test_a_pseudonym_is_the_same_for_the_same_value(self):
        result = process(pipeline({"all": other(email="pseudonymise")}), *[contact(email=AYSE)] * 2)
        first, second = (event["contact"]["email"] for event in result.shown())
        assert first == second == keyring().pseudonym("email", AYSE)

    def test_elements_of_an_array_keep_their_places(self):
        event = {"type": "shop.order", "who": ["x", AYSE, "y", [CAN, "z"]]}
        assert shown(other(email="drop"), event)["who"] == ["x", "[EMAIL]", "y", ["[EMAIL]", "z"]]
        marked = mailing({"email": AYSE}, {"email": CAN, "id": "c2"})
        assert shown(other(email="drop"), marked)["recipients"] == [{}, {"id": "c2"}]

    def test_an_annotated_element_that_is_removed_leaves_null(self):
        event = contact() | {"billing": {"method": ["card", "cash"]}}
        assert shown(other(billing="drop"), event)["billing"]["method"] == [None, None]

    def test_what_is_below_an_annotated_field_is_treated_like_it(self):
        event = contact(email={"work": AYSE, "old": [CAN, 7]})
        found = shown(other(email="redact"), event)["contact"]["email"]
        assert found == {"work": "[EMAIL]", "old": ["[EMAIL]", "[EMAIL]"]}

    def test_numbers_are_values_too(self):
        event = contact(national_id=10000000146, score=7) | {"version": 7}
        found = shown(other(government_id="mask", lead_score="generalise"), event)
        assert found["contact"] == {"id": "c1", "national_id": "*********46", "score": "<10"}
        assert found["version"] == 7

    def test_a_long_number_is_found_wherever_it_stands(self):
        event = {"type": "shop.order", "tckn": 10000000146, "all": [10000000146], "count": 12}
        found = shown(other(government_id="redact"), event)
        assert (found["tckn"], found["count"]) == ("[GOVERNMENT_ID]", 12)

    def test_true_and_false_say_something_of_a_person_and_null_says_nothing(self):
        event = contact(email=None, name=True, phone=False) | {"seen": True}
        found = shown({"*": "redact"}, event)
        assert (found["seen"], found["contact"]) == (
            True,
            {"id": "[RECORD_ID]", "email": None, "name": "[NAME]", "phone": "[PHONE]"},
        )


class TestSpans:
    def test_each_is_replaced_where_it_stands(self):
        event = contact(note=f"{AYSE}, then 192.0.2.77 and {CAN}.")
        found = shown(other(email="redact", ip_address="mask"), event)["note"]
        assert found == "[EMAIL], then 192.*.*.* and [EMAIL]."

    @pytest.mark.parametrize("action", ["redact", "drop", "deny"])
    def test_what_is_removed_leaves_its_name(self, action):
        event = contact(note=f"write to {AYSE}")
        assert shown(other(email=action), event)["note"] == "write to [EMAIL]"

    def test_what_is_allowed_stays_between_others(self):
        event = contact(note=f"{AYSE} 192.0.2.77 {CAN}")
        assert shown(other(ip_address="drop"), event)["note"] == f"{AYSE} [IP_ADDRESS] {CAN}"

    def test_a_name_of_the_event_is_found_in_its_text(self):
        event = contact(name="Ayse Demir", note="Ask for Mrs Demir, or AYSE DEMIR herself")
        assert shown(other(name="drop"), event)["note"] == "Ask for Mrs [NAME], or [NAME] herself"

    def test_characters_beyond_ascii_do_not_move_it(self):
        event = contact(note=f"Şükrü 🎈 yazar: {AYSE} ✓")
        assert shown(other(email="drop"), event)["note"] == "Şükrü 🎈 yazar: [EMAIL] ✓"

    def test_where_two_overlap_the_surer_one_is_replaced_whole(self):
        event = contact(name="Ayse", note=f"mail {AYSE}")
        assert shown(other(name="drop", email="redact"), event)["note"] == "mail [EMAIL]"


class TestSpansInFields:
    """A field that is something may hold something else: the stricter of their actions is taken."""

    EVENT = contact(name="Ayse Berlin", address="Ornek Str. 5, Berlin")

    def test_the_field_is_stricter(self):
        found = shown(other(name="mask", postal_address="redact"), self.EVENT)["contact"]
        assert (found["name"], found["address"]) == ("A. B.", "[POSTAL_ADDRESS]")

    def test_what_it_holds_is_stricter(self):
        found = shown(other(name="drop", postal_address="mask"), self.EVENT)["contact"]
        assert found == {"id": "c1"}

    def test_only_what_it_holds_is_not_allowed(self):
        found = shown(other(name="redact"), self.EVENT)["contact"]
        assert found["address"] == "Ornek Str. 5, [NAME]"

    def test_a_form_that_would_keep_what_it_holds_is_not_taken(self):
        generalised = other(postal_address="generalise")
        assert shown(generalised, self.EVENT)["contact"]["address"] == "Berlin"
        found = shown(generalised | {"name": "mask"}, self.EVENT)["contact"]
        assert found["address"] == "[POSTAL_ADDRESS]"


class TestNamesOfFields:
    def test_personal_data_in_one_is_replaced(self):
        event = {"type": "shop.order", "before": 1, AYSE: {"total": 7}, "after": 2}
        found = view(other(email="mask"), event).value
        assert found == (
            b'{"type":"shop.order","before":1,"a***@o***.example":{"total":7},"after":2}'
        )

    def test_it_is_replaced_on_every_level(self):
        event = {AYSE: {CAN: {"dana@ornek.example": 1}}}
        assert shown(other(email="redact"), event) == {"[EMAIL]": {"[EMAIL]": {"[EMAIL]": 1}}}

    def test_its_value_is_treated_like_any_other(self):
        event = {"type": "shop.order", AYSE: f"of {CAN}", CAN: [AYSE]}
        found = shown(other(email="redact"), event)
        assert found == {"type": "shop.order", "[EMAIL]": "of [EMAIL]", "[EMAIL]#2": ["[EMAIL]"]}

    def test_names_that_become_equal_stay_apart(self):
        event = {"[EMAIL]": 0, AYSE: 1, CAN: 2, "[EMAIL]#2": 3}
        found = shown(other(email="redact"), event)
        assert sorted(found.values()) == [0, 1, 2, 3]
        assert all(name.startswith("[EMAIL]") for name in found)

    def test_it_is_found_again_when_it_comes_again(self):
        result = process(pipeline({"all": other(email="redact")}), {AYSE: 1}, {AYSE: 2})
        assert result.shown() == [{"[EMAIL]": 1}, {"[EMAIL]": 2}]


class TestWithholding:
    def test_free_text_is_withheld_whole_whatever_was_found_in_it(self):
        event = contact(note="nothing special", name="Ayse")
        found = shown(OPEN, event, free_text="withhold")
        assert (found["note"], found["contact"]["name"]) == (WITHHELD, "Ayse")

    def test_so_is_whatever_stands_there_in_its_place(self):
        event = contact() | {"note": {"Ayse likes blue": ["one", {"x": 10000000146}, 7, True]}}
        found = shown(OPEN, event, free_text="withhold")["note"]
        assert found == WITHHELD

    def test_an_array_in_its_way_does_not_hide_it(self):
        event = {"type": "api.access", "request_body": [{"note": "one"}, {"x": 1}, 7]}
        found = shown(OPEN, event, free_text="withhold")["request_body"]
        assert found == [{"note": WITHHELD}, {"x": 1}, 7]

    def test_a_text_in_its_place_does_not_hide_it(self):
        event = {"type": "api.access", "request_body": ["Zed", {"note": 7}], "response_body": "Zed"}
        found = shown(OPEN, event, free_text="withhold")
        assert found["request_body"] == [WITHHELD, {"note": WITHHELD}]
        assert found["response_body"] == WITHHELD

    def test_a_text_of_which_no_contract_says_what_it_is_is_free_text(self):
        event = contact(name="Ayse") | {"said": "Zed", "more": [{"by": "Zed", "times": 3}, "Zed"]}
        found = shown(OPEN, event, free_text="withhold")
        assert found["said"] == WITHHELD
        assert found["more"] == [{"by": WITHHELD, "times": 3}, WITHHELD]
        assert (found["type"], found["contact"]["name"]) == ("crm.contact", "Ayse")

    def test_so_is_every_text_of_an_event_without_a_contract(self):
        event = {"type": "Zed", "said": "Zed and me@example.org", "n": 1234567890, "ok": True}
        found = shown(OPEN, event, free_text="withhold")
        assert found == {"type": WITHHELD, "said": WITHHELD, "n": 1234567890, "ok": True}

    def test_an_annotation_holds_for_what_a_contract_does_not_declare_below_it(self):
        event = {"type": "crm.contact", "contact": {"name": {"first": "Ayse"}}, "x": {"y": AYSE}}
        assert shown(OPEN, event, free_text="withhold")["contact"] == event["contact"]
        found = shown(other(email="drop", name="drop"), event, free_text="withhold")
        assert (found["contact"], found["x"]) == ({"name": {}}, {"y": WITHHELD})

    def test_what_is_removed_anyway_is_not_there(self):
        event = {"type": "call.record", "transcript": "hello", "summary": "short"}
        found = shown(other(call_transcript="drop"), event, free_text="withhold")
        assert found == {"type": "call.record"}

    def test_an_event_without_a_finding_is_not_spared(self):
        found = shown({"email": "allow"}, contact(note="nothing"), free_text="withhold")
        assert found["note"] == WITHHELD


READERS = {
    "strict": {"*": "redact", "name": "drop", "email": "pseudonymise"},
    "held": other(phone="quarantine"),
    "masked": other(email="mask", name="generalise", ip_address="drop"),
    "refused": {"email": "deny"},
    "same": other(email="mask", name="generalise", ip_address="deny"),
    "all": OPEN,
}
TOGETHER = pipeline(READERS, compacted=True)
ALONE = {name: pipeline({name: actions}, compacted=True) for name, actions in READERS.items()}


@settings(max_examples=100, deadline=None)
@given(MIXED)
def test_a_view_does_not_depend_on_who_else_reads(records):
    records = [line(one.value, key=one.key) for one in records]
    together = process(TOGETHER, *records)
    for name, path in ALONE.items():
        assert together.view(name) == process(path, *records).view(name)


def test_the_shipped_policy_shows_each_role_its_own():
    rules = load_policy(SMILOAI)
    readers = [
        subscription("sales_rep", purpose="crm"),
        subscription("data_scientist", purpose="analytics"),
        subscription("ml_training_svc", purpose="ai_training"),
        subscription("sales_rep", name="curious", purpose="billing"),
    ]
    event = contact(name="Ayse Demir", email=AYSE, note="Ayse likes blue")
    result = process(pipeline(rules, subscriptions=readers), event)
    assert result.shown("sales_rep") == [event]
    (analyst,) = result.shown("data_scientist")
    assert analyst["contact"]["email"] == keyring().pseudonym("email", AYSE)
    assert analyst["contact"]["id"] == keyring().pseudonym("record_id", "c1")
    (trainer,) = result.shown("ml_training_svc")
    assert (trainer["contact"], trainer["note"]) == ({}, WITHHELD)
    assert result.view("curious") == []
