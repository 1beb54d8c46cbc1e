"""Producing a corpus to a Kafka topic, keyed by the person that an event is about."""

import asyncio
import time
from asyncio import Future
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from gateway.corpus.sample import Sample, encode
from gateway.errors import RunError, TopologyError

_BURST_SECONDS = 0.01
_IN_FLIGHT = 2000  # sends that may be open before their results are asked for


async def produce(
    samples: Iterable[Sample],
    bootstrap: str,
    topic: str,
    *,
    events_per_second: float = 0,
    settings: dict[str, Any] | None = None,
) -> int:
    """Produce every sample and return how many the broker has acknowledged on all replicas.

    ``events_per_second`` 0 is as fast as possible; ``settings`` go to the producer, for TLS and
    SASL. Raises TopologyError where the broker does not answer or the topic is not there, and
    RunError where the broker refused an event.
    """
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", linger_ms=5, **settings or {}
    )
    try:
        await producer.start()
        await producer.partitions_for(topic)
    except KafkaError as error:
        await producer.stop()
        problem = f"{bootstrap}, topic {topic!r}: {type(error).__name__}"
        raise TopologyError("the corpus cannot be produced", [problem]) from error
    try:
        return await _send_all(producer, topic, samples, events_per_second)
    except KafkaError as error:
        raise RunError(f"{topic!r} refused an event: {type(error).__name__}") from error
    finally:
        await producer.stop()


async def _send_all(
    producer: AIOKafkaProducer, topic: str, samples: Iterable[Sample], events_per_second: float
) -> int:
    began = time.monotonic()
    count = 0
    sent: list[Future[Any]] = []
    for sample in samples:
        if events_per_second:
            await _wait(count / events_per_second - (time.monotonic() - began))
        sent.append(await producer.send(topic, encode(sample), key=sample.key.encode()))
        count += 1
        if len(sent) >= _IN_FLIGHT:
            await asyncio.gather(*sent)
            sent.clear()
    await asyncio.gather(*sent)
    return count


async def _wait(seconds: float) -> None:
    if seconds > _BURST_SECONDS:
        await asyncio.sleep(seconds)
