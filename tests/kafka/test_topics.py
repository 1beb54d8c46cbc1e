"""Topics: planned from the settings, created where missing, and every difference said at once."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from gateway.cli import main
from gateway.config import Settings, view_name
from gateway.errors import TopologyError
from gateway.kafka.cluster import administer, configs, existing
from gateway.kafka.topics import apply, plan, verify
from tests.kafka.broker import Broker
from tests.kafka.house import add_partitions, make_input, make_topic, settings_at

pytestmark = pytest.mark.kafka


async def problems(settings: Settings) -> list[str]:
    with pytest.raises(TopologyError) as caught:
        await verify(settings)
    assert caught.value.exit_code == 4
    return list(caught.value.problems)


async def test_what_is_missing_is_created_once_with_its_configs(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_topic(settings, settings.inputs[0].topic, 3, {"retention.ms": "3600000"})
    view = view_name(settings.inputs[0].name, "sales")
    created = {topic.name: topic for topic in (await apply(settings)).created}
    assert set(created) == {
        view,
        view_name(settings.inputs[0].name, "science"),
        settings.transport.audit_topic,
        settings.transport.quarantine_topic,
    }
    assert await apply(settings) == ((), ())
    await verify(settings)
    async with administer(settings) as admin:
        counts = await existing(admin)
        wanted = {view: ["retention.ms", "cleanup.policy", "max.message.bytes"]}
        found = await configs(admin, wanted, wanted[view])
    assert (counts[view], counts[settings.transport.audit_topic]) == (3, 2)
    assert found == {
        view: {
            "retention.ms": "3600000",  # the input's own
            "cleanup.policy": "delete",
            "max.message.bytes": "3048588",
        }
    }


async def test_a_plan_tells_what_is_there_and_changes_nothing(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_topic(settings, settings.inputs[0].topic, 2)
    await make_topic(settings, settings.transport.audit_topic, 5)
    found = {each.topic.name: (each.topic.partitions, each.found) for each in await plan(settings)}
    assert found == {
        view_name(settings.inputs[0].name, "sales"): (2, None),
        view_name(settings.inputs[0].name, "science"): (2, None),
        settings.transport.audit_topic: (2, 5),
        settings.transport.quarantine_topic: (2, None),
    }
    async with administer(settings) as admin:
        assert settings.transport.quarantine_topic not in await existing(admin)


async def test_every_difference_is_in_one_error(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    name = settings.inputs[0].name
    other = replace(settings.inputs[0], name="other", topic="nowhere")
    settings = replace(settings, inputs=(*settings.inputs, other))
    await make_topic(settings, settings.inputs[0].topic, 2, {"cleanup.policy": "compact"})
    small = {"max.message.bytes": "1000"}
    await make_topic(settings, view_name(name, "sales"), 3, small)
    await make_topic(settings, settings.transport.audit_topic, 2, {"cleanup.policy": "compact"})
    topic, audit = settings.inputs[0].topic, settings.transport.audit_topic
    quarantine, science = settings.transport.quarantine_topic, view_name(name, "science")
    missing = "does not exist or may not be seen; 'sluicegate topics apply --inputs N' creates it"
    found = await problems(settings)
    assert found == [
        f"input other: topic 'nowhere' {missing} with N partitions",
        f"input {name}: topic {topic!r} is compacted; say compacted = true",
        f"topic '{name}.view.sales' has 3 partitions where 2 are needed",
        f"topic '{name}.view.sales' has max.message.bytes 1000, less than 3048588",
        f"topic {science!r} does not exist; 'sluicegate topics apply' creates it",
        f"topic {audit!r} has cleanup.policy compact, not delete",
        f"topic {audit!r} has max.message.bytes 1048588, less than 16777216",
        f"topic {quarantine!r} does not exist; 'sluicegate topics apply' creates it",
    ]


async def test_views_get_the_partitions_that_were_added_to_their_input(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path, subscriptions=("sales",))
    await make_input(settings, 2)
    await add_partitions(settings, 3)
    view = view_name(settings.inputs[0].name, "sales")
    assert await problems(settings) == [
        f"topic {view!r} has 2 partitions where 3 are needed; 'sluicegate topics apply' adds them"
    ]
    created, extended = await apply(settings)
    assert (created, [(each.name, each.partitions) for each in extended]) == ((), [(view, 3)])
    await verify(settings)
    assert await apply(settings) == ((), ())


async def test_topics_of_the_gateway_itself_keep_their_partitions(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 2)
    more = replace(settings, transport=replace(settings.transport, audit_partitions=3))
    assert await apply(more) == ((), ())
    assert [problem.split(" ", 2)[2] for problem in await problems(more)] == [
        "has 2 partitions where 3 are needed"
    ] * 2


async def test_two_inputs_may_not_read_one_topic(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings)
    twin = replace(settings.inputs[0], name="twin")
    found = await problems(replace(settings, inputs=(*settings.inputs, twin)))
    topic = settings.inputs[0].topic
    assert found == [f"topic {topic!r} belongs to more than one input; each needs its own"]


async def test_a_plan_without_its_input_is_refused(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    with pytest.raises(TopologyError, match=r"topic 'in-.*' does not exist or may not be seen"):
        await plan(settings)


async def test_what_the_broker_refuses_to_create_is_said(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path, quarantine_topic="no/such/name")
    await make_topic(settings, settings.inputs[0].topic, 2)
    with pytest.raises(TopologyError, match="could not be created: 1 problem\n  - no/such/name: "):
        await apply(settings)


async def test_an_unreachable_broker_is_one_clear_problem(tmp_path: Path):
    settings = settings_at("127.0.0.1:1", tmp_path)
    [problem] = await problems(settings)
    assert problem.startswith("127.0.0.1:1")


# The command.


def written_settings(settings: Settings) -> Path:
    source, transport = settings.inputs[0], settings.transport
    path = settings.folder / "sluicegate.toml"
    path.write_text(
        f"""\
