"""Held against python-stdnum where it has them, and against the registers' own rules."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import imei as stdnum_imei
from stdnum import imsi as stdnum_imsi
from stdnum import luhn as stdnum_luhn
from stdnum import mac as stdnum_mac

from detectors.checks import devices
from tests.detectors.checks.build import flipped

THOUSANDS = settings(max_examples=1000)


def digits(size: int) -> st.SearchStrategy[str]:
    """Return a strategy of texts of so many digits, quicker to draw than letter by letter."""
    return st.integers(0, 10**size - 1).map(lambda number: f"{number:0{size}d}")


def with_luhn(body: str) -> str:
    return body + stdnum_luhn.calc_check_digit(body)


@THOUSANDS
@given(digits(15))
def test_imei_agrees_with_stdnum(number):
    assert devices.imei(number) == (number != "0" * 15 and stdnum_imei.is_valid(number))


@THOUSANDS
@given(digits(14), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_makes_no_imei(body, place, by):
    number = with_luhn(body)

    assert devices.imei(number) == (body != "0" * 14)
    assert not devices.imei(flipped(number, place, by))


def test_an_imei_has_fifteen_digits_and_not_all_are_zero():
    assert devices.imei("490154203237518")
    assert not devices.imei("49015420323751")  # without its check digit
    assert not devices.imei("4901542032375180")
    assert not devices.imei("000000000000000")


@THOUSANDS
@given(st.integers(13, 16).flatmap(digits))
def test_imsi_agrees_with_stdnum(number):
    assert devices.imsi(number) == stdnum_imsi.is_valid(number)


@THOUSANDS
@given(st.integers(0, 999), digits(12))
def test_the_country_of_an_imsi_is_one_that_stdnum_knows(country, rest):
    number = f"{country:03d}{rest}"

    assert devices.imsi(number) == stdnum_imsi.is_valid(number)


@THOUSANDS
@given(st.sampled_from([16, 17]).flatmap(digits), st.integers(2, 20), st.integers(1, 9))
def test_one_wrong_digit_makes_no_iccid(body, place, by):
    number = with_luhn(f"89{body}")

    assert devices.iccid(number)
    assert not devices.iccid(flipped(number, place, by))


def test_an_iccid_begins_with_89_and_has_19_or_20_digits():
    assert devices.iccid("89014103211118510720")
    assert devices.iccid("8944500102198304826")
    assert not devices.iccid(with_luhn("79" + "0" * 16))
    assert not devices.iccid(with_luhn("89" + "0" * 15))
    assert not devices.iccid(with_luhn("89" + "0" * 18))


@THOUSANDS
@given(st.text("0123456789ABCDEF", min_size=11, max_size=13))
def test_mac_agrees_with_stdnum(number):
    pairs = ":".join(re.findall("..?", number))

    assert devices.mac(number) == (
        set(number) not in ({"0"}, {"F"})
        and len(number) == 12
        and stdnum_mac.is_valid(pairs, validate_manufacturer=False)
    )


@pytest.mark.parametrize("number", ["000000000000", "FFFFFFFFFFFF", "001B44113AG7", "001b44113ab7"])
def test_what_is_the_address_of_no_device(number):
    assert not devices.mac(number)


@given(st.text("0123456789ABCDEF", min_size=12, max_size=12))
def test_in_dotted_groups_an_address_has_a_letter(number):
    assert devices.mac_dotted(number) == (devices.mac(number) and not number.isdigit())
    assert not devices.mac_dotted("123456789012")


@given(st.uuids())
def test_every_uuid_is_one(number):
    assert devices.uuid(number.hex.upper()) == (len(set(number.hex)) > 1)


@pytest.mark.parametrize("number", ["0" * 32, "F" * 32, "0123456789ABCDEF" * 2 + "0", "G" * 32])
def test_what_is_no_uuid_of_a_device(number):
    assert not devices.uuid(number)


@pytest.mark.parametrize(
    ("number", "is_vin", "is_american"),
    [
        ("1HGCM82633A004352", True, True),
        ("1M8GDM9AXKP042788", True, True),  # the check digit X
        ("5GZCZ43D13S812715", True, True),
        ("1HGCM82643A004352", True, False),  # another check digit
        ("WVWZZZ1JZ3W386752", True, False),  # German: no check digit
        ("1HGCM8263IA004352", False, False),  # an I
        ("1HGCM82633A00435", False, False),
        ("11111111111111111", False, False),  # its sum is right, but digits are no vehicle
        ("ABCDEFGHJKLMNPRST", False, False),
    ],
)
def test_a_vehicle_number_has_17_places_and_in_north_america_a_check_digit(
    number, is_vin, is_american
):
    assert devices.vin(number) is is_vin
    assert devices.vin_america(number) is is_american


LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
AMERICAN = st.tuples(
    *(
        st.text(alphabet, min_size=size, max_size=size)
        for alphabet, size in (
            ("12345", 1),
            (LETTERS, 3),
            (f"0123456789{LETTERS}", 4),
            ("0", 1),
            ("ABCDEFGHJKLMNPRSTVWXY123456789", 1),
            (f"0123456789{LETTERS}", 3),
            ("0123456789", 4),
        )
    )
).map("".join)
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
COLUMNS = ("", "AJ", "BKS", "CLT", "DMU", "ENV", "FW", "GPX", "HY", "RZ")  # table III of the rule


def vin_digit(number: str) -> str:
    """Return the check digit of 49 CFR 565.15."""
    values = {char: value for value, chars in enumerate(COLUMNS) for char in (*chars, str(value))}
    total = sum(weight * values[char] for weight, char in zip(WEIGHTS, number, strict=True))
    return "0123456789X"[total % 11]


@THOUSANDS
@given(AMERICAN)
def test_an_american_vehicle_number_has_one_right_check_digit(made):
    right = [
        digit for digit in "0123456789X" if devices.vin_america(f"{made[:8]}{digit}{made[9:]}")
    ]

    assert right == [vin_digit(made)]


@given(st.text(f"0123456789{LETTERS}", min_size=17, max_size=17))
def test_every_american_vehicle_number_is_a_vehicle_number(number):
    assert devices.vin(number) or not devices.vin_america(number)
