"""What a worker carries from the input to the views, where it starts, and when it refuses."""

import asyncio
import io
import secrets
import signal
import socket
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from gateway import telemetry
from gateway.config import Settings
from gateway.errors import OffsetError, VaultError
from gateway.expand import read_stream
from gateway.kafka import lane, topics
from gateway.kafka.cluster import administer, configs
from gateway.stream import Batch, Outcome
from gateway.trail import HOT, segments
from tests.kafka.broker import Broker
from tests.kafka.copying import copying
from tests.kafka.house import (
    committed_positions,
    committed_records,
    make_input,
    make_topic,
    positions_reach,
    produce,
    set_position,
    settings_at,
    trim,
    view_topic,
    view_values,
    written_records,
)
from tests.kafka.process import Plan, spawned
from tests.kafka.running import landing, work, working

pytestmark = pytest.mark.kafka


async def test_a_view_has_the_partition_key_headers_and_time_of_its_input(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 3)
    headers = [("source", b"crm"), ("source", b"twice"), ("empty", b"")]
    carried: Any = {"key": b"k", "headers": headers, "timestamp_ms": 1_600_000_000_123}
    await produce(settings, [b"one"], partition=2, **carried)
    async with working(settings):
        await positions_reach(settings, 1)
    [record] = await committed_records(settings, view_topic(settings))
    assert (record.partition, record.key, record.value) == (2, b"k", b"one")
    assert (list(record.headers), record.timestamp) == (headers, 1_600_000_000_123)


async def test_records_of_a_partition_keep_their_order(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path, batch_records=7)
    await make_input(settings, 1)
    sent = [b"%d" % number for number in range(100)]
    await produce(settings, sent, 1)
    async with working(settings):
        await positions_reach(settings, 100)
    assert await view_values(settings) == sent


async def test_a_tombstone_stays_one_and_the_view_of_a_compacted_input_is_compacted(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path, input={"compacted": True})
    await make_input(settings, 1, {"cleanup.policy": "compact"})
    await produce(settings, [b"shown"], 1, key=b"k")
    await produce(settings, [None], 1, key=b"k")
    async with working(settings):
        await positions_reach(settings, 2)
    found = await committed_records(settings, view_topic(settings))
    assert [(record.key, record.value) for record in found] == [(b"k", b"shown"), (b"k", None)]
    async with administer(settings) as admin:
        of_view = await configs(admin, [view_topic(settings)], ["cleanup.policy"])
    assert of_view == {view_topic(settings): {"cleanup.policy": "compact"}}


async def test_offsets_that_compaction_removed_leave_no_hole_in_the_trail(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path, input={"compacted": True}, batch_records=3)
    at_once = {"cleanup.policy": "compact", "segment.bytes": "1048576", "segment.ms": "100"}
    await make_input(settings, 1, at_once | {"min.cleanable.dirty.ratio": "0.001"})
    async with asyncio.timeout(30):
        for number in range(1000):
            await produce(settings, [b"%d" % number], 1, key=b"k")
            if len(await written_records(settings, settings.inputs[0].topic)) <= number:
                break
            await asyncio.sleep(0.2)
    async with working(settings), landing(settings):
        await positions_reach(settings, number + 1)
    [consumed] = consumed_ranges(settings)
    assert (consumed[0], consumed[1]) == (0, number + 1)
    assert consumed[2] < number + 1
    shown = await view_values(settings)
    assert len(shown) == consumed[2]
    left = await written_records(settings, settings.inputs[0].topic)  # compacted again meanwhile
    assert [record.value for record in left] == shown[-len(left) :]


async def test_markers_and_aborted_records_of_the_input_are_stepped_over(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    topic, identity = settings.inputs[0].topic, secrets.token_hex(4)
    upstream = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id=identity)
    async with upstream:
        for value, abort in ((b"one", False), (b"never", True), (b"two", False)):
            await upstream.begin_transaction()
            await upstream.send_and_wait(topic, value, partition=0)
            await (upstream.abort_transaction() if abort else upstream.commit_transaction())
    async with working(settings), landing(settings):
        await positions_reach(settings, 6)
    assert await view_values(settings) == [b"one", b"two"]
    assert consumed_ranges(settings) == [(0, 6, 2)]


def consumed_ranges(settings: Settings) -> list[tuple[int, int, int]]:
    """Return first, next and count of each input partition over the whole lake."""
    ranges: dict[int, tuple[int, int, int]] = {}
    for _, footer in segments(settings.at(settings.lake.path) / HOT):
        for each in footer.consumed:
            first, end, count = ranges.get(each.partition, (each.first, each.first, 0))
            assert each.first == end
            ranges[each.partition] = (first, each.next, count + each.count)
    return list(ranges.values())


async def test_without_a_position_a_late_reader_starts_with_what_comes(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path, input={"start": "latest"})
    await make_input(settings)
    await produce(settings, [b"before"] * 10)
    async with working(settings):
        await positions_reach(settings, 10)
        await produce(settings, [b"after"] * 4)
        await positions_reach(settings, 14)
    assert await view_values(settings) == [b"after"] * 4


