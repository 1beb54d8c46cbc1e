import csv

import pytest

from schemas.category import (
    DIRECT_IDENTIFIERS,
    EVERYTHING,
    SPECIAL,
    by_code,
    categories,
    codes_of,
    mask_of,
    register,
)


def test_a_category_stands_at_its_bit() -> None:
    assert [category.bit for category in categories()] == list(range(41))


def test_bits_that_masks_of_the_past_depend_on_stay() -> None:
    bits = {code: by_code()[code].bit for code in ("name", "email", "government_id", "child_data")}

    assert bits == {"name": 0, "email": 1, "government_id": 25, "child_data": 39}


def test_no_code_stands_twice() -> None:
    assert len(by_code()) == 41


def test_a_category_carries_its_legal_flags() -> None:
    health = by_code()["health"]

    assert (health.special_gdpr, health.special_kvkk, health.dpc_base, health.ei) == (
        True,
        True,
        4,
        0.5,
    )


def test_a_mask_reads_back_as_its_codes_in_the_order_of_the_bits() -> None:
    assert codes_of(mask_of(["phone", "name", "email"])) == ("name", "email", "phone")


def test_the_mask_of_everything_holds_every_code() -> None:
    assert len(codes_of(EVERYTHING)) == 41


def test_a_code_that_is_not_registered_is_refused() -> None:
    with pytest.raises(KeyError, match="shoe_size"):
        mask_of(["name", "shoe_size"])


def test_special_categories_are_those_of_article_9() -> None:
    assert codes_of(SPECIAL) == (
        "health",
        "biometric_template",
        "genetic",
        "ethnicity",
        "religion",
        "political_opinion",
        "trade_union",
        "sexual_life",
    )


def test_direct_identifiers_hold_who_somebody_is_and_not_what_they_do() -> None:
    codes = codes_of(DIRECT_IDENTIFIERS)

    assert {"name", "email", "phone", "government_id", "ip_address"} <= set(codes)
    assert not {"company", "lead_score", "purchase_history", "birth_date"} & set(codes)


def test_jurisdictions_are_the_seven_that_the_product_knows() -> None:
    rows = csv.DictReader(register("jurisdictions").splitlines())

    assert [row["jurisdiction"] for row in rows] == ["EU", "TR", "KZ", "IL", "AE", "US-CA", "GB"]
