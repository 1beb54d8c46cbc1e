"""The access rules that make views mean something: a reader reads its views, never the input."""

import shlex
from collections.abc import Iterator

from gateway.config import Settings, view_name, views_of
from gateway.kafka.lane import transactional_prefix

DEFAULT_PRINCIPAL = "sluicegate"


def acls(settings: Settings) -> list[str]:
    """Return the ``kafka-acls.sh`` commands, one line each.

    A principal reads its own views under group names that start with its name. Kafka denies what
    no rule allows; a principal that already holds a rule on an input must lose it by hand.
    """
    return [*_gateway(settings), *_readers(settings)]


def _gateway(settings: Settings) -> Iterator[str]:
    transport = settings.transport
    principal = transport.sasl_username or DEFAULT_PRINCIPAL
    views = [view for source in settings.inputs for view in views_of(settings, source)]
    for source in settings.inputs:
        yield _allow(settings, principal, ["Read", "DescribeConfigs"], ["--topic", source.topic])
    for topic in [*views, transport.quarantine_topic]:
        yield _allow(settings, principal, ["Write", "DescribeConfigs"], ["--topic", topic])
    audit = ["Read", "Write", "DescribeConfigs"]
    yield _allow(settings, principal, audit, ["--topic", transport.audit_topic])
    prefixed = ["--resource-pattern-type", "prefixed"]
    yield _allow(settings, principal, ["Read"], ["--group", transport.group, *prefixed])
    lanes = ["--transactional-id", transactional_prefix(transport.group), *prefixed]
    yield _allow(settings, principal, ["Write", "Describe"], lanes)


def _readers(settings: Settings) -> Iterator[str]:
    for subscription in settings.subscriptions:
        for source in settings.inputs:
            if source.name in subscription.inputs:
                view = ["--topic", view_name(source.name, subscription.name)]
                yield _allow(settings, subscription.principal, ["Read"], view)
    for principal in sorted({subscription.principal for subscription in settings.subscriptions}):
        group = ["--group", principal, "--resource-pattern-type", "prefixed"]
        yield _allow(settings, principal, ["Read"], group)


def _allow(settings: Settings, principal: str, operations: list[str], resource: list[str]) -> str:
    words = ["kafka-acls.sh", "--bootstrap-server", settings.transport.bootstrap, "--add"]
    words += ["--allow-principal", f"User:{principal}"]
    for operation in operations:
        words += ["--operation", operation]
    return shlex.join([*words, *resource])
