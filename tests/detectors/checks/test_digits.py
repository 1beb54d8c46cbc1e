from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn as stdnum_luhn

from detectors.checks.digits import luhn


@given(st.text("0123456789", min_size=2, max_size=30))
def test_luhn_agrees_with_stdnum(number):
    assert luhn(number) == stdnum_luhn.is_valid(number)
