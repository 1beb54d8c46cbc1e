import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import candidates
from tests.detectors.build import found


def email(text: str) -> str | None:
    place = candidates.email(text, text.index("@") + 1)
    return None if place is None else text[place[0] : place[1]]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("write to ayse.yilmaz@ornek.com.tr today", "ayse.yilmaz@ornek.com.tr"),
        ("<first+tag@sub.example.co.uk>", "first+tag@sub.example.co.uk"),
        ("mailto:o'neil@host.internal?subject=x", "o'neil@host.internal"),
        ("'quoted@example.com'", "quoted@example.com"),
        ("end of sentence at a@b.com.", "a@b.com"),
        ("a@b.com-", "a@b.com"),
        ("email=a_b-c@xn--80ak6aa92e.com&x=1", "a_b-c@xn--80ak6aa92e.com"),
        ("联系li@example.cn谢谢", "li@example.cn"),
        ("jürgen@müller.de", "jürgen@müller.de"),
        ("иван@почта.рф", "иван@почта.рф"),
        ('to "john smith"@example.com', '"john smith"@example.com'),
        ("שרה@דוגמה.ישראל", "שרה@דוגמה.ישראל"),
        ("כתבו לשרה@example.co.il.", "לשרה@example.co.il"),
        ("用户@例子.公司", "用户@例子.公司"),
        ("user@例え.jp です", "user@例え.jp"),
        ("<bounce+ayse.y=ornek.com@mail.example>", "bounce+ayse.y=ornek.com@mail.example"),
        ("bounces-17-ayse=ornek.com@b.example", "bounces-17-ayse=ornek.com@b.example"),
        ("SRS0=a1b=C2=ornek.com=ayse@b.example", "SRS0=a1b=C2=ornek.com=ayse@b.example"),
        ("prvs=4912a3b=ayse@ornek.com", "ayse@ornek.com"),
        ("bounce_mail=ayse.y@ornek.com", "ayse.y@ornek.com"),
        ("关注@example.com", None),
        ('"a","@example.com"', None),
        ("left-pad@1.3.0", None),
        ("user@localhost", None),
        ("...@example.com", None),
        ("a@example.c", None),
    ],
)
def test_an_e_mail_address_is_what_people_use_around_an_at_sign(text, address):
    assert email(text) == address


def test_an_at_sign_in_front_is_none_of_it():
    assert found("see @ayse@ornek.com") == [("EMAIL_ADDRESS", "ayse@ornek.com")]


@pytest.mark.parametrize("between", [".", "-", ""])
def test_of_two_addresses_that_nothing_parts_none_is_left_over(between):
    text = f"to ayse@ornek.com{between}can@example.com now"

    assert found(text)[-1:] == [("EMAIL_ADDRESS", text[3:-4])]


def test_an_e_mail_address_is_looked_for_a_bounded_distance_around():
    text = "a" * 100_000 + "@" + "b" * 100_000 + ".com"
    assert candidates.email(text, 100_001) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("from 192.168.10.20 to", "192.168.10.20"),
        ("[10.0.0.1]:443", "10.0.0.1"),
        ("it was 10.0.0.1.", "10.0.0.1"),
        ("1.2.3.4.5", None),
        ("256.1.1.1", None),
        ("1.02.3.4", None),
        ("v1.2.3.4", None),
        ("a-1.2.3.4", None),
    ],
)
def test_an_ipv4_address_is_four_numbers_and_no_version(text, address):
    digits = [at for at, char in enumerate(text) if char.isdigit()]
    place = candidates.ipv4(text, digits[len(digits) // 2] + 1)

    assert (place and text[place[0] : place[1]]) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("from 2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334"),
        ("2001:db8::1.", "2001:db8::1"),
        (
            "[2001:0db8:85a3:0000:0000:8a2e:0370:7334]:443",
            "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
        ),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("peer:2001:db8::1", "2001:db8::1"),
        ("a::b", None),
        ("std::accumulate", None),
        ("abc::default", None),
        ("10:20:30", None),
        ("std::vector::iterator", None),
        ("1::2::3", None),
    ],
)
def test_an_ipv6_address_has_eight_groups_or_a_gap(text, address):
    place = candidates.ipv6(text, text.index(":") + 2)

    assert (place and text[place[0] : place[1]]) == address


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("02:cb:83:43:ed:47", True),
        ("(02-cb-83-43-ed-47)", True),
        ("02:cb:83:43:ed:47:11", False),
        ("x02:cb:83:43:ed:47", False),
    ],
)
def test_a_mac_address_touches_nothing_of_its_kind(text, is_one):
    end = text.index("47") + 2

    assert candidates.mac(text, end) == ((end - 17, end) if is_one else None)


@pytest.mark.parametrize(
    ("text", "credentials"),
    [
        ("postgres://app:secret@db.internal/x", "app:secret"),
        ("https://user:p@ss:word@example.com/a@b", "user:p@ss:word"),
        ("see amqp://guest:guest@mq:5672 now", "guest:guest"),
    ],
)
def test_credentials_stand_between_scheme_and_host(text, credentials):
    place = candidates.url_credentials(text, text.index("@") + 1)

    assert place is not None
    assert text[place[0] : place[1]] == credentials


def test_credentials_need_a_scheme():
    assert candidates.url_credentials("app:secret@db", 11) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("pwd=abcd1234&x=1", "abcd1234"),
        ("pwd: abcd1234, ok", "abcd1234"),
        ("pwd=ab&cd12 psql", "ab&cd12"),
        ("pwd=ab&cd12&x[]=1", "ab&cd12"),
        ("pwd=abcd&amp;x=1", "abcd"),
        ("pwd=abcd& x", "abcd"),
        ("pwd=>'abcd'", "abcd"),
        ('pwd="abcd 1234"', "abcd 1234"),
        ('pwd":"abcd1234"', "abcd1234"),
        ("pwd==abcd1234", "abcd1234"),
        ("pwd='abcd1234 ", "abcd1234"),  # broken off
        ("pwd=abc", None),
        ("pwd=", None),
    ],
)
def test_a_value_ends_at_its_quote_or_at_a_separator(text, value):
    end = text.index("=" if "=" in text else ":") + 1
    place = candidates.assigned(text, end)

    assert (place and text[place[0] : place[1]]) == value


@given(st.text("ab-.", max_size=30), st.data())
def test_reaching_back_and_on_takes_the_whole_run(text, data):
    at = data.draw(st.integers(0, len(text)))
    start = candidates.reach_back(text, at, "ab")
    stop = candidates.reach_on(text, at, "ab")

    assert set(text[start:stop]) <= {"a", "b"}
    assert text[start - 1 : start] in ("", "-", ".") or start == 0
    assert text[stop : stop + 1] in ("", "-", ".")


@given(st.text(max_size=40), st.data())
def test_delimiting_takes_any_text_at_any_place(text, data):
    end = data.draw(st.integers(1, len(text) + 1))
    for delimit in (candidates.email, candidates.ipv4, candidates.ipv6, candidates.mac):
        place = delimit(text + "@", min(end, len(text) + 1))
        assert place is None or 0 <= place[0] < place[1] <= len(text) + 1
