import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from detectors.rule import shipped
from gateway.cli import main
from tests.gateway.cli.detection import with_detection


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder / "sluicegate" / "databases"


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["rules", *arguments], input=text)


def test_every_rule_that_ships_is_proven():
    result = run("check")

    assert result.exit_code == 0
    assert re.fullmatch(
        r"[0-9,]+ rules for [0-9,]+ entities, [0-9,]+ with a validator, hold in [0-9,]+ proofs\n",
        result.output,
    )


TCKN = """
[[rule]]
entity = "X"
category = "government_id"
candidate = "digits"
lengths = [11]
check = "tr_national_id"
confidence = 0.6
examples = ["«10000000146»", "n «10000000146»", "«10000000146».", "(«10000000146»)", "«{}»"]
counterexamples = ["10000000147", "454053692", "x10000000146", "100000001460", "none"]
"""


@pytest.mark.parametrize(
    ("rules", "exit_code", "told"),
    [
        (
            TCKN.replace("{}", "10000000146"),
            0,
            "1 rules for 1 entities, 1 with a validator, hold in 10 proofs\n",
        ),
        (TCKN.replace("{}", "10000000147"), 2, "1 problem\n  - X.digits: example 4 is not found\n"),
        (
            TCKN.replace("tr_national_id", "tr_id"),
            2,
            "own.toml: X: check must be one of luhn, card",
        ),
        (
            TCKN.replace("government_id", "shoes"),
            2,
            "own.toml: X: category 'shoes' is not registered",
        ),
        (TCKN.replace("lengths", "length"), 2, "own.toml: Object contains unknown field `length`"),
        ("[[rule]", 2, "own.toml: Expected ']]' at the end of an array declaration"),
    ],
)
def test_rules_of_one_s_own_are_proven_in_the_engine_that_ships(tmp_path, rules, exit_code, told):
    file = tmp_path / "own.toml"
    file.write_text(rules, "utf-8")
    result = run("check", str(file))

    assert result.exit_code == exit_code
    assert told in result.output


def test_a_file_of_rules_that_is_not_there_is_a_usage_error():
    result = run("check", "own.toml")

    assert result.exit_code == 2
    assert "File 'own.toml' does not exist" in result.stderr


def test_the_list_has_every_rule_with_its_confidence():
    lines = run("list").stdout.splitlines()
    [vkn] = [line for line in lines if "TR_VKN" in line]

    assert vkn.split() == ["TR_VKN.digits", "government_id", "tr_vkn", "-", "0.90"]
    assert all(any(rule.name in line for line in lines) for rule in shipped())


def test_the_list_is_for_programs_too():
    lines = [msgspec.json.decode(line) for line in run("list", "--json").stdout.splitlines()]
    [vkn] = [line for line in lines if line["entity"] == "TR_VKN"]

    assert (vkn["rule"], vkn["check"], vkn["validated"]) == ("TR_VKN.digits", "tr_vkn", True)
    assert [line["rule"] for line in lines] == [rule.name for rule in shipped()]


def test_a_rule_is_shown_with_what_supports_it_and_its_proofs():
    output = run("show", "tr_vkn").output

    assert output.startswith("TR_VKN.digits\n  entity: TR_VKN\n")
    assert "  groups: 3-3-4\n" in output
    assert "  context: vkn, vergi, tax no" in output
    assert "  examples:\n    vergi no «4540536920»\n" in output


def test_an_entity_of_several_rules_is_shown_with_all():
    output = run("show", "IP_ADDRESS").output

    assert "IP_ADDRESS.ipv4\n" in output
    assert "IP_ADDRESS.ipv6\n" in output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "output"),
    [
        (("EMAIL_ADDRESS", "to a@b.com"), 0, "EMAIL_ADDRESS in 3:10, confidence 0.95\n"),
        (("EMAIL_ADDRESS", "to nobody"), 1, "EMAIL_ADDRESS is not found\n"),
        (("PERSON", "Doe", "--field", "customer.last_name"), 0, "PERSON in 0:3, confidence 0.85\n"),
        (
            ("CREDIT_CARD", "order 4539148803436467"),
            1,
            "CREDIT_CARD in 6:22, confidence 0.35, and counts from 0.5 on\nCREDIT_CARD is not found\n",
        ),
    ],
)
def test_a_text_can_be_tried(arguments, exit_code, output):
    result = run("test", *arguments)

    assert (result.exit_code, result.output) == (exit_code, output)


