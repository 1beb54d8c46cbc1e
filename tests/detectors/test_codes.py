import importlib
import re

import pytest

from detectors.codes import LONGEST
from detectors.proof import look
from detectors.rule import shipped
from detectors.scanner import Engine
from detectors.words import AFTER, BEFORE
from tests.detectors.build import rule

PASSPORT = rule(
    entity="PASSPORT",
    candidate="code",
    pattern="[A-Z][0-9]{8}",
    needs="support",
    lengths=(),
    hints=("passport",),
    context=("passport", "pasaport"),
)
NINO = rule(
    entity="NINO",
    candidate="code",
    pattern="[A-Z]{2}(?:[ -]?[0-9]{2}){3}[ -]?[A-D]",
    confidence=0.7,
    lengths=(),
    context=("insurance",),
)
ENGINE = Engine([PASSPORT, NINO])


def found(text: str, at: str = "text", engine: Engine = ENGINE) -> list[tuple[str, str, float]]:
    return [
        (one.entity, text[one.start : one.end], one.confidence) for one in look(engine, at, text)
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("passport: U12345678, x", "text"),
        ("u12345678 is the Passport", "text"),
        ("pasaportu U12345678", "text"),
        ("U12345678", "passport"),
        ("see U12345678.", "holder.passportNumber"),
        ("ş passport ş U12345678", "text"),
    ],
)
def test_what_needs_support_is_found_where_it_has_some(text, at):
    start = text.lower().index("u12345678")

    assert found(text, at) == [("PASSPORT", text[start : start + 9], 0.95)]


@pytest.mark.parametrize(
    "text",
    [
        "U12345678",
        "passport XU12345678",
        "passport U12345678X",
        "passport U123456789",
        "passport _U12345678",
        "passport " + "x" * BEFORE + " U12345678",
        "U12345678 " + "x" * AFTER + " passport",
    ],
)
def test_elsewhere_and_inside_words_it_is_not(text):
    assert found(text) == []


def test_each_of_several_is_found_once():
    text = "passport U12345678, passport U22345678; U32345678"

    assert [one for _, one, _ in found(text)] == ["U12345678", "U22345678", "U32345678"]
    assert [one for _, one, _ in found(text, "passport")] == ["U12345678", "U22345678", "U32345678"]


def test_words_far_apart_in_one_leaf_are_all_looked_around():
    gap = " " + "x" * (BEFORE + AFTER + 2 * LONGEST) + " "
    text = f"passport U12345678{gap}U52345678{gap}U22345678 passport"

    assert [one for _, one, _ in found(text)] == ["U12345678", "U22345678"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AB123456C", "AB123456C"),
        ("his ab 12 34 56 c!", "ab 12 34 56 c"),
        ("(AB-12-34-56-C)", "AB-12-34-56-C"),
        ("号AB123456C号", "AB123456C"),
        ("ab cd 12 34 56 c", "cd 12 34 56 c"),
    ],
)
def test_what_can_stand_by_itself_is_found_anywhere(text, code):
    assert found(text) == [("NINO", code, 0.7)]


@pytest.mark.parametrize("text", ["XAB123456C", "AB123456CD", "AB123456_C", "AB123456E"])
def test_but_not_inside_a_word(text):
    assert found(text) == []


def test_support_raises_it_and_a_contradiction_lowers_it():
    assert found("insurance AB123456C") == [("NINO", "AB123456C", 0.95)]
    [(_, _, confidence)] = found("sku AB123456C")
    assert confidence < 0.5


def test_a_check_takes_the_code_without_separators():
    form = "[0-9]{3}[ .][0-9]{3}[ .][0-9]{4}"
    number = rule(candidate="code", pattern=form, lengths=(), check="tr_vkn")
    engine = Engine([number])

    assert found("454 053.6920", engine=engine) == [("TEST_NUMBER", "454 053.6920", 0.6)]
    assert found("454 053.6921", engine=engine) == []


def test_after_one_that_fails_its_check_the_next_is_found():
    number = rule(
        candidate="code", pattern="[0-9]{10}", check="tr_vkn", needs="support", context=("tax",)
    )
    engine = Engine([number])

    assert found("tax 4540536921 4540536920", engine=engine) == [
        ("TEST_NUMBER", "4540536920", 0.95)
    ]


@pytest.mark.parametrize("unit", ["passport ", "passport A1 ", "A12345678 passport ", "AB123456 "])
def test_hostile_text_takes_no_longer_than_its_length(unit):
    # Where each word looked at the whole leaf, this would take minutes.
    text = unit * 20_000

    assert len(found(text)) == text.count("A12345678")
    assert len(found(text, "passport")) == text.count("A12345678")


def test_a_code_that_is_found_anywhere_says_how_long_its_pattern_can_be():
    parser = importlib.import_module("re._parser")  # the only one that knows the width of a pattern
    codes = [one for one in shipped() if one.candidate == "code" and not one.is_sought]

    assert len(codes) > 40
    assert {one.name: one.lengths for one in codes} == {
        one.name: parser.parse(one.pattern, re.IGNORECASE | re.ASCII).getwidth() for one in codes
    }


def test_of_a_code_no_more_is_looked_at_than_its_length():
    long = NINO.pattern.replace("{3}", "{3,9}")
    short = Engine([rule(entity="NINO", candidate="code", pattern=long, lengths=(9, 13))])

    assert found("AB 12 34 56 C", engine=short) == [("NINO", "AB 12 34 56 C", 0.6)]
    assert found("AB 12 34 56 78 C", engine=short) == []
