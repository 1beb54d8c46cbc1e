# ruff: noqa: RUF001  # characters that look like others are what this is about

import base64 as standard
import json as structured
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.encoded import base64
from detectors.escaped import form, html, json, percent, quoted
from detectors.folded import compose, fold, look
from detectors.joined import Joined
from detectors.plain import WHOLE, rewrite, span
from detectors.spelled import spelled
from detectors.spoken import said
from detectors.unveil import DEPTH, MOST, STEPS, Step, Veils, unveil
from gateway.corpus import generate
from tests.detectors.build import found, walked
from tests.detectors.reading import hidden, read

VEILS = Veils()
CARD, IBAN = "4539148803436467", "TR330006100519786457841326"
ENGLISH = "four five three nine one four double eight oh three four three six four six seven"
TURKISH = "kırk beş otuz dokuz, on dört seksen sekiz, sıfır üç kırk üç, altmış dört altmış yedi"
RUSSIAN = (
    "сорок пять тридцать девять четырнадцать восемьдесят восемь ноль три сорок три "
    "шестьдесят четыре шестьдесят семь"
)
MOBILE = "artı doksan, beş yüz otuz iki, yüz yirmi üç, kırk beş, altmış yedi"
ANY = st.text(max_size=60)
HOSTILE = st.text("%&\\+#;u04@.aA\u200b\u0301４е-=/ dot at one ", max_size=80)


def packed(text: str) -> str:
    return standard.b64encode(text.encode()).decode()


def referred(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


# What reads it, a text, and what is found: « and » stand around all that says it.
DISGUISES = [
    (form, "/search?q=«4539+1488+0343+6467»&x=1", "CREDIT_CARD"),
    (quoted, "«ayse@orn=\nek.com.tr» =3D", "EMAIL_ADDRESS"),
    (quoted, "s=C3=B6z, «4539=201488=200343=206467»", "CREDIT_CARD"),
    (percent, "mail=«ayse%40ornek.com.tr»&x=1", "EMAIL_ADDRESS"),
    (percent, "q=«%34539148803436467»", "CREDIT_CARD"),
    (html, "<p>«ayse&#64;ornek.com.tr»</p>", "EMAIL_ADDRESS"),
    (html, "«4539&nbsp;1488&nbsp;0343&nbsp;6467»", "CREDIT_CARD"),
    (json, r"{\"mail\":\"«ayse\u0040ornek.com.tr»\"}", "EMAIL_ADDRESS"),
    (json, r"card\n«4539148803436467»\nnow", "CREDIT_CARD"),
    (base64, f"{packed('the card is ')}«{packed(CARD)}»", "CREDIT_CARD"),
    (base64, f"/u/«{packed('ayse@ornek.com')}»", "EMAIL_ADDRESS"),
    (compose, "«s\u0327ule@ornek.com»", "EMAIL_ADDRESS"),
    (compose, "«4\u0336539148803436467»", "CREDIT_CARD"),
    (fold, "«４５３９１４８８０３４３６４６７»", "CREDIT_CARD"),
    (fold, "«٤٥٣٩١٤٨٨٠٣٤٣٦٤٦٧»", "CREDIT_CARD"),
    (fold, "«4539\u200b1488\u00ad03436467»", "CREDIT_CARD"),
    (fold, "«4539\u30001488\u20070343\u2060 6467»", "CREDIT_CARD"),
    (fold, "«4539·1488·0343·6467»", "CREDIT_CARD"),
    (fold, "«ayse＠ornek.com»", "EMAIL_ADDRESS"),
    (fold, "«𝒶𝓎𝓈ℯ@ornek.com»", "EMAIL_ADDRESS"),
    (look, f"«Т{IBAN[1:]}»", "IBAN_CODE"),
    (said, f"it is «{ENGLISH}»", "CREDIT_CARD"),
    (said, f"kartım «{TURKISH}»", "CREDIT_CARD"),
    (said, f"карта «{RUSSIAN}»", "CREDIT_CARD"),
    (said, f"numaram «{MOBILE}»", "PHONE_NUMBER"),
    (spelled, "write to «ayse dot yilmaz at ornek dot com»", "EMAIL_ADDRESS"),
    (spelled, "«ayse [at] ornek.com»", "EMAIL_ADDRESS"),
]


def marked(text: str) -> tuple[str, str]:
    """Return a text without its marks, and what stands between them."""
    ahead, _, rest = text.partition("«")
    part, _, behind = rest.partition("»")
    return ahead + part + behind, part


def without(step: object) -> list[Step]:
    return [one for one in STEPS if one.read is not step]


@pytest.mark.parametrize(("step", "text", "entity"), DISGUISES)
def test_what_is_disguised_is_found_by_its_step_and_without_it_is_not(step, text, entity):
    text, part = marked(text)

    assert (entity, part) in found(text)
    assert (entity, part) in hidden(text)
    assert (entity, part) not in hidden(text, steps=without(step))


def test_every_step_reads_some_disguise():
    assert {one.read for one in STEPS} == {step for step, *_ in DISGUISES}


@pytest.mark.parametrize("text", [marked(text)[0] for _, text, _ in DISGUISES])
def test_what_may_hide_something_is_suspected_in_bulk(text):
    assert VEILS.suspects(Joined(["ş plain", text, "", f"x {text} y"])) == [1, 3]


@pytest.mark.parametrize("clean", [True, False])
def test_hardly_anything_of_ordinary_events_is_suspected(clean):
    leaves = walked(*(sample.event for sample in generate(11, 1000, clean=clean)))
    suspects = [leaves.texts[leaf] for leaf in VEILS.suspects(Joined(leaves.texts))]

    assert len(suspects) < len(leaves.texts) / 1000
    assert all("eyJ" in text for text in suspects if read(text))


@pytest.mark.parametrize(
    "text",
    [
        *("", "Ayşe Yılmaz, İstanbul", "Müşteri 0532 123 45 67", "меня зовут Иван", "שמי דן"),
        *("اسمي محمد", "联系li@example.cn谢谢", "R&D at 50% (x + 1)", "a\tb", "one, two, three"),
        *("/v2/contacts/arman_278@example.org", "c333f675985869d2db7a7704e09bd142e2cebce7"),
    ],
)
def test_a_text_without_disguise_has_no_reading(text):
    assert (read(text), unveil(text).whole) == ([], True)


@pytest.mark.parametrize(
    "text",
    [
        quote(quote(quote("a@b.com", safe=""), safe=""), safe=""),
        packed(packed(packed("write to a@b.com"))),
        escape(escape("a&#64;b.com")),
        packed(structured.dumps({"x": structured.dumps({"mail": "a@b.com", "q": '"'})})),
        quote(packed('{"mail":"a\\u0040b.com"}')),
        f"％41 {packed('ａ＠b.com, okay')}",
    ],
)
def test_encodings_around_each_other_are_read(text):
    assert any("a@b.com" in plain for plain in read(text))
    assert unveil(text).whole


def test_what_is_encoded_too_often_is_said_not_to_be_examined_whole():
    text = "a@b.com and more"
    for _ in range(DEPTH):
        text = packed(text)

    assert unveil(text).whole
    assert not unveil(packed(text)).whole


def test_what_can_be_read_in_too_many_ways_is_said_not_to_be_examined_whole():
    def also(letter: str) -> Step:
        return Step(lambda text: rewrite(text, [(0, 1, text[0] + letter, WHOLE)]), (), beside=True)

    unveiled = unveil("x", [also(letter) for letter in "abcdef"])

    assert (len(unveiled.plains), unveiled.whole) == (MOST, False)


def test_a_plus_may_be_meant_as_it_stands():
    text = "mail=first+tag%40example.com"

    assert ("EMAIL_ADDRESS", "first+tag%40example.com") in hidden(text)
    assert found(text) == [("EMAIL_ADDRESS", "first+tag%40example.com")]


def test_the_name_of_a_field_speaks_for_what_is_read_in_it():
    assert found("%34540536920") == []
    assert found("%34540536920", at="vkn") == [("TR_VKN", "%34540536920")]


@given(st.one_of(ANY, HOSTILE))
def test_spans_of_any_text_are_inside_it_and_in_order(text):
    for plain in unveil(text).plains:
        places = [span(plain, at, at + 1) for at in range(len(plain.text))]
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)


