import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn as stdnum_luhn
from stdnum import verhoeff as stdnum_verhoeff
from stdnum.iso7064 import mod_11_10

from detectors.checks.digits import is_day, luhn, mod11_10, numeric, verhoeff, weighted


@given(st.text("0123456789", min_size=2, max_size=30))
def test_luhn_agrees_with_stdnum(number):
    assert luhn(number) == stdnum_luhn.is_valid(number)


@given(st.text("0123456789", min_size=1, max_size=30))
def test_verhoeff_agrees_with_stdnum(body):
    for digit in "0123456789":
        assert verhoeff(body + digit) == stdnum_verhoeff.is_valid(body + digit)


def test_only_ascii_digits_of_the_right_number_are_numeric():
    assert numeric("0123", 4)
    assert numeric("0123", 3, 4)
    for text in ("", "012", "012a", "01 3", "٠١٢٣", "012²"):
        assert not numeric(text, 4)


def test_weights_go_with_the_first_digits_and_letters_count_as_in_ascii():
    assert weighted("123", (3, 2)) == 7
    assert weighted("1A", (1, 1)) == 18


@given(st.text("0123456789", min_size=1, max_size=20))
def test_mod_11_10_agrees_with_stdnum(body):
    for digit in "0123456789":
        assert mod11_10(body + digit) == mod_11_10.is_valid(body + digit)


@pytest.mark.parametrize(
    ("day", "is_real"),
    [
        ((2024, 2, 29), True),
        ((2000, 2, 29), True),
        ((1900, 2, 29), False),
        ((2023, 2, 29), False),
        ((2023, 4, 30), True),
        ((2023, 4, 31), False),
        ((2023, 12, 31), True),
        ((2023, 13, 1), False),
        ((2023, 0, 1), False),
        ((2023, 1, 0), False),
    ],
)
def test_a_day_is_one_that_the_calendar_has(day, is_real):
    assert is_day(*day) is is_real
