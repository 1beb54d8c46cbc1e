"""Held against python-stdnum where it has them, and against the registers' own rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn, verhoeff
from stdnum.au import abn, acn, tfn
from stdnum.cn import ric
from stdnum.in_ import aadhaar, epic, gstin, pan
from stdnum.jp import cn, in_
from stdnum.kr import rrn
from stdnum.nz import ird
from stdnum.sg import uen
from stdnum.th import pin

from detectors.checks import asia
from tests.detectors.checks.build import (
    AMOUNT,
    DIGITS,
    ENOUGH,
    LETTERS,
    Register,
    days,
    digits,
    flipped,
)

GSTIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
REGISTERS = {
    "in_aadhaar": Register(
        aadhaar.is_valid, [DIGITS[2:], *[DIGITS] * 10], lambda b: b + verhoeff.calc_check_digit(b)
    ),
    "in_voter": Register(
        epic.is_valid, [*[LETTERS] * 3, *[DIGITS] * 6], lambda b: b + luhn.calc_check_digit(b[3:])
    ),
    "in_pan": Register(
        pan.is_valid, [*[LETTERS] * 3, "ABCFGHJKLPT", LETTERS, *[DIGITS] * 4, LETTERS], [""]
    ),
    "in_gstin": Register(
        gstin.is_valid,
        [["07", "27", "36"], *[LETTERS] * 3, "CFHP", LETTERS, *[DIGITS] * 4, LETTERS, "12A", "Z"],
        lambda body: body + luhn.calc_check_digit(body, GSTIN),
    ),
    "sg_uen": Register(
        uen.is_valid,
        [["1974", "2003", "2011"], *[DIGITS] * 5],
        lambda body: body + uen.calc_local_company_check_digit(body),
    ),
    "jp_my_number": Register(in_.is_valid, [DIGITS] * 11, lambda b: b + in_.calc_check_digit(b)),
    "jp_corporate_number": Register(
        cn.is_valid, [DIGITS] * 12, lambda body: cn.calc_check_digit(body) + body
    ),
    "kr_rrn": Register(
        rrn.is_valid,
        [days(1950, 1987, 1999, form="ymd"), "1256", "01234567", *[DIGITS] * 4],
        lambda body: body + rrn.calc_check_digit(body),
    ),
    "cn_id": Register(
        ric.is_valid,
        [["110105", "310101"], ["1987", "2004"], ["0714", "1231"], *[DIGITS] * 3],
        lambda body: body + ric.calc_check_digit(body + "0"),
    ),
    "th_tnin": Register(
        pin.is_valid, ["12345678", *[DIGITS] * 11], lambda body: body + pin.calc_check_digit(body)
    ),
    "au_abn": Register(abn.is_valid, [DIGITS] * 9, lambda body: abn.calc_check_digits(body) + body),
    "au_acn": Register(acn.is_valid, [DIGITS] * 8),
    "au_tfn": Register(tfn.is_valid, [DIGITS] * 8),
    "nz_ird": Register(ird.is_valid, [["1"], "01234", *[DIGITS] * 6]),
}
# stdnum also looks at a list of places, or refuses what it does not know yet.
WIDER = {"cn_id", "in_gstin", "kr_rrn", "sg_uen"}


@pytest.mark.parametrize("name", sorted(REGISTERS.keys() - WIDER))
def test_thousands_of_numbers_are_judged_as_by_stdnum(name):
    taken, refused = REGISTERS[name].judged(asia.CHECKS[name])

    assert taken + refused == 2 * AMOUNT
    assert min(taken, refused) > (0 if name == "in_pan" else ENOUGH)  # most flaws make a PAN too


@pytest.mark.parametrize("name", sorted(WIDER))
def test_thousands_that_stdnum_takes_are_taken(name):
    made = [REGISTERS[name].number(seed) for seed in range(AMOUNT)]
    right = [number for number in made if REGISTERS[name].is_valid(number)]

    assert len(right) > ENOUGH
    assert all(map(asia.CHECKS[name], right))


@pytest.mark.parametrize("name", sorted(WIDER))
@given(seed=st.integers(AMOUNT), by=st.integers(1, 9))
def test_a_wrong_check_character_is_refused(name, seed, by):
    number = REGISTERS[name].number(seed)

    assert not asia.CHECKS[name](flipped(number, len(number) - 1, by))


@given(digits(8), st.sampled_from(LETTERS))
def test_a_business_of_singapore_is_judged_as_by_stdnum(body, letter):
    right = uen.calc_business_check_digit(body)

    assert asia.sg_uen(body + right)
    assert asia.sg_uen(body + letter) == (letter == right)


@given(st.sampled_from(["S16FC", "T08GB", "R99LL", "T10CX"]), digits(4), st.sampled_from(LETTERS))
def test_another_body_of_singapore_is_judged_as_by_stdnum(head, serial, letter):
    right = uen.calc_other_check_digit(head + serial)

    assert asia.sg_uen(head + serial + right)
    assert asia.sg_uen(head + serial + letter) == (letter == right)


@pytest.mark.parametrize("kind", sorted(uen.OTHER_UEN_ENTITY_TYPES))
def test_every_kind_of_body_that_stdnum_knows_is_known(kind):
    body = f"T08{kind}0001"

    assert asia.sg_uen(body + uen.calc_other_check_digit(body))


# Printed in the Authority's own samples, and by the rule of its letters.
@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("S1234567D", True),
        ("T1234567J", True),
        ("F1234567N", True),
        ("G1234567X", True),
        ("M1234567K", True),
        ("S1234567E", False),
        ("A1234567D", False),
        ("S123456D", False),
    ],
)
def test_an_identity_number_of_singapore_has_the_letter_of_its_series(text, is_number):
    assert asia.sg_nric_fin(text) is is_number


@given(st.sampled_from("STFGM"), digits(7))
def test_one_letter_makes_an_identity_number_of_singapore_valid(series, body):
    taken = [letter for letter in LETTERS if asia.sg_nric_fin(f"{series}{body}{letter}")]

    assert len(taken) == 1


def test_who_is_born_in_korea_since_october_2020_has_no_check_digit():
    taken = [end for end in DIGITS if asia.kr_rrn(f"201001312345{end}")]
    earlier = [end for end in DIGITS if asia.kr_rrn(f"200930312345{end}")]

    assert taken == [*DIGITS]
    assert len(earlier) == 1
    assert not asia.kr_rrn("2010323123456")


@pytest.mark.parametrize(
    ("number", "is_business"),
    [
        ("1168200276", True),
        ("2208162517", True),
        ("1248100998", True),
        ("1248100997", False),
        ("1008100998", False),
        ("1240000998", False),
    ],
)
def test_a_business_of_korea_has_an_office_and_a_sum(number, is_business):
    assert asia.kr_brn(number) is is_business


@pytest.mark.parametrize(
    ("number", "is_card"),
    [
        ("2123456701", True),
        ("21234567011", True),
        ("2123456711", False),  # the ninth digit
        ("1123456701", False),  # 2 to 6
        ("2123456700", False),  # an issue of 1 to 9
        ("212345670", False),
    ],
)
def test_a_medicare_card_of_australia_has_a_sum_and_an_issue(number, is_card):
    assert asia.au_medicare(number) is is_card


@given(st.sampled_from("23456"), digits(7), digits(1))
def test_one_digit_makes_a_medicare_card_of_australia_valid(first, rest, wrong):
    weights = (1, 3, 7, 9, 1, 3, 7, 9)
    body = first + rest
    right = sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 10

    assert asia.au_medicare(f"{body}{right}1")
    assert asia.au_medicare(f"{body}{wrong}1") == (int(wrong) == right)


def test_a_number_of_nothing_is_nobody_s():
    for check, size in ((asia.au_acn, 9), (asia.au_tfn, 9), (asia.au_tfn, 8), (asia.au_abn, 11)):
        assert not check("0" * size)
