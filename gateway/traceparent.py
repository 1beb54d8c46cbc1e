"""The W3C ``traceparent`` header: read it, and send the trace on with a new parent."""

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from opentelemetry.trace import Link, SpanContext, TraceFlags

_SHAPE = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_NO_TRACE, _NO_SPAN = b"0" * 32, b"0" * 16
_SAMPLED = 1


class Parent(NamedTuple):
    """The span that an event came from. ``flags`` holds the sampled bit only."""

    trace_id: bytes
    span_id: bytes
    flags: int


def next_traceparent(header: bytes | None) -> bytes | None:
    """Return the header to send on: same trace, a new parent id, the sampled bit.

    None where the input has none or a malformed one; nothing of a malformed header goes on.
    """
    found = parse_traceparent(header)
    if found is None:
        return None
    return b"00-%b-%b-%02x" % (found.trace_id, os.urandom(8).hex().encode(), found.flags)


def parse_traceparent(header: bytes | None) -> Parent | None:
    """Return what the header says, or None where the specification calls it invalid."""
    match = _SHAPE.fullmatch(header) if header else None
    if match is None:
        return None
    version, trace_id, span_id, flags, rest = match.groups()
    if trace_id == _NO_TRACE or span_id == _NO_SPAN or version == b"ff":
        return None
    if version == b"00" and rest:  # only later versions may say more
        return None
    return Parent(trace_id, span_id, int(flags, 16) & _SAMPLED)


def links(headers: Iterable[bytes]) -> list[Link]:
    """Return links to the spans that well-formed headers name."""
    parents = [parent for header in headers if (parent := parse_traceparent(header))]
    return [Link(_context(parent)) for parent in parents]


def _context(parent: Parent) -> SpanContext:
    flags = TraceFlags(parent.flags)
    return SpanContext(
        int(parent.trace_id, 16), int(parent.span_id, 16), is_remote=True, trace_flags=flags
    )
