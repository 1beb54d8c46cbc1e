from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.config import Input, Settings, Transport, VaultSettings
from gateway.errors import KeyFileError, SettingsError, StartError, TopologyError
from gateway.readiness import ensure_ready
from gateway.settings_file import builtin_policies
from gateway.tokens import make_keys

GOOD = builtin_policies()["smiloai"]


def settings_with(
    folder: Path, policy: Path = GOOD, transport: Transport | None = None
) -> Settings:
    return Settings(
        folder=folder,
        transport=transport or Transport(kind="files"),
        inputs=(Input("crm", "acme", topic="crm", path="crm.jsonl"),),
        subscriptions=(),
        policies={"acme": policy},
        keys={"acme": folder / "acme.key"},
    )


def nowhere() -> Transport:
    """Return a transport whose broker nobody can reach: port 1 is not listened on."""
    return Transport(kind="kafka", bootstrap="127.0.0.1:1")


def broken_policy(folder: Path) -> Path:
    path = folder / "acme.toml"
    path.write_text("[roles\n", "utf-8")
    return path


def refused(settings: Settings, *known: StartError) -> StartError:
    with pytest.raises(StartError) as caught:
        ensure_ready(settings, known)
    return caught.value


def test_what_is_ready_is_answered_with_its_policies_and_keys(tmp_path):
    settings = settings_with(tmp_path)
    make_keys("acme", tmp_path / "acme.key")
    error = refused(settings)
    assert error.problems == ("[[input]] 'crm' path: 'crm.jsonl' is not a file",)
    assert error.exit_code == 2
    found = ensure_ready(settings, inputs=False)
    assert [one.tenant for one in found.policies.values()] == ["smiloai"]
    assert [one.tenant for one in found.keyrings.values()] == ["acme"]
    (tmp_path / "crm.jsonl").touch()
    assert list(ensure_ready(settings).policies) == ["acme"]


def test_a_missing_key_is_refused_with_its_own_exit_code(tmp_path):
    (tmp_path / "crm.jsonl").touch()
    error = refused(settings_with(tmp_path))
    assert isinstance(error, KeyFileError)
    assert error.exit_code == 3
    assert "acme.key" in str(error)


def test_a_broken_policy_is_a_problem_of_the_settings(tmp_path):
    error = refused(settings_with(tmp_path, broken_policy(tmp_path)))
    assert isinstance(error, SettingsError)
    assert "acme.toml" in str(error)


def test_every_kind_of_problem_is_in_one_error_and_the_first_kind_gives_the_exit_code(tmp_path):
    error = refused(settings_with(tmp_path, broken_policy(tmp_path), nowhere()))
    assert error.exit_code == 2
    assert "acme.toml" in str(error)
    assert "acme.key" in str(error)
    assert "127.0.0.1:1" in str(error)


def test_a_key_problem_comes_before_a_topic_problem(tmp_path):
    error = refused(settings_with(tmp_path, transport=nowhere()))
    assert error.exit_code == 3
    assert "127.0.0.1:1" in str(error)
    assert not isinstance(error, TopologyError)


def test_known_problems_are_told_with_the_rest_and_the_broker_is_left_alone(tmp_path):
    known = SettingsError("sluicegate.toml", ["[lakes] is not known"])
    error = refused(settings_with(tmp_path, transport=nowhere()), known)
    assert error.exit_code == 2
    assert "sluicegate.toml: [lakes] is not known" in error.problems
    assert "acme.key" in str(error)
    assert "127.0.0.1:1" not in str(error)


def test_a_policy_that_the_settings_already_miss_is_not_reported_twice(tmp_path):
    error = refused(settings_with(tmp_path, tmp_path / "gone.toml"))
    assert "gone.toml" not in str(error)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("full", "full' is not a file that can be written"),
        ("crm.jsonl/v", "crm.jsonl' is not a folder"),
    ],
)
def test_a_vault_that_cannot_be_written_is_a_problem_before_anything_starts(
    tmp_path, path, problem
):
    make_keys("acme", tmp_path / "acme.key")
    (tmp_path / "crm.jsonl").touch()
    (tmp_path / "full").mkdir()
    error = refused(replace(settings_with(tmp_path), vault=VaultSettings(path)))
    assert (error.exit_code, problem in str(error)) == (2, True), str(error)
