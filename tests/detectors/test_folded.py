# ruff: noqa: RUF001  # characters that look like others are what this is about

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.folded import compose, fold, look
from detectors.plain import Plain, span


def read(step, text):
    readings = step(text)
    return readings[0][0] if readings else text


def everything(text):
    return read(look, read(fold, read(compose, text)))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("４５３９", "4539"),
        ("٤٥٣٩ ۴۵۳۹ ४५३९ 𝟜𝟝𝟛𝟡 ⁴⁵³⁹", "4539 4539 4539 4539 4539"),
        ("ａｙｓｅ＠ｏｒｎｅｋ．ｃｏｍ", "ayse@ornek.com"),
        ("a＠b.com a﹫b.com a@b。com", "a@b.com a@b.com a@b.com"),
        ("𝒶𝓎𝓈ℯ 𝐚𝐲𝐬𝐞 ⓐⓨⓢⓔ", "ayse ayse ayse"),
        ("o\ufb03ce", "office"),
        ("45\u200b39\u00ad14\u206088\ufeff", "45391488"),
        ("\u202a+90 532\u202c", "+90 532"),
        ("45\x0839\x7f", "4539"),
        ("4539\u20091488\u30000343\u205f6467", "4539 1488 0343 6467"),
        ("4539\u20131488\u22120343\ufe636467", "4539-1488-0343-6467"),
        ("4539·1488•0343", "4539 1488 0343"),
        ("".join(chr(0xE0000 + ord(char)) for char in "a@b.co"), "a@b.co"),
        ("⑷⒌", "(4)5."),
    ],
)
def test_a_form_of_a_character_is_read_as_the_plain_one(text, plain):
    assert read(fold, text) == plain


@pytest.mark.parametrize(
    "text",
    [
        *("", "plain a@b.co 4539\t1488\n", "Ayşe Yılmaz İstanbul", "№4539™", "ﷺ", "´¨", "5½"),
        *("меня зовут", "שלום", "مرحبا", "联系", "\u06dd"),
    ],
)
def test_what_is_plain_stays(text):
    assert (fold(text), compose(text), look(text)) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("s\u0327ifre", "şifre"),
        ("и\u0306", "й"),
        ("4\ufe0f\u20e35\ufe0f\u20e3", "45"),
        ("4\u03365\u0336", "45"),
        ("\u0301a", "a"),
    ],
)
def test_marks_join_their_letter_or_are_strokes_through_it(text, plain):
    assert read(compose, text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ТR33", "TR33"),
        ("РТ50", "PT50"),
        ("раsswоrd", "password"),
        ("ауsе@mail.ru", "ayse@mail.ru"),
        ("ΑΒ12", "AB12"),
        ("passwordо", "passwordo"),
        ("иван@mail.ru", "иван@mail.ru"),
        ("сосна tree", "сосна tree"),
        ("iPhoneом", "iPhoneом"),
        ("SMS-ка", "SMS-ка"),
    ],
)
def test_letters_among_those_of_latin_are_read_as_they_look(text, plain):
    assert read(look, text) == plain


def test_a_sign_takes_its_marks_along():
    [reading] = compose("x4\ufe0f\u20e3y")

    assert span(Plain(reading[0], (reading[1],)), 1, 2) == (1, 4)


def test_what_is_seen_by_nobody_between_digits_is_covered():
    [reading] = fold("x45\u200b\u200b39y")
    plain = Plain(reading[0], (reading[1],))

    assert (plain.text, span(plain, 1, 5)) == ("x4539y", (1, 7))


@given(st.text(max_size=40))
def test_what_is_folded_is_plain(text):
    once = read(fold, text)

    assert read(fold, once) == once


@given(st.text(st.characters(categories=["Nd"]), min_size=1, max_size=20))
def test_every_decimal_digit_is_read(text):
    assert read(fold, text) == "".join(str(unicodedata.decimal(char)) for char in text)


@given(st.text(st.characters(max_codepoint=0x17F, categories=["L"]), max_size=20))
def test_a_letter_taken_apart_is_the_same_letter(text):
    assert everything(unicodedata.normalize("NFD", text)) == everything(text)


@given(st.text(max_size=30))
def test_a_text_grows_a_bounded_number_of_times(text):
    assert len(everything(text)) <= 4 * len(text)
