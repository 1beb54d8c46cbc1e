import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.config import Input, Lake, Limits, TelemetrySettings, Transport, VaultSettings
from gateway.settings_file import examine_settings
from schemas.access import Subscription
from tests.gateway.cli.detection import with_detection

TABLES: dict[str, type[msgspec.Struct]] = {
    "transport": Transport,
    "lake": Lake,
    "vault": VaultSettings,
    "limits": Limits,
    "telemetry": TelemetrySettings,
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments):
    return CliRunner().invoke(main, arguments)


def uncommented(text):
    """Return a written file with every commented setting switched on."""
    return re.sub(r"(?m)^# (\w+ = )", r"\1", text)


@pytest.mark.parametrize("transport", ["files", "kafka"])
def test_init_writes_settings_that_have_no_problem(folder, transport):
    result = call("init", "--transport", transport)
    assert result.exit_code == 0
    assert result.output.startswith("wrote sluicegate.toml; next:\n  sluicegate keys new")
    settings, problems = examine_settings(Path("sluicegate.toml"))
    assert problems == []
    assert settings.transport.kind == transport
    assert settings.inputs[0].name == "events"


def test_init_shows_every_setting_there_is(folder):
    call("init", "files.toml")
    call("init", "kafka.toml", "--transport", "kafka")
    shown: dict[str, set[str]] = {}
    for name in ("files.toml", "kafka.toml"):
        tables = tomllib.loads(uncommented(Path(name).read_text("utf-8")))
        for table in TABLES:
            shown.setdefault(table, set()).update(tables[table])
        shown.setdefault("input", set()).update(tables["input"][0])
        shown.setdefault("subscription", set()).update(
            *(set(each) for each in tables["subscription"])
        )
    known = TABLES | {"input": Input, "subscription": Subscription}
    fields = {name: {f.name for f in msgspec.structs.fields(kind)} for name, kind in known.items()}
    fields["transport"].remove("sasl_password")  # it belongs into the environment
    assert shown == fields


def test_what_init_leaves_commented_out_is_right_too(folder):
    call("init", "--transport", "kafka")
    path = Path("sluicegate.toml")
    path.write_text(uncommented(path.read_text("utf-8")), "utf-8")
    for name in ("en_core_web_md", "ca.pem", "client.pem", "client.key"):
        Path(name).touch()
    assert examine_settings(path, {"SLUICEGATE_TRANSPORT_SASL_PASSWORD": "x"})[1] == []


def test_init_takes_a_folder(folder):
    (folder / "gate").mkdir()
    assert call("init", "gate").exit_code == 0
    assert (folder / "gate" / "sluicegate.toml").exists()


def test_init_never_overwrites(folder):
    Path("sluicegate.toml").write_text("mine", "utf-8")
    result = call("init")
    assert result.exit_code == 2
    assert result.stderr == (
        "sluicegate: sluicegate.toml: 1 problem\n"
        "  - is there already; name another path, or remove it first\n"
    )
    assert Path("sluicegate.toml").read_text("utf-8") == "mine"


def test_check_tells_settings_and_keys_in_one_message(folder):
    call("init")
    with Path("sluicegate.toml").open("a", encoding="utf-8") as file:
        file.write("[lakes]\n")
    result = call("check")
    assert result.exit_code == 2
    assert "[lakes] is not known" in result.stderr
    assert "smiloai.key" in result.stderr


def test_check_counts_what_is_ready(folder):
    call("init")
    call("keys", "new", "smiloai")
    Path("events.jsonl").touch()

    assert call("check").stdout == ("sluicegate.toml: ready; 1 input, 2 subscriptions, 1 tenant\n")


def test_check_misses_what_a_run_would_miss_all_in_one_message(folder):
    path = with_detection(
        folder,
        'recognizer = [{ kind = "gliner", path = "." }, { kind = "presidio", path = "nowhere" }]',
    )
    result = call("check", "--settings", path)

    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert told[0] == "sluicegate: not ready: 4 problems"
    assert "[detection] recognizer number 2 path: 'nowhere' does not exist" in told[1]
    assert "[detection] recognizer number 1: recognizer 'gliner': gliner is not" in told[2]
    assert "smiloai.key: no such key file" in told[3]
    assert told[4] == "  - inputs: [[input]] 'events' path: 'events.jsonl' is not a file"


def test_check_without_a_settings_file_says_how_to_get_one(folder):
    result = call("check", "--settings", "gate.toml")
    assert result.exit_code == 2
    assert "gate.toml: 1 problem\n  - no such file; `sluicegate init` writes one" in result.stderr


def test_check_names_readers_who_are_denied_everything(folder):
    call("init")
    call("keys", "new", "smiloai")
    Path("events.jsonl").touch()
    path = Path("sluicegate.toml")
    path.write_text(path.read_text("utf-8").replace('"sales_rep"', '"sales_repp"'), "utf-8")

    result = call("check")

    assert result.exit_code == 0
    (note,) = result.stdout.splitlines()[1:]
    assert note == (
        "note: [[subscription]] 'sales' is denied every event of smiloai: role_not_configured; "
        "`sluicegate policy show` has its roles and purposes"
    )
