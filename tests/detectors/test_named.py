import pytest

from detectors.proof import fill
from tests.detectors.build import field, found, scanned

KEY = fill("{hex:32}")
TOKEN = fill("{alnum:40}")
UUID = fill("{uuid}")


@pytest.mark.parametrize(
    ("at", "value", "entity"),
    [
        ("api_key", KEY, "GENERIC_API_KEY"),
        ("clientSecret", TOKEN, "GENERIC_API_KEY"),
        ("x-api-key", UUID, "GENERIC_API_KEY"),
        ("access_token", TOKEN, "GENERIC_SECRET"),
        ("refreshToken", TOKEN, "GENERIC_SECRET"),
    ],
)
def test_a_field_s_name_assigns_what_stands_in_it(at, value, entity):
    assert found(value, at) == [(entity, value)]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("api_key_id", UUID),
        ("access_token_expires", TOKEN),
        ("note", TOKEN),
        ("access_token", UUID),
        ("api_key", "none"),
        ("api_key", "read only, ask the vault"),
    ],
)
def test_another_name_or_an_ordinary_value_assigns_nothing(at, value):
    assert found(value, at) == []


def test_a_token_of_a_known_issuer_in_such_a_field_is_found_once():
    token = fill("ghp_{github:36}")

    assert found(token, "access_token") == [("GITHUB_TOKEN", token)]


def test_a_field_that_is_declared_a_token_is_one_finding():
    seen = scanned({"token": TOKEN, "secret": KEY}, {"/token": field("access_token")})

    assert [(one.entity, one.text) for one in seen] == [
        ("ACCESS_TOKEN", TOKEN),
        ("GENERIC_SECRET", KEY),
    ]


@pytest.mark.parametrize("at", ["token", "user.secret", "auth", "credentials"])
def test_a_word_that_is_all_of_a_name_assigns(at):
    assert found(TOKEN, at) == [("GENERIC_SECRET", TOKEN)]


@pytest.mark.parametrize("at", ["page_token", "csrfToken", "secret_name", "auth_provider"])
def test_the_same_word_in_a_longer_name_says_nothing(at):
    assert found(TOKEN, at) == []


def test_a_list_of_values_is_assigned_by_its_field_s_name():
    seen = scanned({"app": {"api_key": [KEY, TOKEN]}})

    assert [(one.entity, one.text) for one in seen] == [
        ("GENERIC_API_KEY", KEY),
        ("GENERIC_API_KEY", TOKEN),
    ]
