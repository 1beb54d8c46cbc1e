"""Nothing hides behind what stands beside it, or in what holds it: scripts, names of fields, numbers."""

# ruff: noqa: RUF001  # characters of other scripts

import pytest

from tests.detectors.build import found, scanned

VALUES = [
    ("EMAIL_ADDRESS", "ayse@ornek.com"),
    ("CREDIT_CARD", "4539148803436467"),
    ("TR_NATIONAL_ID", "10000000146"),
    ("PHONE_NUMBER", "+905321234567"),
    ("IBAN_CODE", "TR330006100519786457841326"),
    ("IP_ADDRESS", "10.20.30.40"),
    ("IP_ADDRESS", "2001:db8::8a2e:370:7334"),
    ("MAC_ADDRESS", "02:cb:83:43:ed:47"),
]


def entities(event) -> set[str]:
    return {one.entity for one in scanned(event) if one.confidence >= 0.5}


@pytest.mark.parametrize(
    "around", ["联系{}谢谢", "カード{}です", "כרטיס{}שלי", "كارت{}شكرا", "【{}】"]
)
@pytest.mark.parametrize(("entity", "value"), VALUES)
def test_a_script_without_spaces_hides_nothing_that_touches_it(around, entity, value):
    assert (entity, value) in found(around.format(value))


def test_letters_that_write_addresses_hide_no_number():
    assert found("тел+905321234567а") == [("PHONE_NUMBER", "+905321234567")]


@pytest.mark.parametrize(("entity", "value"), VALUES)
def test_the_name_of_a_field_hides_nothing(entity, value):
    assert entity in entities({value: 1})
    assert entity in entities({"a": [{"b": {value: [1]}}]})


@pytest.mark.parametrize(
    "number",
    [
        4539148803436467,
        -4539148803436467,
        4539148803436467.0,
        [4539148803436467],
        {"x": [[4539148803436467.0]]},
    ],
)
def test_a_number_hides_nothing(number):
    assert entities({"n": number}) == {"CREDIT_CARD"}


def test_what_a_name_of_a_field_says_in_disguise_is_found_too():
    assert entities({"ayse%40ornek.com": 1}) == {"EMAIL_ADDRESS"}
    assert entities({"query": {"４５３９１４８８０３４３６４６７": "x"}}) == {"CREDIT_CARD"}
