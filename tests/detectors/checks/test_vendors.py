import re
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detectors.checks import armour, tokens, vendors
from detectors.checks.digits import bech32_sum
from detectors.checks.table import BY_NAME
from detectors.made_up import MADE as MAKERS
from detectors.proof import fill

# What is made up, by the check that holds it, and whether a sum would tell one wrong character.
MADE = {
    "ghp_{github:36}": ("github", True),
    "{github_fine}": ("github_fine", False),
    "ghs_{alnum:36}": ("github_app", False),
    "ghs_123456_{jwt}": ("github_app", False),
    "{gitlab}": ("gitlab", True),
    "glpat-{base64url:20}": ("gitlab", False),
    "{atlassian}": ("crc_hex", True),
    "{bitbucket}": ("crc_hex", True),
    "{grafana}": ("grafana", True),
    "{grafana_cloud}": ("grafana_cloud", False),
    "{grafana_key}": ("grafana_key", False),
    "{yandex}": ("yandex", False),
    "{age}": ("age", True),
    "{discord}": ("discord", False),
    "{pypi}": ("pypi", False),
    "{sentry}": ("sentry", False),
    "sntryu_{hex:64}": ("sentry", False),
    "{onepassword}": ("onepassword", False),
    "{mapbox}": ("mapbox", False),
    "{bytes:32}": ("bytes_32", False),
    "{bytes:64}": ("bytes_64", False),
    "{bedrock}": ("bedrock", False),
    "{reftkn}": ("artifactory", False),
    "AKCp{alnum:69}": ("artifactory", False),
    "{intercom}": ("intercom", False),
    "{pem}": ("pem", False),
    "{rsa:600}": ("pem", False),
    "{openssh}": ("openssh", False),
    "{pgp}": ("pgp", False),
    "{putty}": ("putty", False),
}
SIX_ALIKE = re.compile(r"(.)\1{5}", re.IGNORECASE)
SUMMED = [made for made, (_, summed) in MADE.items() if summed]


def token(made: str, seed: int) -> str:
    """Return another token of the kind for each seed."""
    end = f" {seed}"
    return fill(made + end).removesuffix(end)


@pytest.mark.parametrize("made", MADE)
@given(seed=st.integers(0, 10**9))
def test_what_is_made_up_passes(made, seed):
    name, summed = MADE[made]
    text = token(made, seed)
    # Chance seldom makes what counts as a placeholder; a sum says that it is none.
    assume(summed or not SIX_ALIKE.search(text))

    assert BY_NAME[name](text)


@pytest.mark.parametrize(
    ("check", "made", "cut"),
    [
        (vendors.github, "github", 6),
        (vendors.crc_hex, "atlassian", 8),
        (vendors.crc_hex, "bitbucket", 8),
        (vendors.gitlab, "gitlab", 7),
        (vendors.grafana, "grafana", 9),
        (vendors.age, "age", 6),
    ],
)
def test_a_sum_is_proof_enough_for_six_characters_alike_and_nothing_else_is(check, made, cut):
    """A token of chance may hold ``aaaaaa``; a placeholder without the right sum is none."""
    alike = MAKERS[made](_alike, 36)

    assert SIX_ALIKE.search(alike[:-cut])
    assert check(alike)
    assert not check(alike[:-cut] + "0" * cut)
    assert not check(alike[:-cut] + alike[-cut - 6] * cut)


def _alike(alphabet: str, size: int) -> str:
    """Return characters of chance in which six stand alike, none of them at either end."""
    text = fill(f"{{{alphabet}:{size}}}")
    return text[:6] + text[6] * 6 + text[12:] if size > 20 else text


@pytest.mark.parametrize("made", SUMMED)
@given(seed=st.integers(0, 10**9), place=st.integers(6, 200), by=st.integers(1, 25))
def test_a_sum_tells_one_wrong_character(made, seed, place, by):
    text = token(made, seed)
    at = 16 + place % (len(text) - 16)
    letters = string.ascii_uppercase
    wrong = letters[(letters.find(text[at]) + by) % len(letters)]
    if wrong != text[at]:
        assert not BY_NAME[MADE[made][0]](text[:at] + wrong + text[at + 1 :])


@pytest.mark.parametrize("made", MADE)
@given(seed=st.integers(0, 10**9))
def test_what_is_cut_short_or_of_chance_is_no_token_with_a_form(made, seed):
    name = MADE[made][0]
    text = token(made, seed)

    if name not in {"pem", "openssh", "pgp", "putty"}:  # a key may break off
        assert not BY_NAME[name](text[:20])
    assert not BY_NAME[name](token(f"{{base64url:{len(text)}}}", seed))


def test_github_s_sum_is_that_of_a_published_token():
    assert vendors.github("ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq17")
    assert not vendors.github("ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ" + "0mLq18")


@pytest.mark.parametrize(
    "text",  # BIP 173, valid strings
    [
        "A12UEL5L",
        "a12uel5l",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "?1ezyfcl",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    ],
)
def test_the_sum_of_bech32_is_that_of_its_standard(text):
    name, _, data = text.lower().rpartition("1")
    symbols = [vendors.BECH32.lower().index(char) for char in data]

    assert bech32_sum(name.encode(), symbols) == 1


def test_the_sum_of_a_key_of_age_is_that_of_its_specification():
    assert vendors.age("AGE-SECRET-" + "KEY-1" + "GFPYYSJZ" * 6 + "GFPQ4EGAEX")


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (armour.pem, "{pgp}"),
        (armour.openssh, "{pem}"),
        (armour.pgp, "{openssh}"),
        (armour.putty, "{pem}"),
        (armour.pem, "-----BEGIN PRIVATE KEY-----\n{base64:64}"),
    ],
)
def test_what_is_inside_tells_what_a_block_is(check, text):
    assert not check(fill(text))


def test_lines_that_are_encrypted_need_not_be_der():
    head = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{hex:32}"

    assert armour.pem(fill(head + "\n\n{base64:64}\n"))
    assert not armour.pem(fill(head))


def test_a_number_in_a_base_has_leading_zeros():
    assert vendors.based(0, vendors.BASE62, 6) == "000000"
    assert vendors.based(61, vendors.BASE62, 3) == "00z"
    assert vendors.based(36**2, vendors.BASE36, 2) == "100"


@pytest.mark.parametrize("name", vendors.FORMS)
def test_a_form_refuses_what_stands_for_a_token(name):
    assert not BY_NAME[name]("x" * 40)
    assert not BY_NAME[name]("")


def test_a_token_of_base_64_may_be_of_either_alphabet():
    assert tokens.decoded("-_-_") == tokens.decoded("+/+/")
    assert tokens.decoded("a") is None
    assert tokens.decoded("é") is None
