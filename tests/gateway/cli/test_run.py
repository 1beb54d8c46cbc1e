"""run, land and filter: what they say, and what they refuse before anything is consumed."""

import json
import re

import pytest
from click.testing import CliRunner

from gateway.cli import main
from tests.gateway.house import House, contact

KAFKA = 'kind = "kafka"\nbootstrap = "127.0.0.1:1"'  # nobody listens there
BROKEN = """
[transports]
[[input]]
name = "CRM"
tenant = "globex"
colour = "red"
"""


@pytest.fixture
def house(tmp_path):
    return House(tmp_path, batch_lines=10)


@pytest.fixture
def kafka(house):
    """Return a house whose settings name a broker that nobody can reach."""
    text = house.path.read_text("utf-8").replace('kind = "files"', KAFKA)
    house.path.write_text(text.replace('path = "crm.jsonl"', 'topic = "crm"'), "utf-8")
    return house


def call(house, command, *options, **given):
    arguments = [command, *options, "--settings", str(house.path)]
    return CliRunner().invoke(main, arguments, **given)


def test_run_says_how_many_lines_it_read_and_where_the_views_are(house):
    house.write(contact(n) for n in range(25))
    result = call(house, "run")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"crm: 25 lines, 25 in all\nviews below {house.out}\n"
    house.write([contact(25)])
    assert call(house, "run").stdout.startswith("crm: 1 line, 26 in all\n")


def test_run_says_what_went_to_quarantine(house):
    house.write([contact(0), b"{", contact(1)])
    expected = "crm: 3 lines, 1 of them to quarantine, 3 in all\n"
    assert call(house, "run").stdout.startswith(expected)


def test_run_logs_figures_as_json_lines(house):
    house.write(contact(n) for n in range(25))
    environ = {"SLUICEGATE_TELEMETRY_LOG_LEVEL": "debug"}
    said = [json.loads(line) for line in call(house, "run", env=environ).stderr.splitlines()]
    assert [(one["event"], one["events"]) for one in said] == [("batch_processed", 10)] * 2 + [
        ("batch_processed", 5)
    ]


@pytest.mark.parametrize("command", ["run", "land", "filter"])
def test_broken_settings_are_told_whole_and_nothing_is_consumed(house, command):
    house.write([contact(0)])
    with house.path.open("a", encoding="utf-8") as file:
        file.write(BROKEN)
    more = ["--input", "crm", "--subscription", "sales"] if command == "filter" else []
    result = call(house, command, *more)
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert told[0] == f"sluicegate: {house.path}: {len(told) - 1} problems"
    for part in ("[transports] is not known", "colour: not known", "[keys] globex: missing"):
        assert sum(part in line for line in told) == 1
    assert not house.out.exists()
    assert not (house.folder / "lake").exists()


@pytest.mark.parametrize("command", ["run", "filter"])
def test_policy_and_key_problems_are_told_together(house, command):
    house.write([contact(0)])
    policy = house.folder / "policy.toml"
    policy.write_text(policy.read_text("utf-8").replace('"mask"', '"hide"'), "utf-8")
    (house.folder / "acme.key").unlink()
    more = ["--input", "crm", "--subscription", "sales"] if command == "filter" else []
    result = call(house, command, *more)
    assert result.exit_code == 2
    assert "acme.key" in result.stderr
    assert "[[matrix]] number 2 action: must be one of allow, mask" in result.stderr
    assert not house.out.exists()


def test_a_missing_key_alone_has_its_own_exit_code(house):
    house.write([contact(0)])
    (house.folder / "acme.key").unlink()
    result = call(house, "run")
    assert result.exit_code == 3
    assert "acme.key: 1 problem" in result.stderr


def test_a_missing_input_is_a_problem_of_the_settings(house):
    result = call(house, "run")
    assert result.exit_code == 2
    assert "[[input]] 'crm' path: 'crm.jsonl' is not a file" in result.stderr


def test_a_trail_that_does_not_fit_has_its_own_exit_code(house):
    house.write(contact(n) for n in range(3))
    call(house, "run")
    house.input.write_bytes(b"")
    result = call(house, "run")
    assert result.exit_code == 5
    assert "ends at line 3" in result.stderr


@pytest.mark.parametrize("command", ["run", "land"])
def test_an_unreachable_broker_is_told_once_and_ends_it(kafka, command):
    result = call(kafka, command)
    assert result.exit_code == 4
    assert re.search(r"127\.0\.0\.1:1", result.stderr)
    assert result.stderr.count("problem") == 1
    assert not (kafka.folder / "vault.sqlite").exists()


def test_land_needs_kafka(house):
    result = call(house, "land")
    assert result.exit_code == 2
    assert "[transport] kind is 'files'; only 'kafka' has topics" in result.stderr
    assert str(house.settings.folder / "sluicegate.toml") in result.stderr


@pytest.mark.parametrize(
    ("name", "reader"), [("crm", "science"), ("calls", "sales"), ("calls", "science")]
)
def test_filter_refuses_a_reader_that_the_settings_do_not_have(house, name, reader):
    result = call(house, "filter", "--input", name, "--subscription", reader, input=b"{}\n")
    assert result.exit_code == 2
    assert f"no subscription '{reader}' to an input '{name}'" in result.stderr
    assert not (house.folder / "lake").exists()


@pytest.mark.parametrize("workers", ["0", "-1", "two"])
def test_workers_are_counted_from_one(house, workers):
    assert call(house, "run", "--workers", workers).exit_code == 2


def test_settings_that_are_not_there_are_told_with_how_to_get_some(tmp_path):
    result = CliRunner().invoke(main, ["run", "--settings", str(tmp_path / "none.toml")])
    assert result.exit_code == 2
    assert "no such file; `sluicegate init` writes one" in result.stderr


def test_the_environment_overrides_a_setting(house, tmp_path):
    house.write([contact(0)])
    result = call(house, "run", env={"SLUICEGATE_TRANSPORT_OUT": str(tmp_path / "elsewhere")})
    assert result.exit_code == 0
    assert any((tmp_path / "elsewhere" / "crm.view.sales").iterdir())
