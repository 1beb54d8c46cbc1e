import pytest

from detectors.proof import look
from detectors.scanner import Engine
from tests.detectors.build import rule

ILLNESS = rule(
    entity="ILLNESS",
    category="health",
    candidate="terms",
    terms=("diabetes", "kanser*", "HIV", "heart attack", "лейкоз", "iltihap*", "סרטן"),
    confidence=0.5,
    supported=0.8,
    context=("diagnos",),
    lengths=(),
)
ENGINE = Engine([ILLNESS])


def found(text: str, at: str = "text") -> list[str]:
    return [text[one.start : one.end] for one in look(ENGINE, at, text)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("has Diabetes and HIV", ["Diabetes", "HIV"]),
        ("a HEART ATTACK.", ["HEART ATTACK"]),
        ("kanserli, kanser; KANSER", ["kanserli", "kanser", "KANSER"]),
        ("kanserin\u0131n tedavisi", ["kanserin\u0131n"]),
        ("\u0130LT\u0130HAP", ["\u0130LT\u0130HAP"]),
        ("HIV\u2019li", ["HIV"]),
        ("\u201cdiabetes\u201d", ["diabetes"]),
        ("Лейкоз, лейкоз. ЛЕЙКОЗ", ["Лейкоз", "лейкоз", "ЛЕЙКОЗ"]),
        ("ש סרטן", ["סרטן"]),
        ("diabetes", ["diabetes"]),
    ],
)
def test_a_term_is_found_as_a_word_with_the_suffix_it_may_have(text, terms):
    assert found(text) == terms


@pytest.mark.parametrize("text", ["prediabetes", "hives", "лейкозы", "долейкоз", "heart of attack"])
def test_a_part_of_a_word_is_no_term(text):
    assert found(text) == []


def test_a_word_beside_it_makes_it_surer():
    [alone] = look(ENGINE, "text", "diabetes")
    [diagnosed] = look(ENGINE, "text", "diagnosed with diabetes")

    assert (alone.confidence, diagnosed.confidence) == (0.5, 0.8)


def test_terms_that_need_support_are_found_only_with_it():
    engine = Engine(
        [rule(candidate="terms", terms=("positive",), needs="support", context=("test",))]
    )

    assert look(engine, "text", "a positive answer") == []
    assert [one.confidence for one in look(engine, "text", "the test was positive")] == [0.95]
