"""How commands speak: one JSON object for programs, tables on a console that adds nothing."""

from typing import Any

import click
import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED = 160  # columns of a wide table that goes to a file
CONTROLS = dict.fromkeys(
    (*range(10), *range(11, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}"
)


def emit(answer: Any) -> None:
    """Print an answer as one JSON object on a line."""
    click.echo(msgspec.json.encode(answer))


def plain_console(piped: int | None = None) -> Console:
    """Return a console that prints texts as they are: no markup, no emoji, no colours of its own.

    ``piped`` is how many columns it has at least where it is no terminal.
    """
    console = Console(highlight=False, markup=False, emoji=False)
    if piped is not None and not console.is_terminal:
        console.width = max(console.width, piped)
    return console


def new_table(title: str, *columns: str) -> Table:
    """Return a table; a column whose name begins with # is of numbers."""
    table = Table(
        title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD
    )
    for name in columns:
        table.add_column(
            name.removeprefix("#"),
            justify="right" if name.startswith("#") else "left",
            overflow="fold",
        )
    return table


def add_row(table: Table, *cells: str | None) -> None:
    """Add a row. What events said of themselves must not steer the terminal."""
    table.add_row(*(Text((cell or "-").translate(CONTROLS)) for cell in cells))


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts: ``1 line``, ``2 lines``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
