"""What leaves say in disguise is found where it stands, and what can't be read is said."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from detectors.unveil import DEPTH
from schemas.audit import BY_KNOWN_VALUE
from schemas.event import Field
from tests.detectors.build import engine, field, found, shapes, walked


def encoded(text: str, times: int = 1) -> str:
    for _ in range(times):
        text = b64encode(text.encode()).decode()
    return text


def unread(event: Mapping[str, Any]) -> list[str]:
    """Return the leaves of an event that say more than can be read."""
    leaves = walked(event)
    engine().scan(leaves)
    return [leaves.texts[leaf] for leaf in leaves.unread]


def test_what_is_encoded_is_found_as_the_characters_that_encode_it():
    value = encoded("mail ayse@ornek.example now")

    assert found(f"x={value}") == [("EMAIL_ADDRESS", value[6:31])]


def test_what_is_said_twice_is_found_in_both_places():
    hidden = encoded("ayse@ornek.example")

    assert found(f"ayse@ornek.example {hidden}") == [
        ("EMAIL_ADDRESS", "ayse@ornek.example"),
        ("EMAIL_ADDRESS", hidden),
    ]


def test_known_values_are_looked_for_in_what_is_read():
    fields = {"/name": Field(field("name").bit, known=True)}
    query = f"q={quote('Ayşe Öztürk')}&page=2"
    leaves = walked({"name": "Ayşe Öztürk", "query": query}, {"query": query}, of=shapes(fields))

    spans = engine().scan(leaves).spans

    assert [
        (leaves.texts[one.leaf][one.start : one.end], leaves.events([one.leaf]))
        for one in spans
        if one.detected_by == BY_KNOWN_VALUE
    ] == [(quote("Ayşe Öztürk"), [0])]


def test_what_is_encoded_too_often_is_said_to_be_unread():
    deep = encoded("ayse@ornek.example", DEPTH + 1)

    assert unread({"a": encoded("ayse@ornek.example"), "b": deep}) == [deep]


def test_what_announces_more_people_than_are_read_is_said_to_be_unread_also_where_it_is_encoded():
    crowd = "Mr. Smith. " * 1000

    assert unread({"a": crowd, "b": "Mr. Smith.", "c": encoded(crowd)}) == [crowd, encoded(crowd)]


def test_nothing_of_a_plain_batch_is_unread():
    assert unread({"a": "Ayşe called", "b": "https://example.com/?q=%C5%9F"}) == []
