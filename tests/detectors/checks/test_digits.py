from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn as stdnum_luhn
from stdnum import verhoeff as stdnum_verhoeff

from detectors.checks.digits import luhn, numeric, verhoeff, weighted


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
