# ruff: noqa: RUF001  # Turkish, and Russian

import base64 as standard
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.encoded import base64
from detectors.plain import UNREADABLE, Plain, span

CARD = "4539148803436467"
TEXT = f"card {CARD}, thanks"


def encoded(text, *, url=False, padded=True):
    raw = text if isinstance(text, bytes) else text.encode()
    run = (standard.urlsafe_b64encode if url else standard.b64encode)(raw).decode()
    return run if padded else run.rstrip("=")


def read(text):
    readings = base64(text)
    return readings[0][0] if readings else ""


def place(text, part):
    """Return what encodes a part of what is read in a text."""
    [reading] = base64(text)
    plain = Plain(reading[0], (reading[1],))
    start = plain.text.index(part)
    begin, end = span(plain, start, start + len(part))
    return text[begin:end]


@pytest.mark.parametrize("size", [12, 13, 14, 15, 100])
@pytest.mark.parametrize("padded", [True, False])
def test_base64_is_read_with_and_without_padding(size, padded):
    text = (TEXT * 9)[:size]

    assert read(f"x={encoded(text, padded=padded)}!") == f"x={text}!"


def test_base64url_is_read_too():
    text = "why??? >>> ayşe@örnek.com"
    run = encoded(text, url=True)

    assert "-" in run
    assert "_" in run
    assert read(run) == text


@pytest.mark.parametrize(
    "text",
    [
        "меня зовут Иван Петров",
        "שמי דניאל ואני גר בחיפה",
        "اسمي محمد وأسكن في دبي",
        "Müşteri Ayşe Yılmaz 0532 123 45 67",
    ],
)
def test_letters_of_two_bytes_are_seen_too(text):
    assert read(encoded(text)) == text


def test_the_parts_of_a_path_are_read():
    run = encoded(CARD, padded=False)

    assert read(f"/v2/users/{run}/notes/{run}/1") == f"/v2/users/{CARD}/notes/{CARD}/1"


def test_lines_of_mime_are_one_run():
    run = standard.encodebytes((TEXT * 6).encode()).decode().replace("\n", "\r\n")

    assert read(f"Content:\r\n\r\n{run}") == f"Content:\r\n\r\n{TEXT * 6}\r\n"
    assert place(run, CARD) == run[6:28]


def test_strings_are_read_in_what_is_binary():
    noise = bytes(range(128, 188))
    run = encoded(noise + f"\x00\x05{CARD}\x07".encode() + noise)

    assert f"{UNREADABLE}{CARD}{UNREADABLE}" in read(run)
    assert place(run, CARD) in run[20 * 4 : -19 * 4]


@pytest.mark.parametrize(
    "text",
    [
        *("", "/v2/contacts/c-00094/notes", "dpv:ServiceUsageAnalytics", "duration_seconds"),
        *("c333f675985869d2db7a7704e09bd142e2cebce7", "aa18fc2c-d20b-4e1f-9675-4c52dbde24d5"),
        *("TheQuickBrownFoxJumpsOverTheLazyDog", "a" * 100, "QUJDREVG"),
        encoded(hashlib.sha512(b"").digest()),
    ],
)
def test_what_encodes_no_text_is_not_read(text):
    assert base64(text) == ()


def test_the_characters_that_encode_a_part_are_covered():
    run = encoded(TEXT)  # six bits a character, eight a byte

    assert place(f"x={run}", "card") == run[:6]
    assert place(f"x={run}", "ar") == run[1:4]
    assert place(f"x={run}", "ks") == run[-4:]


def test_what_stands_apart_is_encoded_apart():
    for ahead in ("", "a", "ab", "ş"):
        run = encoded(f"{ahead} a@b.co {CARD}")
        assert run.index(place(run, "a@b.co")) + len(place(run, "a@b.co")) <= run.index(
            place(run, CARD)
        )


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.booleans(),
    st.booleans(),
)
def test_what_is_encoded_is_read_again(text, url, padded):
    text = f"{text} {CARD}"

    assert read(encoded(text, url=url, padded=padded)) == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), st.data())
def test_what_encodes_a_part_says_all_of_it(text, data):
    text = f"{text} {CARD}"
    run = encoded(text)
    [reading] = base64(run)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    begin, stop = span(Plain(reading[0], (reading[1],)), start, end)

    ahead, behind = len(text[:start].encode()), len(text[:end].encode())
    last = len(run) if end == len(text) else -(-behind * 4 // 3)  # padding is the last one's
    assert (begin, stop) == (ahead * 4 // 3, last)


def test_what_encodes_a_part_of_a_wrapped_run_says_no_more_than_that():
    text = f"{TEXT * 6}, {CARD}."  # the point begins four characters of base64
    lines = standard.encodebytes(text.encode()).decode()

    [reading] = base64(lines)
    _, stop = span(Plain(reading[0], (reading[1],)), len(text) - 17, len(text) - 1)

    assert lines[stop:].startswith("Lg==")


@given(st.binary(max_size=200))
def test_whatever_is_encoded_has_one_reading_at_most(raw):
    assert len(base64(encoded(raw))) <= 1
