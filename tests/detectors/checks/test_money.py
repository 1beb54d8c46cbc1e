import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban

from detectors.checks import money
from gateway.corpus import numbers
from tests.detectors.checks.build import flipped
from tests.gateway.corpus.build import dice_of


@given(seed=st.integers(0, 10_000), place=st.integers(0, 30), by=st.integers(1, 9))
def test_a_made_card_passes_and_one_wrong_digit_does_not(seed, place, by):
    number = numbers.payment_card(dice_of(seed))

    assert money.card(number)
    assert not money.card(flipped(number, place, by))


@given(st.integers(0, 10_000), st.sampled_from(["TR", "DE", "KZ", "IL", "AE", "GB"]))
def test_iban_agrees_with_stdnum(seed, country):
    number = numbers.iban(dice_of(seed), country)

    assert money.iban(number)
    assert stdnum_iban.is_valid(number)
    for wrong in (number[:-1], number + "0", flipped(number[:2] + number[2:].upper(), 2, 0)[:-2]):
        assert not money.iban(wrong)


@given(st.text(max_size=40))
def test_iban_takes_any_text(text):
    assert money.iban(text) in {True, False}


def test_the_length_of_an_iban_is_its_country_s():
    assert [money.iban_length(country) for country in ("TR", "NO", "RU", "US")] == [26, 15, 33, 0]


@pytest.mark.parametrize(
    ("number", "is_card"),
    [
        ("4111111111111111", True),  # Visa
        ("4222222222222", True),  # Visa of 13 digits
        ("5555555555554444", True),  # Mastercard
        ("2223003122003222", True),  # Mastercard's second range
        ("378282246310005", True),  # American Express
        ("3530111333300000", True),  # JCB
        ("6011111111111117", True),  # Discover
        ("6200000000000005", True),  # UnionPay
        ("30569309025904", True),  # Diners Club
        ("4111111111111112", False),  # its last digit
        ("41111111111111", False),  # no Visa has 14 digits
        ("1111111111111117", False),  # no brand begins so
        ("0000000000000000", False),
    ],
)
def test_a_card_has_a_brand_s_prefix_its_length_and_its_last_digit(number, is_card):
    assert money.card(number) is is_card
