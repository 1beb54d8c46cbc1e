"""A field that is written inside a text is claimed by its name, as a field of the event is."""

import pytest

from detectors.proof import COUNTS_FROM
from tests.detectors.build import found, scanned

NAME, PLACE = ("PERSON", "Ayşe Öztürk"), ("STREET_ADDRESS", "Gül Sok. 4")


@pytest.mark.parametrize(
    "text",
    [
        '{"full_name":"Ayşe Öztürk","x":1}',
        '{"user": {"fullName" : "Ayşe Öztürk"}}',
        'sent {"customer_name": "Ayşe Öztürk"} twice',
        "full_name=Ayşe Öztürk&page=2",
        "https://shop.example/?customer_name=Ayşe%20%C3%96zt%C3%BCrk&page=2",
        '{\\"last_name\\":\\"Ayşe Öztürk\\"}',
        "<customer><fullName>Ayşe Öztürk</fullName><id>7</id></customer>",
        "<u:last-name>Ayşe Öztürk</u:last-name>",
    ],
)
def test_it_is_found_in_a_structure_inside_the_text(text):
    assert [entity for entity, _ in found(text, "payload")] == ["PERSON"]


def test_each_field_has_its_own_value():
    text = '{"full_name":"Ayşe Öztürk","billing_address":"Gül Sok. 4","city":"İzmir"}'

    assert found(text, "payload") == [NAME, PLACE]


@pytest.mark.parametrize(
    "text",
    [
        '{"file_name":"Ayşe Öztürk"}',
        '{"full_name":""}',
        '{"full_name":null}',
        '{"full_name":"12345"}',
        "full name: to be given",
        "full_name=",
        "<full_name></full_name>",
        "<full_name>Ayşe",
        "<file_name>Ayşe Öztürk</file_name>",
        "if full_name>other_name then</b>",
        "surname",
    ],
)
def test_another_name_or_no_value_is_none(text):
    assert not [one for one in scanned({"payload": text}) if one.confidence >= COUNTS_FROM]
