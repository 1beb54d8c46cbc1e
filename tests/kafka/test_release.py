"""The quarantine command on the broker: what is held is listed, opened and put back, once."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, ConsumerRecord
from click.testing import CliRunner, Result

from gateway.cli import main
from gateway.config import Settings
from gateway.kafka.parcel import route
from gateway.quarantine import quarantined
from gateway.stream import Batch, Line
from gateway.tokens import Keyring, make_keys
from schemas.access import Reason
from tests.kafka.broker import Broker
from tests.kafka.house import committed_records, make_input, settings_at

pytestmark = pytest.mark.kafka

BAD = b'{"name": "Hilde Marker'  # cut off: not JSON
TIME = 1_793_880_000_000
LINES = [
    Line(3, BAD, b"k3", TIME, [("h", b"\xfe")]),
    Line(4, None, b"k4", TIME + 1000),
    Line(9, b"\xff", None, TIME + 2000),
]


class House:
    """Topics of its own, a settings file that names them, and three records in quarantine."""

    def __init__(self, bootstrap: str, folder: Path) -> None:
        self.settings = settings_at(bootstrap, folder)
        self.topic = self.settings.inputs[0].topic
        self.path = folder / "sluicegate.toml"
        self.path.write_text(written(self.settings), "utf-8")
        self.keyring = make_keys("acme", folder / "acme.key")
        asyncio.run(self._fill())

    async def _fill(self) -> None:
        await make_input(self.settings)
        await hold(self.settings, self.keyring, LINES)

    def call(self, *arguments: str) -> Result:
        command = ["quarantine", *arguments, "--settings", str(self.path)]
        return CliRunner().invoke(main, command)

    def listed(self) -> list[dict[str, Any]]:
        held: list[dict[str, Any]] = json.loads(self.call("list", "--json").output)["held"]
        return held

    def arrived(self, count: int) -> list[ConsumerRecord]:
        """Return what came to the input, once it is ``count``: a commit shows a little later."""
        return asyncio.run(asyncio.wait_for(self._arrived(count), 20))

    async def _arrived(self, count: int) -> list[ConsumerRecord]:
        while len(records := await committed_records(self.settings, self.topic)) < count:
            await asyncio.sleep(0.1)
        return records


def written(settings: Settings) -> str:
    """Return the settings as a file says them."""
    transport, source = settings.transport, settings.inputs[0]
    tables: dict[str, dict[str, object]] = {
        "[transport]": {
            "kind": "kafka",
            "bootstrap": transport.bootstrap,
            "group": transport.group,
            "audit_topic": transport.audit_topic,
            "quarantine_topic": transport.quarantine_topic,
            "audit_partitions": transport.audit_partitions,
            "transaction_timeout_seconds": transport.transaction_timeout_seconds,
        },
        "[[input]]": {"name": source.name, "tenant": source.tenant, "topic": source.topic},
        "[policy]": {"acme": "builtin:smiloai"},
        "[keys]": {"acme": "acme.key"},
    }
    lines: list[str] = []
    for table, values in tables.items():
        lines += [table, *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
    return "\n".join(lines)


async def hold(settings: Settings, keyring: Keyring, lines: list[Line]) -> None:
    """Write records to quarantine as a lane of partition 1 does."""
    source = settings.inputs[0]
    batch = Batch(source.name, source.topic, 1, 0, 10, lines)
    topic, share = route(settings.transport, source.name, source.topic, 1).quarantine
    async with AIOKafkaProducer(bootstrap_servers=settings.transport.bootstrap) as producer:
        for line in lines:
            out = quarantined(keyring, "acme", batch, line, Reason.NOT_JSON, 1_000_000)
            await producer.send_and_wait(
                topic, out.value, out.key, share, out.timestamp, headers=out.headers
            )


@pytest.fixture
def house(broker: Broker, tmp_path: Path) -> House:
    return House(broker.bootstrap, tmp_path)


def test_what_is_held_is_listed_and_opened(house: House):
    assert [(each["coordinate"], each["time"]) for each in house.listed()] == [
        (f"{house.topic}/1/3", "2026-11-05T12:00:00Z"),
        (f"{house.topic}/1/4", "2026-11-05T12:00:01Z"),
        (f"{house.topic}/1/9", "2026-11-05T12:00:02Z"),
    ]
    assert house.call("show", f"{house.topic}/1/3").stdout_bytes == BAD


def test_a_released_record_is_in_its_partition_again_as_it_was_and_no_longer_held(house: House):
    result = house.call("release", f"{house.topic}/1/3")
    assert (result.exit_code, result.output) == (0, f"{house.topic}/1: 1 put back\n")
    (record,) = house.arrived(1)
    assert (record.partition, record.key, record.value) == (1, b"k3", BAD)
    assert (record.timestamp, list(record.headers)) == (TIME, [("h", b"\xfe")])
    assert [each["offset"] for each in house.listed()] == [4, 9]


def test_nothing_is_released_twice(house: House):
    assert house.call("release", "--all").output == f"{house.topic}/1: 3 put back\n"
    assert house.call("release", "--all").output == "nothing to release\n"
    assert house.call("release", f"{house.topic}/1/3").exit_code == 1
    assert [record.value for record in house.arrived(3)] == [BAD, None, b"\xff"]


def test_a_file_to_write_to_belongs_to_files(house: House):
    result = house.call("release", "--all", "--out", "x.jsonl")
    assert result.exit_code == 2
    assert "[transport] kind is 'kafka': records go back, not --out" in result.stderr
    assert len(house.listed()) == 3


def test_a_broker_that_does_not_answer_is_said(house: House):
    text = house.path.read_text("utf-8").replace(house.settings.transport.bootstrap, "127.0.0.1:1")
    house.path.write_text(text, "utf-8")
    result = house.call("list")
    assert result.exit_code == 4
    assert "127.0.0.1:1: nothing answers there (Connection refused)" in result.stderr
