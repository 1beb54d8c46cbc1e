"""One broker for the whole session."""

from collections.abc import Iterator

import pytest

from tests.kafka.broker import Broker, choose
from tests.kafka.java import JavaBroker

FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """Return a broker that answers; tests that kill it start it again."""
    chosen = choose()
    try:
        chosen.start()
        yield chosen
    finally:
        chosen.close()


@pytest.fixture(scope="session")
def java_broker(broker: Broker) -> Iterator[JavaBroker]:
    """Return a broker whose files and guarded door are at hand: the session's, or one more."""
    if isinstance(broker, JavaBroker):
        yield broker
        return
    own = JavaBroker()
    try:
        own.start()
        yield own
    finally:
        own.close()


@pytest.fixture
def figures(pytestconfig: pytest.Config) -> list[str]:
    """Return lines that are shown at the end of the session, whatever else is."""
    return pytestconfig.stash.setdefault(FIGURES, [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show the figures that tests left."""
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)
