"""The command ``sluicegate topics``: which topics the settings need, and making those that miss."""

import asyncio
from pathlib import Path
from typing import Any

import click

from gateway.cli.group import Group
from gateway.cli.output import PIPED, add_row, emit, new_table, plain_console
from gateway.cli.quiet import quiet
from gateway.cli.settings import read_kafka_settings, settings_option
from gateway.config import Settings
from gateway.kafka.acls import acls
from gateway.kafka.topics import Planned, apply, plan

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")


@click.group(cls=Group)
@click.pass_context
def topics(ctx: click.Context) -> None:
    """Plan or create the Kafka topics, and print the access rules that belong to them."""
    ctx.with_resource(quiet())


@topics.command("plan")
@settings_option
@json_option
def plan_topics(settings_path: Path, *, as_json: bool) -> None:
    """Show every topic that the settings need and whether it is there. Changes nothing."""
    settings = read_kafka_settings(settings_path)
    planned = asyncio.run(plan(settings))
    if as_json:
        emit({"topics": [_described(each) for each in planned], "acls": acls(settings)})
        return
    _print_table(planned)
    _print_acls(settings)


@topics.command("apply", epilog="Example: sluicegate topics apply --inputs 4")
@settings_option
@click.option(
    "--inputs",
    "partitions",
    type=click.IntRange(min=1),
    metavar="PARTITIONS",
    help="To try things out: create missing inputs too, with so many partitions.",
)
@json_option
def apply_topics(settings_path: Path, *, partitions: int | None, as_json: bool) -> None:
    """Create the topics that are missing, add the partitions that views lack, and say which.

    Nothing else is changed of what exists.
    """
    settings = read_kafka_settings(settings_path)
    created, extended = asyncio.run(apply(settings, partitions))
    if as_json:
        names = {"created": [each.name for each in created], "extended": [e.name for e in extended]}
        emit({**names, "acls": acls(settings)})
        return
    for topic in created:
        click.echo(f"created {topic.name} ({topic.partitions} partitions)")
    for topic in extended:
        click.echo(f"extended {topic.name} (to {topic.partitions} partitions)")
    if not (created or extended):
        click.echo("nothing to create: every topic is there; 'sluicegate check' looks closer")
    _print_acls(settings)


def _described(planned: Planned) -> dict[str, Any]:
    topic = planned.topic
    return {
        "name": topic.name,
        "partitions": topic.partitions,
        "configs": dict(topic.configs),
        "exists": planned.found is not None,
        "existing_partitions": planned.found,
    }


def _print_table(planned: tuple[Planned, ...]) -> None:
    table = new_table("", "Topic", "#Partitions", "Configs", "Exists")
    for topic, found in planned:
        exists = "no" if found is None else "yes"
        if found not in {None, topic.partitions}:
            exists = f"with {found} partitions"
        configs = "\n".join(f"{key}={value}" for key, value in topic.configs.items())
        add_row(table, topic.name, str(topic.partitions), configs, exists)
    plain_console(PIPED).print(table)


def _print_acls(settings: Settings) -> None:
    click.echo("\n# The access rules: a reader reads its views, never the input.")
    for line in acls(settings):
        click.echo(line)
