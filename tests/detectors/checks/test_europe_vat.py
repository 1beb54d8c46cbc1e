"""VAT numbers of the 27 member states, held against python-stdnum."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.it import iva
from stdnum.util import get_cc_module

from detectors.checks.europe_vat import eu_vat, it_vat
from tests.detectors.checks.agreement import (
    DIGITS,
    LETTERS,
    TWO,
    Case,
    assert_agreement,
    assert_thousands,
    joined,
    one_of,
)
from tests.detectors.checks.build import digits

FEW = "ABCHJWXZ"
# What stands behind the prefix: numbers without their end, and all ends to try.
FORMS = {
    "AT": (joined(st.just("U"), digits(6)), TWO),
    "BE": (joined(one_of("012"), digits(7)), TWO),
    "BG": (digits(7) | digits(8), TWO),
    "CY": (digits(8), LETTERS),
    "CZ": (digits(6) | joined(one_of("6"), digits(6)) | digits(8), TWO),
    "DE": (digits(7), TWO),
    "DK": (digits(6), TWO),
    "EE": (digits(7), TWO),
    "EL": (digits(7), TWO),
    "ES": (joined(one_of(LETTERS + DIGITS), digits(7)), LETTERS + DIGITS),
    "FI": (digits(6), TWO),
    "FR": (joined(st.just(""), one_of(TWO), one_of(["000", "404", "732"]), digits(4)), TWO),
    "GR": (digits(7), TWO),
    "HR": (digits(9), TWO),
    "HU": (digits(6), TWO),
    "IE": (
        joined(one_of(DIGITS), one_of(DIGITS + FEW), digits(5)),
        [check + last for check in LETTERS for last in ("", *FEW)],
    ),
    "IT": (joined(digits(7), one_of(["00", "01", "05", "10", "12", "88", "99"])), TWO),
    "LT": (digits(7) | digits(10), TWO),
    "LU": (digits(6), TWO),
    "LV": (digits(9), TWO),
    "MT": (digits(6), TWO),
    "NL": (joined(digits(9), st.just("B")), TWO),
    "PL": (digits(8), TWO),
    "PT": (digits(7), TWO),
    "RO": (st.text(DIGITS, min_size=0, max_size=8), TWO),
    "SE": (digits(10), TWO),
    "SI": (digits(6), TWO),
    "SK": (digits(8), TWO),
}


STATES = {state: get_cc_module(state.replace("EL", "GR"), "vat") for state in FORMS}


def is_vat(number):
    """Say whether stdnum takes a number that can have been given out.

    It takes numbers of nothing but zeros, fills up short ones of two states, and takes Latvians who
    are born from 2100 on.
    """
    state, own = number[:2], number[2:]
    if len(own) < {"BE": 10, "EL": 9, "GR": 9}.get(state, 0):
        return False
    if state == "LV" and own[:1] <= "3" and own[6:7] > "2" and not own.startswith("32"):
        return False
    module = STATES.get(state)
    return module is not None and own.strip("0") != "" and module.is_valid(own)


@pytest.mark.parametrize("state", FORMS)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_vat_number_is_one_where_stdnum_says_so(state, data):
    bodies, ends = FORMS[state]
    body = state + data.draw(bodies)
    assert_agreement(Case(eu_vat, is_vat, bodies, ends), body)


def french(n):
    siren = f"{n * 40_009:08}{luhn.calc_check_digit(f'{n * 40_009:08}')}"
    return f"{int(siren + '12') % 97:02}{siren}"


MADE = {
    "BE": (lambda n: f"0{n * 3001 + 7:07}", TWO),
    "CY": (lambda n: f"{n * 3001 + 7:08}", LETTERS),
    "ES": (lambda n: f"{'ABCDEFGHJNPQRSUVW'[n % 17]}{n * 3001:07}", DIGITS + LETTERS),
    "FR": (french, [""]),
    "IT": (lambda n: f"{n * 3001 + 7:07}{n % 100 + 1:03}", DIGITS),
    "LT": (lambda n: f"{n * 3001:07}1", DIGITS),
    "LU": (lambda n: f"{n * 401 + 7:06}", TWO),
    "MT": (lambda n: f"{n * 401 + 100_007:06}", TWO),
    "SE": (lambda n: f"{n * 300_007:09}", [digit + "01" for digit in DIGITS]),
}


@pytest.mark.parametrize("state", MADE)
def test_thousands_of_made_numbers_are_what_stdnum_says(state):
    made, ends = MADE[state]
    assert_thousands(Case(eu_vat, is_vat, digits(9)), lambda n: state + made(n), ends)


@settings(max_examples=120, deadline=None)
@given(joined(digits(7), one_of(["00", "01", "05", "10", "12", "88", "99"])))
def test_an_italian_company_has_a_number_where_stdnum_says_so(body):
    assert_agreement(Case(it_vat, iva.is_valid, digits(9)), body)


@pytest.mark.parametrize(
    "number",
    [
        "ATU13585627",
        "BE0428759497",
        "BG175074752",
        "CY10259033P",
        "CZ25123891",
        "DE136695976",
        "DK13585628",
        "EE100931558",
        "EL094259216",
        "ESB64717838",
        "FI20774740",
        "FR40303265045",
        "FRK7399859412",
        "GR094259216",
        "HR33392005961",
        "HU12892312",
        "IE6433435OA",
        "IE8D79739I",
        "IT00743110157",
        "LT119511515",
        "LT100001919017",
        "LU15027442",
        "LV40003521600",
        "MT11679112",
        "NL004495445B01",
        "NL002455799B11",
        "PL8567346215",
        "PT501964843",
        "RO18547290",
        "SE123456789701",
        "SI50223054",
        "SK2022749619",
    ],
)
def test_published_numbers_hold_and_without_their_state_they_do_not(number):
    assert eu_vat(number)
    assert not eu_vat(number[2:])
    assert not eu_vat("US" + number[2:])
