"""What the broker says of itself: its topics, their partitions and settings, in bounded time."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

import msgspec
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaConnectionError, KafkaError, TopicAlreadyExistsError, for_code

from gateway.config import Settings
from gateway.errors import TopologyError
from gateway.kafka.probe import unreachable
from gateway.kafka.security import client_arguments

ANSWER_SECONDS = 10.0
SHOWN_SECONDS = 0.1


class Topic(msgspec.Struct, frozen=True):
    """A topic as the settings need it, or as the broker has it."""

    name: str
    partitions: int
    configs: Mapping[str, str]


@asynccontextmanager
async def administer(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Open a connection for administration.

    Raises TopologyError where the broker does not answer in time or refuses us.
    """
    client = AIOKafkaAdminClient(
        **client_arguments(settings), request_timeout_ms=int(ANSWER_SECONDS * 1000)
    )
    address = settings.transport.bootstrap
    try:
        async with asyncio.timeout(2 * ANSWER_SECONDS):
            await client.start()
            yield client
    except (KafkaConnectionError, TimeoutError) as error:
        raise TopologyError("broker", await unreachable(settings)) from error
    except (KafkaError, OSError) as error:
        raise TopologyError("broker", [f"{address}: {error}"]) from error
    finally:
        await client.close()


async def existing(client: AIOKafkaAdminClient) -> dict[str, int]:
    """Return the partition count of every topic that we may see.

    All topics are asked for, since asking for one by name may create it.
    """
    return {
        topic["topic"]: len(topic["partitions"])
        for topic in await client.describe_topics()
        if not topic["error_code"]
    }


async def configs(
    client: AIOKafkaAdminClient, topics: Iterable[str], keys: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Return some settings of some topics; a topic whose settings we may not read is left out."""
    wanted = dict.fromkeys(keys, "")
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, wanted) for name in topics]
    if not resources:
        return {}
    found: dict[str, dict[str, str]] = {}
    for response in await client.describe_configs(resources):
        for code, _, _, name, entries in response.resources:
            if not code:
                found[name] = {entry[0]: entry[1] for entry in entries}
    return found


async def create(client: AIOKafkaAdminClient, topics: Iterable[Topic], replication: int) -> None:
    """Create topics and return when the broker shows them; one that exists by now is left as it is.

    Raises TopologyError with every topic that the broker refused.
    """
    wanted = [
        NewTopic(topic.name, topic.partitions, replication, topic_configs=dict(topic.configs))
        for topic in topics
    ]
    if not wanted:
        return
    response = await client.create_topics(wanted)
    problems = [
        f"{name}: {reason or for_code(code).description}"
        for name, code, reason in response.topic_errors
        if code not in (0, TopicAlreadyExistsError.errno)
    ]
    if problems:
        raise TopologyError("topics that could not be created", problems)
    await _shown(client, {topic.name: 1 for topic in wanted})


async def grow(client: AIOKafkaAdminClient, topics: Iterable[Topic]) -> None:
    """Give topics as many partitions as they should have, and return when the broker shows them.

    None may have more already.
    """
    wanted = {topic.name: topic.partitions for topic in topics}
    if wanted:
        new = {name: NewPartitions(count) for name, count in wanted.items()}
        await client.create_partitions(new)
        await _shown(client, wanted)


async def _shown(client: AIOKafkaAdminClient, wanted: Mapping[str, int]) -> None:
    while True:
        counts = await existing(client)
        if all(counts.get(name, 0) >= count for name, count in wanted.items()):
            return
        await asyncio.sleep(SHOWN_SECONDS)  # within administer's time
