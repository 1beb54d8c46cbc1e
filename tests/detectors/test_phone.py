"""The grades of telephone numbers, held against the metadata of phonenumbers."""

import re

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.phone import BARE, FORMATTED, INTERNATIONAL, begins, elsewhere, grade, shapes

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
LOCAL = ("TR", "KZ", "IL", "AE", "US", "DE", "GB", "FR")
OF = phonenumbers.PhoneNumberFormat
# Plans of very few digits, and codes that are no country's, are left to context.
CODES = """
    90 7 972 971 1 49 44 33 34 39 31 32 41 43 45 46 47 48 30 351 353 358 36 40 420 421 359 385 386
    91 86 81 82 61 64 55 52 54 56 57 51 27 20 966 965 974 973 968 962 380 375 994 995 374 996 998
    992 993 381 387 355 212 213 216 254
"""
COVERED = [
    region
    for region in REGIONS
    if str(phonenumbers.country_code_for_region(region)) in CODES.split()
]


def graded(run: str) -> int:
    groups = re.findall("[0-9]+", run)
    return grade(run, groups, "".join(groups))


def mobile(region: str) -> phonenumbers.PhoneNumber:
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert number is not None
    return number


@pytest.mark.parametrize("region", COVERED)
@pytest.mark.parametrize("style", [OF.E164, OF.INTERNATIONAL])
def test_an_example_of_each_country_is_international(region, style):
    assert graded(phonenumbers.format_number(mobile(region), style)) == INTERNATIONAL


@pytest.mark.parametrize("region", LOCAL)
def test_an_example_as_people_of_the_country_write_it_is_formatted(region):
    assert graded(phonenumbers.format_number(mobile(region), OF.NATIONAL)) == FORMATTED


@given(st.sampled_from(COVERED), st.data())
@settings(max_examples=300)
def test_what_phonenumbers_takes_for_valid_is_international(region, data):
    example = mobile(region)
    national = str(example.national_number)
    tail = data.draw(st.text("0123456789", min_size=4, max_size=4))
    number = phonenumbers.PhoneNumber(example.country_code, int(national[:-4] + tail))
    if phonenumbers.is_valid_number(number):
        assert graded(phonenumbers.format_number(number, OF.E164)) == INTERNATIONAL


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("+90 532 123 45 67", INTERNATIONAL),
        ("0090 532 123 45 67", INTERNATIONAL),
        ("(+90) 532 123 45 67", INTERNATIONAL),
        ("+49 (0)30 1234567", INTERNATIONAL),
        ("0532 123 45 67", FORMATTED),
        ("(212) 555-0123", FORMATTED),
        ("01.42.34.56.78", FORMATTED),
        ("05321234567", BARE),
        ("905321234567", BARE),
        ("90 532 123 45 67", BARE),
        ("536-22-8731", -1),  # a social security number
        ("078-05-1120", -1),  # and one that begins like a telephone number
        ("078 05 1120", BARE),
        ("33181.69242", BARE),  # a fraction
        ("28/553/68853", BARE),
        ("0.41436676", BARE),  # a fraction, too
        ("98765 43210", FORMATTED),
        ("098765 43210", BARE),
        ("069 12345678", FORMATTED),
        ("0911 1234567", FORMATTED),
        ("0851 234 5678", FORMATTED),
        ("08512 34 56 78", BARE),
    ],
)
def test_grades(run, expected):
    assert graded(run) == expected


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("(11) 3456-7890", FORMATTED),
        ("(21) 98765-4321", FORMATTED),
        ("21 98765-4321", FORMATTED),
        ("21.98765.4321", -1),
        ("21 38765-4321", -1),
        ("11 3456-7890", -1),
        ("612 345 678", BARE),  # where something says that it is dialled
        ("91 234 56 78", BARE),
        ("412 345 678", -1),
        ("612-34-5678", -1),
    ],
)
def test_in_brazil_and_spain_numbers_begin_with_any_digit(run, expected):
    assert elsewhere(run, re.findall("[0-9]+", run)) == expected


@pytest.mark.parametrize(
    "run",
    [
        "+999 532 123 45 67",  # no such calling code
        "+90 532 123 45",  # too short for Turkey
        "2026-11-24 10",
        "24.11.2026 10",
        "1732459200000",
        "1234567",
        "1234567890123456",
    ],
)
def test_what_no_plan_has_is_no_telephone_number(run):
    assert graded(run) == -1


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((4, 3, 2, 2), {"00", "01", "02", "03", "04", "05", "07"}),  # TR 0532 123 45 67
        ((3, 3, 4), {"00", *"023456789"}),
        ((2, 4, 4), {"00", *"023456789", "32", "36", "45", "47"}),
        ((5, 4), set()),  # a US ZIP code
        ((3, 2, 4), set()),  # a US Social Security number
        ((2, 2, 2, 2, 2), {"00", "0"}),
    ],
)
def test_groups_begin_as_people_write_numbers_in_such(sizes, expected):
    assert {*begins(sizes)} >= expected
    assert bool(begins(sizes)) is bool(expected)


@given(st.lists(st.from_regex(r"[0-9]{1,5}", fullmatch=True), min_size=2, max_size=6))
def test_what_reads_as_people_write_it_begins_and_is_grouped_as_they_do(groups):
    digits, sizes = "".join(groups), tuple(map(len, groups))
    if grade(" ".join(groups), groups, digits) == FORMATTED:
        assert groups[0].startswith(begins(sizes))
        assert sizes in {*shapes()}
