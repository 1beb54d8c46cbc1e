"""The quarantine command over files: what it lists, opens and gives back, and what it never shows."""

import json
import re
import stat

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.files import Folders
from gateway.quarantine import quarantined
from gateway.settings_file import load_settings
from gateway.stream import Batch, Line, Outcome
from gateway.tokens import make_keys
from schemas.access import Reason

CALLS = """
[[input]]
name = "calls"
tenant = "globex"
path = "calls.jsonl"
"""
SETTINGS = f"""
[transport]
kind = "files"

[[input]]
name = "crm"
tenant = "acme"
path = "crm.jsonl"
{CALLS}
[policy]
acme = "builtin:smiloai"
globex = "builtin:smiloai"

[keys]
acme = "acme.key"
globex = "globex.key"
"""
MARKER = b'{"name": "Hilde Marker'  # cut off: not JSON
BINARY = b"\xff\x00{"


class House:
    """A folder with settings, keys of two tenants, and what was put into quarantine."""

    def __init__(self, folder):
        self.path = folder / "sluicegate.toml"
        self.path.write_text(SETTINGS, "utf-8")
        self.settings = load_settings(self.path)
        self.keys = {each: make_keys(each, path) for each, path in self.settings.keys.items()}

    def hold(self, name, tenant, *lines, reason=Reason.NOT_JSON, limit=1_000_000):
        batch = Batch(name, name, 0, lines[0].offset, lines[-1].offset + 1, lines)
        keyring = self.keys[tenant]
        outs = [quarantined(keyring, tenant, batch, line, reason, limit) for line in lines]
        Folders(self.settings, name).hold(batch, Outcome({}, outs, []))

    def call(self, *arguments):
        command = ["quarantine", *map(str, arguments), "--settings", str(self.path)]
        return CliRunner(env={"COLUMNS": "120"}).invoke(main, command)


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


@pytest.fixture
def full(house):
    """Return a house that holds three records of one input and one of another tenant's."""
    house.hold("crm", "acme", Line(3, MARKER), Line(7, BINARY, b"k", 0, [("h", b"\xfe")]))
    house.hold("crm", "acme", Line(20, b"x" * 99), reason=Reason.TOO_LARGE, limit=10)
    house.hold("calls", "globex", Line(0, b"[]"), reason=Reason.NOT_AN_OBJECT)
    return house


def test_an_empty_quarantine_says_so(house):
    result = house.call("list")
    assert (result.exit_code, result.output) == (0, "Nothing is held in quarantine.\n")


def test_list_tells_where_from_and_why_and_never_what(full):
    result = full.call("list")
    rows = [line.split() for line in result.output.splitlines() if "/0/" in line]
    assert rows == [
        ["calls/0/0", "calls", "globex", "not_an_object", "2", "-", "sealed"],
        ["crm/0/3", "crm", "acme", "not_json", "22", "-", "sealed"],
        ["crm/0/7", "crm", "acme", "not_json", "6", "-", "sealed"],
        ["crm/0/20", "crm", "acme", "too_large", "99", "-", "digest", "only"],
    ]
    assert result.output.endswith("4 records\n")
    assert "Marker" not in result.output


@pytest.mark.parametrize(
    ("options", "coordinates"),
    [
        (["--input", "calls"], ["calls/0/0"]),
        (["--reason", "too_large"], ["crm/0/20"]),
        (["--input", "calls", "--reason", "too_large"], []),
    ],
)
def test_list_can_be_narrowed(full, options, coordinates):
    listed = json.loads(full.call("list", "--json", *options).output)["held"]
    assert [each["coordinate"] for each in listed] == coordinates


def test_list_for_programs_has_every_header(full):
    (one,) = json.loads(full.call("list", "--json", "--input", "calls").output)["held"]
    assert one == {
        "coordinate": "calls/0/0",
        "input": "calls",
        "topic": "calls",
        "partition": 0,
        "offset": 0,
        "tenant": "globex",
        "reason": "not_an_object",
        "size": 2,
        "key_id": full.keys["globex"].id,
        "sha256": "",
        "hmac_sha256": "",
        "sealed": True,
        "time": "",
    }


def test_list_tells_the_time_that_a_record_has(house):
    times = (1_793_880_000_000, 2**62, -1)
    house.hold("crm", "acme", *(Line(at, b"", None, time) for at, time in enumerate(times)))
    listed = json.loads(house.call("list", "--json").output)["held"]
    assert [each["time"] for each in listed] == ["2026-11-05T12:00:00Z", "", ""]


