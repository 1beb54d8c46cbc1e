"""The topics a gateway needs: which, how they must be set, and whether the broker has them so."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient

from gateway.config import Input, Settings, views_of
from gateway.errors import TopologyError
from gateway.kafka.cluster import Topic, administer, configs, create, existing, grow

CLEANUP, SIZE, RETENTION = "cleanup.policy", "max.message.bytes", "retention.ms"
ENVELOPE_BYTES = 1_048_588  # the broker's own default: room for one full builder
AUDIT_BYTES = 16 * 1_048_576
GROWTH = 2  # a view or a sealed payload is at most this much bigger than its event
FOREVER = "-1"
MAJORITY_OF = 3


class Planned(NamedTuple):
    """A topic that the settings need, and how many partitions the broker's one has; None: no topic."""

    topic: Topic
    found: int | None


class Applied(NamedTuple):
    """What was changed: topics that were created, and views that got partitions."""

    created: tuple[Topic, ...]
    extended: tuple[Topic, ...]


async def plan(settings: Settings) -> tuple[Planned, ...]:
    """Return every topic that the settings need beside the inputs, views with their input's count.

    Raises TopologyError for an unreachable broker or a missing input.
    """
    async with administer(settings) as client:
        return await _plan(settings, client, await existing(client))


async def apply(settings: Settings, inputs: int | None = None) -> Applied:
    """Create the topics that are missing, give views the partitions that their input got.

    Nothing else is changed of what exists. With ``inputs`` missing inputs are created too, with so
    many partitions: to try things out, since whose topics they are should say how they are kept.
    Raises TopologyError as ``plan`` does, and for what the broker refuses.
    """
    async with administer(settings) as client:
        counts = await existing(client)
        made = tuple(_inputs(settings, counts, inputs)) if inputs else ()
        await create(client, made, settings.transport.replication)
        counts |= {topic.name: topic.partitions for topic in made}
        planned = await _plan(settings, client, counts)
        missing = tuple(each.topic for each in planned if each.found is None)
        await create(client, missing, settings.transport.replication)
        short = tuple(
            topic
            for topic, found in planned
            if found is not None and found < topic.partitions and _is_view(settings, topic)
        )
        await grow(client, short)
    return Applied(made + missing, short)


async def _plan(
    settings: Settings, client: AIOKafkaAdminClient, counts: Mapping[str, int]
) -> tuple[Planned, ...]:
    problems = list(_missing_inputs(settings, counts))
    if problems:
        raise TopologyError("topics", problems)
    inputs = await configs(client, _present(settings, counts), [RETENTION])
    needed = _needed(settings, counts, inputs)
    return tuple(Planned(topic, counts.get(topic.name)) for topic in needed)


def _inputs(settings: Settings, counts: Mapping[str, int], partitions: int) -> Iterator[Topic]:
    for source in settings.inputs:
        if source.topic not in counts:
            cleanup = "compact" if source.compacted else "delete"
            yield Topic(source.topic, partitions, {CLEANUP: cleanup})


async def verify(settings: Settings) -> None:
    """Return if the broker has every topic as the settings need it.

    Raises TopologyError with every problem at once.
    """
    async with administer(settings) as client:
        counts = await existing(client)
        needed = _needed(settings, counts, {})
        names = [*_present(settings, counts), *(t.name for t in needed if t.name in counts)]
        found = await configs(client, names, [CLEANUP, SIZE])
    problems = [
        *_missing_inputs(settings, counts),
        *_shared_inputs(settings),
        *_misdeclared_inputs(settings, found),
        *(line for topic in needed for line in _differences(settings, topic, counts, found)),
    ]
    if problems:
        raise TopologyError("topics", problems)


def _needed(
    settings: Settings, counts: Mapping[str, int], inputs: Mapping[str, Mapping[str, str]]
) -> tuple[Topic, ...]:
    transport, limits = settings.transport, settings.limits
    common = {"min.insync.replicas": "2" if transport.replication >= MAJORITY_OF else "1"}
    common |= {"message.timestamp.after.max.ms": str(2**63 - 1)}  # the source's own times are kept
    views = [
        Topic(
            view,
            counts[source.topic],
            common | _view_configs(source, settings, inputs.get(source.topic, {})),
        )
        for source in settings.inputs
        if source.topic in counts
        for view in views_of(settings, source)
    ]
    sealed = str(ENVELOPE_BYTES + GROWTH * limits.quarantine_bytes)
    kept = {CLEANUP: "delete", RETENTION: FOREVER}
    own = [
        Topic(transport.audit_topic, transport.audit_partitions, {SIZE: str(AUDIT_BYTES)}),
        Topic(transport.quarantine_topic, transport.audit_partitions, {SIZE: sealed}),
    ]
    return (*views, *(Topic(t.name, t.partitions, {**common, **kept, **t.configs}) for t in own))


def _view_configs(
    source: Input, settings: Settings, inherited: Mapping[str, str]
) -> dict[str, str]:
    size = str(ENVELOPE_BYTES + GROWTH * settings.limits.event_bytes)
    cleanup = "compact" if source.compacted else "delete"
    return {CLEANUP: cleanup, SIZE: size, **inherited}


def _present(settings: Settings, counts: Mapping[str, int]) -> list[str]:
    return [source.topic for source in settings.inputs if source.topic in counts]


def _missing_inputs(settings: Settings, counts: Mapping[str, int]) -> Iterator[str]:
    for source in settings.inputs:
        if source.topic not in counts:
            yield (
                f"input {source.name}: topic {source.topic!r} does not exist or may not be seen;"
                " 'sluicegate topics apply --inputs N' creates it with N partitions"
            )


def _shared_inputs(settings: Settings) -> Iterator[str]:
    topics = [source.topic for source in settings.inputs]
    for topic in sorted({name for name in topics if topics.count(name) > 1}):
        yield f"topic {topic!r} belongs to more than one input; each needs its own"


def _misdeclared_inputs(
    settings: Settings, found: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for source in settings.inputs:
        compacted = "compact" in found.get(source.topic, {}).get(CLEANUP, "")
        if compacted and not source.compacted:
            yield f"input {source.name}: topic {source.topic!r} is compacted; say compacted = true"


def _is_view(settings: Settings, topic: Topic) -> bool:
    return topic.name not in {settings.transport.audit_topic, settings.transport.quarantine_topic}


def _differences(
    settings: Settings,
    topic: Topic,
    counts: Mapping[str, int],
    found: Mapping[str, Mapping[str, str]],
) -> Iterator[str]:
    if topic.name not in counts:
        yield f"topic {topic.name!r} does not exist; 'sluicegate topics apply' creates it"
        return
    if counts[topic.name] != topic.partitions:
        short = counts[topic.name] < topic.partitions and _is_view(settings, topic)
        yield (
            f"topic {topic.name!r} has {counts[topic.name]} partitions"
            f" where {topic.partitions} are needed"
            + ("; 'sluicegate topics apply' adds them" if short else "")
        )
    has = found.get(topic.name, {})
    compacted = "compact" in topic.configs[CLEANUP]
    if CLEANUP in has and ("compact" in has[CLEANUP]) != compacted:
        yield f"topic {topic.name!r} has {CLEANUP} {has[CLEANUP]}, not {topic.configs[CLEANUP]}"
    if int(has.get(SIZE, topic.configs[SIZE])) < int(topic.configs[SIZE]):
        yield f"topic {topic.name!r} has {SIZE} {has[SIZE]}, less than {topic.configs[SIZE]}"
