import pytest

from detectors.hints import Hints
from tests.detectors.build import rule

PASSPORT = rule(candidate="code", needs="support", hints=("passport",))
CARD = rule(hints=("card", "card_number"))
NAME = rule(candidate="field", hints=("last_name",))
HINTS = Hints([CARD, NAME])
FOR_CARD, FOR_NAME, AGAINST = 1, 2, 4


@pytest.mark.parametrize(
    ("names", "mask"),
    [
        (("card",), FOR_CARD),
        (("cardNumber",), FOR_CARD),
        (("CARD-NUMBER",), FOR_CARD),
        (("card", "number"), FOR_CARD),  # the parent's name speaks too
        (("billing", "card", "id", "x"), 0),  # the grandparent's does not
        (("discard",), 0),
        (("last_name",), FOR_NAME),
        (("order", "number"), 0),
        (("order_id",), AGAINST),
        (("card", "version"), FOR_CARD | AGAINST),
        ((), 0),
    ],
)
def test_a_field_s_name_or_its_parent_s_speaks_for_and_against_rules(names, mask):
    assert HINTS.supports(names) == mask


@pytest.mark.parametrize(
    ("names", "number"),
    [
        (("lastName",), 1),
        (("customer", "last_name"), 1),
        (("last", "name"), 1),
        (("last_name_changed_at",), -1),
        (("card",), -1),  # not a rule that claims a field by its name
    ],
)
def test_a_rule_for_fields_claims_one_whose_name_ends_with_a_hint(names, number):
    assert HINTS.whole(names) == number


def test_a_field_is_wanted_whose_name_supports_a_rule_that_looks_into_fields_for_that():
    key = rule(candidate="assignment", hints=("api_key",))
    hints = Hints([CARD, PASSPORT, key])
    names = ("passport", "apiKey", "card", "order")

    assert [hints.is_wanted(hints.supports((name,))) for name in names] == [
        True,
        True,
        False,
        False,
    ]
