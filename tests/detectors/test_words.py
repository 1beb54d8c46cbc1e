import pytest

from detectors.joined import Joined
from detectors.words import AFTER, BEFORE, Words
from tests.detectors.build import rule

WORDS = Words([rule(context=("kimli", "дом"), against=("v",)), rule(context=("tel",))])
FIRST, SECOND, AGAINST_ALL, AGAINST_FIRST = 1, 2, 4, 8


def near(*texts: str, leaf: int = 0, place: str = "#") -> int:
    start = texts[leaf].index(place)
    return WORDS.see(Joined(texts)).near(leaf, start, start + 1)


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("kimlik #", FIRST),
        ("KIMLIK #", FIRST),
        ("K\u0130ML\u0130K #", FIRST),
        ("k\u0131ml\u0131k #", FIRST),
        ("kimliği #", FIRST),  # suffixes inflect it
        ("tel: #", SECOND),
        ("# tel", SECOND),
        ("Tel kimlik #", FIRST | SECOND),
        ("hotel #", 0),  # only where it begins a word
        ("наш Дома #", FIRST),
        ("ДОМ #", FIRST),
        ("order #", AGAINST_ALL),
        ("#order", AGAINST_ALL),
        ("orders, #", AGAINST_ALL),
        ("ordering #", 0),  # a contradiction is a whole word
        ("v #", AGAINST_FIRST),
        ("vkn #", 0),
    ],
)
def test_words_around_a_candidate_speak_for_and_against(text, mask):
    assert near(text) == mask


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("tel order #", AGAINST_ALL),  # the order is nearer
        ("order tel #", AGAINST_ALL | SECOND),
        ("order # tel", AGAINST_ALL),
        ("order kimlik # tel", AGAINST_ALL | FIRST),
        ("tel # order", AGAINST_ALL | SECOND),
        ("kimlik tel v #", AGAINST_FIRST | SECOND),  # against the first rule only
        ("v # kimlik", AGAINST_FIRST | FIRST),
    ],
)
def test_the_nearest_word_in_front_decides(text, mask):
    assert near(text) == mask


def test_a_word_in_the_candidate_itself_speaks_for_it_and_never_against_it():
    seen = WORDS.see(Joined(["order tel 12", "tel version 12"]))

    assert seen.near(0, len("order "), len("order tel 12")) == AGAINST_ALL | SECOND
    assert seen.near(1, 0, len("tel version 12")) == SECOND


def test_a_word_counts_at_the_edges_of_its_leaf():
    assert near("tel#") == 0b10
    assert near("# order") == AGAINST_ALL


def test_a_word_of_another_leaf_does_not_count():
    assert near("tel", "#", "tel", leaf=1) == 0


@pytest.mark.parametrize("letter", ["x", "ш"])
def test_a_word_counts_a_bounded_number_of_characters_away(letter):
    far = " ".join(["", letter * (BEFORE - 2), ""])
    assert near(f"tel{far[:-1]}#") == SECOND
    assert near(f"tel{far}#") == 0
    after = " " + letter * (AFTER - 5) + " "
    assert near(f"#{after}tel") == SECOND
    assert near(f"#{after} tel") == 0


def test_a_long_leaf_is_asked_for_one_place_at_a_time():
    seen = WORDS.see(Joined(["tel " * 1000 + "#" + " " * 100 + "kimlik"]))

    assert (seen.near(0, 4000, 4001), seen.near(0, 4100, 4101)) == (SECOND, FIRST)


def test_words_of_what_is_looked_for_only_around_them_are_told_by_their_places():
    words = Words(
        [rule(context=("tel",)), rule(candidate="code", needs="support", context=("vat",))]
    )

    assert words.see(Joined(["tel vat", "", "ş vat tel vat"])).sought == [
        (0, 7, 0b10),
        (2, 5, 0b10),
        (2, 13, 0b10),
    ]
    assert words.see(Joined(["tel"])).sought == []
