"""A broker for a bench: the one that the tests use, in a process of its own and compiled fully."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAYS = b"bootstrap = "


@contextmanager
def running_broker() -> Iterator[str]:
    """Yield the address of a broker that lives as long as the block.

    ``SLUICEGATE_TEST_KAFKA=host:port`` names one that runs already. Raises RuntimeError where none
    can be started.
    """
    signal.signal(signal.SIGTERM, _end)
    command = [sys.executable, "-m", "tests.kafka.broker", "--fast"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:  # noqa: S603
        try:
            yield _address(process)
        finally:
            process.terminate()  # it removes the broker and its data before it ends


def _end(_number: int, _frame: object) -> None:
    sys.exit("ended by SIGTERM")  # through every block, so that no process stays behind


def _address(process: subprocess.Popen[bytes]) -> str:
    for line in process.stdout or ():
        if line.startswith(SAYS):
            return line.removeprefix(SAYS).decode().strip()
    raise RuntimeError("no broker could be started; what it said stands above")
