"""Secrets of known issuers are found wherever they stand, and chance is not taken for one."""

import pytest

from detectors.proof import fill
from detectors.rule import shipped
from tests.detectors.build import found

PLACES = (
    "key={}&x=1",
    '{{"token":"{}"}}',
    "export KEY='{}'",
    "We use {}.",
    "({}), [{}]",
    "令牌{}令牌",
    "token:\t{}\r\nnext",
    "<{}>",
    "`{}`;",
    "Authorization: Bearer {}",
    "старый ключ {} отозван",
)
# Tokens that are found by themselves: the first example is one, and nothing else.
ALONE = [
    one
    for one in shipped()
    if one.candidate == "token" and one.examples[0][:1] == "«" and one.examples[0][-1:] == "»"
]


@pytest.mark.parametrize("one", ALONE, ids=lambda one: one.name)
def test_a_token_is_found_wherever_it_stands(one):
    token = fill(one.examples[0][1:-1])

    for place in PLACES:
        text = place.format(token, token)
        assert found(text) == [(one.entity, token)] * place.count("{}"), place


@pytest.mark.parametrize("one", ALONE, ids=lambda one: one.name)
def test_a_token_is_found_beside_another(one):
    token = fill(one.examples[0][1:-1])
    other = fill("ghp_{github:36}")

    assert found(f"{token},{other} {token}") == [
        (one.entity, token),
        ("GITHUB_TOKEN", other),
        (one.entity, token),
    ]


NOISE = (
    *("{hex:32}", "{hex:40}", "{hex:64}", "{uuid}", "{base64:24}", "{base64url:43}", "{alnum:32}"),
    *("sha256:{hex:64}", 'W/"{hex:40}"', "trace={hex:32}-{hex:16}-01", "req-{uuid}", "{bytes:32}"),
    *("sha512-{bytes:64}", "commit {hex:40}", "SO-2026-{digits:6}", "AB-{upper:10}", "{b32:26}"),
    *("/orders/{hex:24}/items/{digits:9}", "v1.{digits:2}.{digits:2}-{hex:7}", "i-0{hex:16}"),
    *(
        "{digits:13}",
        "{letters:24}",
        "arn:aws:iam::{digits:12}:role/app",
        "{hex:8}:{hex:4}:{hex:4}",
    ),
)
SECRETS = {one.entity for one in shipped() if one.category in {"access_token", "password"}}


@pytest.mark.parametrize("noise", NOISE)
def test_ids_and_digests_are_no_secrets(noise):
    texts = [fill(f"{noise} {seed}") for seed in range(200)]

    assert [one for text in texts for one in found(text) if one[0] in SECRETS] == []


def test_a_keyword_inside_of_a_value_is_a_part_of_the_value():
    key = fill("{alnum:24}")

    assert found(f"api_key=secret_key={key} api_key={key}") == [
        ("GENERIC_API_KEY", f"secret_key={key}"),
        ("GENERIC_API_KEY", key),
    ]


def test_a_text_full_of_keywords_has_no_more_values_than_fit_in_it():
    assert len(found("password=" * 4000)) <= 4000 * len("password=") / 128


def test_a_token_behind_a_run_that_is_none_is_found_in_the_same_run():
    key = fill("glpat-{base64url:20}")

    assert found(f"glpat-none-{key}") == [("GITLAB_TOKEN", key)]
