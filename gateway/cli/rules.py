"""The commands about detection rules: list them, show one, prove them all, try one on a text."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from detectors.proof import COUNTS_FROM, look, prove
from detectors.rule import Rule, read, shipped
from detectors.scanner import Engine
from gateway.errors import SettingsError

_LISTS = ("references", "examples", "counterexamples")


class _Entity(click.ParamType):
    """The name of an entity that some rule finds."""

    name = "ENTITY"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Sequence[Rule]:
        rules = [rule for rule in shipped() if rule.entity == value.upper()]
        if not rules:
            known = ", ".join(sorted({rule.entity for rule in shipped()}))
            self.fail(f"no rule finds {value}; there are {known}", param, ctx)
        return rules


@click.group()
def rules() -> None:
    """List and prove the detection rules."""


@rules.command("list")
def list_() -> None:
    """List every rule: what it finds, and how sure a match is without and with support."""
    table = Table()
    for name in ("rule", "category", "check"):
        table.add_column(name)
    for name in ("alone", "supported"):
        table.add_column(name, justify="right")
    for rule in shipped():
        sure = f"{rule.confidence:.2f}", f"{rule.supported:.2f}"
        table.add_row(rule.name, rule.category, rule.check, *sure)
    Console(highlight=False).print(table)


@rules.command()
@click.argument("found_by", metavar="ENTITY", type=_Entity())
def show(found_by: Sequence[Rule]) -> None:
    """Show the rules that find ENTITY, with what supports them and their proofs."""
    for rule in found_by:
        click.echo(rule.name)
        for name, value in msgspec.structs.asdict(rule).items():
            if name in _LISTS:
                click.echo("\n    ".join([f"  {name}:", *value]))
            elif value not in ("", (), False):
                click.echo(f"  {name}: {_words(value)}")


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(
            "-".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value
        )
    return str(value)


@rules.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Prove every rule in the engine that ships: each example is found, no counterexample is.

    FILES are proven instead of the rules that ship, where they are given.
    """
    try:
        chosen = [rule for file in files for rule in read(file.read_text("utf-8"), str(file))]
    except ValueError as error:
        raise SettingsError("detection rules", [str(error)]) from error
    engine = Engine(chosen if files else None)
    problems = list(prove(engine))
    if problems:
        raise SettingsError("detection rules", problems)
    proofs = sum(len(rule.examples) + len(rule.counterexamples) for rule in engine.rules)
    click.echo(f"{len(engine.rules)} rules hold in {proofs} proofs")


@rules.command("test")
@click.argument("found_by", metavar="ENTITY", type=_Entity())
@click.argument("text")
@click.option("--field", default="text", show_default=True, help="Where the text stands.")
def test(found_by: Sequence[Rule], text: str, *, field: str) -> None:
    """Say where ENTITY is found in TEXT, and how sure that is; - reads standard input.

    The exit code is 1 where nothing counts. Real data is better on standard input than on the
    command line, which the shell remembers.
    """
    entity = found_by[0].entity
    if text == "-":
        text = click.get_text_stream("stdin").read().rstrip("\n")
    counting = False
    for one in look(Engine(), field, text):
        if one.entity == entity:
            counts = one.confidence >= COUNTS_FROM
            counting = counting or counts
            note = "" if counts else f", and counts from {COUNTS_FROM} on"
            click.echo(f"{entity} in {one.start}:{one.end}, confidence {one.confidence:.2f}{note}")
    if not counting:
        click.echo(f"{entity} is not found")
        sys.exit(1)
