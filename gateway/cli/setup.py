"""The first two commands of a new user: write a settings file, and prove that all is ready."""

import os
from collections.abc import Iterator, Mapping
from importlib import resources
from itertools import chain
from pathlib import Path

import click

from gateway.cli.output import counted
from gateway.cli.quiet import quiet
from gateway.cli.settings import settings_option
from gateway.config import Settings
from gateway.errors import SettingsError
from gateway.policy import Policy
from gateway.readiness import ensure_ready
from gateway.settings_file import examine_settings

NEXT_FILES = """\
wrote {path}; next:
  sluicegate keys new smiloai               # the tenant's key
  sluicegate corpus --tenant smiloai --out events.jsonl
  sluicegate check                          # is everything there?
  sluicegate run
"""
NEXT_KAFKA = """\
wrote {path}; next:
  sluicegate keys new smiloai               # the tenant's key
  sluicegate topics apply                   # prints the ACLs; --inputs 4 makes the input, too
  sluicegate check                          # is everything there?
  sluicegate run --workers 2
"""


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("sluicegate.toml"))
@click.option(
    "--transport",
    type=click.Choice(["files", "kafka"]),
    default="files",
    show_default=True,
    help="How events come and go.",
)
def init(path: Path, transport: str) -> None:
    """Write a commented settings file to PATH, sluicegate.toml by default.

    It works as it is. A file that is there already is never overwritten.
    """
    target = path / "sluicegate.toml" if path.is_dir() else path
    parts = resources.files("gateway.cli").joinpath("init")
    text = "".join(
        parts.joinpath(name).read_text("utf-8") for name in (f"{transport}.toml", "rest.toml")
    )
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        problem = "is there already; name another path, or remove it first"
        raise SettingsError(str(target), [problem]) from None
    said = NEXT_FILES if transport == "files" else NEXT_KAFKA
    click.echo(said.format(path=target), nl=False)


@click.command()
@settings_option
def check(settings_path: Path) -> None:
    """Check settings, policies, models, keys, inputs and topics; say every problem at once.

    Exits with 0 where `sluicegate run` could start now, 2 where settings, a policy, a model or an
    input file are wrong, 3 for a key, 4 for topics or the broker; the first of these that applies.
    """
    settings, problems = examine_settings(settings_path, os.environ)
    known = [SettingsError(str(settings_path), problems)] if problems else []
    with quiet():
        policies = ensure_ready(settings, known, models=True).policies
    inputs = counted(len(settings.inputs), "input")
    readers = counted(len(settings.subscriptions), "subscription")
    tenants = counted(len(settings.policies), "tenant")
    click.echo(f"{settings_path}: ready; {inputs}, {readers}, {tenants}")
    for note in _blind(settings, policies):
        click.echo(f"note: {note}")


def _blind(settings: Settings, policies: Mapping[str, Policy]) -> Iterator[str]:
    """Yield a line for each reader who is denied every event: no mistake, but seldom meant."""
    tenants = {each.name: each.tenants or (each.tenant,) for each in settings.inputs}
    for each in settings.subscriptions:
        for tenant in dict.fromkeys(chain.from_iterable(tenants[name] for name in each.inputs)):
            refusal = policies[tenant].cell(each.role, each.purpose).refusal
            if refusal is not None:
                yield (
                    f"[[subscription]] {each.name!r} is denied every event of {tenant}: "
                    f"{refusal.value}; `sluicegate policy show` has its roles and purposes"
                )
