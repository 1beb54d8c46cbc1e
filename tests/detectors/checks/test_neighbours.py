"""Held against python-stdnum where it has them, and against the registers' own rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean
from stdnum.ch import ssn
from stdnum.no import fodselsnummer
from stdnum.ru import inn
from stdnum.ua import rntrc
from stdnum.za import idnr

from detectors.checks import neighbours
from tests.detectors.checks.build import (
    AMOUNT,
    DIGITS,
    ENOUGH,
    Register,
    days,
    digits,
    flipped,
)


def norwegian(body: str) -> str:
    number = body + fodselsnummer.calc_check_digit1(body)
    return number + fodselsnummer.calc_check_digit2(number)


CHECK = {
    "ru_inn of a person": neighbours.ru_inn,
    "ru_inn of a body": neighbours.ru_inn,
    "ua_rnokpp": neighbours.ua_rnokpp,
    "ch_ahv": neighbours.ch_ahv,
    "za_id": neighbours.za_id,
}
REGISTERS = {
    "ru_inn of a person": Register(
        inn.is_valid, [DIGITS] * 10, lambda body: body + inn.calc_personal_check_digits(body)
    ),
    "ru_inn of a body": Register(
        inn.is_valid, [DIGITS] * 9, lambda body: body + inn.calc_company_check_digit(body)
    ),
    "ua_rnokpp": Register(
        rntrc.is_valid, [DIGITS] * 9, lambda body: body + rntrc.calc_check_digit(body)
    ),
    "ch_ahv": Register(
        ssn.is_valid, [["756"], *[DIGITS] * 9], lambda body: body + ean.calc_check_digit(body)
    ),
    "za_id": Register(
        idnr.is_valid, [days(1950, 1987, 2004, form="ymd"), *[DIGITS] * 4, "01", DIGITS]
    ),
}
NORWEGIAN = Register(
    fodselsnummer.is_valid,
    [days(1955, 1987, 1999, form="dmy"), "01234", *[DIGITS] * 2],
    norwegian,
)


@pytest.mark.parametrize("name", REGISTERS)
def test_thousands_of_numbers_are_judged_as_by_stdnum(name):
    taken, refused = REGISTERS[name].judged(CHECK[name])

    assert taken + refused == 2 * AMOUNT
    assert min(taken, refused) > ENOUGH


@pytest.mark.parametrize("name", REGISTERS)
@given(seed=st.integers(AMOUNT), place=st.integers(0, 30), by=st.integers(1, 9))
def test_a_number_with_a_flaw_is_judged_as_by_stdnum(name, seed, place, by):
    number = flipped(REGISTERS[name].number(seed), place, by)

    assert CHECK[name](number) == REGISTERS[name].is_valid(number)


def test_thousands_of_norwegian_numbers_are_judged_as_by_stdnum():
    taken, refused = NORWEGIAN.judged(neighbours.no_fodselsnummer)

    assert taken + refused == 2 * AMOUNT
    assert min(taken, refused) > ENOUGH


@given(st.sampled_from(days(1987, 2004, form="dmy")), digits(3), st.sampled_from(["", "d", "h"]))
def test_norwegian_numbers_of_guests_and_of_hospitals_are_judged_as_by_stdnum(day, serial, kind):
    if kind:
        place = 0 if kind == "d" else 2
        day = f"{day[:place]}{int(day[place]) + 4}{day[place + 1 :]}"
    number = norwegian(day + serial)

    assert neighbours.no_fodselsnummer(number) == fodselsnummer.is_valid(number)


@pytest.mark.parametrize(
    ("number", "is_number"),
    [
        ("11223344595", True),  # the Fund's own example
        ("08765430300", True),  # the sum is 101
        ("08765430200", True),  # the sum is 100
        ("11223344594", False),
        ("00100199800", False),  # such numbers have no sum
        ("1122334459", False),
    ],
)
def test_a_russian_insurance_number_ends_with_its_sum(number, is_number):
    assert neighbours.ru_snils(number) is is_number


@given(digits(9))
def test_one_ending_makes_a_russian_insurance_number_valid(body):
    taken = [end for end in range(100) if neighbours.ru_snils(f"{body}{end:02d}")]

    assert len(taken) == (body > "001001998")


@pytest.mark.parametrize(
    ("number", "is_passport"),
    [
        ("4509123456", True),
        ("4697000123", True),
        ("4550123456", False),  # no form of 1950 or 2050
        ("0009123456", False),
        ("4509000000", False),
        ("450912345", False),
    ],
)
def test_a_russian_passport_has_a_region_and_the_year_of_its_form(number, is_passport):
    assert neighbours.ru_passport(number) is is_passport


def test_a_number_of_nothing_is_nobody_s():
    assert not neighbours.ua_rnokpp("0000000000")
