"""The ``--settings`` option that commands share, and the one place that reads the environment."""

import os
from pathlib import Path

import click

from gateway.config import Settings
from gateway.errors import SettingsError
from gateway.settings_file import load_settings

settings_option = click.option(
    "--settings",
    "settings_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("sluicegate.toml"),
    show_default=True,
    help="The settings file.",
)

# For commands that work without settings, too.
detection_option = click.option(
    "--settings",
    "settings_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Find as a gateway with these settings does, by their [detection].",
)


def read_settings(path: Path) -> Settings:
    """Return the settings of a file with the environment's overrides. Raises SettingsError."""
    return load_settings(path, os.environ)


def read_kafka_settings(path: Path) -> Settings:
    """Return settings as ``read_settings`` does. Raises SettingsError where they are of files."""
    settings = read_settings(path)
    if settings.transport.kind != "kafka":
        problem = f"[transport] kind is {settings.transport.kind!r}; only 'kafka' has topics"
        raise SettingsError(str(path), [problem])
    return settings
