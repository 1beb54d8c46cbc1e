"""Whether a consumer still fetches: aiokafka does not say when the tasks behind it have ended."""

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError


def raise_if_dead(consumer: AIOKafkaConsumer) -> None:
    """Raise KafkaError where a started consumer has lost a task: it would wait for ever, in silence.

    The group would go on to take it for a member, since its heartbeats have a task of their own.
    """
    fetching = consumer._fetcher.error_future  # noqa: SLF001 - nothing public tells
    refreshing = consumer._client._sync_task  # noqa: SLF001
    for task in (fetching, refreshing):
        if task.done():
            error = None if task.cancelled() else task.exception()
            raise KafkaError("a task of the consumer has ended") from error
