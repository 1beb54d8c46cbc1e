"""The command that shows the whole path on generated events, with nothing set up beforehand."""

import contextlib
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from gateway.app import Gateway
from gateway.breach import Selectors, scope
from gateway.cli.generated import events_option, seed_option
from gateway.cli.lake_tables import print_report
from gateway.cli.output import plain_console
from gateway.cli.quiet import quiet
from gateway.config import Settings
from gateway.demo import SETTINGS, SHOWN, Example, build, example
from gateway.files import QUARANTINE, run_files
from gateway.lake import open_lake
from gateway.trail import HOT

_COUNTS = "SELECT principal_uid, reason, count(*) FROM audit GROUP BY ALL ORDER BY 3 DESC LIMIT 9"
_WIDTH = 100  # columns, where it goes to a file


@click.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"),
    show_default=True, help="The folder that is made; an earlier demo's is made anew.",
)  # fmt: skip
@events_option(20_000, least=500)
@seed_option(2)
def demo(*, out: Path, events: int, seed: int) -> None:
    """Show the whole path on generated events: five systems, their readers, the trail, a question."""
    console = plain_console(_WIDTH)
    with quiet():
        with _progress(console) as bar:
            writing = bar.add_task("generate events of five systems", total=events)
            settings = build(
                out, events, seed, lambda number: bar.update(writing, completed=number)
            )
            _run(settings, events, bar)
        shown = example(settings, seed, events)
        _show_example(console, shown)
        _show_scope(console, settings)
        _show_places(console, settings, out)
        _show_next(console, out / SETTINGS, shown.fields.get("/contact/email", "-"))


def _run(settings: Settings, events: int, bar: Progress) -> None:
    task = bar.add_task("detect, decide, render, record", total=events)
    done: dict[str, int] = {}

    def note(name: str, lines: int) -> None:
        done[name] = lines
        bar.update(task, completed=sum(done.values()))

    with Gateway(settings) as gateway:
        run_files(settings, gateway.pipelines, progress=note)


def _show_example(console: Console, shown: Example) -> None:
    """Print what differs from reader to reader side by side, and name the rest."""
    rows = {
        path: [view.get(path) for view in shown.views]
        for path, value in shown.fields.items()
        if any(view.get(path) != value for view in shown.views)
    }
    console.print()
    what = (
        f"One {shown.kind} event, {shown.fields['/id']}, and what each of three readers gets of it"
    )
    console.print(Text(what, "bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("field", style="dim", no_wrap=True)
    table.add_column("as produced", ratio=1, overflow="fold")
    for reader in shown.readers:
        table.add_column(
            f"{reader.role},\n{reader.purpose}",
            ratio=1,
            # Of what is masked the end is what stays; the end of a token says nothing.
            overflow="fold" if reader.name == SHOWN[0] else "ellipsis",
        )
    for path, seen in rows.items():
        produced = shown.fields[path]
        table.add_row(path, Text(produced), *(_cell(value, produced) for value in seen))
    console.print(table)
    same = [path for path in shown.fields if path not in rows]
    console.print(f"The same for all three: {', '.join(same)}")


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
        console.print(f"  {name:<15} {path}", soft_wrap=True)


def _show_next(console: Console, settings: Path, person: str) -> None:
    questions = {
        "Who saw what of one person?": f"breach scope --settings {settings} --subject email:{person}",
        "Who may see what, and why?": f"policy show --settings {settings} --tenant smiloai",
        "Who got how much, and why?": f"audit sql --settings {settings} '{_COUNTS}'",
    }
    console.print()
    console.print(Text("Go on", "bold"))
    for question, command in questions.items():
        console.print(f"  {question}")
        console.print(f"    sluicegate {command}", soft_wrap=True)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip
