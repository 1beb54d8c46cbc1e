"""The topics a gateway needs: which, how they must be set, and whether the broker has them so."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

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


async def plan(settings: Settings) -> tuple[Planned, ...]:
    """Return every topic that the settings need beside the inputs, views with their input's count.

    Raises TopologyError for an unreachable broker or a missing input.
    """
    async with administer(settings) as client:
        counts = await existing(client)
        inputs = await configs(client, _present(settings, counts), [RETENTION])
    problems = list(_missing_inputs(settings, counts))
    if problems:
        raise TopologyError("topics", problems)
    needed = _needed(settings, counts, inputs)
    return tuple(Planned(topic, counts.get(topic.name)) for topic in needed)


async def apply(settings: Settings) -> tuple[Topic, ...]:
    """Create the topics that are missing and return them. What exists is not changed.

    Raises TopologyError as ``plan`` does, and for what the broker refuses.
    """
    missing = tuple(each.topic for each in await plan(settings) if each.found is None)
    async with administer(settings) as client:
        await create(client, missing, settings.transport.replication)
    return missing


async def extend(settings: Settings) -> tuple[Topic, ...]:
    """Give views the partitions that were added to their input, and return these views.

    Raises TopologyError as ``apply`` does.
    """
    short = tuple(
        topic
        for topic, found in await plan(settings)
        if found is not None and found < topic.partitions and _is_view(settings, topic)
    )
    async with administer(settings) as client:
        await grow(client, short)
    return short


async def apply_inputs(settings: Settings, partitions: int) -> tuple[Topic, ...]:
    """Create the inputs that are missing, with so many partitions, and return them.

    For trying things out: whose topics they are should say how they are kept.
    """
    async with administer(settings) as client:
        counts = await existing(client)
        missing = tuple(
            Topic(source.topic, partitions, {CLEANUP: "compact" if source.compacted else "delete"})
            for source in settings.inputs
            if source.topic not in counts
        )
        await create(client, missing, settings.transport.replication)
    return missing


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
