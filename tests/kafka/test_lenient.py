"""A record whose header's name is no UTF-8 is read like any other, and is read once."""

import gzip
import struct
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.util import calc_crc32c

from gateway.config import Settings
from tests.kafka.broker import Broker
from tests.kafka.house import (
    committed_records,
    make_input,
    positions_reach,
    settings_at,
    view_topic,
)
from tests.kafka.running import working

pytestmark = pytest.mark.kafka

# Places in a record batch of format 2: what its checksum covers, and its records.
LENGTH, CHECKSUM, ATTRIBUTES, RECORDS = 8, 17, 21, 61


def misnamed(builder: BatchBuilder, *, compressed: bool) -> None:
    """Build a batch; the header named ``hXX`` gets a name that is no UTF-8."""
    batch = builder._build().replace(b"hXX", b"h\xff\xfe")
    head, records = bytearray(batch[:RECORDS]), bytes(batch[RECORDS:])
    if compressed:
        records = gzip.compress(records)
        struct.pack_into(">h", head, ATTRIBUTES, 1)
    struct.pack_into(">i", head, LENGTH, len(head) + len(records) - LENGTH - 4)
    struct.pack_into(">I", head, CHECKSUM, calc_crc32c(bytes(head[ATTRIBUTES:]) + records))
    builder._buffer = bytes(head) + records


async def produce_misnamed(settings: Settings, *, compressed: bool) -> None:
    """Write a batch of three records, the second of them with such a header."""
    async with AIOKafkaProducer(bootstrap_servers=settings.transport.bootstrap) as producer:
        builder = producer.create_batch()
        for value, headers in ((b"1", []), (b"2", [("a", b"1"), ("hXX", b"2")]), (b"3", [])):
            builder.append(timestamp=None, key=b"k", value=value, headers=headers)
        misnamed(builder, compressed=compressed)
        sent = await producer.send_batch(builder, settings.inputs[0].topic, partition=0)
        await sent


@pytest.mark.parametrize("compressed", [False, True])
async def test_a_header_name_that_is_no_text_goes_on_as_kafkas_own_clients_read_it(
    broker: Broker, tmp_path: Path, *, compressed: bool
):
    settings = settings_at(broker.bootstrap, tmp_path, batch_records=2)
    await make_input(settings, 1)
    for _ in range(2):
        await produce_misnamed(settings, compressed=compressed)
    async with working(settings):
        await positions_reach(settings, 6)
    found = await committed_records(settings, view_topic(settings))
    named = (b"2", (("a", b"1"), ("h\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}", b"2")))
    assert [(r.value, r.headers) for r in found] == [(b"1", ()), named, (b"3", ())] * 2
