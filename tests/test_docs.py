"""What the documents say is so: their code runs, their commands, paths and settings exist."""

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
import orjson
import pytest
from click.testing import CliRunner

from gateway.app import Gateway
from gateway.cli import main
from gateway.config import (
    Detection,
    Input,
    Lake,
    Limits,
    TelemetrySettings,
    Transport,
    VaultSettings,
)
from gateway.demo import SHOWN
from schemas.access import Subscription

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in (*DOCUMENTS, "CHANGELOG.md")}
KINDS_OF_CHANGE = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
TABLES: dict[str, type[msgspec.Struct]] = {
    "transport": Transport,
    "input": Input,
    "subscription": Subscription,
    "lake": Lake,
    "vault": VaultSettings,
    "limits": Limits,
    "detection": Detection,
    "telemetry": TelemetrySettings,
}


def fenced(text: str, language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)


def quoted(text: str) -> list[str]:
    """Return what stands in backticks, in one line each."""
    prose = re.sub(r"(?ms)^```.*?^```$", "", text)
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", prose)]


def typed(text: str) -> list[str]:
    """Return the lines that a reader is to type: indented, without the comment behind them."""
    lines = re.findall(r"(?m)^ {4}(\S.*)$", text)
    return [re.split(r"\s{2,}#|\s#\s", line)[0].strip() for line in lines]


