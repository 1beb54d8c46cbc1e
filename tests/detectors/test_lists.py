import pytest

from detectors.checks.table import BY_NAME
from detectors.confirm import scored
from detectors.joined import Joined
from detectors.lists import TEST_CARDS, Allowed, AlwaysFound, Denied, Lists
from detectors.overlap import Found
from detectors.words import SeenWords
from tests.detectors.build import rule, walked

[RULE] = scored([rule(entity="PROJECT")])


def left(text: str, lists: Lists) -> list[str]:
    """Return what is left of a finding that is the whole text."""
    found = [RULE.found(0, 0, len(text), 0.9)]
    return [text[one.start : one.end] for one in Allowed(lists).without(found, [text])]


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        ("support@own.example", False),
        ("Support@OWN.example", False),
        ("support@other.example", True),
        ("4242 4242-4242 4242", False),
        ("4242424242424243", True),
        ("\u0130stanbul Ofisi", False),
        ("istanbul", True),
    ],
)
def test_an_allowed_value_is_not_reported_however_it_is_written(text, is_left):
    lists = Lists(allow=frozenset(["support@own.example", "4242424242424242", "istanbul ofisi"]))

    assert left(text, lists) == [text] * is_left


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        ("anyone@own.example", False),
        ("anyone@mail.Own.example", False),
        ("anyone@notown.example", True),
        ("anyone@own.example.org", True),
        ("own.example", True),  # no address
    ],
)
def test_addresses_at_one_s_own_domains_are_not_reported(text, is_left):
    assert left(text, Lists(domains=frozenset(["own.example"]))) == [text] * is_left


def test_test_cards_are_reported_unless_they_are_allowed():
    card = "4111 1111 1111 1111"

    assert left(card, Lists()) == [card]
    assert left(card, Lists(test_cards=True)) == []


def test_only_what_is_on_the_list_goes():
    text = "a@own.example b@other.example"
    found = [RULE.found(0, 0, 13, 0.9), RULE.found(0, 14, 29, 0.9)]
    lists = Lists(domains=frozenset(["own.example"]))

    assert Allowed(lists).without(found, [text]) == found[1:]


@pytest.mark.parametrize("card", sorted(TEST_CARDS))
def test_a_published_test_card_would_be_taken_for_a_card(card):
    assert BY_NAME["card"](card)


def denied(text: str, *values: str) -> list[tuple[str, float]]:
    finder = AlwaysFound([Denied(value, "PROJECT") for value in values], [RULE])
    leaves = walked({"text": text})
    found: list[Found] = []
    finder.find(Joined(leaves.texts), leaves, SeenWords({}, (), 1), found)
    return [(leaves.texts[one.leaf][one.start : one.end], one.confidence) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("about Bluebird, again", ["Bluebird"]),
        ("BLUEBIRD bluebird", ["BLUEBIRD", "bluebird"]),
        ("bluebirds", []),
        ("xbluebird", []),
        ("Proje Şahin ve ŞAHİN", ["Şahin", "ŞAHİN"]),
    ],
)
def test_a_denied_value_is_always_found_as_a_word(text, found):
    assert denied(text, "Bluebird", "şahin") == [(one, 1.0) for one in found]


def test_a_denied_value_is_found_as_an_entity_that_some_rule_finds():
    with pytest.raises(ValueError, match="no rule finds SHOE, which the deny list names"):
        AlwaysFound([Denied("x", "SHOE")], [RULE])
