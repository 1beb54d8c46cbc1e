"""Held against python-stdnum where it has them, and against the registers' own rules."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.ar import cuit
from stdnum.br import cnpj, cpf
from stdnum.ca import sin
from stdnum.cl import rut
from stdnum.mx import curp
from stdnum.us import ein, itin, rtn, ssn

from detectors.checks import america
from tests.detectors.checks.build import (
    AMOUNT,
    DIGITS,
    EITHER,
    ENOUGH,
    LETTERS,
    Register,
    days,
    digits,
    flipped,
)

REGISTERS = {
    "ca_sin": Register(sin.is_valid, ["12345679", *[DIGITS] * 7]),
    "br_cpf": Register(
        cpf.is_valid,
        [DIGITS] * 9,
        lambda body: next(one for end in range(100) if cpf.is_valid(one := f"{body}{end:02d}")),
    ),
    "br_cnpj": Register(
        cnpj.is_valid, [EITHER] * 12, lambda body: body + cnpj.calc_check_digits(body)
    ),
    "ar_cuit": Register(cuit.is_valid, [["20", "23", "24", "27", "30", "33"], *[DIGITS] * 8]),
    "cl_rut": Register(
        rut.is_valid,
        [*[DIGITS] * 6, [*DIGITS, "10", "99"]],
        lambda body: body + rut.calc_check_digit(body),
    ),
    "mx_curp": Register(
        curp.is_valid,
        [
            *["BCDFG"] * 4,  # no word that the register avoids
            days(1960, 1987, form="ymd"),
            "HM",
            ["DF", "NL", "JC", "YN", "ZS"],
            *["BCDFG"] * 3,
            DIGITS,
        ],
    ),
    "us_npi": Register(
        lambda number: number[0] in "12" and luhn.is_valid("80840" + number),
        ["12", *[DIGITS] * 8],
    ),
    "aba_routing_number": Register(
        lambda number: rtn.is_valid(number) and number[:2] < "13",
        [["01", "02", "09", "11", "12"], *[DIGITS] * 6],
    ),
}
# A flaw in what stdnum knows and the check does not ask for, or the other way round.
WIDER = {"aba_routing_number", "ar_cuit", "mx_curp"}


@pytest.mark.parametrize("name", sorted(REGISTERS.keys() - WIDER))
def test_thousands_of_numbers_are_judged_as_by_stdnum(name):
    taken, refused = REGISTERS[name].judged(america.CHECKS[name])

    assert taken + refused == 2 * AMOUNT
    assert min(taken, refused) > ENOUGH


@pytest.mark.parametrize("name", sorted(WIDER))
def test_thousands_that_stdnum_takes_are_taken(name):
    made = [REGISTERS[name].number(seed) for seed in range(AMOUNT)]
    right = [number for number in made if REGISTERS[name].is_valid(number)]

    assert len(right) > ENOUGH
    assert all(map(america.CHECKS[name], right))


@given(seed=st.integers(AMOUNT), by=st.integers(1, 9))
def test_a_wrong_check_digit_of_a_curp_is_refused(seed, by):
    number = REGISTERS["mx_curp"].number(seed)

    assert america.mx_curp(number)
    assert not america.mx_curp(flipped(number, 17, by))


def test_a_curp_has_a_day_of_birth_and_a_state():
    assert america.mx_curp("BOXW310820HNERXN09")
    assert not america.mx_curp("BOXW310832HNERXN09")
    assert not america.mx_curp("BOXW310820HXXRXN09")


@given(digits(9))
@example("536228731")
@example("078051120")
@example("000000000")
def test_us_ssn_agrees_with_stdnum(number):
    assert america.us_ssn(number) == ssn.is_valid(number)


def test_thousands_of_social_security_numbers_are_judged_as_by_stdnum():
    numbers = [f"{area:03d}{group:02d}8731" for area in range(1000) for group in range(4)]

    assert [america.us_ssn(number) for number in numbers] == [*map(ssn.is_valid, numbers)]


@pytest.mark.parametrize(
    "number", ["000228731", "666228731", "936228731", "536008731", "536220000", "219099999"]
)
def test_parts_of_a_social_security_number_that_were_never_issued(number):
    assert not america.us_ssn(number)


def test_every_prefix_of_an_employer_number_is_judged_as_by_stdnum():
    numbers = [f"{prefix:02d}{rest}" for prefix in range(100) for rest in (1144442, 2103594)]

    assert [america.us_ein(number) for number in numbers] == [*map(ein.is_valid, numbers)]


def test_what_stdnum_takes_for_a_taxpayer_number_of_no_ssn_is_taken():
    numbers = [f"9{area:02d}{group:02d}3456" for area in range(100) for group in range(100)]
    told = {number for number in numbers if itin.is_valid(number)}
    taken = {number for number in numbers if america.us_itin(number)}

    # The IRS gives out 50 to 65 since, which stdnum does not know.
    assert taken - told == {number for number in numbers if "50" <= number[3:5] <= "65"}
    assert told <= taken


@pytest.mark.parametrize("group", range(100))
def test_a_number_in_adoption_is_no_other_taxpayer_s(group):
    number = f"900{group:02d}3456"

    assert america.us_atin(number) is (group == 93)
    assert not (america.us_atin(number) and america.us_itin(number))
    assert not america.us_ssn(number)


@pytest.mark.parametrize(
    ("number", "is_routing"),
    [
        ("021000021", True),
        ("111000025", True),
        ("122105155", True),
        ("322271627", True),
        ("021000022", False),  # its last digit
        ("131000021", False),  # no bank begins so
        ("511000027", False),
        ("000000000", False),
        ("02100002", False),
    ],
)
def test_a_routing_number_has_a_prefix_of_the_reserve_and_a_sum(number, is_routing):
    assert america.aba_routing_number(number) is is_routing


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("1EG4TE5MK73", True),  # the example of the Centers for Medicare
        ("1EG4TE5MK72", True),
        ("0EG4TE5MK73", False),  # the first is 1 to 9
        ("1SG4TE5MK73", False),  # no S, L, O, I, B or Z
        ("1EG4TE5MB73", False),
        ("1EGATE5MK73", False),
        ("1EG4TE5MK7", False),
        ("1EG4-TE5-MK73", False),
    ],
)
def test_a_medicare_number_has_a_digit_or_a_letter_in_each_place(text, is_number):
    assert america.us_mbi(text) is is_number


@given(body=digits(6), first=st.sampled_from("ABFGMPRX"), second=st.sampled_from(LETTERS + "9"))
def test_one_digit_makes_a_certificate_valid(body, first, second):
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    right = str((odd + 2 * even) % 10)
    taken = [end for end in DIGITS if america.medical_license(f"{first}{second}{body}{end}")]

    assert taken == [right]


def test_a_certificate_has_a_kind():
    assert america.medical_license("BB1388568")
    assert not america.medical_license("WB1388568")
    assert not america.medical_license("B11388568")


@pytest.mark.parametrize(
    ("text", "is_shape"),
    [
        ("D1234567", True),  # California
        ("F255921500940", True),  # Florida
        ("S53012345678", True),  # Illinois
        ("123456789", True),  # New York and others
        ("12ABC34567", True),  # New Hampshire
        ("WDLABCD456DG", False),
        ("D12", False),
        ("ABCDEFGH", False),
        ("1234", False),
    ],
)
def test_a_driver_s_licence_has_the_shape_of_some_state(text, is_shape):
    assert america.us_driver_license(text) is is_shape


@pytest.mark.parametrize(
    ("check", "text", "is_number"),
    [
        (america.us_bank_number, "000123456789", True),
        (america.us_bank_number, "98765432101234567", True),
        (america.us_bank_number, "20261124", False),  # a day
        (america.us_bank_number, "20261324", True),
        (america.us_bank_number, "000000000", False),
        (america.us_bank_number, "123456789012345678", False),
        (america.us_parcel_number, "1234567800", True),
        (america.us_parcel_number, "0123456789A", True),
        (america.us_parcel_number, "20261124", False),
        (america.us_parcel_number, "1234567", False),
        (america.us_driver_license, "20261124", False),
    ],
)
def test_what_has_no_sum_is_at_least_no_day(check, text, is_number):
    assert check(text) is is_number


@pytest.mark.parametrize("digit", DIGITS)
def test_the_same_digit_eleven_times_is_nobody_s_number(digit):
    assert not america.br_cpf(digit * 11)
