from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import known
from detectors.proof import COUNTS_FROM
from detectors.spellings import fold
from schemas.audit import BY_KNOWN_VALUE
from tests.detectors.build import engine, field, scanned, shapes, walked

FIELDS = {
    "/name": field("name"),
    "/first": field("name"),
    "/last": field("name"),
    "/email": field("email"),
    "/username": field("username"),
    "/company": field("company"),
    "/id": field("record_id"),
    "/note": field(free_text=True),
    "/body": field("message_content", known=False, free_text=True),
}


def repeated(event: dict[str, Any], fields=FIELDS) -> list[tuple[Any, str]]:
    """Return the known values that were found again, by leaf and text."""
    leaves = walked(event, of=shapes(fields))
    found = engine().scan(leaves)
    return [
        (leaves.key(one.leaf), leaves.texts[one.leaf][one.start : one.end])
        for one in found.spans
        if one.detected_by == BY_KNOWN_VALUE
    ]


@pytest.mark.parametrize(
    ("name", "note", "again"),
    [
        ("Ayşe Öztürk", "call Ayşe Öztürk back", ["Ayşe Öztürk"]),
        ("Ayşe Öztürk", "AYŞE ÖZTÜRK and ayşe öztürk", ["AYŞE ÖZTÜRK", "ayşe öztürk"]),
        ("Ayşe Öztürk", "Ayşe called, then Öztürk", ["Ayşe", "Öztürk"]),
        ("Ayşe Öztürk", "Öztürk Ayşe", ["Öztürk Ayşe"]),
        ("İsmail Işık", "ismail ışık", ["ismail ışık"]),  # noqa: RUF001
        ("Zuleika ", "call Zuleika. Zuleika", ["Zuleika", "Zuleika"]),
        ("\u00a0Zuleika", "call Zuleika", ["Zuleika"]),
        ("İsmail Işık", "ISMAIL IŞIK", ["ISMAIL IŞIK"]),  # noqa: RUF001
        ("Ayşe Öztürk", "Ayşe'nin", ["Ayşe"]),
        ("Ana María García", "María was here", ["María"]),
        ("Li Wei", "Wei called", ["Wei"]),
        ("Li Wei", "Li called", []),  # two letters of a name alone say nothing
        ("Li Wei", "li wei called", ["li wei"]),
        ("李伟", "联系李伟谢谢", ["李伟"]),
        ("Ann", "Anna planned it", []),
        ("Ay\u015fe", "Ays\u0327e came", ["Ays\u0327e"]),
        ("Ays\u0327e", "Ay\u015fe came", ["Ay\u015fe"]),
        ("Zule\u200bika", "Zuleika came", ["Zuleika"]),
        ("Ayşe Öztürk", "Ayse Ozturk, AYSE OEZTUERK", ["Ayse Ozturk", "AYSE OEZTUERK"]),
        ("Jörg Strauß", "JÖRG STRAUSS; Jorg Strauss", ["JÖRG STRAUSS", "Jorg Strauss"]),
        ("Søren Łukasz", "Soren came, then LUKASZ", ["Soren", "LUKASZ"]),
        ("Anna Smith-Jones", "Mrs Jones; Anna Smith Jones", ["Jones", "Anna Smith Jones"]),
        ("Öztürk, Ayşe", "Öztürk was here", ["Öztürk"]),
        ("Brian O\u2019Neil", "O'Neil or NEIL", ["O'Neil", "NEIL"]),
        ("Ana María de la Cruz García Lorca", "Lorca was here", ["Lorca"]),
        ("Ayşe Öztürk", "nothing of her", []),
    ],
)
def test_a_name_is_found_again_whole_and_by_its_parts(name, note, again):
    assert repeated({"name": name, "note": note}) == [("note", text) for text in again]


@pytest.mark.parametrize(
    ("value", "note", "again"),
    [
        ("+90 532 123 45 67", "905321234567 or 05321234567", ["905321234567", "05321234567"]),
        ("+905321234567", "5321234567", ["5321234567"]),
        ("+49 30 901820", "0049309018 and 4930901820", ["4930901820"]),
        ("+905321234567", "15321234567 and 53212345678", []),
        ("55512", "x55512 and 1255512", []),
    ],
)
def test_a_telephone_number_is_found_again_without_groups_and_calling_code(value, note, again):
    fields = {"/phone": field("phone"), "/note": field(free_text=True)}

    assert repeated({"phone": value, "note": note}, fields) == [("note", text) for text in again]


def test_a_number_of_a_document_is_found_again_without_groups():
    fields = {"/id": field("government_id"), "/note": field(free_text=True)}

    assert repeated({"id": "123-45 X/678", "note": "of 12345x678"}, fields) == [
        ("note", "12345x678")
    ]


def test_parts_of_a_name_from_two_fields_are_one_name():
    event = {"first": "Ayşe", "last": "Öztürk", "note": "for Ayşe Öztürk"}

    assert repeated(event) == [("note", "Ayşe Öztürk")]


def test_a_last_name_of_two_parts_is_one_with_the_first():
    event = {"first": "Hamad", "last": "Al-Shamsi", "note": "for Hamad Al-Shamsi"}

    assert repeated(event) == [("note", "Hamad Al-Shamsi")]


def test_a_name_of_which_nothing_is_seen_is_found_as_it_is_only():
    assert repeated({"company": "\u200b\u00ad", "name": "\u200b", "note": "x"}) == []


