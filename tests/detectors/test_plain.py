import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.plain import UNREADABLE, WHOLE, Plain, characters, replaced, rewrite, span

TEXT = "ab12cd"
CHANGES = [(2, 3, "x", WHOLE), (3, 4, "", WHOLE), (4, 6, "yz!", WHOLE)]


def read(text, *rounds):
    plain = Plain(text)
    for changes in rounds:
        plain = plain.then(rewrite(plain.text, changes)[0])
    return plain


@st.composite
def changed(draw):
    text = draw(st.text("ab1", min_size=1, max_size=20))
    places = draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=8, unique=True))
    pairs = list(zip(*[iter(sorted(places))] * 2, strict=False))
    news = draw(st.lists(st.text("xyz", max_size=3), min_size=len(pairs), max_size=len(pairs)))
    changes = [(start, end, new, WHOLE) for (start, end), new in zip(pairs, news, strict=True)]
    return text, changes


def test_a_text_is_rewritten_piece_by_piece():
    assert read(TEXT, CHANGES).text == "abxyz!"


def test_a_text_without_changes_has_no_reading():
    assert rewrite(TEXT, []) == ()
    assert replaced(TEXT, TEXT) == ()


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        (0, 1, (0, 1)),
        (1, 3, (1, 3)),
        (2, 3, (2, 3)),
        (2, 4, (2, 6)),  # what was removed in between too
        (3, 4, (4, 6)),  # a change is not taken apart
        (5, 6, (4, 6)),
        (0, 6, (0, 6)),
    ],
)
def test_a_range_goes_back_to_all_that_says_it(start, end, place):
    assert span(read(TEXT, CHANGES), start, end) == place


def test_a_range_goes_back_through_every_step():
    plain = read("%2540", [(0, 3, "%", WHOLE)], [(0, 3, "@", WHOLE)])

    assert (plain.text, span(plain, 0, 1)) == ("@", (0, 5))


def test_what_is_read_by_a_ratio_goes_back_to_all_that_says_something_of_it():
    plain = read("-AAAABBBBCC=", [(1, 12, "abcdefg", (3, 4))])

    assert [span(plain, at, at + 1) for at in range(8)] == [
        *[(0, 1), (1, 3), (2, 4), (3, 5), (5, 7), (6, 8), (7, 9), (9, 11)],
    ]
    assert span(plain, 2, 5) == (2, 7)


def test_two_changes_may_share_a_character():
    plain = read("xABCy", [(1, 3, "a", WHOLE), (2, 4, "b", WHOLE)])

    assert plain.text == "xaby"
    assert [span(plain, at, at + 1) for at in range(4)] == [(0, 1), (1, 3), (2, 4), (4, 5)]


def test_characters_that_change_in_their_places_go_back_to_them():
    plain = Plain("ABc").then(replaced("ABc", "abc")[0])

    assert [span(plain, at, at + 1) for at in range(3)] == [(0, 1), (1, 2), (2, 3)]


@given(changed())
def test_origins_are_monotone_and_inside_the_text(case):
    text, changes = case
    for new, origin in rewrite(text, changes):
        plain = Plain(new, (origin,))
        places = [span(plain, at, at + 1) for at in range(len(new))]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)


@given(changed())
def test_what_is_not_changed_is_said_by_itself(case):
    text, changes = case  # what changes reads x, y or z
    for new, origin in rewrite(text, changes):
        for at, char in enumerate(new):
            if char in "ab1":
                start, end = span(Plain(new, (origin,)), at, at + 1)
                assert text[start:end] == char


@given(st.text(max_size=20))
def test_characters_are_those_of_utf_8(text):
    assert "".join(char for char, _ in characters(text.encode())) == text


@given(st.binary(max_size=30))
def test_characters_take_all_bytes_whatever_they_are(raw):
    read_back = list(characters(raw))

    assert sum(size for _, size in read_back) == len(raw)
    assert all(char == UNREADABLE or char.encode() in raw for char, _ in read_back)
