"""The whole gateway on the broker: poison, keys and headers, tombstones, and when it won't start."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord
from click.testing import CliRunner
from msgspec.structs import replace

from gateway.app import Gateway
from gateway.cli import main
from gateway.config import Settings, view_name
from gateway.kafka.quarantine import held
from gateway.kafka.worker import run_worker
from gateway.quarantine import read_held
from gateway.trail import HOT
from tests.gateway.house import House, contact
from tests.kafka.broker import Broker
from tests.kafka.house import committed_records, make_input, positions_reach, produce, settings_at
from tests.kafka.running import landing
from tests.kafka.test_release import written

pytestmark = pytest.mark.kafka

DEEP = 10_000
POISON = {
    b'{"type": "crm.contact", "conta': "not_json",
    b'{"note": "%s"}' % (b"x" * 5_000_000): "too_large",
    b'{"a":' + b"[" * DEEP + b"]" * DEEP + b"}": "too_deep",
    b'{"note": "\xff\xfe"}': "invalid_utf8",
    b'{"type": 7}': "wrong_type",
    b'"crm.contact"': "not_an_object",
}
READERS = {"sales": {"email": "pseudonymise"}, "science": {"*": "drop"}}


def settings_of(broker: Broker, folder: Path, **changes: object) -> Settings:
    """Return settings for the broker with the policy and the key of a house over files."""
    house = House(folder / "house", READERS).settings
    settings = settings_at(broker.bootstrap, folder, **changes)
    name = settings.inputs[0].name
    readers = tuple(replace(each, inputs=(name,)) for each in house.subscriptions)
    return replace(settings, subscriptions=readers, policies=house.policies, keys=house.keys)


@contextlib.asynccontextmanager
async def gateway(settings: Settings) -> AsyncIterator[None]:
    """Run the gateway and its lander for the length of a block."""
    stop = asyncio.Event()
    with Gateway(settings) as opened:
        rejects = {name: each.reject for name, each in opened.pipelines.items()}
        async with landing(settings), asyncio.TaskGroup() as group:
            group.create_task(run_worker(settings, opened.pipelines, rejects, stop=stop))
            yield
            stop.set()


async def view(settings: Settings, reader: str = "sales") -> list[ConsumerRecord]:
    return await committed_records(settings, view_name(settings.inputs[0].name, reader))


async def test_poison_is_held_with_its_reason_and_counted_and_stops_nobody(
    broker: Broker, tmp_path: Path
):
    settings = settings_of(broker, tmp_path)
    await make_input(settings, 1, {"max.message.bytes": "6000000"})
    await produce(settings, [orjson.dumps(contact(0))], 1, key=None)
    await produce(settings, POISON, 1, key=None)
    await produce_nothing(settings)
    await produce(settings, [orjson.dumps(contact(1))], 1, key=None)
    async with gateway(settings):
        await positions_reach(settings, 9)
    assert [json.loads(record.value)["id"] for record in await view(settings)] == ["e0", "e1"]
    found = [read_held(each.headers, each.value) async for each in held(settings)]
    reasons = {each.offset: each.reason for each in found}
    assert reasons == dict(enumerate([*POISON.values(), "empty"], 1))
    assert {each.offset for each in found if not each.sealed} == {2}  # 5 MB are not kept
    files = (settings.at(settings.lake.path) / HOT).glob("*.parquet")
    columns = ["access_kind", "reason"]
    rows = [row for file in files for row in pq.read_table(file, columns=columns).to_pylist()]
    rejected = Counter(row["reason"] for row in rows if row["access_kind"] == "rejected")
    assert rejected == Counter(reasons.values())


async def produce_nothing(settings: Settings) -> None:
    """Write a record that has neither key nor value, which clients refuse and brokers take."""
    async with AIOKafkaProducer(bootstrap_servers=settings.transport.bootstrap) as producer:
        batch = producer.create_batch()
        batch._builder.append(0, None, key=None, value=None, headers=[])
        batch._relative_offset = 1
        sent = await producer.send_batch(batch, settings.inputs[0].topic, partition=0)
        await sent


async def test_keys_and_headers_are_treated_like_fields_and_equal_keys_stay_equal(
    broker: Broker, tmp_path: Path
):
    settings = settings_of(broker, tmp_path, input={"compacted": True})
    await make_input(settings, 1, {"cleanup.policy": "compact"})
    one, two = b"jane@example.org", b"joe@example.org"
    headers = [("reply-to", one), ("traceparent", b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01")]
    event = orjson.dumps(contact(0))
    for key, value in ((one, event), (two, event), (one, None)):
        await produce(settings, [value], 1, key=key, headers=headers)
    async with gateway(settings):
        await positions_reach(settings, 3)
    first, second, last = await view(settings)
    assert first.key == last.key != second.key
    assert (first.value is None, last.value) == (False, None)
    for record in (first, second, last, *await view(settings, "science")):
        shown = repr((record.key, record.value, record.headers)).encode()
        assert one not in shown
        assert two not in shown


@pytest.mark.parametrize("command", [["run", "--workers", "2"], ["check"]])
def test_a_gateway_whose_topics_are_missing_says_each_and_does_not_start(
    broker: Broker, tmp_path: Path, command: list[str]
):
    settings = settings_of(broker, tmp_path)
    path = tmp_path / "house" / "kafka.toml"
    path.write_text(written(settings), "utf-8")
    result = CliRunner().invoke(main, [*command, "--settings", str(path)])
    assert result.exit_code == 4
    assert f"topic '{settings.inputs[0].topic}' does not exist" in result.output
    assert f"topic '{settings.transport.audit_topic}' does not exist" in result.output


def test_a_gateway_whose_broker_nobody_can_reach_does_not_start(broker: Broker, tmp_path: Path):
    settings = settings_of(broker, tmp_path)
    path = tmp_path / "house" / "kafka.toml"
    text = written(settings).replace(settings.transport.bootstrap, "127.0.0.1:1")
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(main, ["run", "--settings", str(path)])
    assert result.exit_code == 4
    assert "127.0.0.1:1" in result.output
