"""Held against python-stdnum where it has them, and against the registers' own rules."""

import pytest
from hypothesis import example, given
from stdnum.us import ssn

from detectors.checks import america
from tests.detectors.checks.build import digits


@given(digits(9))
@example("536228731")
@example("078051120")
def test_what_us_ssn_refuses_stdnum_refuses(number):
    assert america.us_ssn(number) or not ssn.is_valid(number)


@pytest.mark.parametrize(
    "number", ["000228731", "666228731", "936228731", "536008731", "536220000"]
)
def test_parts_of_a_social_security_number_that_were_never_issued(number):
    assert not america.us_ssn(number)
