import pytest

from detectors.proof import fill
from tests.detectors.build import found, scanned

HEX = fill("{hex:40}")
JWT = fill("{jwt}")
AWS = fill("AKIA{b32:16}")
SECRET = fill("{alnum:12}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to a@b.com", [("EMAIL_ADDRESS", "a@b.com")]),
        ("a@b.com c@d.com,e@f.com", [("EMAIL_ADDRESS", f"{x}.com") for x in ("a@b", "c@d", "e@f")]),
        ("şu adrese: ayşe@örnek.com.tr", [("EMAIL_ADDRESS", "ayşe@örnek.com.tr")]),
        ("10.0.0.1 and 10.0.0.2", [("IP_ADDRESS", "10.0.0.1"), ("IP_ADDRESS", "10.0.0.2")]),
        ("::ffff:10.0.0.1", [("IP_ADDRESS", "::ffff:10.0.0.1")]),
        ("fe80::1ff:fe23%eth0", [("IP_ADDRESS", "fe80::1ff:fe23")]),
        ("mac 02:cb:83:43:ed:47", [("MAC_ADDRESS", "02:cb:83:43:ed:47")]),
        (f"token={JWT}&x=1", [("JWT", JWT)]),
        (f"Authorization: Bearer {JWT}", [("JWT", JWT)]),
        (f"Authorization: Bearer {HEX}", [("BEARER_TOKEN", HEX)]),
        (f"bearer {HEX}, BEARER {HEX}", [("BEARER_TOKEN", HEX)] * 2),
        (f"({AWS})", [("AWS_ACCESS_KEY", AWS)]),
        (f"pwd={SECRET}; parola: {SECRET}", [("PASSWORD", SECRET)] * 2),
        (f"redis://u:{SECRET}@cache/0", [("URL_CREDENTIALS", f"u:{SECRET}")]),
    ],
)
def test_what_its_own_text_delimits_is_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "@mention",
        "price@ 3.50",
        "1.2.3.4.5",
        "version 1.2.3.4",
        "std::vector",
        ":".join(["ab"] * 20),
        "bearer of bad news",
        f"X{AWS}",
        "password: none",
        "password reset",
        "https://example.com:8080/x@y",
    ],
)
def test_what_only_looks_like_it_is_not_found(text):
    assert found(text) == []


def test_a_word_beside_an_address_makes_it_surer():
    [alone] = scanned({"text": "198.51.100.23"})
    [named] = scanned({"text": "from 198.51.100.23"})

    assert named.confidence > alone.confidence >= 0.5


def test_places_are_characters_whatever_stands_before():
    assert found("ışığın 🎈 şifresi a@b.com"[1:]) == [("EMAIL_ADDRESS", "a@b.com")]  # noqa: RUF001
