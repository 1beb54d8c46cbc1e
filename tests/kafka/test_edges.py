"""Where a lane begins without a position: at the input's start, once, and never where it has been."""

import contextlib
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from msgspec.structs import replace

from gateway.config import Settings
from gateway.errors import OffsetError
from gateway.kafka import topics
from gateway.lake import ask, open_lake
from gateway.stream import Process
from schemas.access import Reason
from tests.kafka.broker import Broker
from tests.kafka.copying import refusing
from tests.kafka.house import (
    add_partitions,
    committed_positions,
    gone,
    make_input,
    make_topic,
    positions_reach,
    produce,
    set_position,
    settings_at,
    view_values,
)
from tests.kafka.running import landing, work, working
from tests.kafka.trail import landed, until

pytestmark = pytest.mark.kafka


def refusing_all(settings: Settings) -> Process:
    """Return a process that shows nothing to anybody."""
    refuse = refusing(settings, settings.inputs[0].name)
    return lambda batch: refuse(batch, Reason.POISON)


async def test_a_group_without_positions_is_told_where_the_trail_ends_and_goes_on_there(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 5, 1)
    async with working(settings), landing(settings):
        await until(lambda: len(landed(settings)) == 5 * len(settings.subscriptions))
    await produce(settings, [b"two"] * 2, 1)
    other = replace(settings.transport, group=f"{settings.transport.group}-other")
    with pytest.raises(OffsetError, match=r"no position is committed, but .*\.view\.") as caught:
        await work(replace(settings, transport=other))
    assert caught.value.exit_code == 6
    assert await view_values(settings) == [b"one"] * 5
    query = str(caught.value).split("'")[-2]
    with contextlib.closing(open_lake(settings.at(settings.lake.path))) as lake:
        _, [(topic, partition, end)] = ask(lake, query)
    settings = replace(settings, transport=other)
    await set_position(settings, TopicPartition(topic, partition), end)
    async with working(settings):
        await positions_reach(settings, 7)
    assert await view_values(settings) == [b"one"] * 5 + [b"two"] * 2


@pytest.mark.parametrize("where", ["landed", "in the audit topic"])
async def test_a_lane_whose_views_are_empty_is_refused_by_what_the_trail_says(
    broker: Broker, tmp_path: Path, where: str
):
    settings = settings_at(broker.bootstrap, tmp_path, audit_partitions=1)
    await make_input(settings, 2)
    await produce(settings, [b"one"] * 5, partition=1)
    async with working(settings, refusing_all(settings)):
        await positions_reach(settings, 5)
    if where == "landed":
        async with landing(settings):
            await until(lambda: len(landed(settings)) == 5)
    assert await view_values(settings) == []
    other = replace(settings.transport, group=f"{settings.transport.group}-other")
    with pytest.raises(OffsetError, match=r"/1: .* the trail has what it held up to 5: beginning"):
        await work(replace(settings, transport=other))


async def test_a_topic_that_was_created_again_is_refused_and_goes_on_as_another_input(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 5, 1)
    async with working(settings), landing(settings):
        await positions_reach(settings, 5)
    await gone(settings, settings.inputs[0].topic)
    await make_topic(settings, settings.inputs[0].topic, 1)
    await produce(settings, [b"another"] * 8, 1)
    with pytest.raises(OffsetError, match="created again, or lost its end, is another input"):
        await work(settings)
    assert await view_values(settings) == [b"one"] * 5
    source = replace(settings.inputs[0], name=f"{settings.inputs[0].name}-again")
    readers = tuple(replace(each, inputs=(source.name,)) for each in settings.subscriptions)
    settings = replace(settings, inputs=(source,), subscriptions=readers)
    await topics.apply(settings)
    async with working(settings), landing(settings):
        await until(lambda: len(landed(settings)) == (5 + 8) * len(readers))
    assert await view_values(settings) == [b"another"] * 8


async def test_a_partition_that_is_added_later_waits_for_its_views_and_is_shown_whole(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path, input={"start": "latest"})
    await make_input(settings, 2)
    await produce(settings, [b"before"] * 4, 2)
    async with working(settings):
        await positions_reach(settings, 4)
    await add_partitions(settings, 3)
    await produce(settings, [b"after"] * 3, 3)
    async with working(settings):
        await positions_reach(settings, 6)
        assert await committed_positions(settings) == {0: 3, 1: 3}  # the views have two partitions
        await topics.apply(settings)
        await positions_reach(settings, 7)
    assert await committed_positions(settings) == {0: 3, 1: 3, 2: 1}
    assert await view_values(settings) == [b"after"] * 3
