# ruff: noqa: RUF001  # a dotless i is what some names have

import pytest

from tests.detectors.build import found


def named(text: str) -> list[str]:
    return [part for entity, part in found(text) if entity == "PERSON"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("From: Ayşe Yılmaz <ayse.yilmaz@ornek.example>", ["Ayşe Yılmaz"]),
        ('To: "Müller, Hans" <h.mueller@x.example>', ["Müller, Hans"]),
        ("Cc: Jörg Groß <gross@x.example>, Can Öz <can@y.example>", ["Jörg Groß", "Can Öz"]),
        ("ask Jan van der Berg <jberg@x.example> about it", ["Jan van der Berg"]),
        ("sean o'brien; Seán O'Brien <sobrien@x.example>", ["Seán O'Brien"]),
        ("José-María Ruiz<jm.ruiz@x.example>", ["José-María Ruiz"]),
    ],
)
def test_a_name_is_found_in_front_of_its_address(text, names):
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Acme News <news@acme.example>",
        "Acme Robotics <acme@acme.example>",
        "Customer Support Team <support@x.example>",
        "Meyer Logistics GmbH <meyer@x.example>",
        "Ayse <ayse@x.example>",
        "the ayse yilmaz <ayse@x.example>",
        "Jane Roe <jr17@x.example>",
        "List<String> Ayse Yilmaz<T> ayse@x.example",
        "Ayse Yilmaz < ayse@x.example>",
    ],
)
def test_what_its_address_does_not_name_is_nobody(text):
    assert named(text) == []


def test_a_list_of_any_length_is_looked_through():
    count = 2000
    text = ", ".join(f"Ayse Yilmaz{chr(97 + at % 26)} <ayse{at}@x.example>" for at in range(count))

    assert len(named(text)) == count
