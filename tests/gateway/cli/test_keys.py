"""keys new and detokenize: what they write, what they open, and what they refuse."""

import json
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.tokens import load_keys


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def keyring():
    """Make a settings file, and the key that it names."""
    call("init")
    call("keys", "new", "smiloai")
    return load_keys(Path("keys/smiloai.key"))


def call(*arguments, stdin=None):
    return CliRunner().invoke(main, arguments, input=stdin)


def with_two_tenants():
    path = Path("sluicegate.toml")
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^\[keys\]$", '[keys]\nacme = "acme.key"', text), "utf-8")
    text = path.read_text("utf-8")
    path.write_text(
        re.sub(r"(?m)^\[policy\]$", '[policy]\nacme = "builtin:smiloai"', text), "utf-8"
    )


def test_new_writes_a_key_and_says_what_to_do_with_it():
    result = call("keys", "new", "acme")
    keyring = load_keys(Path("keys/acme.key"), "acme")
    assert result.exit_code == 0
    assert result.output == (
        f"wrote keys/acme.key, key {keyring.id} of tenant acme\n"
        "Keep a copy of it away from the lake: without it tokens and quarantined records stay\n"
        "closed, and the people in the vault are not found again. Name it in the settings:\n"
        '  [keys]\n  acme = "keys/acme.key"\n'
    )


def test_new_makes_a_folder_and_a_file_for_their_owner_only():
    call("keys", "new", "acme")
    assert stat.S_IMODE(Path("keys").stat().st_mode) == 0o700
    assert stat.S_IMODE(Path("keys/acme.key").stat().st_mode) == 0o600


def test_new_writes_where_it_is_told():
    assert call("keys", "new", "acme", "--out", "safe/a.key").exit_code == 0
    assert load_keys(Path("safe/a.key")).tenant == "acme"


def test_new_never_overwrites():
    call("keys", "new", "acme")
    before = Path("keys/acme.key").read_bytes()
    result = call("keys", "new", "acme")
    assert result.exit_code == 3
    assert "is there already; a key is never overwritten" in result.stderr
    assert Path("keys/acme.key").read_bytes() == before


def test_new_refuses_a_name_that_no_tenant_can_have():
    result = call("keys", "new", "../acme")
    assert result.exit_code == 3
    assert not list(Path().rglob("*.key"))


def test_detokenize_opens_arguments_in_their_order(keyring):
    tokens = [keyring.token("email", "a@b.example"), keyring.token("name", "Ayşe")]
    result = call("detokenize", *tokens)
    assert (result.exit_code, result.stdout) == (0, "a@b.example\nAyşe\n")


def test_detokenize_opens_the_lines_of_standard_input(keyring):
    lines = keyring.token("email", "a@b.example") + "\n\n" + keyring.token("name", "Ayşe") + "\n"
    result = call("detokenize", stdin=lines)
    assert (result.exit_code, result.stdout) == (0, "a@b.example\n\nAyşe\n")


def test_detokenize_names_what_it_could_not_open_and_opens_the_rest(keyring):
    tokens = ["ayse@ornek.example", keyring.token("name", "Ayşe"), keyring.pseudonym("name", "x")]
    result = call("detokenize", *tokens)
    assert (result.exit_code, result.stdout) == (1, "\nAyşe\n\n")
    assert result.stderr == (
        "sluicegate: token 1: this is no token; a token reads tok_<category>_<letters and digits>\n"
        "sluicegate: token 3: this is a pseudonym, which nobody can turn back\n"
        "sluicegate: 2 could not be opened\n"
    )


def test_detokenize_gives_programs_the_category_too(keyring):
    result = call("detokenize", "--json", keyring.token("name", "A\nB"), "x")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"token": 1, "category": "name", "value": "A\nB"},
        {"token": 2, "category": None, "value": None},
    ]


def test_detokenize_lets_no_value_steer_the_terminal(keyring):
    result = call("detokenize", keyring.token("name", "A\x1b[2J\nB"))
    assert result.stdout == "A\ufffd[2J\ufffdB\n"


def test_detokenize_asks_whose_tokens_where_there_are_several_tenants(keyring):
    with_two_tenants()
    result = call("detokenize", keyring.token("name", "Ayşe"))
    assert result.exit_code == 2
    assert "whose tokens? give --tenant; known: acme, smiloai" in result.stderr


def test_detokenize_uses_the_key_of_the_tenant_it_is_given(keyring):
    with_two_tenants()
    result = call("detokenize", "--tenant", "smiloai", keyring.token("name", "Ayşe"))
    assert (result.exit_code, result.stdout) == (0, "Ayşe\n")


def test_detokenize_knows_no_tenant_without_a_key(keyring):
    result = call("detokenize", "--tenant", "globex", "x")
    assert result.exit_code == 2
    assert "[keys] has no key of tenant globex; known: smiloai" in result.stderr


def test_detokenize_needs_the_key(keyring):
    Path("keys/smiloai.key").unlink()
    result = call("detokenize", "x")
    assert result.exit_code == 3
    assert "no such key file" in result.stderr
