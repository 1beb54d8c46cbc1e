from pathlib import Path

import pytest

from gateway.cli.cache import databases_folder


@pytest.mark.parametrize(
    ("chosen", "folder"),
    [
        ("/var/cache/me", "/var/cache/me/sluicegate/databases"),
        ("relative", "/home/me/.cache/sluicegate/databases"),
        ("", "/home/me/.cache/sluicegate/databases"),
    ],
)
def test_databases_are_kept_in_the_user_s_cache_folder(monkeypatch, chosen, folder):
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("XDG_CACHE_HOME", chosen)

    assert databases_folder() == Path(folder)
