"""Held against python-stdnum where it has them, and against the registers' own examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import nhs, utr

from detectors.checks import britain
from tests.detectors.checks.build import AMOUNT, DIGITS, ENOUGH, Register, flipped

REGISTERS = {
    "uk_nhs": Register(nhs.is_valid, [DIGITS] * 9),
    "uk_utr": Register(utr.is_valid, [DIGITS] * 9, lambda body: utr.calc_check_digit(body) + body),
}


@pytest.mark.parametrize("name", REGISTERS)
def test_thousands_of_numbers_are_judged_as_by_stdnum(name):
    taken, refused = REGISTERS[name].judged(britain.CHECKS[name])

    assert taken + refused == 2 * AMOUNT
    assert min(taken, refused) > ENOUGH


@pytest.mark.parametrize("name", REGISTERS)
@given(seed=st.integers(AMOUNT), place=st.integers(0, 30), by=st.integers(1, 9))
def test_a_number_with_a_flaw_is_judged_as_by_stdnum(name, seed, place, by):
    number = flipped(REGISTERS[name].number(seed), place, by)

    assert britain.CHECKS[name](number) == REGISTERS[name].is_valid(number)


def test_a_number_of_nothing_is_nobody_s():
    assert not britain.uk_nhs("0000000000")


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("AB123456C", True),
        ("JG103759A", True),
        ("ZY987654D", True),
        ("AB123456E", False),  # the last is A to D
        ("BG123456A", False),  # never given out
        ("GB123456A", False),
        ("ZZ123456A", False),
        ("DA123456A", False),  # no D, F, I, Q, U or V
        ("AO123456A", False),  # no O in the second place
        ("AB12345C", False),
        ("ab123456c", False),
        ("", False),
    ],
)
def test_a_national_insurance_number_has_a_prefix_that_is_given_out(text, is_number):
    assert britain.uk_nino(text) is is_number


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("SW1A1AA", True),
        ("M11AE", True),
        ("B338TH", True),
        ("CR26XH", True),
        ("DN551PT", True),
        ("W1A0AX", True),
        ("EC1A1BB", True),
        ("GIR0AA", True),
        ("JE23QA", True),
        ("XX11AA", False),  # no such area
        ("AA11AA", False),
        ("SW1A1AC", False),  # no C in a unit
        ("SW1AAA", False),
        ("1AA", False),
        ("M123456", False),
    ],
)
def test_a_postcode_has_an_area_that_exists(text, is_code):
    assert britain.uk_postcode(text) is is_code


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("MORGA657054SM9IJ", True),  # the DVLA's own example
        ("GARDN605109C99LY", True),
        ("FOX99707319A99AB", True),
        ("MORGA613054SM9IJ", False),  # month 13
        ("MORGA670054SM9IJ", False),  # month 70
        ("MORGA657324SM9IJ", False),  # day 32
        ("9ORGA657054SM9IJ", False),  # a name begins with a letter
        ("MO9GA657054SM9IJ", False),  # what fills up stands behind
        ("MORGA6570549M9IJ", False),  # one initial at least
        ("MORGA657054SM9I", False),
        ("MORGAN65705SM9IJ", False),
    ],
)
def test_a_driving_licence_holds_a_name_and_a_day(text, is_number):
    assert britain.uk_driving_licence(text) is is_number
