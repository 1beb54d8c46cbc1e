import re
from collections.abc import Sequence

import phonenumbers
import pytest

from gateway.corpus.people import PEOPLE_PER_TENANT, Person, Population, make_person
from tests.gateway.corpus.build import dice_of

CODES = ["tr", "de", "gb", "us", "kz", "il", "ae"]


def people_of(code: str, numbers: Sequence[int] = range(300)) -> list[Person]:
    dice = dice_of(1)
    return [make_person(dice, number, code) for number in numbers]


@pytest.mark.parametrize("code", CODES)
def test_telephone_numbers_are_valid_in_their_country(code: str) -> None:
    for person in people_of(code):
        parsed = phonenumbers.parse(person.facts["phone"].text)
        region = {"kz": "KZ"}.get(code, code.upper())
        assert phonenumbers.is_valid_number_for_region(parsed, region), person


@pytest.mark.parametrize("code", CODES)
def test_the_local_form_is_the_same_number(code: str) -> None:
    for person in people_of(code, range(50)):
        local = phonenumbers.parse(person.facts["phone_local"].text, code.upper())
        assert local == phonenumbers.parse(person.facts["phone"].text)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("slot", ["phone", "email", "username"])
def test_no_two_people_of_a_tenant_share_what_identifies_them(code: str, slot: str) -> None:
    people = people_of(code, range(0, PEOPLE_PER_TENANT, 1))

    assert len({person.facts[slot].text for person in people}) == PEOPLE_PER_TENANT


@pytest.mark.parametrize("code", CODES)
def test_mail_addresses_are_plain_ascii_in_reserved_domains(code: str) -> None:
    pattern = re.compile(
        r"[a-z0-9._]+@(?:[a-z-]+\.)*example(?:\.(?:com|org|net|ae|co\.il|co\.uk))?"
    )

    for person in people_of(code):
        assert pattern.fullmatch(person.facts["email"].text), person


@pytest.mark.parametrize(
    ("code", "script"),
    [("kz", "[\u0400-\u04ff]"), ("il", "[\u0590-\u05ff]"), ("ae", "[\u0600-\u06ff]")],
)
def test_some_names_stand_in_their_own_script_and_some_in_latin(code: str, script: str) -> None:
    names = [person.facts["name"].text for person in people_of(code)]
    native = sum(bool(re.search(script, name)) for name in names)

    assert 100 < native < 270


def test_a_russian_family_name_has_the_form_of_a_woman() -> None:
    names = {person.facts["name"].text for person in people_of("kz")}

    assert any(re.fullmatch(r"(?:Айгүл|Анна|Динара|Ольга) \w+ова", name) for name in names)
    assert not any(re.fullmatch(r"(?:Иван|Сергей|Тимур) \w+ова", name) for name in names)


def test_the_same_seed_tenant_and_rank_give_the_same_person() -> None:
    one, other = Population(7), Population(7)
    other.person(3, ("kz",), 99)

    assert one.person(0, ("tr", "de"), 5) == other.person(0, ("tr", "de"), 5)


def test_another_seed_gives_other_people() -> None:
    first, second = (
        [Population(seed).person(0, ("tr",), rank).facts["address"] for rank in range(20)]
        for seed in (7, 8)
    )

    assert first != second


def test_a_person_carries_the_number_of_their_country() -> None:
    entities = {
        code: people_of(code, [0])[0].facts["national_id"].entity
        for code in ("tr", "kz", "il", "ae", "us")
    }

    assert entities == {
        "tr": "TR_NATIONAL_ID",
        "kz": "KZ_IIN",
        "il": "IL_ID",
        "ae": "AE_EMIRATES_ID",
        "us": "US_SSN",
    }


def test_the_repr_of_a_person_is_their_id() -> None:
    assert repr(people_of("tr", [42])[0]) == "Person(c-00042)"
