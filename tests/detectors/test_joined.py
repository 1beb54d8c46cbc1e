from hypothesis import given
from hypothesis import strategies as st

from detectors.joined import Joined

TEXTS = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=8)


def test_texts_stand_between_zero_bytes():
    assert Joined(["ab", "", "ş"]).data == b"\x00ab\x00\x00\xc5\x9f\x00"


def test_an_end_is_located_in_its_text():
    joined = Joined(["ab", "cde"])

    assert joined.locate([2, 3, 5, 7]) == ([0, 0, 1, 1], [1, 2, 1, 3])


def test_bytes_beyond_the_candidate_do_not_move_it_to_the_next_text():
    assert Joined(["ab", "cde"]).locate([4], 1) == ([0], [2])


def test_places_are_counted_in_characters():
    joined = Joined(["şeker", "a"])
    end = joined.data.index(b"r") + 1

    assert joined.locate([end]) == ([0], [5])


def test_each_text_is_named_once():
    assert Joined(["ab", "cd", "ef"]).leaves([2, 3, 8, 9]) == [0, 2]


def test_a_zero_byte_in_a_text_is_replaced_by_one_as_long():
    joined = Joined(["a\x00b", "c"])

    assert joined.data == b"\x00a\x01b\x00c\x00"
    assert list(joined.texts) == ["a\x01b", "c"]


@given(TEXTS, st.data())
def test_every_character_is_located_where_it_stands(texts, data):
    joined = Joined(texts)
    leaf = data.draw(st.sampled_from(range(len(texts))))
    size = data.draw(st.integers(1, max(1, len(texts[leaf]))))
    if texts[leaf]:
        before = sum(len(text.encode()) + 1 for text in texts[:leaf]) + 1
        end = before + len(texts[leaf][:size].encode())
        assert joined.locate([end]) == ([leaf], [size])


def test_half_of_a_character_is_one_of_any_other():
    joined = Joined(["a\ud800b", "c"])

    assert joined.locate([joined.data.index(b"b") + 1]) == ([0], [3])
