import pytest

from detectors.checks import dates


@pytest.mark.parametrize(
    ("number", "is_day"),
    [
        ("19850321", True),
        ("21031985", True),
        ("03211985", True),
        ("20290101", True),
        ("20300101", False),
        ("18991231", False),
        ("19851301", False),
        ("32011985", False),
        ("1985032", False),
    ],
)
def test_a_date_of_birth_is_a_day_between_1900_and_2029(number, is_day):
    assert dates.date_of_birth(number) is is_day
