"""Keeps libraries quiet in commands that say themselves what is wrong, such as with a broker."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from gateway import telemetry
from gateway.config import TelemetrySettings


@contextmanager
def quiet() -> Iterator[None]:
    """Let nothing but errors of ours be logged, and nothing that a library says."""
    telemetry.configure(TelemetrySettings(log_level="error"), out=sys.stderr)
    telemetry.quiet_libraries()
    try:
        yield
    finally:
        telemetry.shutdown()
