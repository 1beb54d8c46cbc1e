from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.leaves import Leaves
from detectors.recognizer import Recognized
from detectors.scanner import Engine
from schemas.audit import BY_CONTRACT, BY_RULE
from tests.detectors.build import engine, field, found, rule, scanned, seen, shapes, walked

HOSTILE = st.text("0123456789 .-/()+@:ab\x00\u00a0ş", max_size=80)


def entities(event, fields=None) -> list[str]:
    return [one.entity for one in scanned(event, fields)]


def test_an_annotated_field_is_found_whole_and_for_sure():
    leaves = walked({"who": "x"}, of=shapes({"/who": field("name")}))
    [one] = engine().scan(leaves).fields

    assert (one.start, one.end, one.confidence, one.detected_by) == (0, 1, 1.0, BY_CONTRACT)
    assert engine().entities[one.rule] == "PERSON"


def test_a_category_of_several_entities_goes_by_its_own_name():
    assert entities({"id": "x"}, {"/id": field("government_id")}) == ["GOVERNMENT_ID"]
    assert entities({"id": "x"}, {"/id": field("health")}) == ["HEALTH"]


def test_a_field_named_like_a_person_s_is_found_by_its_rule():
    leaves = walked({"last_name": "Doe"})
    [one] = engine().scan(leaves).fields

    assert (one.detected_by, engine().entities[one.rule]) == (BY_RULE, "PERSON")


def test_a_field_whose_content_cannot_be_that_is_not_found():
    assert entities({"last_name": "4711"}) == []


def test_a_short_field_that_is_one_declared_value_is_found_once():
    event = {"mail": "a@b.com", "tel": "+90 532 123 45 67"}

    assert entities(event, {"/mail": field("email"), "/tel": field("phone")}) == [
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
    ]


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("a@b.com 0532 123 45 67", "PHONE_NUMBER"),
        ("a@b.com, card 4539148803436467", "CREDIT_CARD"),
        ("a@b.com;+905321234567", "PHONE_NUMBER"),
        ("a@b.com/10.0.0.1", "IP_ADDRESS"),
    ],
)
def test_more_than_the_declared_value_is_found_too(text, also):
    assert also in entities({"mail": text}, {"/mail": field("email")})


@pytest.mark.parametrize(
    ("category", "text", "also"),
    [
        ("phone", "+905321234567 a@b.co", "EMAIL_ADDRESS"),
        ("ip_address", "10.0.0.1 +90 532 123 45 67", "PHONE_NUMBER"),
        ("name", "Ayşe a@b.co", "EMAIL_ADDRESS"),
        ("name", "Ayşe 4539148803436467", "CREDIT_CARD"),
        ("payment_card", "a@b.co", "EMAIL_ADDRESS"),
    ],
)
def test_what_does_not_belong_into_a_declared_field_is_found_there(category, text, also):
    assert also in entities({"x": text}, {"/x": field(category)})


def test_a_declared_number_is_found_as_what_it_is():
    assert set(entities({"n": "10000000146"}, {"/n": field("government_id")})) == {
        "GOVERNMENT_ID",
        "TR_NATIONAL_ID",
    }


def test_the_name_of_a_field_is_scanned_too():
    assert entities({"a@b.com": 1}) == ["EMAIL_ADDRESS"]


def test_a_batch_is_what_its_events_are_one_by_one():
    events = [{"t": "a@b.com"}, {"t": "ş 0532 123 45 67"}, {}, {"t": "x", "u": ["10.0.0.1"]}]
    leaves = walked(*events)

    assert seen(leaves, engine().scan(leaves)) == [
        one for event in events for one in scanned(event)
    ]


def test_words_and_numbers_of_two_leaves_do_not_meet():
    assert found("05321234567") == []
    assert entities({"a": "phone", "b": "05321234567"}) == []
    assert entities({"a": "0532", "b": "1234567"}) == []


def test_a_batch_of_nothing_has_no_findings():
    for leaves in (Leaves(), walked({})):
        found = engine().scan(leaves)
        assert (list(found.fields), found.spans, leaves.unread) == ([], [], [])


def test_an_engine_can_have_other_rules():
    one = Engine([rule(category="email", candidate="email", entity="MAIL", lengths=())])

    assert one.entities[:1] == ["MAIL"]
    assert len(one.scan(walked({"t": "a@b.com"})).spans) == 1


@given(st.lists(HOSTILE, min_size=1, max_size=5))
def test_findings_lie_inside_their_leaves_and_do_not_overlap(values):
    leaves = walked({str(at): value for at, value in enumerate(values)})
    spans = engine().scan(leaves).spans
    last = (-1, 0)
    for one in spans:
        assert 0 <= one.start < one.end <= len(leaves.texts[one.leaf])
        assert (one.leaf, one.start) >= last
        last = (one.leaf, one.end)
        assert 0 < one.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        *("1 ", "1.1.1.1.", "a@b.co ", "pwd==", "eyJaaaaaa", "://a:b@", "tc 0532 123 45 67 "),
        "ş +90 532 123 45 67 a@b.co ",
    ],
)
def test_hostile_text_takes_no_longer_than_its_length(text):
    # Where each match looked at the whole leaf, this would take minutes.
    leaves = walked({"t": text * 20_000})

    assert len(engine().scan(leaves).spans) <= 40_000


class Model:
    """A model that knows one word."""

    name = "one word"
    languages = ("en",)
    categories: Mapping[str, str] = {}

    def recognize(self, texts):
        places = [text.find("Nightingale") for text in texts]
        return [[Recognized(at, at + 11, "PER", 0.8)] if at >= 0 else [] for at in places]


def test_what_models_find_in_free_text_is_resolved_with_what_rules_find():
    one = Engine([rule(category="email", candidate="email", lengths=())], recognizers=[Model()])
    leaves = walked(
        {"note": "Nightingale wrote nightingale@ornek.example", "other": "Nightingale"},
        of=shapes({"/note": field(free_text=True)}),
    )

    found = [(one.entities[each.rule], each.start, each.end) for each in one.scan(leaves).spans]

    assert found == [("PERSON", 0, 11), ("TEST_NUMBER", 18, 43)]
