import pytest
from click.testing import CliRunner, Result

from detectors.rule import shipped
from gateway.cli import main


def run(*arguments: str, text: str = "") -> Result:
    return CliRunner(env={"COLUMNS": "120"}).invoke(main, ["rules", *arguments], input=text)


def test_every_rule_that_ships_is_proven():
    result = run("check")

    assert (result.exit_code, result.output) == (0, "22 rules hold in 220 proofs\n")


VKN = """
[[rule]]
entity = "X"
category = "government_id"
candidate = "digits"
lengths = [10]
check = "tr_vkn"
confidence = 0.6
examples = ["«4540536920»", "n «4540536920»", "«4540536920».", "(«4540536920»)", "«{}»"]
counterexamples = ["4540536921", "454053692", "x4540536920", "45405369200", "none"]
"""


@pytest.mark.parametrize(
    ("rules", "exit_code", "told"),
    [
        (VKN.replace("{}", "4540536920"), 0, "1 rules hold in 10 proofs\n"),
        (VKN.replace("{}", "4540536921"), 2, "1 problem\n  - X.digits: example 4 is not found\n"),
        (VKN.replace("tr_vkn", "tr_vk"), 2, "own.toml: X: check must be one of luhn, card"),
        (
            VKN.replace("government_id", "shoes"),
            2,
            "own.toml: X: category 'shoes' is not registered",
        ),
        (VKN.replace("lengths", "length"), 2, "own.toml: Object contains unknown field `length`"),
        ("[[rule]", 2, "own.toml: Expected ']]' at the end of an array declaration"),
    ],
)
def test_rules_of_one_s_own_are_proven_in_the_engine_that_ships(tmp_path, rules, exit_code, told):
    file = tmp_path / "own.toml"
    file.write_text(rules, "utf-8")
    result = run("check", str(file))

    assert result.exit_code == exit_code
    assert told in result.output


def test_the_list_has_every_rule_with_its_confidence():
    lines = run("list").stdout.splitlines()
    [vkn] = [line for line in lines if "TR_VKN" in line]

    assert [cell.strip() for cell in vkn.split("│")[1:-1]] == [
        "TR_VKN.digits", "government_id", "tr_vkn", "0.10", "0.90"
    ]  # fmt: skip
    assert all(any(rule.name in line for line in lines) for rule in shipped())


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


def test_an_entity_that_no_rule_finds_is_a_usage_error_with_those_there_are():
    result = run("show", "SHOE_SIZE")

    assert result.exit_code == 2
    assert "no rule finds SHOE_SIZE; there are AE_EMIRATES_ID, AWS_ACCESS_KEY" in result.stderr
