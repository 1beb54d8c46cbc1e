"""The command that shows the whole path on generated events, with nothing set up beforehand."""

import contextlib
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from gateway import telemetry
from gateway.app import Gateway
from gateway.breach import Selectors, scope
from gateway.cli.lake_tables import print_report
from gateway.cli.output import plain_console
from gateway.config import Settings, TelemetrySettings
from gateway.demo import SETTINGS, SHOWN, Example, build, example
from gateway.files import QUARANTINE, run_files
from gateway.lake import open_lake
from gateway.trail import HOT

_NARROW = 120  # columns that the side-by-side table wants


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"),
    show_default=True, help="The folder that is made; an earlier demo's is made anew.",
)  # fmt: skip
@click.option("--events", type=click.IntRange(min=500), default=20_000, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=2, show_default=True)
def demo(*, out: Path, events: int, seed: int) -> None:
    """Show the whole path on generated events: five systems, their readers, the trail, a question."""
    console = _console()
    telemetry.configure(TelemetrySettings(log_level="error"), out=sys.stderr)
    try:
        with _progress(console) as bar:
            writing = bar.add_task("generate events of five systems", total=events)
            settings = build(
                out, events, seed, lambda number: bar.update(writing, completed=number)
            )
            _run(settings, events, bar)
        _show_example(console, example(settings, seed, events))
        _show_scope(console, settings)
        _show_places(console, settings, out)
    finally:
        telemetry.shutdown()


def _run(settings: Settings, events: int, bar: Progress) -> None:
    task = bar.add_task("detect, decide, render, record", total=events)
    done: dict[str, int] = {}

    def note(name: str, lines: int) -> None:
        done[name] = lines
        bar.update(task, completed=sum(done.values()))

    with Gateway(settings) as gateway:
        run_files(settings, gateway.pipelines, progress=note)


def _show_example(console: Console, shown: Example) -> None:
    console.print()
    console.print(
        Text(f"One {shown.kind} event, and what each of three readers gets of it", "bold")
    )
    table = Table(show_lines=False, pad_edge=False)
    table.add_column("field", style="dim", no_wrap=True)
    table.add_column("as produced", ratio=3)
    for reader in SHOWN:
        table.add_column(reader, ratio=3)
    for path, value in shown.fields.items():
        cells = [_cell(view.get(path), value) for view in shown.views]
        table.add_row(path, Text(value), *cells)
    console.print(table)
    console.print("sales: sales_rep for crm · science: data_scientist for analytics ·"
                  " training: ml_training_svc for ai_training")  # fmt: skip


def _cell(seen: str | None, produced: str) -> Text:
    if seen is None:
        return Text("—", style="red")
    return Text(seen, style="" if seen == produced else "yellow")


def _show_scope(console: Console, settings: Settings) -> None:
    console.print()
    console.print(
        Text("A breach question: the sales app's account was stolen. What did it see?", "bold")
    )
    console.print(Text("sluicegate breach scope --principal sales-app", "dim"))
    with contextlib.closing(open_lake(settings.at(settings.lake.path))) as con:
        print_report(console, scope(con, Selectors(principals=("sales-app",))), "")


def _show_places(console: Console, settings: Settings, out: Path) -> None:
    transport = settings.transport
    places = {
        "settings": out / SETTINGS,
        "events": out / "events",
        "views": out / transport.out / "<input>.view.<subscription>",
        "quarantine": out / transport.out / QUARANTINE,
        "trail": out / settings.lake.path / HOT,
        "identity vault": out / settings.vault.path,
        "keys": out / "keys",
    }
    console.print()
    console.print(Text("Where everything lies", "bold"))
    for name, path in places.items():
        console.print(f"  {name:<15} {path}")
    console.print(f"\nGo on in {out}: sluicegate breach scope, sluicegate audit sql 'FROM segment'")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip


def _console() -> Console:
    plain = plain_console()
    if plain.is_terminal and plain.width >= _NARROW:
        return plain
    return plain_console(max(plain.width, _NARROW))
