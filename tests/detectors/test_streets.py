# ruff: noqa: RUF001  # addresses as people write them

import pytest

from detectors.spellings import fold
from detectors.streets import grammars

GRAMMARS = grammars()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("english", "12 High Street, Leeds LS1 4AP"),
        ("german", "Alte Allee 7, 10115 Berlin"),
        ("turkish", "Lale Mah. Gül Sok. No:3, 34710 Kadıköy/İstanbul"),
        ("russian", "ул. Абая, д. 10, кв. 5, Алматы 050000"),
        ("hebrew", "רחוב הרצל 12, תל אביב 6688101"),
        ("arabic", "شارع حمدان 12، دبي"),
        ("boxes", "P.O. Box 1234, Dubai"),
    ],
)
def test_each_language_has_a_grammar_that_knows_the_town(language, text):
    matches = [one.match(text) for one in GRAMMARS[language].patterns]

    assert any(one and one[0] == text and one["place"] for one in matches)


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_no_pattern_matches_nothing(language):
    assert [one for one in GRAMMARS[language].patterns if one.match("")] == []


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_an_address_can_begin_where_its_grammar_says_so(language):
    grammar = GRAMMARS[language]

    assert grammar.start.match("") is None
    assert {fold(word) for word in grammar.never | grammar.lead} == grammar.never | grammar.lead
