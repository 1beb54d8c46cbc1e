"""The options of commands that generate events: how many, and which."""

from collections.abc import Callable
from typing import Any

import click


def events_option(default: int, *, least: int = 0) -> Callable[[Any], Any]:
    """Return ``--events``."""
    kind = click.IntRange(min=least)
    return click.option("--events", type=kind, default=default, show_default=True, help="How many.")


def seed_option(default: int) -> Callable[[Any], Any]:
    """Return ``--seed``."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        help="The same one gives the same events.",
    )
