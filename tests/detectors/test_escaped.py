import json as standard
import quopri
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.escaped import form, html, json, percent, quoted
from detectors.plain import UNREADABLE

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="%&\\"), max_size=40)


def read(step, text):
    """Return what a step reads; the text itself where it reads nothing."""
    readings = step(text)
    return readings[0][0] if readings else text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ayse%40ornek.com", "ayse@ornek.com"),
        ("%C5%9F%c5%9f", "şş"),
        ("%u015f%u0040", "ş@"),
        ("50% of 20%", "50% of 20%"),
        ("%FFa", UNREADABLE + "a"),
        ("%u", "%u"),
        ("%ud800", UNREADABLE),
        ("%2540", "@"),
        ("%252525C5%2525259F%2525", "ş%"),
    ],
)
def test_percent_escapes_are_bytes_of_utf_8(text, plain):
    assert read(percent, text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("q=4539+1488", "q=4539 1488"),
        ("name=Ay%C5%9Fe+Y", "name=Ay%C5%9Fe Y"),
        ("tel=+90532", "tel=+90532"),
        ("a + b", "a + b"),
        ("C++", "C++"),
    ],
)
def test_a_plus_between_words_is_a_space_in_a_form(text, plain):
    assert read(form, text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ayse@orn=\nek.com", "ayse@ornek.com"),
        ("ayse@orn=\r\nek.com", "ayse@ornek.com"),
        ("Ay=C5=\n=9Fe=\n=3D=\n.", "Ayşe=."),
        ("Ay=C5=9Fe =40 =FF=", f"Ayşe @ {UNREADABLE}="),
        ("a=3Db=20c", "a=b c"),
        ("x=2Ey=40z=2Ecom", "x.y@z.com"),
        ("tel =2B90=20532", "tel +90 532"),
        ("a=20b", "a=20b"),
        ("width=40px", "width=40px"),
        ("limit=20&page=3D", "limit &page="),
        ("a=c5=9f", "a=c5=9f"),
        ("e=mc2, n=\n", "e=mc2, n=\n"),
    ],
)
def test_quoted_printable_is_read_where_there_is_a_sign_of_it(text, plain):
    assert read(quoted, text) == plain


@given(TEXT)
def test_what_mail_quotes_is_read_again(text):
    lines = "".join(filter(str.isprintable, text))
    written = quopri.encodestring(f"=ş {lines}".encode(), quotetabs=False).decode()

    assert read(quoted, written) == f"=ş {lines}"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a&#64;b", "a@b"),
        ("a&#x40;b", "a@b"),
        ("a&#X0000000040;b", "a@b"),
        ("a&#64b", "a@b"),
        ("a&commat;b", "a@b"),
        ("a&amp;amp;#64;b&amp;amp;", "a@b&"),
        ("R&amp;D; x", "R&D; x"),
        ("a&copy=1", "a&copy=1"),  # a parameter of a URL
        ("R&D; x", "R&D; x"),
        ("a&#1;b", "ab"),
        ("&#99999999999999999999;", UNREADABLE),
        ("&#xd800;", UNREADABLE),
    ],
)
def test_character_references_are_those_of_html(text, plain):
    assert read(html, text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"a\u0040b", "a@b"),
        (r"a\x40b", "a@b"),
        (r"\"a\"", '"a"'),
        (r"tel\n0532", "tel\n0532"),
        (r"http:\/\/x", "http://x"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83dx", UNREADABLE + "x"),
        (r"\q \u12", r"\q \u12"),
        (r"\\\\u0040\\\\", "@\\"),
        (r"C:\\Users", r"C:\Users"),
    ],
)
def test_backslashes_are_those_of_json(text, plain):
    assert read(json, text) == plain


@given(TEXT)
def test_what_is_quoted_for_a_url_is_read_again(text):
    assert read(percent, quote(text, safe="")) == text


@given(st.text("ab +ş=&", max_size=20))
def test_what_a_form_writes_is_read_again(text):
    words = " ".join(text.split())

    assert read(percent, read(form, quote_plus(f"x{words}x"))) == f"x{words}x"


@given(TEXT)
def test_what_is_escaped_for_html_is_read_again(text):
    assert read(html, escape(text)) == text


@given(TEXT)
def test_every_character_can_be_a_reference(text):
    written = "".join(f"&#{ord(char)};" for char in text if char.isprintable())

    assert read(html, written) == "".join(filter(str.isprintable, text))


@given(TEXT, st.booleans())
def test_what_is_written_as_json_is_read_again(text, ascii_only):
    assert read(json, standard.dumps(text, ensure_ascii=ascii_only)[1:-1]) == text