def test_show_writes_the_value_as_it_was(full):
    result = full.call("show", "crm/0/7")
    assert (result.exit_code, result.stdout_bytes) == (0, BINARY)


def test_show_for_programs_has_the_whole_record(full):
    shown = json.loads(full.call("show", "crm/0/7", "--json").output)
    assert shown["reason"] == "not_json"
    assert shown["key"] == {"text": "k"}
    assert shown["value"] == {"base64": "/wB7"}
    assert shown["headers"] == [{"name": "h", "base64": "/g=="}]


def test_show_knows_what_is_not_held(full):
    result = full.call("show", "crm/0/4")
    assert result.exit_code == 1
    assert "not in quarantine: crm/0/4" in result.stderr


def test_show_says_where_only_a_digest_is_left(full):
    result = full.call("show", "crm/0/20")
    assert result.exit_code == 1
    assert "crm/0/20: the payload is not in quarantine; only a digest" in result.stderr


def test_show_needs_the_tenants_own_key(full):
    path = full.settings.keys["acme"]
    path.unlink()
    other = make_keys("acme", path)
    result = full.call("show", "crm/0/3")
    assert result.exit_code == 1
    assert f"not sealed with key {other.id} of tenant acme" in result.stderr
    assert f"it was sealed with {full.keys['acme'].id}" in result.stderr
    assert result.stdout == ""


def test_list_needs_no_key(full):
    for path in full.settings.keys.values():
        path.unlink()
    assert full.call("list").exit_code == 0


def test_release_writes_the_lines_for_their_owner_only(full, tmp_path):
    out = tmp_path / "again.jsonl"
    result = full.call("release", "crm/0/3", "crm/0/7", "--out", out)
    assert result.exit_code == 0, result.output
    assert out.read_bytes() == MARKER + b"\n" + BINARY + b"\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_release_all_gives_what_is_there_and_names_the_rest(full, tmp_path):
    out = tmp_path / "again.jsonl"
    result = full.call("release", "--all", "--input", "crm", "--out", out)
    assert result.exit_code == 1
    assert "not released: crm/0/20: the payload is not in quarantine" in result.stderr
    assert out.read_bytes().count(b"\n") == 2


def test_release_of_what_is_not_there_releases_nothing(full, tmp_path):
    out = tmp_path / "again.jsonl"
    for missing in ("crm/0/4", "crm/0/20"):
        assert full.call("release", "crm/0/3", missing, "--out", out).exit_code == 1
    assert not out.exists()


def test_release_does_not_mix_inputs(full, tmp_path):
    out = tmp_path / "again.jsonl"
    result = full.call("release", "--all", "--reason", "not_json", "--out", out)
    assert result.exit_code == 0
    result = full.call("release", "crm/0/3", "calls/0/0", "--out", tmp_path / "both.jsonl")
    assert result.exit_code == 2
    assert "records of calls, crm: one --input to a file" in result.stderr


def test_release_overwrites_nothing(full, tmp_path):
    out = tmp_path / "again.jsonl"
    out.write_text("mine", "utf-8")
    assert full.call("release", "crm/0/3", "--out", out).exit_code == 1
    assert out.read_text("utf-8") == "mine"


def test_release_of_nothing_writes_nothing(house, tmp_path):
    out = tmp_path / "again.jsonl"
    result = house.call("release", "--all", "--out", out)
    assert (result.exit_code, result.output) == (0, "nothing to release\n")
    assert not out.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--out", "x"],
        ["crm/0/3", "--all", "--out", "x"],
        ["crm/0/3", "--reason", "not_json", "--out", "x"],
    ],
)
def test_release_asks_again_where_it_is_not_clear_what_is_meant(full, arguments):
    result = full.call("release", *arguments)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_lines_of_files_need_a_file_to_go_to(full):
    result = full.call("release", "crm/0/3")
    assert result.exit_code == 2
    assert "[transport] kind is 'files': lines need --out FILE, a new file" in result.stderr


def test_a_tenant_that_the_settings_no_longer_know_keeps_its_records_closed(full):
    text = SETTINGS.replace(CALLS, "")
    full.path.write_text(re.sub("globex = .*", "", text), "utf-8")
    result = full.call("show", "calls/0/0")
    assert result.exit_code == 1
    assert "[keys] has no key of tenant globex" in result.stderr