async def test_two_groups_do_not_touch_each_other(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    other = settings_at(broker.bootstrap, tmp_path, input={"topic": settings.inputs[0].topic})
    await make_input(settings)
    await topics.apply(other)
    await produce(settings, [b"one", b"two"])
    async with working(settings), working(other):
        await positions_reach(settings, 2)
        await positions_reach(other, 2)
    assert (
        sorted(await view_values(settings)) == sorted(await view_values(other)) == [b"one", b"two"]
    )


async def test_groups_and_topics_that_read_the_same_when_joined_do_not_fence_each_other(
    broker: Broker, tmp_path: Path
):
    mark = secrets.token_hex(4)
    one = settings_at(broker.bootstrap, tmp_path, group=mark, input={"topic": f"crm-in-{mark}"})
    other = settings_at(
        broker.bootstrap, tmp_path, group=f"{mark}-crm", input={"topic": f"in-{mark}"}
    )
    for settings in (one, other):
        await make_input(settings, 1)
    telemetry.configure(one.telemetry, out=(lines := io.StringIO()))
    async with working(one), working(other):
        for _ in range(3):
            for settings in (one, other):
                await produce(settings, [b"one"], 1)
            await asyncio.sleep(0.5)
        await positions_reach(one, 3)
        await positions_reach(other, 3)
    telemetry.shutdown()
    assert "lane_failed" not in lines.getvalue()


async def test_a_position_that_retention_removed_stops_the_worker(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 5, 1)
    async with working(settings):
        await positions_reach(settings, 5)
    await produce(settings, [b"two"] * 5, 1)
    await trim(settings, settings.inputs[0].topic, 0, 8)
    with pytest.raises(OffsetError, match=r"position 5 .* starts at 8: 3 offsets") as caught:
        await work(settings)
    assert caught.value.exit_code == 6
    assert await view_values(settings) == [b"one"] * 5


async def test_what_retention_removed_can_be_accepted_and_stays_a_range_of_the_trail(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 5, 1)
    async with working(settings):
        await positions_reach(settings, 5)
    await produce(settings, [b"two"] * 5, 1)
    await trim(settings, settings.inputs[0].topic, 0, 8)
    async with working(settings, accept_lost=True):
        await positions_reach(settings, 10)
    assert await view_values(settings) == [b"one"] * 5 + [b"two"] * 2
    audits = await committed_records(settings, settings.transport.audit_topic)
    ranges = [read_stream(record.value)[0] for record in audits]
    assert sum(each.count for each in ranges) == 7
    assert [each.first for each in ranges[1:]] == [each.next for each in ranges[:-1]]
    assert ranges[-1].next == 10


async def test_records_that_retention_removes_under_a_slow_worker_stop_it(
    broker: Broker, tmp_path: Path
):
    settings = settings_at(broker.bootstrap, tmp_path, batch_records=5)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 10, 1)
    process, begun, go_on = copying(settings, settings.inputs[0].name), Event(), Event()

    def slowly(batch: Batch) -> Outcome:
        begun.set()
        assert go_on.wait(20)
        return process(batch)

    working_slowly = asyncio.create_task(work(settings, slowly))
    assert await asyncio.to_thread(begun.wait, 20)
    await produce(settings, [b"two"] * 10, 1)
    await trim(settings, settings.inputs[0].topic, 0, 15)
    go_on.set()
    with pytest.raises(OffsetError, match=r"position 10 .* starts at 15: 5 offsets"):
        await working_slowly
    assert await view_values(settings) == [b"one"] * 10


async def test_an_error_that_may_pass_is_tried_again(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 5, 1)
    process, locked = copying(settings, settings.inputs[0].name), iter([True, True, True, True])

    def after_a_while(batch: Batch) -> Outcome:
        if next(locked, False):
            raise VaultError("locked")
        return process(batch)

    async with working(settings, after_a_while):
        await positions_reach(settings, 5)
    assert await view_values(settings) == [b"one"] * 5


async def test_a_position_beyond_the_end_of_the_log_stops_the_worker(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lane, "END_SECONDS", 1.5)
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 1)
    await produce(settings, [b"one"] * 5, 1)
    await set_position(settings, TopicPartition(settings.inputs[0].topic, 0), 7)
    with pytest.raises(OffsetError, match="position 7 is committed, but the log ends at 5"):
        await work(settings)


async def test_a_view_that_is_missing_is_waited_for(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path, transaction_timeout_seconds=1.0)
    await make_input(settings, 1)
    async with administer(settings) as admin:
        await admin.delete_topics([view_topic(settings)])
    await produce(settings, [b"one"], 1)
    async with working(settings):
        await positions_reach(settings, 0)
        await asyncio.sleep(1.5)
        assert sum((await committed_positions(settings)).values()) == 0
        await make_topic(settings, view_topic(settings), 1)
        await positions_reach(settings, 1)
    assert await view_values(settings) == [b"one"]


async def test_a_broker_that_nobody_can_reach_is_waited_for_until_the_stop(tmp_path: Path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nowhere = f"127.0.0.1:{probe.getsockname()[1]}"
    settings = settings_at(nowhere, tmp_path)
    async with asyncio.timeout(10), working(settings):
        await asyncio.sleep(1.5)


async def test_a_term_signal_drains_and_exits_with_zero(broker: Broker, tmp_path: Path):
    settings = settings_at(broker.bootstrap, tmp_path, batch_records=10)
    await make_input(settings)
    await produce(settings, [b"%d" % number for number in range(2000)])
    with spawned("worker", Plan(settings)) as worker:
        await positions_reach(settings, 100)
        worker.send(signal.SIGTERM)
        assert await worker.ended() == 0
    done = sum((await committed_positions(settings)).values())
    assert 100 <= done < 2000
    assert len(await view_values(settings)) == done
    assert len(await written_records(settings, view_topic(settings))) == done  # nothing was cut off
