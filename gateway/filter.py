"""A filter: JSON lines on one file descriptor in, one reader's view on another out.

Lines are numbered on from where the filter's trail ends, so that every line of every run is a row
of its own. The trail lands before the view is written: a reader never saw what nobody recorded.
"""

import os
import select
import time
from collections.abc import Iterator

from gateway.config import FILTERED, Settings
from gateway.errors import FencedError
from gateway.files import Folders, batch_of
from gateway.stream import Outcome, Process
from gateway.trail import read_tail

CHUNK_BYTES = 1 << 20
PATIENCE_SECONDS = 0.2  # how long a line waits for others to share its batch


def run_filter(
    settings: Settings, name: str, subscription: str, process: Process, descriptors: tuple[int, int]
) -> int:
    """Filter until the input ends; return how many lines were read.

    ``descriptors`` are those of the input and the output. A batch of which the output was not
    written, since its reader went away, is in the trail all the same: it may have been seen.
    """
    source, target = descriptors
    folders = Folders(settings, name)
    lane = name + FILTERED
    count = 0
    for lines in _bundles(source, settings.transport.batch_lines):
        outcome = _land(folders, lane, lines, process)
        views = (out.value for out in outcome.views[subscription])
        _write(target, b"".join(value + b"\n" for value in views if value is not None))
        count += len(lines)
    return count


def _land(folders: Folders, lane: str, lines: list[bytes], process: Process) -> Outcome:
    while True:
        tail = read_tail(folders.trail, lane)
        batch = batch_of(lane, 0 if tail is None else tail.next_offset, lines)
        outcome = process(batch)
        try:
            folders.land(lane, batch, outcome)
        except FencedError:
            continue  # another filter of this input was faster: the lines get other numbers
        folders.hold(batch, outcome)
        return outcome


def _bundles(source: int, most: int) -> Iterator[list[bytes]]:
    """Yield the lines of a descriptor, many at once where many are there, few where few come."""
    rest, due = b"", 0.0
    waiting: list[bytes] = []
    while True:
        ready, _, _ = select.select(
            [source], [], [], max(0.0, due - time.monotonic()) if waiting else None
        )
        if ready:
            chunk = os.read(source, CHUNK_BYTES)
            if not chunk:
                break
            *lines, rest = (rest + chunk).split(b"\n")
            if lines and not waiting:
                due = time.monotonic() + PATIENCE_SECONDS
            waiting += lines
        if waiting and (not ready or len(waiting) >= most or time.monotonic() >= due):
            yield waiting
            waiting = []
    if rest:
        waiting.append(rest)
    if waiting:
        yield waiting


def _write(target: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(target, view) :]