def test_the_id_of_a_record_is_found_again_unless_it_is_a_short_number():
    assert repeated({"id": "c-00055", "note": "/v1/contacts/c-00055"}) == [("note", "c-00055")]
    assert repeated({"id": "12", "note": "12 items on 2026-11-12"}) == []


@pytest.mark.parametrize("number", [55512, 5551234, -5551234, 5551234.0])
def test_a_known_value_is_found_again_as_a_number(number):
    again = str(abs(int(number)))
    event = {"username": again, "x": number, "y": [number]}

    assert repeated(event) == [("x", again), (0, again)]


def test_a_known_value_is_found_where_it_stands_before_its_field():
    assert repeated({"note": "Ayşe Öztürk", "name": "Ayşe Öztürk"}) == [("note", "Ayşe Öztürk")]


def test_a_known_value_is_found_in_a_field_that_nothing_is_known_of():
    assert repeated({"username": "ayse84", "x": {"y": ["by ayse84"]}}) == [(0, "by ayse84"[3:])]


def test_a_free_text_with_a_category_of_its_own_is_looked_into():
    assert repeated({"name": "Ayşe", "body": "hi, Ayşe here"}) == [("body", "Ayşe")]


def test_a_name_inside_an_address_or_user_name_is_part_of_that():
    event = {"name": "John Smith", "email": "john.smith@x.com", "username": "john-smith"}

    assert repeated(event) == []


def test_a_name_inside_a_company_is_found():
    event = {"name": "John Smith", "company": "Smith & Sons"}

    assert repeated(event) == [("company", "Smith")]


def test_the_same_value_in_a_field_of_the_same_kind_is_no_repetition():
    event = {"company": "Acme", "x": "Acme", "a": {"company": "Acme"}}
    fields = {**FIELDS, "/a/company": field("company")}

    assert repeated(event, fields) == [("x", "Acme")]


def test_values_of_another_event_are_not_looked_for():
    leaves = walked({"name": "Ayşe"}, {"note": "Ayşe"}, of=shapes(FIELDS))

    assert engine().scan(leaves).spans == []


def test_what_is_not_declared_to_be_repeated_is_not_looked_for():
    fields = {**FIELDS, "/name": field("name", known=False)}

    assert repeated({"name": "Ayşe", "note": "Ayşe"}, fields) == []


def test_a_repetition_counts():
    [_, _, again] = scanned({"company": "Acme", "note": "for Acme", "name": "x"}, FIELDS)[:3]

    assert again.confidence >= COUNTS_FROM or again.entity == "PERSON"


def test_a_zero_byte_in_a_value_matches_nothing_across_leaves():
    assert repeated({"company": "a\x00b", "x": "a", "y": "b", "z": "a\x00b"}) == []


@pytest.mark.parametrize(
    ("name", "again"),
    [
        ("Ayşe Öztürk", "Ayşe Öztürk"),
        ("by ayşe", "ayşe"),
        ("ayse84", "ayse84"),
        ("c-00055", "c-00055"),
    ],
)
def test_a_known_value_is_found_in_a_name_that_is_not_declared_however_often_it_came(name, again):
    of, person = shapes(FIELDS), {"name": "Ayşe Öztürk", "username": "ayse84", "id": "c-00055"}
    before = walked({"x": {name: 1}}, of=of)
    of.settle(before, set())

    leaves = walked({**person, "x": {name: 1}}, of=of)
    spans = engine().scan(leaves).spans

    assert [
        (leaves.key(one.leaf), leaves.texts[one.leaf][one.start : one.end]) for one in spans
    ] == [(name, again)]


def test_names_that_are_not_declared_are_looked_into_again_only_for_a_value_of_the_event():
    of, names = shapes(FIELDS), {"Ali": 1, "quality": {"Ayşe Öztürk": 2}}
    before = walked({"name": "Can", "id": "1", "x": names}, of=of)
    of.settle(before, set())

    assert walked({"name": "Can Li", "id": "1", "x": names}, of=of).texts == ["Can Li", "1"]
    again = walked({"name": "Ayşe Kaya", "id": "1", "x": names}, {"name": "Li", "x": names}, of=of)
    ways = [[key for _, key in again.way(leaf)] for leaf in range(2, 6)]
    assert ways == [["x"], ["x", "Ali"], ["x", "quality"], ["x", "quality", "Ayşe Öztürk"]]
    assert again.texts[6:] == ["Li"]


def test_of_a_place_with_many_names_that_are_not_declared_only_some_are_remembered(monkeypatch):
    monkeypatch.setattr("detectors.walk.ALIENS", 10)
    of, names = shapes(FIELDS), [f"name {number}" for number in range(9)]
    event = {"x": dict.fromkeys(names, 1)}
    of.settle(walked(event, of=of), set())

    assert walked(event, of=of).texts == names[2:]
    of.settle(walked(event, of=of), set())
    assert walked(event, of=of).texts == names[2:]


def test_a_declared_name_depends_on_nothing_but_itself():
    assert repeated({"name": "Note", "note": "x"}) == []


@given(st.text(max_size=60))
def test_folding_keeps_every_character_in_its_place(text):
    assert len(fold(text)) == len(text)


def test_people_of_the_same_name_are_looked_for_once(monkeypatch):
    looked: list[str] = []
    places = known._places

    def noted(value, host, first):
        looked.append(value)
        return places(value, host, first)

    monkeypatch.setattr(known, "_places", noted)
    event = {"to": [{"name": "Anna"}] * 50, "note": "Anna, " * 200}
    fields = {"/to/*/name": field("name"), "/note": field(free_text=True)}

    assert len(repeated(event, fields)) == 200
    assert looked == ["anna"]
