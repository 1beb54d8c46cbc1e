"""The other engines, each in a process of its own, in an environment of their own: ``make rivals``.

This side starts them and reads what they answer; it needs the standard library only, because the
other side (``bench.rivals.child``) imports it where the project is not installed.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rivals" / "bin" / "python"
MISSING = "rivals are not installed: make rivals"


class Rival(NamedTuple):
    """One other engine: its module, which way of it, and on how many events it is measured."""

    name: str
    module: str
    way: str
    events: int


PRESIDIO = Rival("Presidio, pattern recognizers", "presidio", "patterns", 1000)
PRESIDIO_CONTEXT = Rival("Presidio, with context words", "presidio", "context", 1000)
RIVALS = (
    Rival("Python re, 10 patterns", "patterns", "re", 10_000),
    Rival("google-re2, 10 patterns", "patterns", "re2", 10_000),
    Rival("DataFog, Python", "datafog", "python", 4000),
    Rival("DataFog, Rust", "datafog", "rust", 10_000),
    Rival("datafog-core alone", "datafog", "core", 10_000),
    Rival("scrubadub", "scrubadub", "", 2000),
    PRESIDIO,
)


def installed() -> bool:
    """Say whether the rivals' environment is there."""
    return PYTHON.exists()


def timed(rival: Rival, feed: str, lines: Sequence[bytes]) -> dict[str, float]:
    """Return what a rival needs for events as a ``whole`` line each, or for their ``leaves``."""
    [line] = _answers(rival, feed, lines[: rival.events])
    found: dict[str, float] = json.loads(line)
    return found


def findings(
    rival: Rival, leaves: Sequence[tuple[str, str]]
) -> list[list[tuple[int, int, str, float]]]:
    """Return the (start, end, entity, score) that a rival finds in each (field, text)."""
    lines = [json.dumps({"key": key, "text": text}).encode() for key, text in leaves]
    return [[tuple(one) for one in json.loads(line)] for line in _answers(rival, "find", lines)]


def _answers(rival: Rival, asked: str, lines: Sequence[bytes]) -> list[Any]:
    python = str(PYTHON) if installed() else sys.executable
    command = [python, "-m", f"bench.rivals.{rival.module}", rival.way, asked]
    fed = b"\n".join([*lines, b""])
    done = subprocess.run(command, cwd=ROOT, input=fed, capture_output=True, check=True)  # noqa: S603
    return done.stdout.splitlines()
