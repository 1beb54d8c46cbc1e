import msgspec
import pytest

from gateway.corpus.culture import culture, spoken
from gateway.corpus.made import NEGATIVES
from schemas.category import register

CODES = ["tr", "de", "gb", "us", "kz", "il", "ae"]


@pytest.mark.parametrize("code", CODES)
def test_a_culture_belongs_to_a_registered_jurisdiction(code: str) -> None:
    assert f"\n{culture(code).jurisdiction}," in register("jurisdictions")


@pytest.mark.parametrize("code", CODES)
def test_every_language_of_a_culture_has_something_to_say_of_everything(code: str) -> None:
    for language in spoken(code):
        assert all(msgspec.structs.astuple(language))


@pytest.mark.parametrize("code", CODES)
def test_fillers_speak_of_no_person(code: str) -> None:
    slots = {
        slot for language in spoken(code) for filler in language.fillers for slot in filler.slots
    }

    assert slots <= NEGATIVES.keys()


@pytest.mark.parametrize("code", CODES)
def test_sentences_ask_only_for_what_such_people_have(code: str) -> None:
    used = {slot for language in spoken(code) for note in language.notes for slot in note.slots}

    assert used <= culture(code).slots


def test_no_iban_is_written_of_a_californian_and_no_tax_number_of_a_german() -> None:
    assert "iban" not in culture("us").slots
    assert "tax_number" not in culture("de").slots


@pytest.mark.parametrize("code", CODES)
def test_names_stand_in_pairs_or_are_latin_already(code: str) -> None:
    here = culture(code)
    pairs = here.names.female + here.names.male + here.names.family

    assert {len(pair) for pair in pairs} == ({1} if here.latin_share == 1.0 else {2})
