import pytest

from tests.detectors.build import engine


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """Compile the rules before the first test, so that no test is timed with it."""
    engine()
