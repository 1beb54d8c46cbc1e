# ruff: noqa: RUF001  # an i without a dot

import re

import pytest

from detectors.database import Database
from detectors.letters import CAPITAL, EDGE, INITIAL, UPPER, any_case


def ends(pattern: str, text: str) -> list[int]:
    return Database([(pattern, 0)]).see(f"\x00{text}\x00".encode())[1]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("adım", "Adım"),
        ("adım", "ADIM"),
        ("isim", "İsim"),
        ("isim", "İSİM"),
        ("my name", "My NAME"),
        ("моё имя", "МОЁ ИМЯ"),
        ("моё имя", "Моё Имя"),
        ("שמי", "שמי"),
    ],
)
def test_a_phrase_is_seen_in_any_case(phrase, text):
    assert Database([(any_case([phrase]), 0)]).see(text.encode()) == ([0], [len(text.encode())])


@pytest.mark.parametrize("char", list("AZÀÞĞİŞŽŐΩДЯЁІҚӘҮҰӨ"))
def test_capitals_of_the_scripts_that_have_them_are_known(char):
    assert ends(CAPITAL, char) != []
    assert re.fullmatch(f"[{UPPER}]", char)


@pytest.mark.parametrize("char", [*list("azàÿğışžő9_-дяёқә"), "א", "ع"])
def test_nothing_else_is_a_capital(char):
    assert ends(CAPITAL, char) == []
    assert not re.fullmatch(f"[{UPPER}]", char)


@pytest.mark.parametrize("char", list("aZçĞдЯқאعễ"))
def test_a_letter_of_any_of_the_scripts_may_begin_a_word(char):
    assert ends(INITIAL, char) == [2]


@pytest.mark.parametrize("before", ["", " ", "\n", "(", "«", "—", "\u00a0", "،", "“"])
def test_a_word_begins_behind_whatever_is_no_part_of_one(before):
    assert len(ends(f"{EDGE}word", f"{before}word")) == 1


@pytest.mark.parametrize("before", ["a", "9", "ş", "я", "א"])
def test_a_word_does_not_begin_inside_of_one(before):
    assert ends(f"{EDGE}word", f"{before}word") == []
