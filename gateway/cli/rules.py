"""The commands about detection rules: list, show and prove them, try and explain one on a text."""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click
import msgspec

from detectors.explain import Answer, Stage, explain
from detectors.proof import COUNTS_FROM, look, prove
from detectors.rule import Rule, read, shipped
from detectors.scanner import Engine
from detectors.soundness import is_validated, problems
from gateway.cli.group import Group
from gateway.cli.output import add_row, emit, new_table, plain_console
from gateway.cli.settings import detection_option, read_settings
from gateway.errors import SettingsError

_COUNTING = {Stage.FOUND, Stage.LISTED}
_LISTS = ("references", "examples", "counterexamples")


class _Entity(click.ParamType):
    """The name of an entity that some rule finds."""

    name = "ENTITY"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Sequence[Rule]:
        rules = [rule for rule in shipped() if rule.entity == value.upper()]
        if not rules:
            near = get_close_matches(value.upper(), sorted({rule.entity for rule in shipped()}))
            hint = f"did you mean {' or '.join(near)}? " if near else ""
            self.fail(f"no rule finds {value}; {hint}`rules list` has them all", param, ctx)
        return rules


@click.group(cls=Group)
def rules() -> None:
    """List, show, try, explain and prove the detection rules."""


class Line(msgspec.Struct, frozen=True):
    """What the list says of a rule."""

    rule: str
    entity: str
    category: str
    check: str
    needs: str
    confidence: float
    supported: float
    validated: bool


@rules.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule instead of a table.")
def list_(*, as_json: bool) -> None:
    """List every rule: what it finds, and how sure a match is without and with support."""
    lines = [_line(rule) for rule in shipped()]
    if as_json:
        for line in lines:
            emit(line)
        return
    table = new_table("", "rule", "category", "check", "#alone", "#supported")
    for line in lines:
        alone = None if line.needs else f"{line.confidence:.2f}"
        add_row(table, line.rule, line.category, line.check, alone, f"{line.supported:.2f}")
    plain_console().print(table)


def _line(rule: Rule) -> Line:
    validated = is_validated(rule)
    return Line(
        rule.name,
        rule.entity,
        rule.category,
        rule.check,
        rule.needs,
        rule.confidence,
        rule.supported,
        validated,
    )


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
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(files: tuple[Path, ...]) -> None:
    """Prove every rule: each example is found, and no counterexample.

    That is tried in the engine that ships. FILES are proven instead of the rules that ship, where they are given.
    """
    try:
        chosen = [rule for file in files for rule in read(file.read_text("utf-8"), str(file))]
    except ValueError as error:
        raise SettingsError("detection rules", [str(error)]) from error
    engine = Engine(chosen if files else None)
    found = [*problems(engine.rules), *prove(engine)]
    if found:
        raise SettingsError("detection rules", found)
    entities = {rule.entity for rule in engine.rules}
    validated = {rule.entity for rule in engine.rules if is_validated(rule)}
    proofs = sum(len(rule.examples) + len(rule.counterexamples) for rule in engine.rules)
    click.echo(
        f"{len(engine.rules):,} rules for {len(entities):,} entities, {len(validated):,} with a "
        f"validator, hold in {proofs:,} proofs"
    )


_text = click.argument("text")
_field = click.option("--field", default="text", show_default=True, help="Where the text stands.")


@rules.command("test")
@click.argument("found_by", metavar="ENTITY", type=_Entity())
@_text
@_field
@detection_option
def test(found_by: Sequence[Rule], text: str, *, field: str, settings_path: Path | None) -> None:
    """Say where ENTITY is found in TEXT, and how sure that is; - reads standard input.

    The exit code is 1 where nothing counts. Real data is better on standard input than on the
    command line, which the shell remembers. Of --settings the lists count; its models are asked by
    `sluicegate scan`.
    """
    entity = found_by[0].entity
    counting = False
    for one in look(_engine(settings_path), field, _read(text)):
        if one.entity == entity:
            counts = one.confidence >= COUNTS_FROM
            counting = counting or counts
            note = "" if counts else f", and counts from {COUNTS_FROM} on"
            click.echo(f"{entity} in {one.start}:{one.end}, confidence {one.confidence:.2f}{note}")
    if not counting:
        click.echo(f"{entity} is not found")
        sys.exit(1)


@rules.command("explain")
@click.argument("found_by", metavar="ENTITY", type=_Entity())
@_text
@_field
@detection_option
def explain_(
    found_by: Sequence[Rule], text: str, *, field: str, settings_path: Path | None
) -> None:
    """Say for each rule of ENTITY what became of TEXT: found, or where it was let go.

    A text is seen, delimited, measured, checked, scored, and told from what overlaps it. - reads
    standard input. The text itself is never printed. The exit code is 1 where nothing counts. Of
    --settings the lists count.
    """
    answers = explain(_engine(settings_path), found_by[0].entity, field, _read(text))
    for answer in answers:
        click.echo(_told(answer))
    if not any(answer.stage in _COUNTING for answer in answers):
        sys.exit(1)


def _engine(settings_path: Path | None) -> Engine:
    """Return the rules with the settings' lists; models are asked only where a contract is."""
    if settings_path is None:
        return Engine()
    return Engine(lists=read_settings(settings_path).detection)


def _told(answer: Answer) -> str:
    place = f" in {answer.start}:{answer.end}" if answer.end else ""
    other = f" to {answer.other}" if answer.other else ""
    sure = f", confidence {answer.confidence:.2f}" if answer.confidence else ""
    return f"{answer.rule}{place}: {answer.stage}{other}{sure}"


def _read(text: str) -> str:
    """Return the text to look into; - stands for what standard input says."""
    said = (
        click.get_binary_stream("stdin").read().rstrip(b"\n") if text == "-" else os.fsencode(text)
    )
    try:
        return said.decode()
    except UnicodeDecodeError:
        raise click.BadParameter("it is not UTF-8", param_hint="TEXT") from None
