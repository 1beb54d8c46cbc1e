"""Checks are held against python-stdnum where it has them, and against the registers' own sums."""

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum import luhn as stdnum_luhn
from stdnum.il import idnr
from stdnum.tr import tckimlik, vkn
from stdnum.us import ssn

from detectors.checks import america, dates, money, near_east, tokens
from detectors.checks.digits import luhn
from detectors.checks.table import BY_NAME
from gateway.corpus import numbers
from tests.gateway.corpus.build import dice_of, iin_is_valid


def digits(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=size, max_size=size)


def flipped(number: str, place: int, by: int) -> str:
    at = place % len(number)
    return f"{number[:at]}{(int(number[at]) + by) % 10}{number[at + 1 :]}"


@given(st.text("0123456789", min_size=2, max_size=30))
def test_luhn_agrees_with_stdnum(number):
    assert luhn(number) == stdnum_luhn.is_valid(number)


@given(digits(11))
@example("10000000146")
def test_tr_national_id_agrees_with_stdnum(number):
    assert near_east.tr_national_id(number) == tckimlik.is_valid(number)


@given(digits(10))
@example("4540536920")
def test_tr_vkn_agrees_with_stdnum(number):
    assert near_east.tr_vkn(number) == vkn.is_valid(number)


@given(digits(9))
@example("039337423")
def test_il_id_agrees_with_stdnum(number):
    assert near_east.il_id(number) == (number != "000000000" and idnr.is_valid(number))


@given(digits(9))
@example("536228731")
@example("078051120")
def test_what_us_ssn_refuses_stdnum_refuses(number):
    assert america.us_ssn(number) or not ssn.is_valid(number)


@pytest.mark.parametrize(
    "number", ["000228731", "666228731", "936228731", "536008731", "536220000"]
)
def test_parts_of_a_social_security_number_that_were_never_issued(number):
    assert not america.us_ssn(number)


@given(digits(12))
@example("850101300124")
@example("000000000000")
def test_kz_iin_needs_the_sums_of_its_register(number):
    assert not near_east.kz_iin(number) or iin_is_valid(number)


@pytest.mark.parametrize("number", ["851301300124", "850132300124", "850100300124", "850101700124"])
def test_a_kazakh_number_without_a_day_of_birth_is_none(number):
    assert not near_east.kz_iin(number)


MADE = {
    "tr_national_id": numbers.tr_national_id,
    "tr_vkn": numbers.tr_vkn,
    "il_id": numbers.il_id,
    "kz_iin": lambda dice: numbers.kz_iin(dice, "1987-04-12", female=True),
    "ae_emirates_id": lambda dice: numbers.ae_emirates_id(dice, "1987-04-12").replace("-", ""),
    "card": numbers.payment_card,
}


@pytest.mark.parametrize("name", MADE)
@given(seed=st.integers(0, 10_000), place=st.integers(0, 30), by=st.integers(1, 9))
def test_a_made_number_passes_and_one_wrong_digit_does_not(name, seed, place, by):
    number = MADE[name](dice_of(seed))
    check = BY_NAME[name]

    assert check(number)
    # The weights of a Turkish tax number and of an IIN's second sum do not tell all errors.
    if name not in {"tr_vkn", "kz_iin"}:
        assert not check(flipped(number, place, by))


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


@pytest.mark.parametrize(
    ("number", "is_day"),
    [
        ("19850321", True),
        ("21031985", True),
        ("03211985", True),
        ("20290101", True),
        ("20300101", False),
        ("18991231", False),
        ("19851301", False),
        ("32011985", False),
        ("1985032", False),
    ],
)
def test_a_date_of_birth_is_a_day_between_1900_and_2029(number, is_day):
    assert dates.date_of_birth(number) is is_day


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_a_json_web_token_has_a_header_that_names_its_algorithm():
    head, body = part({"alg": "HS256"}), part({"sub": "1"})

    assert tokens.jwt(f"{head}.{body}.{'a' * 43}")
    assert tokens.jwt(f"{head}.{body}.")
    assert not tokens.jwt(f"{head}.{body}")
    assert not tokens.jwt(f"{part({'typ': 'JWT'})}.{body}.x")
    assert not tokens.jwt(f"{part([1])}.{body}.x")
    assert not tokens.jwt(f"{part('alg')}.{body}.x")


@given(st.text(max_size=60))
def test_jwt_takes_any_text(text):
    assert not tokens.jwt(text)
