# ruff: noqa: RUF001  # Turkish has an i without a dot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.plain import Plain, span
from detectors.spoken import MOST, Speech, said

ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TURKISH = ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
RUSSIAN = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"]
TENS = {
    "en": ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    "tr": ["yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"],
    "ru": [
        *("двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят"),
        *("семьдесят", "восемьдесят", "девяносто"),
    ],
}
UNITS = {"en": ENGLISH, "tr": TURKISH, "ru": RUSSIAN}


def readings(text):
    return [reading for reading, _ in said(text) or ()]


def first(text):
    return readings(text)[0]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("four five three nine one four eight eight", "45391488"),
        ("Four, five. Three - nine;\none four eight eight", "45391488"),
        ("double five triple zero nine eight seven", "55000987"),
        ("oh five three two one two three oh", "05321230"),
        ("forty five thirty-nine fourteen eighty eight", "45391488"),
        ("eight hundred five five five one two three", "800555123"),
        ("fourteen hundred twelve hundred one two three", "14001200123"),
        ("nine hundred and one two three four five six", "90123456"),
        ("4 five 3 nine one 4 eight eight", "45391488"),
        ("four uh five three um nine one four eight eight", "45391488"),
        ("plus four four seven nine one one one two", "+44791112"),
    ],
)
def test_english_digits_are_read_as_they_are_said(text, digits):
    assert first(f"it is {text} ok") == f"it is {digits} ok"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("dört beş üç dokuz bir dört sekiz sekiz", "45391488"),
        ("DÖRT BEŞ ÜÇ DOKUZ BİR DÖRT SEKİZ SEKİZ", "45391488"),
        ("dort bes uc dokuz bir dort sekiz sekiz", "45391488"),
        ("kırk beş otuz dokuz on dört seksen sekiz", "45391488"),
        ("beş yüz otuz iki yüz yirmi üç kırk beş", "53212345"),
        ("iki yüz, üç yüz, yüz on, bir, yüz", "2003001101100"),
        ("sıfır ııı beş yüz otuz iki yüz yirmi üç dört", "05321234"),
    ],
)
def test_turkish_digits_are_read_as_they_are_said(text, digits):
    assert first(f"numara {text} tamam") == f"numara {digits} tamam"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("четыре пять три девять один четыре восемь восемь", "45391488"),
        ("Сорок пять, тридцать девять, четырнадцать, восемьдесят восемь", "45391488"),
        ("восемь девятьсот три сто двадцать три сорок", "890312340"),
        ("плюс семь девятьсот три сто одиннадцать ноль", "+79031110"),
        ("одна две двести двести один ноль ноль", "1220020100"),
    ],
)
def test_russian_digits_are_read_as_they_are_said(text, digits):
    assert first(f"номер {text} верно") == f"номер {digits} верно"


@pytest.mark.parametrize(
    "text",
    [
        *("", "one", "one two three four five six seven", "4539 1488 0343 6467"),
        "one for me, two for you, three for him and four for her, five in all",
        "four five three nine and then he said one four eight eight",
        "hundred hundred hundred hundred hundred",
        "double double double double double double",
        "yirmi beş kişi, otuz iki yüz",
        "on, yüz, bir",
        "4 5 3 9 1 4 8 8 one two",
    ],
)
def test_less_than_eight_digits_or_hardly_a_word_are_no_number(text):
    assert readings(text) == []


def test_a_pause_and_a_larger_number_end_a_group_in_another_reading():
    text = "sıfır beş yüz otuz iki yüz yirmi üç kırk beş altmış yedi"

    assert readings(text)[:2] == ["05321234567", "0532 123 45 67"]
    assert readings("one two three four. Five six seven eight") == ["12345678", "1234 5678"]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("artı doksan beş yüz otuz iki yüz on", ["+95132110", "+90532110", "+90530210"]),
        ("artı doksan, beş yüz otuz iki, yüz on", ["+90532110"]),
        ("iki yüz üç yüz yüz on bir", ["203100111", "200300111"]),
    ],
)
def test_hundreds_in_turkish_go_with_what_is_before_them_or_do_not(text, digits):
    assert [reading for reading in readings(text) if " " not in reading] == digits


def test_two_numbers_are_read_apart():
    text = "one two three four five six seven eight, er, my card: four five three nine one four 8 8"

    assert first(text) == "12345678, er, my card: 45391488"


@pytest.mark.parametrize("language", ["en", "tr", "ru"])
@given(st.lists(st.integers(0, 9), min_size=8, max_size=19))
def test_every_number_said_digit_by_digit_is_read(language, digits):
    text = " ".join(UNITS[language][digit] for digit in digits)

    assert first(text) == "".join(map(str, digits))


@pytest.mark.parametrize("language", ["en", "tr", "ru"])
@given(st.lists(st.integers(20, 99), min_size=4, max_size=9))
def test_every_number_said_in_pairs_is_read(language, pairs):
    tens, units = TENS[language], ["", *UNITS[language][1:]]
    text = ", ".join(f"{tens[pair // 10 - 2]} {units[pair % 10]}".strip() for pair in pairs)

    assert first(text) == "".join(map(str, pairs))


@given(st.lists(st.sampled_from(ENGLISH), min_size=8, max_size=16), st.data())
def test_the_words_of_some_digits_are_covered(words, data):
    text = f"well {' '.join(words)} bye"
    [reading] = said(text) or ()
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    begin, stop = span(Plain(reading[0], (reading[1],)), 5 + start, 5 + end)

    assert text[begin:stop] == " ".join(words[start:end])


def test_more_than_is_read_is_no_reading_and_not_nothing():
    assert said("one two three four five six seven eight, " * (MOST // 16)) is not None
    assert said("one two three four five six seven eight, " * (MOST // 8 + 1)) is None


SPEECH = Speech()


@pytest.mark.parametrize(
    "text", ["İKİ ÜÇ BEŞ " * 3, "ıkı uc bes " * 3, "\u212aırk beş " * 4, "TWO SIX " * 4]
)
def test_what_is_said_is_seen_in_any_case(text):
    assert SPEECH(text) == said(text) != ()


@given(
    st.lists(st.sampled_from([*ENGLISH, *TURKISH, *RUSSIAN, "BİR", "ALTI", "Сорок", "x", "7", ","]))
)
def test_speech_reads_what_is_said_and_sees_where_nothing_is(words):
    assert SPEECH(" ".join(words)) == said(" ".join(words))


@given(st.lists(st.sampled_from([*ENGLISH, "hundred", "double", "and", "plus", "7", "x", ","])))
def test_whatever_is_said_is_read_without_losing_what_stands_around(words):
    text = f"begin {' '.join(words)} end"

    assert all(one.startswith("begin ") and one.endswith(" end") for one in readings(text))
