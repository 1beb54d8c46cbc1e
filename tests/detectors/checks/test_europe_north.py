"""The Nordic and Baltic numbers, held against python-stdnum."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.dk import cpr
from stdnum.ee import ik
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu
from stdnum.lt import asmens
from stdnum.lv import pvn
from stdnum.se import orgnr, personnummer

from detectors.checks.europe_north import CHECKS
from tests.detectors.checks.agreement import (
    DIGITS,
    Case,
    assert_agreement,
    assert_thousands,
    day,
    joined,
    one_of,
)
from tests.detectors.checks.build import digits


def has_birthday(number):
    """Say whether stdnum reads a day in a CPR number; it refuses those to be born, which has no end."""
    try:
        return len(number) == 10 and bool(cpr.get_birth_date(number))
    except ValidationError:
        return False


def is_personal(number):
    """Say whether a Latvian number is of a person; a century after 2000 was never given out."""
    own = number[:1] <= "3" and (number[6:7] <= "2" or number.startswith("32"))
    return own and pvn.is_valid(number)


def is_swedish(number):
    """Say the same of a samordningsnummer as of the personnummer 60 days before."""
    if len(number) == 12 and not "1800" <= number[:4] <= "2099":
        return False  # stdnum takes any year
    at = len(number) - 6
    if not "61" <= number[at : at + 2] <= "91" or not number.isdigit():
        return personnummer.is_valid(number)
    body = number[:at] + f"{int(number[at : at + 2]) - 60:02}" + number[at + 2 : -1]
    # Sixty less changes the sum: the day alone is asked of stdnum, and the sum of the number itself.
    sound = luhn.is_valid(number[-10:])
    return sound and any(personnummer.is_valid(f"{body}{last}") for last in range(10))


def is_organisation(number):
    """Say whether stdnum takes a number whose third digit makes it no day; stdnum does not look."""
    return number[:1] != "0" and number[2:3] >= "2" and orgnr.is_valid(number)


CASES = {
    "dk_cpr": Case(
        CHECKS["dk_cpr"], has_birthday, joined(day("%d%m%y"), digits(2)), ends=["00", "17", "99"]
    ),
    "ee_personal_code": Case(
        CHECKS["ee_personal_code"],
        ik.is_valid,
        joined(one_of("123456780"), day("%y%m%d"), digits(2)),
    ),
    "lt_personal_code": Case(
        CHECKS["lt_personal_code"],
        asmens.is_valid,
        joined(one_of("123456790"), day("%y%m%d"), digits(2)),
    ),
    "fi_hetu": Case(
        CHECKS["fi_hetu"],
        hetu.is_valid,
        joined(day("%d%m%y"), one_of("-+ABCDEFYXWVUGZ"), digits(3)),
        ends="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ),
    "lv_personal_code": Case(
        CHECKS["lv_personal_code"],
        is_personal,
        joined(day("%d%m%y") | one_of(["320000", "327931"]), digits(3)),
    ),
    "se_personnummer of ten digits": Case(
        CHECKS["se_personnummer"], is_swedish, joined(day("%y%m%d"), digits(2))
    ),
    "se_personnummer of twelve digits": Case(
        CHECKS["se_personnummer"], is_swedish, joined(day("%Y%m%d"), digits(2))
    ),
    "se_organisationsnummer": Case(CHECKS["se_organisationsnummer"], is_organisation, digits(8)),
    "a samordningsnummer": Case(
        CHECKS["se_personnummer"],
        is_swedish,
        joined(one_of(["850261", "19850270", "200291", "850292", "19850288"]), digits(2)),
    ),
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_check_says_what_stdnum_says(name, data):
    assert_agreement(CASES[name], data.draw(CASES[name].bodies))


def year_first(n):
    return f"{n % 100:02}{n % 12 + 1:02}{n % 28 + 1:02}"


def day_first(n):
    return f"{n % 28 + 1:02}{n % 12 + 1:02}{n % 100:02}"


MADE = {
    "dk_cpr": (lambda n: f"{day_first(n)}4{n % 1000:03}", [""]),
    "ee_personal_code": (lambda n: f"{n % 8 + 1}{year_first(n)}{n % 1000:03}", DIGITS),
    "lt_personal_code": (lambda n: f"{n % 9 + 1}{year_first(n)}{n % 1000:03}", DIGITS),
    "fi_hetu": (
        lambda n: f"{day_first(n)}{'-A'[n % 2]}{n % 898 + 2:03}",
        "0123456789ABCDEFHJKLMNPRSTUVWXY",
    ),
    "lv_personal_code": (lambda n: f"{day_first(n)}{n % 3}{n % 1000:03}", DIGITS),
    "se_personnummer of ten digits": (lambda n: f"{year_first(n)}{n % 1000:03}", DIGITS),
    "se_personnummer of twelve digits": (lambda n: f"19{year_first(n)}{n % 1000:03}", DIGITS),
}


@pytest.mark.parametrize("name", MADE)
def test_thousands_of_made_numbers_are_what_stdnum_says(name):
    assert_thousands(CASES[name], *MADE[name])


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("dk_cpr", "2110625629"),
        ("ee_personal_code", "36805280109"),
        ("lt_personal_code", "33309240064"),
        ("lt_personal_code", "38703181745"),
        ("fi_hetu", "131052-308T"),
        ("fi_hetu", "131052308T"),
        ("fi_hetu", "131052A308T"),
        ("lv_personal_code", "16117519997"),
        ("se_personnummer", "8803200016"),
        ("se_personnummer", "198803200016"),
        ("se_organisationsnummer", "1234567897"),
    ],
)
def test_published_numbers_hold(name, number):
    assert CHECKS[name](number)
