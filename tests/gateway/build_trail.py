"""Builders of a trail: segments one after the other, each of as many rows as it consumed."""

from gateway.footer import Place
from gateway.trail import publish, read_tail
from tests.builders import Row, wire

CRM = Place("acme", "crm", "crm.events", 0)


def batch(first, next_position, **meta):
    """Return an audit batch that consumed a range, with a row for each of its offsets."""
    rows = [Row(offset=offset) for offset in range(first, next_position)]
    return wire(rows, first=first, next_position=next_position, **meta)


def chain(folder, *ends, lane="0"):
    """Publish segments that end at these offsets; return their paths."""
    paths = []
    for first, end in zip((0, *ends), ends, strict=False):
        paths.append(publish(folder, lane, first, end, [batch(first, end)]))
    return paths


def tail_of(folder):
    """Return the end of a trail that has one."""
    tail = read_tail(folder, "0")
    assert tail is not None
    return tail
