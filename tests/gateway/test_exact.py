"""Numbers that a float would round: seen and shown as they are written."""

import json
import re
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.codec import dump
from gateway.exact import Exact, read, write
from tests.gateway.build_pipeline import OPEN, contact, pipeline, process, view

LONG = [
    "18446744073709551616",
    "-9223372036854775809",
    "89900012345678901234",
    "12345678901234567.89",
    "0.12345678901234567",
    "0.10000000000000000555",
    "1.2345678901234567890e-7",
    "9" * 300,
    "1.00000000000000000e-99999999999999999999",
    "0.00000000000000000000e999999999999999999999999",
    "-0.00000000000000000000",
]
SHORT = ["0", "-1", "1.5", "18446744073709551615", "-9223372036854775808", "1e5", "4.25e-3"]
DIGITS = st.text("0123456789", min_size=1, max_size=40)


def numbered(number: str) -> bytes:
    """Return an event with a number in it that is written so."""
    return orjson.dumps(contact(note="@")).replace(b'"@"', number.encode())


def written(value: bytes | None) -> list[str]:
    return re.findall(r'"note":([^,}]+)', (value or b"").decode())


@pytest.mark.parametrize("number", LONG)
def test_a_view_writes_a_long_number_as_its_record_does(number):
    assert written(view(OPEN, numbered(number)).value) == [number]


@pytest.mark.parametrize("number", SHORT)
def test_other_numbers_are_written_as_ever(number):
    event = numbered(number)

    assert dump(read(event)) == view(OPEN, event).value == orjson.dumps(orjson.loads(event))


@given(DIGITS, DIGITS, st.sampled_from(["", "-"]))
def test_no_digit_is_lost(whole, rest, sign):
    number = f"{sign}{whole.lstrip('0') or '0'}.{rest}"
    (again,) = written(view(OPEN, numbered(number)).value)

    assert Decimal(again) == Decimal(number)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("iccid", "89014103211118510720"),
        ("iccid", "8.9014103211118510720e19"),
        ("iccid", "89014103211118510720.0"),
        ("x", "4539148803436467.000"),
    ],
)
def test_what_a_long_number_says_is_found(name, number):
    event = orjson.dumps({"type": "x", name: "@"}).replace(b'"@"', number.encode())
    found = process(pipeline({"all": {"*": "redact"}}), event).shown()

    assert found[0][name] in {"[DEVICE_ID]", "[PAYMENT_CARD]"}


def test_long_numbers_are_equal_where_they_are_written_alike():
    one, same, other = Exact("1" * 20), Exact("1" * 20), Exact("1" * 19 + "2")

    assert float(one) == float(other)
    assert (one == same, one == other, len({one, same, other})) == (True, False, 2)


def test_nothing_else_is_written_so():
    with pytest.raises(TypeError):
        write(object())


def test_an_exponent_is_not_written_out_without_end():
    assert str(Exact("1.0000000000000000001e300")) == "1.0000000000000000001e300"
    assert str(Exact("1.2345678901234567890e19")) == "12345678901234567890"


def test_what_is_read_again_is_the_same_in_all_else():
    value = b'{"a":["\\u00e9",{"b":null,"c":[true,1.5,12345678901234567890123]}],"d":"","a":1}'

    assert json.loads(dump(read(value))) == json.loads(value)
