"""The numbers of Eastern Europe, held against python-stdnum, or worked out where it has none."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.bg import egn, pnf
from stdnum.cz import rc
from stdnum.hr import oib
from stdnum.pl import nip, pesel, regon
from stdnum.ro import cnp
from stdnum.si import emso

from detectors.checks.europe_east import CHECKS
from tests.detectors.checks.agreement import (
    DIGITS,
    Case,
    assert_agreement,
    assert_thousands,
    day,
    joined,
    one_of,
)
from tests.detectors.checks.build import digits, flipped


def moved(form, by):
    """Return a strategy of days whose month has a number added."""
    days = st.dates(dt.date(1900, 1, 1), dt.date(2020, 1, 1))
    return days.map(lambda one: f"{one:%y}{one.month + by:02}{one:%d}")


SHIFTED = st.sampled_from([0, 20, 40, 50, 60, 70, 80]).flatmap(lambda by: moved("%y%m%d", by))
CASES = {
    "bg_egn": Case(CHECKS["bg_egn"], egn.is_valid, joined(SHIFTED | digits(6), digits(2))),
    "bg_lnch": Case(CHECKS["bg_lnch"], pnf.is_valid, digits(8)),
    "cz_birth_number": Case(
        CHECKS["cz_birth_number"], rc.is_valid, joined(SHIFTED | digits(6), digits(2))
    ),
    "cz_birth_number of nine digits": Case(
        CHECKS["cz_birth_number"], rc.is_valid, joined(SHIFTED | digits(6), digits(1))
    ),
    "hr_oib": Case(CHECKS["hr_oib"], oib.is_valid, digits(9)),
    "pl_pesel": Case(CHECKS["pl_pesel"], pesel.is_valid, joined(SHIFTED | digits(6), digits(3))),
    "pl_nip": Case(
        CHECKS["pl_nip"], lambda number: number != "0000000000" and nip.is_valid(number), digits(8)
    ),
    "pl_regon": Case(
        CHECKS["pl_regon"],
        lambda number: number.strip("0") != "" and regon.is_valid(number),
        digits(7),
    ),
    "pl_regon of fourteen digits": Case(
        CHECKS["pl_regon"],
        regon.is_valid,
        joined(one_of(["192598184", "123456785", "123456786"]), digits(3)),
    ),
    "ro_cnp": Case(
        CHECKS["ro_cnp"],
        cnp.is_valid,
        joined(
            one_of("0123456789"),
            day("%y%m%d"),
            one_of(["01", "40", "49", "52", "70", "80"]),
            digits(2),
        ),
    ),
    "si_emso": Case(
        CHECKS["si_emso"],
        emso.is_valid,
        joined(day("%d%m"), one_of(["900", "985", "000", "017", "800"]), digits(4)),
    ),
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_check_says_what_stdnum_says(name, data):
    assert_agreement(CASES[name], data.draw(CASES[name].bodies))


def year_first(n, *raised):
    return f"{n % 100:02}{n % 12 + 1 + raised[n % len(raised)]:02}{n % 28 + 1:02}"


MADE = {
    "bg_egn": (lambda n: f"{year_first(n, 0, 20, 40)}{n % 1000:03}", DIGITS),
    "cz_birth_number": (lambda n: f"{year_first(n, 0, 20, 50, 70)}{n % 1000:03}", DIGITS),
    "pl_pesel": (lambda n: f"{year_first(n, 0, 20, 40, 60, 80)}{n % 10_000:04}", DIGITS),
    "ro_cnp": (
        lambda n: f"{n % 8 + 1}{year_first(n, 0)}{n % 46 + 1:02}{n % 1000:03}",
        DIGITS,
    ),
    "si_emso": (
        lambda n: f"{n % 28 + 1:02}{n % 12 + 1:02}{900 + n % 100}{50 + n % 10}{n % 1000:03}",
        DIGITS,
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_thousands_of_made_numbers_are_what_stdnum_says(name):
    assert_thousands(CASES[name], *MADE[name])


def mirrored(digits, *, down):
    return (
        sum(int(digit) * (10 - at if down else at + 1) for at, digit in enumerate(digits[:10])) % 11
    )


@settings(max_examples=400, deadline=None)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2020, 1, 1)), st.integers(0, 1), digits(3))
def test_a_hungarian_has_a_last_digit_that_is_summed_downwards_from_1997_on(born, sex, serial):
    body = f"{(1 if born.year < 2000 else 3) + sex}{born:%y%m%d}{serial}"
    check = mirrored(body, down=born.year >= 1997)

    for last in range(10):
        assert CHECKS["hu_personal_id"](f"{body}{last}") == (last == check)


@settings(max_examples=400, deadline=None)
@given(digits(8))
def test_hungarian_numbers_of_insurance_and_tax_have_one_last_digit_that_holds(body):
    insured = sum(int(digit) * (7 if at % 2 else 3) for at, digit in enumerate(body)) % 10
    taxed = sum((at + 1) * int(digit) for at, digit in enumerate("8" + body)) % 11

    for last in range(10):
        number = f"{body}{last}"
        assert CHECKS["hu_taj"](number) == (last == insured and number != "000000000")
        assert CHECKS["hu_tax_id"](f"8{number}") == (last == taxed)
        assert not CHECKS["hu_tax_id"](f"7{number}")


@settings(max_examples=400, deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), digits(5), st.integers(0, 4))
def test_a_polish_identity_card_has_one_check_digit_in_front_of_its_number(series, number, place):
    values = [int(char, 36) for char in series + number]
    check = sum(weight * value for weight, value in zip((7, 3, 1) * 3, values, strict=False)) % 10

    for digit in range(10):
        assert CHECKS["pl_id_card"](f"{series}{digit}{number}") == (digit == check)
    assert not CHECKS["pl_id_card"](f"{series}{check}{flipped(number, place, 1 + place)}")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("bg_egn", "8032056031"),
        ("bg_egn", "7542011030"),
        ("bg_lnch", "7111042925"),
        ("cz_birth_number", "7103192745"),
        ("cz_birth_number", "991231123"),
        ("hr_oib", "33392005961"),
        ("hu_tax_id", "8234567896"),
        ("pl_pesel", "44051401359"),
        ("pl_nip", "8567346215"),
        ("pl_regon", "123456785"),
        ("pl_regon", "12345678512347"),
        ("pl_id_card", "ABA300000"),
        ("ro_cnp", "1630615123457"),
        ("si_emso", "0101006500006"),
    ],
)
def test_published_numbers_hold(name, number):
    assert CHECKS[name](number)
