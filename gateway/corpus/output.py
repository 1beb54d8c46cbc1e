"""Writing a corpus as JSON lines, and its labels beside it, at a chosen pace."""

import time
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import orjson

from gateway.corpus.sample import Sample, encode

_BURST_SECONDS = 0.01


def write(
    samples: Iterable[Sample],
    out: BinaryIO,
    labels: BinaryIO | None = None,
    *,
    events_per_second: float = 0,
) -> int:
    """Write one event a line, and one label a line to ``labels``; return the number of events.

    A label names its event by the number of the line, from 0. ``events_per_second`` 0 is as fast
    as possible; at any other pace, what is due is flushed, so that a reader sees it in time.
    """
    began = time.monotonic()
    count = 0
    for line, sample in enumerate(samples):
        if events_per_second:
            _wait(line / events_per_second - (time.monotonic() - began), out)
        out.write(encode(sample) + b"\n")
        if labels is not None:
            labels.writelines(label_lines(line, sample))
        count += 1
    return count


def _wait(seconds: float, out: BinaryIO) -> None:
    if seconds > _BURST_SECONDS:
        out.flush()
        time.sleep(seconds)


def label_lines(line: int, sample: Sample) -> Iterator[bytes]:
    """Return the labels of one event as JSON lines."""
    for label in sample.labels:
        row = {"line": line, "path": label.path, "start": label.start}
        row |= {"end": label.end, "entity": label.entity}
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
