# ruff: noqa: RUF001  # Turkish, and Russian

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.plain import Plain, span
from detectors.spelled import spelled


def read(text):
    readings = spelled(text)
    return readings[0][0] if readings else text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("john at example dot com", "john@example.com"),
        ("john dot smith at mail dot example dot co dot uk ok", "john.smith@mail.example.co.uk ok"),
        ("john AT SIGN example DOT com", "john@example.com"),
        ("j underscore smith plus x at mail dash box dot com", "j_smith+x@mail-box.com"),
        ("john [at] example.com", "john@example.com"),
        ("john(at)example(dot)com", "john@example.com"),
        ("john { at } example [ dot ] com", "john@example.com"),
        ("john@example dot com", "john@example.com"),
        ("ayşe et örnek nokta com nokta tr", "ayşe@örnek.com.tr"),
        ("иван собака почта точка ру", "иван@почта.ру"),
        ("hans punkt meyer at beispiel punkt de", "hans.meyer@beispiel.de"),
        ("dana שטרודל example נקודה com", "dana@example.com"),
        ("a at b dot co and c at d dot co", "a@b.co and c@d.co"),
    ],
)
def test_an_address_is_read_as_it_is_written(text, plain):
    assert read(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        *("", "look at example dot com", "visit us at example dot com", "meet at noon dot"),
        *("at example dot com", "john at example", "the dot at the end", "(at) dot (dot)"),
        *("a dot b dot c", "auf den Punkt gebracht", "left at 5 (at) night"),
    ],
)
def test_other_words_are_not_read(text):
    assert spelled(text) == ()


def test_the_words_that_spell_an_address_are_covered():
    text = "write to john dot smith at example dot com please"
    [reading] = spelled(text)
    plain = Plain(reading[0], (reading[1],))
    start = plain.text.index("john")
    begin, end = span(plain, start, start + len("john.smith@example.com"))

    assert text[begin:end] == "john dot smith at example dot com"


@given(
    st.lists(
        st.sampled_from(["at", "dot", "dash", "[at]", "(dot)", "@", ".", "a", "bc", "plus", "\n"]),
        max_size=30,
    )
)
def test_whatever_is_spelled_is_read_in_order(words):
    text = " ".join(words)
    for plain, origin in spelled(text):
        places = [span(Plain(plain, (origin,)), at, at + 1) for at in range(len(plain))]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) for start, end in places)