# Code.


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return a folder in which `sluicegate demo` was called."""
    folder = tmp_path_factory.mktemp("docs")
    result = CliRunner().invoke(main, ["demo", "--out", str(folder / "demo"), "--events", "500"])
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize("block", fenced(TEXTS["README.md"], "python"))
def test_the_code_in_the_readme_runs(block, demo, monkeypatch, capsys):
    monkeypatch.chdir(demo)
    # What needs a broker stands behind the usual guard, and is defined only.
    exec(compile(block, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 - our own
    assert "Traceback" not in capsys.readouterr().out


def test_the_event_in_the_readme_is_seen_as_it_says(demo):
    event, *views = [
        loaded for block in fenced(TEXTS["README.md"], "json") for loaded in objects(block)
    ]
    with Gateway.open(demo / "demo" / "sluicegate.toml") as gateway:
        seen = gateway.process("smiloai", [orjson.dumps(event)]).views
    for reader, told in zip(SHOWN, views, strict=True):
        (out,) = seen[reader]
        view = orjson.loads(out.value or b"")
        assert matches(told["note"], view["note"]), reader
        assert told["contact"].keys() == view["contact"].keys(), reader
        for name, value in told["contact"].items():
            assert matches(value, view["contact"][name]), (reader, name)


def objects(block: str) -> Iterator[Any]:
    """Yield the JSON objects of a block, which are apart by an empty line."""
    yield from map(orjson.loads, block.split("\n\n"))


def matches(told: str, seen: str) -> bool:
    """Say whether a value is as a document has it, but for what depends on the key."""
    parts = re.split(r"((?:psd|tok)_[a-z_]+_)[\w-]*…", told)
    parts[1::2] = [f"{kind}[\\w-]+" for kind in parts[1::2]]
    parts[::2] = map(re.escape, parts[::2])
    return re.fullmatch("".join(parts), seen) is not None


# Commands.


def test_the_steps_over_files_work_as_they_stand(tmp_path):
    section = TEXTS["README.md"].partition("## Over files")[2].partition("\n## ")[0]
    steps = [line for line in typed(section) if line.startswith("sluicegate ")]
    here = f'export PYTHONPATH={shlex.quote(str(ROOT))}\nsluicegate() {{ {sys.executable} -m gateway.cli "$@"; }}'
    script = "\n".join([here, *steps])
    command = ["sh", "-e", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (done.returncode, done.stderr) == (0, "")
    assert len(steps) > 5
    views = [*tmp_path.glob("out/events.view.*"), *tmp_path.glob("view.jsonl")]
    assert len(views) > 1


def commands() -> list[tuple[str, str]]:
    found = []
    for name, text in TEXTS.items():
        lines = [*typed(text), *quoted(text)]
        found += [(name, line) for line in lines if line.startswith("sluicegate ")]
    return list(dict.fromkeys(found))


def spelled_out(line: str) -> Iterator[list[str]]:
    """Yield the words of each command of a line: `topics plan | apply` are two."""
    words = shlex.split(re.split(r" [<>] ", line)[0])
    first, *others = [list(part) for part in _parted(words, "|")]
    yield first
    for other in others:
        yield [*first[: len(first) - 1], *other]


def _parted(words: list[str], mark: str) -> Iterator[list[str]]:
    part: list[str] = []
    for word in words:
        if word == mark:
            yield part
            part = []
        else:
            part.append(word)
    yield part


@pytest.mark.parametrize(("document", "line"), commands())
def test_every_command_in_the_documents_exists_with_its_options(document, line):
    for words in spelled_out(line):
        command: click.Command = main
        rest = words[1:]
        context = click.Context(command, info_name="sluicegate")
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            found = command.get_command(context, rest[0])
            assert found is not None, f"{document}: no command {' '.join(words)!r}"
            command, rest = found, rest[1:]
            context = click.Context(command, parent=context)
        command.make_parser(context).parse_args(list(rest))  # raises for an unknown option


def test_the_documents_name_commands():
    assert len(commands()) > 10


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_in_the_documents_exists(document):
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    lines = [*typed(TEXTS[document]), *quoted(TEXTS[document])]
    named = {line.split()[1] for line in lines if line.startswith("make ")}
    assert named - targets == set()


# Paths.


def paths(document: str) -> Iterator[str]:
    for word in quoted(TEXTS[document]):
        looks_so = re.fullmatch(r"\.?[\w*-]+(?:[/.][\w*.-]+)*/?", word)
        if looks_so and (("/" in word) or word.endswith((".py", ".md", ".sql", ".lock"))):
            yield word


def exists(path: str) -> bool:
    if path.startswith(".venv/"):
        return True  # made by `make env`
    if "/" not in path:
        return any(ROOT.glob(f"*/**/{path}")) or (ROOT / path).exists()
    return any(ROOT.glob(path)) or any(ROOT.glob(f"{path}.py"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_in_the_documents_exists(document):
    assert [path for path in paths(document) if not exists(path)] == []


def test_the_documents_name_paths():
    assert len(list(paths("ARCHITECTURE.md"))) > 10


# Settings.


@pytest.mark.parametrize("name", ["files.toml", "kafka.toml", "rest.toml", "demo.toml"])
def test_every_setting_that_the_written_files_show_exists(name):
    text = (ROOT / "gateway/cli/init" / name).read_text("utf-8")
    tables = tomllib.loads(re.sub(r"(?m)^# (\w+ = )", r"\1", text))
    for table, shape in TABLES.items():
        entries = tables.get(table, {})
        known = {field.name for field in msgspec.structs.fields(shape)}
        for entry in entries if isinstance(entries, list) else [entries]:
            assert set(entry) - known == set(), (name, table)
    assert set(tables) - set(TABLES) <= {"policy", "keys"}


# The changelog.


def test_the_changelog_has_the_form_of_keep_a_changelog():
    text = TEXTS["CHANGELOG.md"]
    assert text.startswith("# Changelog\n")
    assert "https://keepachangelog.com/" in text
    versions = re.findall(r"(?m)^## (.*)$", text)
    assert versions[0] == "[Unreleased]"
    form = r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}"
    assert [each for each in versions[1:] if not re.fullmatch(form, each)] == []
    assert set(re.findall(r"(?m)^### (.*)$", text)) <= KINDS_OF_CHANGE


def test_every_change_stands_below_its_kind():
    below = re.split(r"(?m)^## .*$", TEXTS["CHANGELOG.md"])[1:]
    for version in below:
        before_kinds = re.split(r"(?m)^### .*$", version)[0]
        assert "\n- " not in before_kinds
