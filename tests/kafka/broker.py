"""One real Kafka broker for a session of tests: ``python -m tests.kafka.broker`` runs one by hand.

``SLUICEGATE_TEST_KAFKA=host:port`` names an existing one; else a container where an engine
answers; else Apache Kafka from its Maven artefacts with this machine's Java.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from typing import Protocol

from testcontainers.core.container import DockerContainer

from tests.kafka.java import SINGLE_NODE, VERSION, JavaBroker, free_ports
from tests.kafka.ready import wait_ready


class Broker(Protocol):
    """A broker. ``kill`` then ``start`` is a power cut: same address, same data."""

    bootstrap: str

    def start(self) -> None:
        """Return when the broker answers."""

    def kill(self) -> None:
        """End it at once."""

    def close(self) -> None:
        """End it and remove what it wrote."""


class GivenBroker:
    """A broker that runs already; it is neither killed nor removed."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap

    def start(self) -> None:
        """Wait until it answers."""
        wait_ready(self.bootstrap)

    def kill(self) -> None:
        """Refuse: it is not ours."""
        raise RuntimeError("SLUICEGATE_TEST_KAFKA names a broker that these tests must not kill")

    def close(self) -> None:
        """Leave it alone."""


class ContainerBroker:
    """A broker in a container, on a fixed port so that it survives a restart."""

    def __init__(self, port: int = 0) -> None:
        port = port or free_ports(1)[0]
        self.bootstrap = f"127.0.0.1:{port}"
        properties = SINGLE_NODE | {
            "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "controller.quorum.voters": "1@localhost:9093",
        }
        self._container = DockerContainer(f"apache/kafka:{VERSION}").with_bind_ports(9092, port)
        for key, value in properties.items():
            self._container.with_env(f"KAFKA_{key.upper().replace('.', '_')}", value)
        self._ran = False

    def start(self) -> None:
        """Start it, on the same data if it ran before."""
        if self._ran:
            self._container.get_wrapped_container().start()
        else:
            self._container.start()
        self._ran = True
        wait_ready(self.bootstrap)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._container.get_wrapped_container().kill()

    def close(self) -> None:
        """End it and remove the container."""
        self._container.stop()


def choose(port: int = 0, *, fast: bool = False) -> Broker:
    """Return the broker that this machine can offer; it is not started yet. ``fast``: for benches."""
    given = os.getenv("SLUICEGATE_TEST_KAFKA", "")
    if given:
        return GivenBroker(given)
    return ContainerBroker(port) if _engine_answers() else JavaBroker(port, fast=fast)


def _engine_answers() -> bool:
    command = shutil.which("docker")
    if command is None:
        return False
    # The library would leave a socket open where nobody answers.
    return not subprocess.run([command, "info"], capture_output=True, check=False).returncode  # noqa: S603


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main() -> None:
    """Run a broker in the foreground until Ctrl-C, on port 9092 unless that is taken."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _end)
    broker = choose(0 if _taken(9092) else 9092, fast="--fast" in sys.argv)
    try:
        broker.start()
        sys.stdout.write(f"bootstrap = {broker.bootstrap}\nCtrl-C stops the broker.\n")
        sys.stdout.flush()
        signal.pause()
    finally:
        broker.close()


def _end(_number: int, _frame: object) -> None:
    sys.exit()  # whatever goes on, the broker is removed first


if __name__ == "__main__":
    main()
