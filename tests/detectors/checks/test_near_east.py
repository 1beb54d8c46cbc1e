"""Held against python-stdnum where it has them, and against the registers' own sums."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.il import idnr
from stdnum.tr import tckimlik, vkn

from detectors.checks import near_east
from gateway.corpus import numbers
from tests.detectors.checks.build import digits, flipped
from tests.gateway.corpus.build import dice_of, iin_is_valid


@given(digits(11))
@example("10000000146")
def test_tr_national_id_agrees_with_stdnum(number):
    assert near_east.tr_national_id(number) == tckimlik.is_valid(number)


@given(digits(10))
@example("4540536920")
def test_tr_vkn_agrees_with_stdnum(number):
    assert near_east.tr_vkn(number) == vkn.is_valid(number)


@given(digits(9))
@example("039337423")
def test_il_id_agrees_with_stdnum(number):
    assert near_east.il_id(number) == (number != "000000000" and idnr.is_valid(number))


@given(digits(12))
@example("850101300124")
@example("000000000000")
def test_kz_iin_needs_the_sums_of_its_register(number):
    assert not near_east.kz_iin(number) or iin_is_valid(number)


@pytest.mark.parametrize("number", ["851301300124", "850132300124", "850100300124", "850101700124"])
def test_a_kazakh_number_without_a_day_of_birth_is_none(number):
    assert not near_east.kz_iin(number)


MADE = {
    "tr_national_id": numbers.tr_national_id,
    "tr_vkn": numbers.tr_vkn,
    "il_id": numbers.il_id,
    "kz_iin": lambda dice: numbers.kz_iin(dice, "1987-04-12", female=True),
    "ae_emirates_id": lambda dice: numbers.ae_emirates_id(dice, "1987-04-12").replace("-", ""),
}


@pytest.mark.parametrize("name", MADE)
@given(seed=st.integers(0, 10_000), place=st.integers(0, 30), by=st.integers(1, 9))
def test_a_made_number_passes_and_one_wrong_digit_does_not(name, seed, place, by):
    number = MADE[name](dice_of(seed))
    check = near_east.CHECKS[name]

    assert check(number)
    # The weights of a Turkish tax number and of an IIN's second sum do not tell all errors.
    if name not in {"tr_vkn", "kz_iin"}:
        assert not check(flipped(number, place, by))