def test_a_text_can_come_from_standard_input():
    assert run("test", "email_address", "-", text="a@b.com\n").output == (
        "EMAIL_ADDRESS in 0:7, confidence 0.95\n"
    )


@pytest.mark.parametrize(
    ("arguments", "exit_code", "output"),
    [
        (
            ("TR_VKN", "4540536920"),
            1,
            (
                "TR_VKN.digits in 0:10: nothing supports it: "
                "no word near it, and not the field's name\n"
            ),
        ),
        (("TR_VKN", "4540536921"), 1, "TR_VKN.digits in 0:10: its check fails\n"),
        (("TR_VKN", "nothing"), 1, "TR_VKN.digits: no candidate is seen\n"),
        (
            ("TR_NATIONAL_ID", "order 10000000146"),
            1,
            (
                "TR_NATIONAL_ID.digits in 6:17: below the threshold: something contradicts it, "
                "confidence 0.35\n"
            ),
        ),
        (
            ("TR_VKN", "4540536920", "--field", "vkn"),
            0,
            "TR_VKN.digits in 0:10: found, confidence 0.90\n",
        ),
    ],
)
def test_where_a_text_was_let_go_is_explained_without_the_text(arguments, exit_code, output):
    result = run("explain", *arguments)

    assert (result.exit_code, result.output) == (exit_code, output)


LISTS = """
allow = ["4540536920"]
deny = [{ value = "Nightingale", entity = "PERSON" }]
"""
LET_GO = "let go: a list of the settings says that this is nobody's, confidence 0.90"
LISTED = "PERSON in 3:14: found: a list of the settings says that this is somebody's"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "last"),
    [
        (("test", "TR_VKN", "vkn 4540536920"), 1, "TR_VKN is not found"),
        (("test", "PERSON", "of Nightingale"), 0, "PERSON in 3:14, confidence 1.00"),
        (("explain", "TR_VKN", "vkn 4540536920"), 1, f"TR_VKN.digits in 4:14: {LET_GO}"),
        (("explain", "PERSON", "of Nightingale"), 0, f"{LISTED}, confidence 1.00"),
    ],
)
def test_lists_of_settings_count_where_they_are_named(tmp_path, arguments, exit_code, last):
    result = run(*arguments, "--settings", with_detection(tmp_path, LISTS))

    assert (result.exit_code, result.output.splitlines()[-1]) == (exit_code, last)
    assert run(*arguments).exit_code == 1 - exit_code


def test_what_was_compiled_is_kept_in_the_cache_folder(cache):
    run("test", "TR_VKN", "nothing")
    before = sorted(cache.iterdir())
    run("test", "TR_VKN", "nothing")

    assert before
    assert sorted(cache.iterdir()) == before


@pytest.mark.parametrize(
    ("entity", "told"),
    [
        ("TR_VKM", "no rule finds TR_VKM; did you mean TR_VKN"),
        ("5", "no rule finds 5; `rules list` has them all"),
    ],
)
def test_an_entity_that_no_rule_finds_is_a_usage_error_with_what_comes_near(entity, told):
    result = run("show", entity)

    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize("command", ["test", "explain"])
def test_a_text_that_is_none_is_refused(command):
    result = CliRunner().invoke(main, ["rules", command, "TR_VKN", "-"], input=b"\xff vkn")

    assert result.exit_code == 2
    assert "TEXT: it is not UTF-8" in result.output
