import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.corpus import numbers
from tests.detectors.build import found
from tests.gateway.corpus.build import dice_of


@given(
    st.integers(0, 10_000),
    st.sampled_from(["TR", "DE", "KZ", "IL", "AE", "GB"]),
    st.booleans(),
    st.sampled_from(["{}", "pay to {} now", "IBAN:{}.", "ödeme ({})", "号{}号", "{}, {}", "{} {}"]),
)
def test_an_iban_is_found_wherever_it_stands(seed, country, grouped, frame):
    number = numbers.iban(dice_of(seed), country)
    text = numbers.grouped(number) if grouped else number

    assert found(frame.replace("{}", text)) == [("IBAN_CODE", text)] * frame.count("{}")


@pytest.mark.parametrize(
    "between", ["\u00a0", "\u202f", "-", ".", "/", "_", "\t", "\n", "\r\n", "  ", " - "]
)
@pytest.mark.parametrize("country", ["TR", "DE", "KZ", "IL", "AE", "GB"])
def test_anything_may_stand_between_all_its_groups_of_four(country, between):
    number = numbers.grouped(numbers.iban(dice_of(7), country)).replace(" ", between)

    assert found(f"pay to {number} now") == [("IBAN_CODE", number)]


@pytest.mark.parametrize("text", ["DE 89 3704 0044 0532 0130 00", "DE 8937 0400 4405 3201 3000"])
def test_its_country_may_stand_apart(text):
    assert found(f"Konto {text}.") == [("IBAN_CODE", text)]


def test_small_letters_are_letters():
    assert found("de89370400440532013000") == [("IBAN_CODE", "de89370400440532013000")]


@pytest.mark.parametrize(
    "text",
    [
        "DE89370400440532013001",
        "DE8937040044053201300",
        "DE893704004405320130000",
        "XX89370400440532013000",
        "XDE89370400440532013000",
        "DE89 3704  0044 0532 0130 00",
        "DE89-3704-0044-0532 0130 00",
        "DE89-370400440532-0130-00",
        "DE89-3704-0044-0532-0130-0",
        "de 89 3704 0044 0532 0130 00",
        "a8802154-cdbb-41cb-be25-ff416f4de670",
        "DE89",
    ],
)
def test_what_is_not_exactly_an_iban_is_none(text):
    assert [one for one in found(text) if one[0] == "IBAN_CODE"] == []


def test_its_digits_are_no_card_and_no_telephone_number():
    assert found("TR94 5829 3018 3800 0669 6710 66") == [
        ("IBAN_CODE", "TR94 5829 3018 3800 0669 6710 66")
    ]
