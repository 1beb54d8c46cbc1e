"""German numbers: the tax number held against python-stdnum, the rest worked out by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.de import idnr

from detectors.checks.europe_germany import CHECKS
from tests.detectors.checks.agreement import Case, assert_agreement, one_of
from tests.detectors.checks.build import digits

ONE_TWICE = st.permutations("0123456789").map(lambda row: "".join(row[:8]) + row[3])
ONE_THRICE = st.permutations("0123456789").map(lambda row: "".join(row[:7]) + row[2] + row[5])


@settings(max_examples=120, deadline=None)
@given(ONE_TWICE | ONE_THRICE | digits(9))
def test_a_tax_number_is_one_where_stdnum_says_so(body):
    assert_agreement(Case(CHECKS["de_tax_id"], idnr.is_valid, digits(9)), body)


def place(letter):
    return f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.index(letter) + 1:02}"


def crossed(digits, weights):
    """Return the digit sums of the products added up, as the statute tells to."""
    products = "".join(
        str(int(digit) * weight) for digit, weight in zip(digits, weights, strict=True)
    )
    return sum(map(int, products)) % 10


LETTER = one_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 99), st.dates().map(lambda one: one.strftime("%d%m%y")), LETTER, digits(2))
def test_a_pension_number_has_one_last_digit_that_holds(area, born, letter, serial):
    head = f"{area:02}{born}"
    check = crossed(head + place(letter) + serial, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1))

    for last in range(10):
        number = f"{head}{letter}{serial}{last}"
        assert CHECKS["de_social_security"](number) == (last == check)


@settings(max_examples=400, deadline=None)
@given(LETTER, digits(8))
def test_an_insured_person_s_number_has_one_last_digit_that_holds(letter, body):
    check = crossed(place(letter) + body, (1, 2) * 5)

    for last in range(10):
        assert CHECKS["de_health_insurance"](f"{letter}{body}{last}") == (last == check)


SERIAL = st.text("CFGHJKLMNPRTVWXYZ0123456789", min_size=6, max_size=6)


@settings(max_examples=400, deadline=None)
@given(one_of("LMNPRTVWXY"), one_of("CFGHJK"), SERIAL, digits(2))
def test_a_document_has_one_last_digit_that_holds(card, passport, serial, two):
    for name, first in (("de_id_card", card), ("de_passport", passport)):
        body = first + serial + two
        values = [int(char, 36) for char in body]
        total = 7 * sum(values[::3]) + 3 * sum(values[1::3]) + sum(values[2::3])

        assert CHECKS[name](body)
        for last in range(10):
            assert CHECKS[name](f"{body}{last}") == (last == total % 10)


@pytest.mark.parametrize(
    ("name", "number", "holds"),
    [
        ("de_tax_id", "36574261809", True),
        ("de_tax_id", "36574261890", False),
        ("de_tax_id", "36554266806", False),  # two digits come again
        ("de_social_security", "15070649C103", True),  # of the pension insurance
        ("de_social_security", "15570649C103", False),
        ("de_social_security", "15320649C103", False),  # no 32nd day
        ("de_social_security", "15071349C103", False),  # no 13th month
        ("de_health_insurance", "A000500015", True),  # of the statute's annex
        ("de_health_insurance", "C000500021", True),
        ("de_id_card", "L01X00T471", True),  # the specimen
        ("de_id_card", "L01X00T47", True),
        ("de_id_card", "L01X00T472", False),
        ("de_id_card", "C01X00T478", False),  # a passport
        ("de_id_card", "LMNPRTVW1", False),  # too few digits
        ("de_id_card", "LABELS123", False),  # letters that no document has
        ("de_passport", "C01X00T478", True),  # the specimen
        ("de_passport", "C01X00T479", False),
    ],
)
def test_what_is_published_holds_and_what_is_near_to_it_does_not(name, number, holds):
    assert CHECKS[name](number) is holds
