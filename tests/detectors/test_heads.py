import re

from detectors.confirm import scored
from detectors.heads import MOST, Head, Heads, Reading
from detectors.joined import Joined
from detectors.leaves import Leaves
from detectors.overlap import Found
from detectors.words import Words
from tests.detectors.build import rule, walked

RULE = rule(confidence=0.7)
RULES = scored([RULE])
WORDS = Words([RULE])


def word_behind(text: str, at: int) -> Reading | None:
    match = re.compile(r"\w+").match(text, at)
    return match and Reading(match.start(), match.end(), 0.1 * (match[0] == "odd"))


def find(*texts: str, heads: Heads | None = None) -> list[Found]:
    leaves: Leaves = walked({str(number): text for number, text in enumerate(texts)})
    found: list[Found] = []
    heads = heads or Heads(RULES, [Head("is ", 0, word_behind), Head("to [a-z]", 1, word_behind)])
    joined = Joined(leaves.texts)
    heads.find(joined, leaves, WORDS.see(joined), found)
    return found


def places(*texts: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in find(*texts)]


def test_what_a_head_announces_is_found_behind_it():
    assert places("it is so, to me") == [(6, 8), (13, 15)]


def test_where_nothing_is_announced_nothing_is_found():
    assert places("it is - to ") == []


def test_a_head_inside_of_what_was_read_is_not_read_again():
    one = Heads(RULES, [Head("is ", 0, lambda text, at: Reading(at, len(text), 0.0))])

    assert len(find("it is what it is and so is that", heads=one)) == 1


def test_doubt_lowers_the_confidence_of_the_rule():
    assert [one.confidence for one in find("it is odd, it is even")] == [0.6, 0.7]


def test_a_leaf_s_heads_are_read_up_to_a_bound_and_the_next_leaf_s_again():
    found = find("is a " * (MOST + 100), "is a")

    assert len(found) == MOST + 1
