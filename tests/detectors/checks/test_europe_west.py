"""The numbers of Western Europe, held against python-stdnum, or worked out where it has none."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn, verhoeff
from stdnum.at import vnr
from stdnum.be import ssn
from stdnum.fr import nif, nir
from stdnum.ie import pps
from stdnum.nl import bsn

from detectors.checks.europe_west import CHECKS
from tests.detectors.checks.agreement import (
    DIGITS,
    LETTERS,
    TWO,
    Case,
    assert_agreement,
    assert_thousands,
    day,
    joined,
    one_of,
)
from tests.detectors.checks.build import digits, flipped


def is_austrian(number):
    """Say whether stdnum takes a number with a day of birth in it, which it does not look at."""
    born = "01" <= number[4:6] <= "31" and "01" <= number[6:8] <= "15"
    return born and vnr.is_valid(number)


def is_belgian(number):
    """Say whether stdnum takes a number whose day is none behind the 31st, which it allows."""
    return number[4:6] <= "31" and ssn.is_valid(number)


def one_way(number):
    """Say what the check says, but where stdnum asks for today: who is born from 2027 on has no number
    there yet.
    """
    return CHECKS["be_national_number"](number) and (number[:2] <= "26" or ssn.is_valid(number))


def is_french(number):
    """Say whether stdnum takes a number with a sex and a month in it, which it does not look at."""
    months = {f"{month:02}" for month in (*range(1, 13), 20, *range(30, 43), *range(50, 100))}
    return number[:1] in tuple("123478") and number[3:5] in months and nir.is_valid(number)


def is_dutch(number):
    """Say whether stdnum takes a number of nine digits: shorter ones it fills up."""
    return len(number) == 9 and bsn.is_valid(number)


DAYS = ("010180", "311299", "320101", "000955", "290200", "150100", "011585", "011685", "050013")
BELGIANS = (*("850730", "120229", "000000", "002001", "250931", "011301"), "015201", "015301")
CASES = {
    "at_svnr": Case(
        CHECKS["at_svnr"], is_austrian, digits(3), [digit + one for digit in DIGITS for one in DAYS]
    ),
    "be_national_number": Case(
        one_way, is_belgian, joined(day("%y%m%d") | one_of(BELGIANS), digits(3))
    ),
    "fr_nir": Case(
        CHECKS["fr_nir"],
        is_french,
        joined(one_of("0123478"), day("%y%m"), one_of(["2A", "2B", "2C", "75", "99"]), digits(6)),
    ),
    "fr_tax_id": Case(
        CHECKS["fr_tax_id"],
        nif.is_valid,
        joined(one_of("01234"), digits(9)),
        [f"{number:03}" for number in range(0, 520, 2)],
    ),
    "ie_ppsn": Case(
        CHECKS["ie_ppsn"],
        pps.is_valid,
        digits(7),
        [check + last for check in LETTERS for last in ("", *"ABHWTXC")],
    ),
    "nl_bsn": Case(CHECKS["nl_bsn"], is_dutch, digits(7)),
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_check_says_what_stdnum_says(name, data):
    assert_agreement(CASES[name], data.draw(CASES[name].bodies))


MADE = {
    "at_svnr": (lambda n: f"{n % 899 + 101}", [digit + "010180" for digit in DIGITS]),
    "be_national_number": (lambda n: f"{n % 100:02}0{n % 9 + 1}1{n % 10}{n % 998:03}", TWO),
    "fr_nir": (
        lambda n: f"{n % 2 + 1}{n % 100:02}{n % 12 + 1:02}75{n * 7 % 1000:03}{n % 998:03}",
        TWO,
    ),
    "fr_tax_id": (lambda n: f"{511 * (1_000_000 + n) + n % 100:010}0", TWO),
    "ie_ppsn": (
        lambda n: f"{n * 4001:07}",
        [letter + "AWT"[at % 3] for at, letter in enumerate(LETTERS)],
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_thousands_of_made_numbers_are_what_stdnum_says(name):
    assert_thousands(CASES[name], *MADE[name])


@settings(max_examples=400, deadline=None)
@given(st.dates(dt.date(1880, 1, 1), dt.date(2020, 1, 1)), digits(3), st.data())
def test_a_luxembourger_has_a_luhn_digit_and_one_of_verhoeff(born, serial, data):
    body = born.strftime("%Y%m%d") + serial
    number = body + luhn.calc_check_digit(body) + verhoeff.calc_check_digit(body)
    place = data.draw(st.integers(0, 12))

    assert CHECKS["lu_nin"](number)
    for by in range(1, 10):
        assert not CHECKS["lu_nin"](flipped(number, place, by))


@pytest.mark.parametrize("day", ["18791231", "19850230", "19851301", "21000101"])
def test_a_luxembourger_has_a_day_of_birth(day):
    body = f"{day}123"
    number = body + luhn.calc_check_digit(body) + verhoeff.calc_check_digit(body)

    assert not CHECKS["lu_nin"](number)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("at_svnr", "1237010180"),
        ("be_national_number", "85073003328"),
        ("be_national_number", "17073003384"),
        ("fr_nir", "295109912611193"),
        ("fr_nir", "253072B07300470"),
        ("fr_tax_id", "3023217600053"),
        ("ie_ppsn", "6433435F"),
        ("ie_ppsn", "6433435FT"),
        ("ie_ppsn", "6433435OA"),
        ("lu_nin", "1990093012358"),
        ("lu_nin", "1979122003208"),
        ("nl_bsn", "111222333"),
    ],
)
def test_published_numbers_hold(name, number):
    assert CHECKS[name](number)
