import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gateway.cli import COMMANDS, main
from gateway.errors import KeyFileError, SluicegateError

CONTENT = "ayse.yilmaz@example.org"


@pytest.fixture
def failing(monkeypatch):
    """Return a function that adds a command which raises an error."""

    def add(error):
        @click.command("fail")
        def fail():
            raise error

        module = sys.modules[__name__]
        monkeypatch.setattr(module, "fail", fail, raising=False)
        monkeypatch.setitem(COMMANDS, "fail", (f"{__name__}:fail", "Fails."))
        monkeypatch.setitem(sys.modules, __name__, module)
        return CliRunner().invoke(main, ["fail"])

    return add


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_list_exists(name):
    module, attribute = COMMANDS[name][0].split(":")
    assert find_spec(module) is not None
    assert isinstance(getattr(import_module(module), attribute), click.Command)


def test_help_lists_the_commands_and_loads_none():
    code = (
        "import sys; from click.testing import CliRunner; from gateway.cli import main;"
        "print(CliRunner().invoke(main, ['--help']).output);"
        "print(sorted({'pyarrow', 'duckdb', 'aiokafka', 'hyperscan'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    assert "quarantine  List, show and release rejected records." in shown.stdout
    assert shown.stdout.endswith("[]\n")


@pytest.mark.parametrize("command", ["check", "run", "land", "topics plan", "quarantine list"])
def test_of_a_broker_that_is_not_there_nobody_speaks_but_the_command(tmp_path, command):
    settings = tmp_path / "sluicegate.toml"
    call(tmp_path, "init --transport kafka")
    call(tmp_path, "keys new smiloai")
    settings.write_text(
        settings.read_text("utf-8").replace("localhost:9092", "127.0.0.1:1"), "utf-8"
    )
    done = call(tmp_path, command)

    assert done.returncode == 4
    first, *problems = done.stderr.splitlines()
    assert first.startswith("sluicegate: ")
    assert problems
    assert [line for line in problems if not line.startswith("  - ")] == []


def call(folder, words):
    """Call the command in a process of its own, where libraries speak as they do for users."""
    root = str(Path(__file__).parents[3])
    code = f"import sys; sys.path.insert(0, {root!r}); from gateway.cli import main; main()"
    command = [sys.executable, "-c", code, *words.split()]
    return subprocess.run(  # noqa: S603 - ours
        command, cwd=folder, capture_output=True, text=True, check=False
    )


def test_an_unknown_command_is_a_usage_error():
    result = CliRunner().invoke(main, ["seal"])
    assert result.exit_code == 2
    assert "No such command 'seal'" in result.output


def test_what_the_product_reports_has_a_message_and_an_exit_code(failing):
    result = failing(KeyFileError("keys", ["acme.key: no such file"]))
    assert result.exit_code == 3
    assert result.stderr == "sluicegate: keys: 1 problem\n  - acme.key: no such file\n"
    assert result.stdout == ""


def test_any_other_report_exits_with_one(failing):
    assert failing(SluicegateError("no")).exit_code == 1


def test_a_file_that_cannot_be_opened_is_a_message_and_not_a_traceback(failing):
    result = failing(PermissionError(13, "Permission denied", "lake"))
    assert result.exit_code == 1
    assert result.stderr == "sluicegate: [Errno 13] Permission denied: 'lake'\n"


def test_an_unforeseen_error_names_its_class_and_place_and_hides_its_message(failing):
    result = failing(KeyError(CONTENT))
    assert result.exit_code == 70
    assert CONTENT not in result.output
    assert result.stderr.startswith("sluicegate: internal error: KeyError at test_main.py:")


def test_an_unforeseen_error_can_be_seen_whole_on_request(failing, monkeypatch):
    monkeypatch.setenv("SLUICEGATE_TRACEBACK", "1")
    result = failing(KeyError(CONTENT))
    assert isinstance(result.exception, KeyError)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["toppics"], "No such command 'toppics'. Did you mean topics?"),
        (["topics", "aply"], "No such command 'aply'. Did you mean apply?"),
        (["breach", "who"], "No such command 'who'. There are scope"),
        (["run", "--worker", "2"], "No such option: --worker Did you mean --workers?"),
        (["corpus", "--event", "2"], "No such option: --event (Possible options: --events, "),
    ],
)
def test_a_misspelt_word_is_answered_with_what_was_meant(typed, said):
    result = CliRunner().invoke(main, typed)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
