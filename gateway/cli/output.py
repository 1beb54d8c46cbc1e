"""How commands speak: one JSON object for programs, tables on a console that adds nothing."""

from typing import Any

import click
import msgspec
from rich.console import Console


def emit(answer: Any) -> None:
    """Print an answer as one JSON object on a line."""
    click.echo(msgspec.json.encode(answer))


def plain_console(width: int | None = None) -> Console:
    """Return a console that prints texts as they are: no markup, no emoji, no colours of its own."""
    return Console(highlight=False, markup=False, emoji=False, width=width)


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts: ``1 line``, ``2 lines``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
