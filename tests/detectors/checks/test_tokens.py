import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.checks import tokens
from detectors.proof import fill


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


HEAD, BODY = part({"alg": "HS256"}), part({"sub": "1"})


@pytest.mark.parametrize(
    "token",
    [
        f"{HEAD}.{BODY}.{'a' * 43}",
        f"{HEAD}.{BODY}.",  # unsigned
        f"{part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.aaaa.bbbb.cccc.dddd",  # encrypted
    ],
)
def test_a_json_web_token_has_a_header_that_names_its_algorithm_and_claims(token):
    assert tokens.jwt(token)


@pytest.mark.parametrize(
    "token",
    [
        f"{HEAD}.{BODY}",
        f"{HEAD}.{BODY}.x.y",
        f"{HEAD}.{part([1])}.x",
        f"{HEAD}.{'x' * 20}.x",
        f"{HEAD}=.{BODY}.x",
        f"{part({'typ': 'JWT'})}.{BODY}.x",
        f"{part({'alg': 1})}.{BODY}.x",
        f"{part([1])}.{BODY}.x",
        f"{part('alg')}.{BODY}.x",
        f"{HEAD}.aaaa.bbbb.cccc.dddd",  # five parts, and nothing says how they are encrypted
    ],
)
def test_what_only_looks_like_a_web_token_is_none(token):
    assert not tokens.jwt(token)


def basic(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("pair", ["user:word", "a:b:c", "ayşe:gizli şey", "x-token:"])
def test_a_user_and_a_password_are_told_by_the_colon_between_them(pair):
    assert tokens.basic(basic(pair)) == (not pair.endswith(":"))


@pytest.mark.parametrize("text", [basic("no colon"), basic("a\n:b"), "////", "a", "authentication"])
def test_what_decodes_to_no_user_and_password_is_no_credential(text):
    assert not tokens.basic(text)


@given(st.integers(0, 10**9), st.sampled_from(["hex", "alnum", "base64url", "base64", "lower"]))
def test_what_chance_makes_is_opaque(seed, alphabet):
    assert tokens.opaque(fill(f"{{{alphabet}:40}} {seed}")[:40])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "changeme",
            "your_api_key_goes_here",
            "x" * 32,
            "${SECRET_FROM_VAULT}",
            "{{ .Values.key }}",
        ),
        *("<insert your key here 123456>", "*" * 16, "1234567890abcdef", "$SECRET_KEY_2"),
        *("the-quick-brown-fox-jumps", "getUserAccessToken", "read-only-access-2", "AES-256-GCM"),
        *(
            "v1.2.3-beta.4+build.55",
            "2026-11-24T12:00:00.000Z",
            "20261124120000",
            "eu-west-1a-db02",
        ),
        *(
            "https://example.com/3f9c2b7a1d",
            "/etc/ssl/private/key-3f9c2b7a1d.pem",
            "a@b.example.com",
        ),
        *("com.example.app.MainActivity", "projects/123/secrets/db-password/versions/3", ""),
    ],
)
def test_a_placeholder_a_template_an_address_or_a_name_is_not_opaque(text):
    assert not tokens.opaque(text)


def test_a_uuid_is_opaque_and_yet_no_secret_behind_a_mere_token():
    uuid = fill("{uuid}")

    assert tokens.opaque(uuid)
    assert not tokens.secret(uuid)


def test_a_digest_does_not_mix_letters_as_a_key_does():
    assert not tokens.mixed(fill("{hex:40}"))
    assert tokens.mixed(fill("{base64:40}"))


def test_a_password_need_only_be_something():
    assert tokens.filled("hunter2")
    assert not tokens.filled("{your_password}")
    assert not tokens.filled("********")


@given(st.text("aab01", max_size=40) | st.text("ghijklmnopq0189", min_size=5, max_size=40))
def test_a_text_is_dense_whose_entropy_is_that_of_chance(text):
    repeated = any(text[at : at + 6] == text[at] * 6 for at in range(len(text) - 5))

    assert tokens.dense(text) == (tokens.entropy(text) >= 2.3 and not repeated)


@pytest.mark.parametrize(
    "placeholder",
    [
        "aAaAaA",
        "x1234567",
        "abcDEFG",
        "my-Example",
        "changeme",
        "your_token",
        "***",
        "a...b",
        "\u2026",
    ],
)
def test_what_stands_where_a_secret_would_is_not_dense(placeholder):
    assert tokens.dense("gHj3kLm9pQr2") is True
    assert tokens.dense(f"gHj3kLm9{placeholder}pQr2") is False


@pytest.mark.parametrize(
    "text", ["Tr0ub4dor&3x", "hunter2", "pa$$word", "Sommer2026!", "a1.", "x-9"]
)
def test_a_word_with_digits_or_marks_within_can_be_a_password(text):
    assert tokens.chosen(text)
    assert tokens.login(f"admin:{text}")


@pytest.mark.parametrize(
    "text",
    [
        *("required!", "case-sensitive", "wrong.", "2026-11-05", "12", "8chars", "95%", "base64"),
        *(
            "SHA-256",
            "sha512",
            "md5",
            "2fa",
            "utf-8",
            "base64-encoded",
            "${DB_PASS}",
            "<here>",
            "********",
            "",
        ),
    ],
)
def test_a_mere_word_a_date_or_the_name_of_a_digest_is_none(text):
    assert not tokens.chosen(text)
    assert not tokens.login(f"admin:{text}")


@pytest.mark.parametrize("text", ["hunter2", ":hunter2", "1000:1000", "www-data:www-data"])
def test_a_login_has_a_name_and_a_password(text):
    assert not tokens.login(text)
