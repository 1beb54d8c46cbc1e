import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.checks.places import coordinate, plus_code

DIGITS = "23456789CFGHJMPQRVWX"


def encoded(latitude: float, longitude: float) -> str:
    """Return the full Open Location Code of ten digits, as its specification says."""
    north, east = int((latitude + 90) * 8000), int((longitude + 180) * 8000)
    code = ""
    for _ in range(5):
        north, row = divmod(north, 20)
        east, column = divmod(east, 20)
        code = DIGITS[row] + DIGITS[column] + code
    return f"{code[:8]}+{code[8:]}"


@given(st.floats(-89.9, 89.9), st.floats(-180, 179.9))
def test_the_code_of_every_place_is_one(latitude, longitude):
    assert plus_code(encoded(latitude, longitude))


@pytest.mark.parametrize(
    "text", ["G8G3P3C9+2Q", "8X3P3C9F+2Q", "8GFJ2C9A+2Q", "8GFJ2C9F2Q", "8GFJ2C9F+2", "", "\u0130"]
)
def test_what_is_no_code_of_a_place(text):
    assert not plus_code(text)


def test_the_code_of_a_known_place():
    assert encoded(47.365562, 8.524813) == "8FVC9G8F+6W"
    assert plus_code("8FVC9G8F+6W")
    assert plus_code("8FVC9G8F+6WQ")


@given(st.floats(-179.999, 179.999))
def test_a_coordinate_is_within_180_degrees_and_exact_to_a_hundred_metres(degrees):
    assert coordinate(f"{degrees:.3f}")
    assert not coordinate(f"{degrees:.2f}")
    assert not coordinate(f"{degrees + 360:.4f}")
