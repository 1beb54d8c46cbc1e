import pytest

from detectors.rule import shipped
from detectors.soundness import is_validated, problems
from tests.detectors.build import rule

CODE = {"candidate": "code", "lengths": ()}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"check": "il_id", "lengths": (9,)}, "10% of random numbers pass: it needs support"),
        ({"confidence": 0.9}, "100% of random numbers pass"),
        ({"groups": ((3, 3),), "confidence": 0.1}, "groups 3-3 add up to none of its lengths"),
        ({"lengths": (7,), "confidence": 0.1}, "a number has 8 to 26 digits"),
        ({"hints": ("ssn-no",), "confidence": 0.1}, "hint 'ssn-no' never matches"),
        ({"context": ("invoice",), "confidence": 0.1}, "context 'invoice' speaks against all"),
        ({"needs": "support"}, "neither context nor hints"),
        ({**CODE, "pattern": "[0-9A-Z]{8,12}"}, "its pattern is seen in"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_with_its_name(changes, told):
    [problem] = problems([rule(**changes)])

    assert problem.startswith(f"TEST_NUMBER.{changes.get('candidate', 'digits')}: ")
    assert told in problem


@pytest.mark.parametrize(
    "changes",
    [
        {"check": "tr_national_id", "lengths": (11,)},
        {"check": "il_id", "lengths": (9,), "confidence": 0.3},
        {"check": "il_id", "lengths": (9,), "needs": "support", "hints": ("tz",)},
        {"separated": True},
        {**CODE, "pattern": "[A-Z]{2}-[0-9]{4}-[A-Z]{2}"},
        {**CODE, "pattern": "[0-9A-Z]{8,12}", "needs": "support", "context": ("plate",)},
    ],
)
def test_a_rule_with_evidence_of_its_own_or_that_needs_support_is_sound(changes):
    assert list(problems([rule(**changes)])) == []


def test_two_rules_of_one_name_are_told():
    assert list(problems([rule(confidence=0.1)] * 2)) == [
        "TEST_NUMBER.digits: 2 rules have this name, and nothing tells them apart"
    ]


def test_every_rule_that_ships_is_sound():
    assert list(problems(shipped())) == []


def test_a_validator_is_a_check_or_a_structure():
    validated = [
        is_validated(rule(**one))
        for one in ({"check": "luhn"}, {"candidate": "ipv4"}, {"candidate": "code"})
    ]

    assert validated == [True, True, False]
