"""Decodes records to events, and says by which code a record is refused."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson

from gateway import exact
from gateway.config import Input, Limits
from gateway.stream import Record
from schemas.access import Reason
from schemas.event import Path, pointer

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ENVELOPE = ("type", "time", "tenant")  # top-level fields that decoding checks
_TOO_DEEP = "depth limit exceeded"  # orjson's own limit is 1024 levels


class Event(msgspec.Struct, gc=False):
    """One decoded record. ``body`` is None for a tombstone. Its repr hides the content."""

    record: Record
    body: Any
    kind: str
    time: int | None  # microseconds since 1970, UTC

    def __repr__(self) -> str:
        """Name the place, never the content."""
        return f"Event(offset={self.record.offset}, kind={self.kind!r})"


class Reject(msgspec.Struct, frozen=True, gc=False):
    """A record that cannot be processed, and why."""

    record: Record
    reason: Reason


class Decoder:
    """Decodes the records of one input. Knows its envelope, its tenants and the limits."""

    def __init__(self, source: Input, limits: Limits, kinds: Sequence[str]) -> None:
        self._most = limits.event_bytes
        self._kinds = frozenset(kinds)
        self._type = pointer(source.type_pointer)
        self._time = pointer(source.time_pointer)
        self._tenant = pointer(source.tenant_pointer) if source.tenant_pointer else None
        self._tenants = frozenset(source.tenants or (source.tenant,))
        self._flat = self._type == ("type",) and self._time == ("time",) and not self._tenant

    def checked(self) -> tuple[str, ...]:
        """Return the top-level fields whose content decoding has proven harmless."""
        checked = [path[0] for path in (self._type, self._time) if len(path) == 1]
        if self._tenant is not None and len(self._tenant) == 1:
            checked.append(self._tenant[0])
        return tuple(checked)

    def decode(self, record: Record) -> Event | Reason:  # noqa: PLR0911 - one for each reason
        """Return the event of a record, or the reason why there is none. Never raises for content.

        A known kind must have its envelope in the right types: ``type`` a string and ``time``,
        where present, an RFC 3339 instant. An unknown kind is scanned by content alone.
        """
        value = record.value
        if value is None:
            return Reason.EMPTY if record.key is None else Event(record, None, "tombstone", None)
        if len(value) > self._most:
            return Reason.TOO_LARGE
        try:
            body = orjson.loads(value)
        except orjson.JSONDecodeError as error:
            return _json_reason(value, error)
        if type(body) is not dict:
            return Reason.NOT_AN_OBJECT
        if self._flat and not record.headers:  # the usual envelope
            kind, time = body.get("type"), body.get("time")
            if type(kind) is str and kind in self._kinds:
                moment = instant(time)
                if moment is not None:
                    return Event(record, body, kind, moment)
        return self._event(record, body)

    def _event(self, record: Record, body: dict[str, Any]) -> Event | Reason:
        if self._flat:
            kind, time = body.get("type"), body.get("time")
        else:
            kind, time = at(body, self._type), at(body, self._time)
        if record.headers:
            kind, time = _cloud_event(record.headers, kind, time)
        if self._tenant is not None:
            named = at(body, self._tenant)
            if not isinstance(named, str) or named not in self._tenants:
                return Reason.UNKNOWN_TENANT
        if kind is not None and type(kind) is not str:
            return Reason.WRONG_TYPE
        if kind not in self._kinds:
            return Event(record, body, "unknown", instant(time))
        moment = instant(time)
        if moment is None and time is not None:
            return Reason.WRONG_TYPE
        return Event(record, body, kind, moment)


def _json_reason(value: bytes, error: orjson.JSONDecodeError) -> Reason:
    if error.msg.startswith(_TOO_DEEP):
        return Reason.TOO_DEEP
    try:
        value.decode()
    except UnicodeDecodeError:
        return Reason.INVALID_UTF8
    return Reason.NOT_JSON


def _cloud_event(
    headers: Sequence[tuple[str, bytes | None]], kind: object, time: object
) -> tuple[object, object]:
    for name, value in headers:
        if value is None:  # Kafka allows it
            continue
        if name == "ce_type" and kind is None:
            kind = value.decode(errors="replace")
        elif name == "ce_time" and time is None:
            time = value.decode(errors="replace")
    return kind, time


def at(body: Any, path: Path) -> Any:
    """Return what stands at a path of object keys; None where there is nothing."""
    for name in path:
        if type(body) is not dict:
            return None
        body = body.get(name)
    return body


_minutes: dict[str, int] = {}  # the start of a minute in microseconds; events come minute by minute
_SECONDS = {f"{second:02}": second * 1_000_000 for second in range(60)}
_FRACTIONS = {"Z": 0, **{f".{milli:03}Z": milli * 1000 for milli in range(1000)}}
_SHORTEST, _LONGEST = len("2026-11-05T12:00:00Z"), len("2026-11-05T12:00:00.123456789+03:00")
_NANOSECONDS = len("2026-11-05T12:00:00.123456789")
_MOST_MINUTES = 100_000


def instant(text: object) -> int | None:
    """Return an RFC 3339 instant as microseconds since 1970; None for anything else.

    A leap second is none: no clock here could tell it from the next.
    """
    if type(text) is not str or not _SHORTEST <= len(text) <= _LONGEST:
        return None
    start, second = _minutes.get(text[:17]), _SECONDS.get(text[17:19])
    fraction = _FRACTIONS.get(text[19:])
    if second is None or fraction is None:
        return _parsed(text)
    if start is not None:
        return start + second + fraction
    result = _parsed(text)
    if result is not None and text[16] == ":":
        if len(_minutes) >= _MOST_MINUTES:
            _minutes.clear()
        _minutes[text[:17]] = result - second - fraction
    return result


def _parsed(text: str) -> int | None:
    if text[_NANOSECONDS : _NANOSECONDS + 1].isdigit():  # nobody looks into what comes behind
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    result = (moment - _EPOCH) // _MICROSECOND
    return result if _FIRST <= result <= _LAST else None


_MICROSECOND = datetime.resolution
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND


def text_of(value: bytes | None) -> str | None:
    """Return bytes as text; None where there are none, or where they are not UTF-8."""
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def dump(body: Mapping[str, Any]) -> bytes:
    """Return the one encoding that views use: compact JSON, UTF-8, keys in their order."""
    return orjson.dumps(body, exact.write)
