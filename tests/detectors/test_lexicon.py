import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.joined import Joined
from detectors.lexicon import Lexicon, spellings

LEXICON = Lexicon([("tel", False), ("kimlik", False), ("order", True), ("טלפון", False)])
TEL, KIMLIK, ORDER, PHONE = range(4)


def words(*texts: str) -> list[tuple[int, int, int]]:
    return list(zip(*LEXICON.words(Joined(texts)), strict=True))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("tel", [TEL]),
        ("TEL: kimlik", [TEL, KIMLIK]),
        ("telefon kimliğim", [TEL]),
        ("kimlikler", [KIMLIK]),
        ("hotel xkimlik 5tel", []),
        ("_tel -kimlik", [TEL, KIMLIK]),
        ("\u201ckimlik\u201d \u2018tel\u2019", [KIMLIK, TEL]),
        ("\u015fkimlik \u015ftel", []),
        ("order. orders border", [ORDER]),
        ("order\u2019s", [ORDER]),
        ("order\u015f", []),
        ("טלפון", [PHONE]),
        ("בטלפון והטלפון", [PHONE, PHONE]),  # in and the are written together with it
        ("שבהטלפון אטלפון", []),
    ],
)
def test_a_word_is_seen_where_it_begins_a_word(text, numbers):
    assert [number for number, _, _ in words(text)] == numbers


def test_words_are_told_by_leaf_and_end_in_order():
    assert words("\u015f kimlik", "", "tel tel") == [(KIMLIK, 0, 8), (TEL, 2, 3), (TEL, 2, 7)]


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("tel", {"tel"}),
        ("Tel", {"tel"}),
        ("kim", {"kim", "k\u0130m", "k\u0131m"}),
        (
            "\u015fif",
            {
                "\u015fif",
                "\u015eif",
                "\u015e\u0130f",
                "\u015f\u0130f",
                "\u015f\u0131f",
                "\u015e\u0131f",
            },
        ),
        ("\u015fah", {"\u015fah", "\u015eah"}),
        ("дом", {"дом", "Дом", "ДОМ"}),
    ],
)
def test_spellings_are_those_that_differ_in_more_than_the_case_of_ascii(word, spelled):
    assert spellings(word) == spelled


@given(st.lists(st.text("tel order\u015f\u201c\u05d1\u00a0", max_size=30), min_size=1, max_size=4))
def test_what_is_seen_ends_in_its_leaf_and_begins_a_word(texts):
    names = ["tel", "kimlik", "order", "טלפון"]
    for number, leaf, end in words(*texts):
        start = end - len(names[number])
        assert texts[leaf][start:end].lower() == names[number]
        assert start == 0 or not texts[leaf][start - 1].isalnum() or texts[leaf][start - 1] == "ב"
