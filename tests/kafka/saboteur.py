"""The command ``sluicegate`` with saboteurs among its workers: ``python -m tests.kafka.saboteur run``.

Everything runs as it always does, but a worker that is about to commit, with everything sent and
the transaction open, looks for an order beside the settings file and does to itself what it says.
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

from gateway.cli import main, run
from gateway.kafka.lane import Faults

POINT = "flushed"
_ORDER, _CLAIM = "order", "claimed"


def give_order(folder: Path, number: int, how: signal.Signals) -> Path:
    """Order the next worker in an open transaction to send itself a signal; return the order."""
    order = folder / f"{_ORDER}-{number}-{int(how)}"
    order.touch()
    return order


def claimed_by(order: Path) -> int | None:
    """Return the process id of the worker that did as ordered; None: nobody has yet."""
    found = list(order.parent.glob(f"{order.name.replace(_ORDER, _CLAIM, 1)}-*"))
    return int(found[0].name.rpartition("-")[2]) if found else None


def obedient(folder: Path) -> Faults:
    """Return the hook that obeys orders; each is obeyed by one worker."""

    def hook(point: str) -> None:
        if point != POINT:
            return
        for order in folder.glob(f"{_ORDER}-*"):
            claim = order.name.replace(_ORDER, _CLAIM, 1)
            try:
                order.rename(folder / f"{claim}-{os.getpid()}")
            except FileNotFoundError:
                continue  # another worker was faster
            os.kill(os.getpid(), int(order.name.rpartition("-")[2]))

    return hook


def _join(arguments: list[str]) -> None:
    """Let the supervisor start workers from this module, and these obey orders."""
    folder = Path(arguments[arguments.index("--settings") + 1]).parent
    run._HERE = (sys.executable, "-m", "tests.kafka.saboteur")
    run.work = partial(run.work, faults=obedient(folder))


if __name__ == "__main__":
    _join(sys.argv)
    main(prog_name="sluicegate")
