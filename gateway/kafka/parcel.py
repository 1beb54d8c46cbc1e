"""Turn batches into whole Kafka batches, ready to send: one builder takes many records."""

import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple, Protocol

from aiokafka.producer.message_accumulator import BatchBuilder
from msgspec.structs import replace

from gateway.config import Transport, view_name
from gateway.errors import SluicegateError
from gateway.kafka.blame import ProcessingError
from gateway.stream import Batch, Out, Outcome, Process
from schemas.access import Reason

AUDIT_RECORD_BYTES = 8 * 1_048_576  # half of what the audit topic takes

Create = Callable[[], BatchBuilder]


class Reject(Protocol):
    """What becomes of a record that nothing else can be done with."""

    def __call__(self, batch: Batch, reason: Reason) -> Outcome:
        """Return an outcome that quarantines every record of the batch and shows none of them.

        With TOO_LARGE a quarantined record holds coordinates and a digest only.
        """
        ...


class Parcel(NamedTuple):
    """A batch of records and where it goes."""

    topic: str
    partition: int
    builder: BatchBuilder


class Load(NamedTuple):
    """One transaction: rounds of parcels, no partition twice in a round, and the next position."""

    rounds: tuple[tuple[Parcel, ...], ...]
    position: int
    records: int


class Route(NamedTuple):
    """Where the outcome of one lane goes, beside the views."""

    input: str
    partition: int
    audit: tuple[str, int]
    quarantine: tuple[str, int]
    audit_key: bytes


def route(transport: Transport, stream: str, topic: str, partition: int) -> Route:
    """Return a lane's route: its audit and quarantine partitions depend on its name alone."""
    key = f"{topic}/{partition}".encode()
    share = zlib.crc32(key) % transport.audit_partitions
    audit, quarantine = transport.audit_topic, transport.quarantine_topic
    return Route(stream, partition, (audit, share), (quarantine, share), key)


def processed(batch: Batch, process: Process, way: Route, create: Create) -> list[Load]:
    """Process a batch and pack what it became: one load, or more where the audit record is too big.

    Raises ProcessingError where the content of the batch is to blame, and lets the product's own
    errors pass.
    """
    try:
        return [load(part, outcome, way, create) for part, outcome in outcomes(batch, process)]
    except SluicegateError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a record does to us isolates that record
        raise ProcessingError(type(error).__name__) from None  # its text may quote the record


def rejected(
    batch: Batch, reason: Reason, reject: Reject, way: Route, create: Create
) -> list[Load]:
    """Reject a batch and pack that. Raises as ``processed`` does."""
    return processed(batch, lambda batch: reject(batch, reason), way, create)


def outcomes(batch: Batch, process: Process) -> Iterator[tuple[Batch, Outcome]]:
    """Process a batch; halve it while its audit record is bigger than the audit topic takes."""
    outcome = process(batch)
    if (
        sum(len(each.stream) for each in outcome.audits) <= AUDIT_RECORD_BYTES
        or len(batch.records) <= 1
    ):
        yield batch, outcome
        return
    middle = len(batch.records) // 2
    cut = batch.records[middle - 1].offset + 1
    yield from outcomes(replace(batch, next=cut, records=batch.records[:middle]), process)
    yield from outcomes(replace(batch, first=cut, records=batch.records[middle:]), process)


def load(batch: Batch, outcome: Outcome, way: Route, create: Create) -> Load:
    """Return an outcome as one transaction's load."""
    now = time.time_ns() // 1_000_000
    audits = [Out(0, now, way.audit_key, *each) for each in outcome.audits]
    columns = [
        *(
            parcels(view_name(way.input, name), way.partition, records, create)
            for name, records in outcome.views.items()
        ),
        parcels(*way.quarantine, outcome.quarantine, create),
        parcels(*way.audit, audits, create),
    ]
    rounds = (tuple(filter(None, row)) for row in zip_longest(*columns))
    return Load(tuple(rounds), batch.next, len(batch.records))


def parcels(topic: str, partition: int, records: Sequence[Out], create: Create) -> list[Parcel]:
    """Pack records for one partition, in their order."""
    if not records:
        return []
    builder = create()
    append, packed = builder.append, [Parcel(topic, partition, builder)]
    for _, timestamp, key, value, headers in records:
        if append(timestamp=timestamp, key=key, value=value, headers=headers) is None:
            builder = create()  # the last one is full; an empty one takes any single record
            append = builder.append
            append(timestamp=timestamp, key=key, value=value, headers=headers)
            packed.append(Parcel(topic, partition, builder))
    return packed
