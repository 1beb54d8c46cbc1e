"""Held against python-stdnum where it has them, and against published ranges."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban
from stdnum import luhn as stdnum_luhn
from stdnum import numdb

from detectors.checks import money
from gateway.corpus import numbers
from tests.detectors.checks.build import digits, flipped
from tests.gateway.corpus.build import dice_of


@given(seed=st.integers(0, 10_000), place=st.integers(0, 30), by=st.integers(1, 9))
def test_a_made_card_passes_and_one_wrong_digit_does_not(seed, place, by):
    number = numbers.payment_card(dice_of(seed))

    assert money.card(number)
    assert not money.card(flipped(number, place, by))


THOUSANDS = settings(max_examples=2000)
# What the registry says of the account behind the check digits, such as ``4!n4!n12!c``.
REGISTRY = {
    country: [(int(size), kind) for size, kind in re.findall("([0-9]+)!([nac])", props["bban"])]
    for _, country, _, props, _ in numdb.get("iban").prefixes
}
ALPHABETS = {
    "n": "0123456789",
    "a": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "c": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


def account(country: str) -> st.SearchStrategy[str]:
    """Return a strategy of IBANs of a country: the parts are right, so are the check digits."""
    parts = st.tuples(
        *(
            st.text(ALPHABETS[kind], min_size=size, max_size=size)
            for size, kind in REGISTRY[country]
        )
    )
    return parts.map(
        lambda some: (
            f"{country}{stdnum_iban.calc_check_digits(f'{country}00' + ''.join(some))}"
            + "".join(some)
        )
    )


@THOUSANDS
@given(st.sampled_from(sorted(REGISTRY)).flatmap(account), st.integers(2, 33), st.integers(1, 9))
def test_ibans_of_every_country_of_the_registry_agree_with_stdnum(number, place, by):
    assert money.iban(number)
    assert stdnum_iban.is_valid(number, check_country=False)
    at = place % len(number)
    if number[at].isdigit():
        wrong = flipped(number, at, by)
        assert not money.iban(wrong)
        assert not stdnum_iban.is_valid(wrong, check_country=False)


@given(st.integers(0, 10_000), st.sampled_from(["TR", "DE", "KZ", "IL", "AE", "GB"]))
def test_iban_agrees_with_stdnum(seed, country):
    number = numbers.iban(dice_of(seed), country)

    assert money.iban(number)
    assert stdnum_iban.is_valid(number)
    for wrong in (number[:-1], number + "0", flipped(number[:2] + number[2:].upper(), 2, 0)[:-2]):
        assert not money.iban(wrong)


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2))
def test_the_length_of_an_iban_is_what_the_registry_says(country):
    size = sum(size for size, _ in REGISTRY.get(country, ()))

    assert money.iban_length(country) == (4 + size if size else 0)


def test_every_country_of_the_registry_has_ibans():
    assert all(money.iban_length(country) for country in REGISTRY)
    assert [money.iban_length(country) for country in ("TR", "NO", "RU", "US")] == [26, 15, 33, 0]


@THOUSANDS
@given(
    st.text(ALPHABETS["a"], min_size=6, max_size=7).map("{}FF".format)
    | st.text(ALPHABETS["a"], min_size=8, max_size=12)
)
def test_bic_agrees_with_stdnum(code):
    assert money.bic(code) == stdnum_bic.is_valid(code)


@pytest.mark.parametrize("text", ["DEUTDEF", "DEUTXXFF", "DEU1DEFF", "deutdeff", "", "DEUTDEFF\n"])
def test_what_is_no_bank_identifier(text):
    assert not money.bic(text)


@THOUSANDS
@given(st.integers(11, 19).flatmap(digits))
def test_a_card_needs_luhn(body):
    number = body + stdnum_luhn.calc_check_digit(body)

    for last in "0123456789":
        assert not money.card(body + last) or body + last == number


BRANDS: dict[str, list[tuple[str, tuple[int, ...]]]] = {
    "Visa": [("4", (13, 16, 19))],
    "Mastercard": [("51", (16,)), ("55", (16,)), ("2221", (16,)), ("2720", (16,))],
    "American Express": [("34", (15,)), ("37", (15,))],
    "Diners Club": [("300", (14, 16, 19)), ("305", (14,)), ("36", (14, 19)), ("38", (16,))],
    "JCB": [("2131", (15,)), ("1800", (15,)), ("3528", (16, 19)), ("3589", (16,))],
    "Discover": [("6011", (16, 19)), ("644", (16,)), ("65", (16, 19)), ("622126", (16, 19))],
    "UnionPay": [("62", (16, 17, 18, 19)), ("81", (16,))],
    "Maestro": [("5018", (12, 13, 15, 19)), ("6304", (12, 19)), ("6759", (12, 16, 19))],
    "Mir": [("2200", (16, 19)), ("2204", (16,))],
    "Troy": [("9792", (16,)), ("65", (16,))],
    "RuPay": [("60", (16,)), ("6521", (16,)), ("82", (16,)), ("508", (16,)), ("353", (16,))],
    "Elo": [("401178", (16,)), ("506699", (16,)), ("627780", (16,)), ("636368", (16,))],
    "Verve": [("5061", (16, 18, 19)), ("650002", (16,))],
    "Hipercard": [("606282", (16,))],
    "UzCard": [("8600", (16,))],
    "Humo": [("9860", (16,))],
}


@pytest.mark.parametrize("brand", BRANDS)
@given(data=st.data())
def test_cards_of_every_brand_pass_at_their_lengths_only(brand, data):
    head, sizes = data.draw(st.sampled_from(BRANDS[brand]))
    size = data.draw(st.sampled_from(sizes))
    body = head + data.draw(digits(size - 1 - len(head)))
    number = body + stdnum_luhn.calc_check_digit(body)

    assert money.card(number)
    assert not money.card(flipped(number, size - 1, 1))
    assert not money.card(f"{number[0] * 9}{number}")  # longer than any card


@pytest.mark.parametrize(
    ("text", "is_track"),
    [
        ("%B4111111111111111^YILMAZAYSE^30122010000000000?", True),
        ("%B5555555555554444^SMITHJOHN^3012201", True),
        (";4111111111111111=30122010000000000?", True),
        ("4111111111111111=3012201", True),
        ("%B4111111111111112^YILMAZAYSE^30122010000000000?", False),  # its last digit
        (";4111111111111112=30122010000000000?", False),
        ("%B1111111111111117^YILMAZAYSE^30122010000000000?", False),  # no brand begins so
        ("%B4111111111111111^YILMAZAYSE", False),
        ("", False),
    ],
)
def test_a_track_holds_a_card(text, is_track):
    assert money.card_track(text) is is_track


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
