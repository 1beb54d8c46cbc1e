"""The numbers of Southern Europe, held against python-stdnum, or worked out where it has none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cy import vat as tic
from stdnum.es import dni, nie, nif
from stdnum.gr import amka
from stdnum.gr import vat as afm
from stdnum.it import codicefiscale
from stdnum.pt import cc
from stdnum.pt import nif as portuguese

from detectors.checks.europe_south import CHECKS
from tests.detectors.checks.agreement import (
    DIGITS,
    LETTERS,
    Case,
    assert_agreement,
    assert_thousands,
    day,
    joined,
    one_of,
)
from tests.detectors.checks.build import digits, flipped


def is_italian(number):
    """Say whether stdnum takes a person's code: it takes a company's number too."""
    return len(number) == 16 and codicefiscale.is_valid(number)


def is_spanish(number):
    """Say whether stdnum takes a DNI, or a tax number that begins with K, L or M."""
    return dni.is_valid(number) or (number[:1] in set("KLM") and nif.is_valid(number))


def is_card(number):
    """Say whether stdnum takes a number of the one length that cards have."""
    return len(number) == 12 and cc.is_valid(number)


LETTER = one_of(LETTERS)
NAMES = st.text(LETTERS, min_size=6, max_size=6)
BORN = joined(digits(2), one_of("ABCDEHLMPRSTZ"), digits(2))  # a day of any number
CASES = {
    "cy_tax_id": Case(CHECKS["cy_tax_id"], tic.is_valid, digits(8), LETTERS),
    "gr_amka": Case(CHECKS["gr_amka"], amka.is_valid, joined(day("%d%m%y"), digits(3))),
    "gr_afm": Case(
        CHECKS["gr_afm"],
        lambda number: len(number) == 9 and number != "000000000" and afm.is_valid(number),
        digits(7),
    ),
    "it_fiscal_code": Case(
        CHECKS["it_fiscal_code"], is_italian, joined(NAMES, BORN, LETTER, digits(3)), LETTERS
    ),
    "it_fiscal_code with letters for digits": Case(
        CHECKS["it_fiscal_code"],
        is_italian,
        joined(
            NAMES, one_of(["8P", "LR", "T0"]), one_of("ART"), one_of(["1U", "QL", "4M"])
        ).flatmap(lambda head: joined(st.just(head), LETTER, one_of(["22V", "LMN", "00A"]))),
        LETTERS,
    ),
    "pt_nif": Case(CHECKS["pt_nif"], portuguese.is_valid, digits(7)),
    "pt_citizen_card": Case(
        CHECKS["pt_citizen_card"],
        is_card,
        joined(digits(9), st.text(LETTERS + "0123456789", min_size=2, max_size=2)),
        "0123456789A",
    ),
    "es_nif": Case(CHECKS["es_nif"], is_spanish, digits(8), LETTERS),
    "es_nif without a DNI": Case(
        CHECKS["es_nif"], is_spanish, joined(one_of("KLMN"), digits(7)), LETTERS
    ),
    "es_nie": Case(CHECKS["es_nie"], nie.is_valid, joined(one_of("WXYZ"), digits(7)), LETTERS),
}


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_check_says_what_stdnum_says(name, data):
    assert_agreement(CASES[name], data.draw(CASES[name].bodies))


MADE = {
    "cy_tax_id": (lambda n: f"{n * 3001:08}", LETTERS),
    "gr_amka": (lambda n: f"{n % 28 + 1:02}{n % 12 + 1:02}{n % 100:02}{n % 10_000:04}", DIGITS),
    "it_fiscal_code": (
        lambda n: (
            f"RSSMR{LETTERS[n % 26]}{n % 100:02}{'ABCDEHLMPRST'[n % 12]}{n % 28 + 1:02}H{n % 1000:03}"
        ),
        LETTERS,
    ),
    "pt_citizen_card": (lambda n: f"{n * 70_001:09}Z{(DIGITS + LETTERS)[n % 36]}", DIGITS),
    "es_nif": (lambda n: f"{n * 40_009:08}", LETTERS),
    "es_nif without a DNI": (lambda n: f"{'KLM'[n % 3]}{n * 4001:07}", LETTERS),
    "es_nie": (lambda n: f"{'XYZ'[n % 3]}{n * 4001:07}", LETTERS),
}


@pytest.mark.parametrize("name", MADE)
def test_thousands_of_made_numbers_are_what_stdnum_says(name):
    assert_thousands(CASES[name], *MADE[name])


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 53), st.integers(0, 99_999_999), st.integers(0, 11), st.integers(1, 9))
def test_a_spanish_insured_person_has_two_check_digits_mod_97(province, number, place, by):
    short = number < 10_000_000
    check = int(f"{province}{number:07}" if short else f"{province}{number}") % 97
    made = f"{province:02}{number:08}{check:02}"

    assert CHECKS["es_social_security"](made)
    # A wrong third digit can turn one way of summing into the other.
    assert place == 2 or not CHECKS["es_social_security"](flipped(made, place, by))


@pytest.mark.parametrize(
    ("name", "number", "holds"),
    [
        ("cy_tax_id", "10259033P", True),
        ("cy_tax_id", "12345678F", False),  # none begins with 12
        ("gr_amka", "01013099997", True),
        ("gr_afm", "094259216", True),
        ("it_fiscal_code", "RCCMNL83S18D969H", True),
        ("it_fiscal_code", "00743110157", False),  # a company's
        ("pt_nif", "501964843", True),
        ("pt_citizen_card", "000000000ZZ4", True),
        ("es_nif", "54362315K", True),
        ("es_nif", "M1234567L", True),
        ("es_nie", "X2482300W", True),
        ("es_social_security", "281234567840", True),
        ("es_social_security", "541234567811", False),  # there is no such province
    ],
)
def test_what_is_published_holds_and_what_is_near_to_it_does_not(name, number, holds):
    assert CHECKS[name](number) is holds