@given(st.one_of(ANY, HOSTILE))
def test_readings_differ_from_the_text_and_from_each_other(text):
    plains = read(text)

    assert len({text, "", *plains}) == len({text, ""}) + len(plains)


@given(st.text(st.characters(max_codepoint=0x24F, categories=["L"]), max_size=12))
def test_a_word_alone_has_no_reading_but_a_form_of_its_letters(text):
    assert [plain for plain in read(text) if plain.isascii() and text.isascii()] == []


@given(st.text("xyzşğжשع,. \n", max_size=30), st.sampled_from([quote, packed, referred]))
def test_a_card_among_any_words_is_found_in_any_encoding(words, encode):
    assert "CREDIT_CARD" in {entity for entity, _ in hidden(encode(f"{words} {CARD} ."))}


@pytest.mark.parametrize(
    "text",
    [
        *("%41", "%2525", "1+1 ", "&#64;", "&amp;", "\\u0040", "\\\\", "QUJDREVGR0hJSktMTU5P "),
        *("QUJD/", "1\u200b", "e\u0301", "\u0301\u0323", "４", "\ufb03", "аyс", "four five "),
        *("beş yüz otuz iki ", "double ", "hundred ", "a at b dot c ", "x@x dot y ", "[at]"),
        *("\x01", "/x", packed("a@b.co меня "), "4 five ", "⑷", "a" * 70 + "\n"),
    ],
)
def test_hostile_text_costs_no_more_than_its_length(text):
    def work(times: int) -> int:
        plains = unveil(text * times).plains
        return sum(len(plain.text) + sum(len(one.at) for one in plain.origins) for plain in plains)

    assert work(4000) <= 12 * len(text) * 4000
    assert work(4000) <= 4.5 * work(1000) + 100
