"""What a rival does in its own process: find in texts, or tell how much CPU time finding takes.

Imports nothing of the project, which is not installed where rivals are. Asked ``find``, it answers
each line of input, ``{"key": ..., "text": ...}``, by a line of ``[start, end, entity, score]``.
Asked ``whole`` or ``leaves``, it takes events, one a line, and answers with one object: how many
events and bytes it looked into, in what CPU time, and how many findings there were.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Find = Callable[[str, str], Sequence[tuple[int, int, str, float]]]
WARM = 20  # events that are not counted


def serve(find: Find, asked: str) -> None:
    """Do what was asked with the lines of standard input."""
    lines = sys.stdin.read().splitlines()
    if asked == "find":
        for line in lines:
            one = json.loads(line)
            sys.stdout.write(json.dumps(find(one["text"], one["key"])) + "\n")
        return
    sys.stdout.write(json.dumps(_timed(find, lines, whole=asked == "whole")) + "\n")


def _timed(find: Find, lines: Sequence[str], *, whole: bool) -> dict[str, float]:
    counted = lines[WARM:]
    _count(find, lines[:WARM], whole=whole)
    began = time.process_time()
    found = _count(find, counted, whole=whole)
    used = time.process_time() - began
    size = sum(len(line.encode()) for line in counted)
    return {"events": len(counted), "bytes": size, "cpu_seconds": used, "found": found}


def _count(find: Find, lines: Sequence[str], *, whole: bool) -> int:
    if whole:
        return sum([len(find(line, "")) for line in lines])
    return sum([len(find(text, key)) for line in lines for key, text in leaves(json.loads(line))])


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the strings of an event, each with the name of its field."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from leaves(child, name)
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child, key)
