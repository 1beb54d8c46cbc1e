from collections.abc import Callable

import pytest
from stdnum import iban as stdnum_iban
from stdnum import luhn
from stdnum.il import idnr
from stdnum.tr import tckimlik, vkn
from stdnum.us import ssn

from gateway.corpus import numbers
from gateway.corpus.dice import Dice
from tests.gateway.corpus.build import dice_of, iin_is_valid

MANY = 300


@pytest.mark.parametrize(
    ("make", "is_valid"),
    [
        (numbers.tr_national_id, tckimlik.is_valid),
        (numbers.tr_vkn, vkn.is_valid),
        (numbers.il_id, idnr.is_valid),
        (numbers.us_ssn, ssn.is_valid),
        (numbers.payment_card, luhn.is_valid),
    ],
)
def test_numbers_of_people_pass_an_independent_check(
    make: Callable[[Dice], str], is_valid: Callable[[str], bool]
) -> None:
    dice = dice_of(1)

    assert [number for number in (make(dice) for _ in range(MANY)) if not is_valid(number)] == []


@pytest.mark.parametrize("country", ["TR", "DE", "KZ", "IL", "AE", "GB"])
def test_an_iban_passes_an_independent_check(country: str) -> None:
    dice = dice_of(2)

    for _ in range(MANY):
        assert stdnum_iban.is_valid(numbers.iban(dice, country))


def test_an_iin_of_the_register_is_made_of_its_birth_date_and_passes() -> None:
    made = numbers.kz_iin(dice_of(3), "1985-01-01", female=False)

    assert made.startswith("8501013")
    assert iin_is_valid(made)


def test_the_check_digit_of_a_known_iin() -> None:
    assert numbers.iin_digit("85010130012") == 4


@pytest.mark.parametrize(
    ("birth", "female", "century"),
    [("1985-01-01", False, "3"), ("1985-01-01", True, "4"), ("2001-01-01", True, "6")],
)
def test_an_iin_tells_century_and_sex(birth: str, female: bool, century: str) -> None:  # noqa: FBT001
    assert numbers.kz_iin(dice_of(4), birth, female=female)[6] == century


def test_an_emirates_id_has_the_groups_of_the_card_and_passes_luhn() -> None:
    number = numbers.ae_emirates_id(dice_of(5), "1990-03-04")

    assert [len(group) for group in number.split("-")] == [3, 4, 7, 1]
    assert number.startswith("784-1990-")
    assert luhn.is_valid(number.replace("-", ""))


def test_no_ssn_has_a_number_that_is_never_issued() -> None:
    dice = dice_of(6)
    made = [numbers.us_ssn(dice) for _ in range(5000)]

    assert [n for n in made if n[:3] in ("000", "666") or n[0] == "9"] == []
    assert [n for n in made if n[4:6] == "00" or n[7:] == "0000"] == []


@pytest.mark.parametrize(
    ("make", "size", "is_valid"),
    [
        (numbers.failing_9, 9, idnr.is_valid),
        (numbers.failing_10, 10, vkn.is_valid),
        (numbers.failing_11, 11, tckimlik.is_valid),
        (numbers.failing_12, 12, iin_is_valid),
        (numbers.failing_16, 16, luhn.is_valid),
    ],
)
def test_hard_negatives_have_the_length_and_fail_the_check(
    make: Callable[[Dice], str], size: int, is_valid: Callable[[str], bool]
) -> None:
    dice = dice_of(7)
    made = [make(dice) for _ in range(MANY)]

    assert {len(number) for number in made} == {size}
    assert [number for number in made if is_valid(number)] == []


def test_groups_of_four() -> None:
    assert numbers.grouped("123456789012345", "-") == "1234-5678-9012-345"
