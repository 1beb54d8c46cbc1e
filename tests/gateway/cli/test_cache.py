from pathlib import Path

import pytest

from gateway.cli.cache import databases_folder


@pytest.mark.parametrize(
    ("chosen", "folder"),
    [
        ("/var/cache/me", "/var/cache/me/sluicegate/databases"),
        ("relative", "/srv/me/.cache/sluicegate/databases"),
        ("", "/srv/me/.cache/sluicegate/databases"),
    ],
)
def test_databases_are_kept_in_the_user_s_cache_folder(monkeypatch, chosen, folder):
    monkeypatch.setenv("HOME", "/srv/me")
    monkeypatch.setenv("XDG_CACHE_HOME", chosen)

    assert databases_folder() == Path(folder)
