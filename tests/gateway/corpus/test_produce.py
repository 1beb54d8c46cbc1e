import pytest

from gateway.corpus import generate
from gateway.corpus.produce import produce
from gateway.errors import TopologyError


async def test_a_broker_that_does_not_answer_is_said_before_anything_is_produced() -> None:
    with pytest.raises(TopologyError, match=r"127\.0\.0\.1:9, topic 'crm': KafkaConnectionError"):
        await produce(generate(1, 10), "127.0.0.1:9", "crm")
