"""One broker for the whole session."""

from collections.abc import Iterator

import pytest

from tests.kafka.broker import Broker, choose


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """Return a broker that answers; tests that kill it start it again."""
    chosen = choose()
    try:
        chosen.start()
        yield chosen
    finally:
        chosen.close()