[transport]
kind = "kafka"
bootstrap = "{transport.bootstrap}"
group = "{transport.group}"
audit_topic = "{transport.audit_topic}"
quarantine_topic = "{transport.quarantine_topic}"
audit_partitions = 2

[[input]]
name = "{source.name}"
tenant = "smiloai"
topic = "{source.topic}"

[[subscription]]
name = "sales"
inputs = ["{source.name}"]
principal = "sales-app"
role = "sales_rep"
purpose = "crm"

[policy]
smiloai = "builtin:smiloai"

[keys]
smiloai = "smiloai.key"
""",
        "utf-8",
    )
    return path


def call(settings: Settings, *arguments: str) -> Result:
    runner = CliRunner(env={"COLUMNS": "200"})
    path = str(written_settings(settings))
    return runner.invoke(main, ["topics", *arguments, "--settings", path])


@pytest.fixture
async def settings(broker: Broker, tmp_path: Path) -> Settings:
    settings = settings_at(broker.bootstrap, tmp_path, subscriptions=("sales",))
    await make_topic(settings, settings.inputs[0].topic, 3)
    return settings


def test_the_command_plans_for_people(settings: Settings):
    result = call(settings, "plan")
    assert result.exit_code == 0, result.output
    name = settings.inputs[0].name
    lines = [line.split() for line in result.output.splitlines()]
    assert [f"{name}.view.sales", "3", "min.insync.replicas=1", "no"] in lines
    assert f"--allow-principal User:sales-app --operation Read --topic {name}.view.sales" in (
        result.output
    )


def test_the_command_plans_and_applies_for_programs(settings: Settings):
    planned = json.loads(call(settings, "plan", "--json").output)
    assert [(each["name"], each["exists"]) for each in planned["topics"]] == [
        (view_name(settings.inputs[0].name, "sales"), False),
        (settings.transport.audit_topic, False),
        (settings.transport.quarantine_topic, False),
    ]
    applied = json.loads(call(settings, "apply", "--json").output)
    assert applied["created"] == [each["name"] for each in planned["topics"]]
    assert applied["acls"] == planned["acls"]
    planned = json.loads(call(settings, "plan", "--json").output)
    assert [each["existing_partitions"] for each in planned["topics"]] == [3, 2, 2]


def test_the_command_says_what_it_created_and_that_nothing_is_left(settings: Settings):
    first, second = call(settings, "apply"), call(settings, "apply")
    assert f"created {settings.transport.audit_topic} (2 partitions)\n" in first.output
    assert second.output.startswith("nothing to create: every topic is there")


def test_the_command_makes_the_input_too_where_it_is_told(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path, subscriptions=("sales",))
    applied = json.loads(call(settings, "apply", "--inputs", "3", "--json").output)
    view = view_name(settings.inputs[0].name, "sales")
    assert applied["created"][:2] == [settings.inputs[0].topic, view]
    planned = json.loads(call(settings, "plan", "--json").output)
    assert [each["existing_partitions"] for each in planned["topics"]] == [3, 2, 2]


def test_the_command_says_what_is_wrong_with_its_exit_code(tmp_path: Path):
    result = call(settings_at("127.0.0.1:1", tmp_path), "plan")
    assert result.exit_code == 4
    assert "127.0.0.1:1" in result.output


def test_files_have_no_topics(tmp_path: Path):
    settings = settings_at("127.0.0.1:1", tmp_path)
    path = written_settings(settings)
    text = path.read_text("utf-8").replace('topic = "in', 'path = "in')
    path.write_text(text.replace('kind = "kafka"', 'kind = "files"'), "utf-8")
    result = CliRunner().invoke(main, ["topics", "plan", "--settings", str(path)])
    assert (result.exit_code, "only 'kafka' has topics" in result.output) == (2, True)
