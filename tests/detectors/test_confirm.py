import pytest

from detectors.confirm import CONTRADICTION, FLOOR, edges, scored
from schemas.audit import BY_RULE
from tests.detectors.build import rule

ALL, OWN = 1 << 1, 1 << 2  # with one rule: what speaks against all, and against the rule alone


def one(**changes):
    return scored([rule(**changes)])[0]


def test_a_candidate_scores_its_rule_s_confidence():
    assert one(confidence=0.6, supported=0.9).score(0) == 0.6


def test_support_raises_it():
    assert one(confidence=0.6, supported=0.9).score(1) == 0.9


def test_a_contradiction_lowers_it():
    number = one(confidence=0.6)

    assert number.score(ALL) == number.score(OWN) == 0.6 - CONTRADICTION


def test_support_outweighs_a_contradiction():
    assert one(confidence=0.6, supported=0.9).score(1 | ALL) == 0.9


def test_nothing_contradicts_what_is_no_mere_number():
    assert one(candidate="email", confidence=0.9).score(ALL | OWN) == 0.9


def test_support_of_another_rule_is_none():
    first, second = scored([rule(confidence=0.6, supported=0.9)] * 2)

    assert (first.score(0b10), second.score(0b10)) == (0.6, 0.9)


def test_a_finding_has_the_rule_and_no_value():
    assert one(category="phone").found(3, 4, 9, 0.7) == (3, 4, 9, 2, 0, 0.7, BY_RULE)


@pytest.mark.parametrize(
    ("text", "stands_alone"),
    [
        ("12345", True),
        ("(12345)", True),
        ("x12345", False),
        ("12345x", False),
        ("_12345", False),
        ("é12345", True),  # scripts without spaces touch numbers
        ("号12345号", True),
        ("3.12345", False),
        ("3,12345", False),
        ("a.12345", True),
        ("5555555,12345", True),  # so many digits are a number of their own
    ],
)
def test_a_number_stands_alone_outside_words_and_fractions(text, stands_alone):
    start = text.index("12345")

    assert edges(text, start, start + 5) is stands_alone


@pytest.mark.parametrize(
    ("changes", "text", "fits"),
    [
        ({"candidate": "field", "alphabet": "letters"}, "Ayşe Öztürk", True),
        ({"candidate": "field", "alphabet": "letters"}, "4711", False),
        ({"candidate": "field", "alphabet": "letters"}, "x" * 201, False),
        ({"candidate": "field"}, "s3same", True),
        ({"candidate": "field"}, "NULL", False),
        ({"candidate": "field"}, "********", False),
        ({"candidate": "field", "check": "tr_vkn"}, "454-053-6920", True),
        ({"candidate": "field", "check": "tr_vkn"}, "454-053-6921", False),
    ],
)
def test_a_field_must_be_able_to_hold_what_its_name_says(changes, text, fits):
    assert one(**changes).field(text) is fits


def test_what_is_reported_at_all_is_less_than_what_counts():
    assert FLOOR < 0.5
