"""Keep worker processes alive: start them, replace one that died, end them all together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from itertools import groupby
from types import FrameType

import msgspec

from gateway import telemetry

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
STEADY_SECONDS = 60.0  # a worker that lived so long starts anew without a pause
# Errors that a new process would only meet again: see gateway/errors.py.
FINAL_CODES = frozenset({2, 3, 4, 5, 6})
PR_SET_PDEATHSIG = 1


class _Child(msgspec.Struct):
    """One command and the process that runs it now; None while it waits to be started again."""

    number: int
    stage: int
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE


def supervise(stages: Sequence[Sequence[list[str]]], drain_seconds: float) -> int:
    """Run all commands until SIGTERM or SIGINT, which ends them; return 0 then.

    They start together and end stage by stage, each within the budget, so that who reads what
    others write ends after them.

    A process that dies is replaced, after a pause that grows. One that ends with a code that says
    'an operator must act' ends the others too, and its code is returned. The processes die with
    this one, however it dies. Must be called in the main thread.
    """
    staged = [(stage, command) for stage, some in enumerate(stages) for command in some]
    children = [_Child(number, *one) for number, one in enumerate(staged)]
    wake = threading.Event()

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        wake.set()

    before = {each: signal.signal(each, on_signal) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        return _watch(children, wake)
    finally:
        _end(children, drain_seconds)
        for each, handler in before.items():
            signal.signal(each, handler)


def _watch(children: list[_Child], wake: threading.Event) -> int:
    while not wake.is_set():
        now = time.monotonic()
        for child in children:
            if child.process is None and child.due <= now:
                _start(child)
            elif child.process is not None and (code := child.process.poll()) is not None:
                if code in FINAL_CODES:
                    telemetry.worker_gave_up(child.number, code)
                    return code
                _note_death(child, code)
        wake.wait(0.05)
    return 0


def _start(child: _Child) -> None:
    child.started = time.monotonic()
    child.process = subprocess.Popen(  # noqa: S603 - the caller's own commands
        child.command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509
    )
    telemetry.worker_started(child.number)


def _note_death(child: _Child, code: int) -> None:
    telemetry.worker_died(child.number, code)
    now = time.monotonic()
    if now - child.started > STEADY_SECONDS:
        child.pause = FIRST_PAUSE
    child.process = None
    child.due = now + child.pause
    child.pause = min(2 * child.pause, LONGEST_PAUSE)


def _end(children: Sequence[_Child], drain_seconds: float) -> None:
    for _, some in groupby(children, key=lambda child: child.stage):
        running = [(child.number, child.process) for child in some if child.process is not None]
        for _, process in running:
            process.terminate()
        deadline = time.monotonic() + drain_seconds
        for number, process in running:
            _wait(process, deadline)
            telemetry.worker_stopped(number)


def _wait(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()  # an open transaction is aborted by the lane's next owner
        process.wait()


def _die_with(parent: int) -> Callable[[], None] | None:
    """Return what a child does before its command, so that it never outlives its parent."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), signal.SIGKILL)

    return arrange
