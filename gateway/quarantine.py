"""Quarantine: a record that cannot be processed is kept whole, sealed, and named without content.

Its key, value and headers are encrypted together and bound to where they came from. Above a limit
only a digest is kept.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from gateway.errors import SealError
from gateway.stream import Batch, Line, Out, Record
from gateway.tokens import Keyring
from schemas.access import Reason

# A bare SHA-256 of a short value is the value to whoever can guess it: below this size, digests are
# keyed. From this size on one would have to guess all of it at once, and whoever has the original
# can compare it with plain tools.
UNGUESSABLE = 65_536
_PREFIX = "sluicegate-"


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record in quarantine: where it came from and why it is held. Never its content."""

    input: str
    topic: str
    partition: int
    offset: int
    tenant: str
    reason: str
    size: int  # bytes of key, value and headers together
    key_id: str  # of the tenant's key that sealed it
    sha256: str = ""  # of the value, where the payload was too big to keep
    hmac_sha256: str = ""  # instead, where a bare digest could be guessed
    sealed: bool = False  # is the payload there

    @property
    def coordinate(self) -> str:
        """Where the record stood: ``topic/partition/offset``."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class _Payload(msgspec.Struct, frozen=True, array_like=True, gc=False):
    key: bytes | None
    value: bytes | None
    timestamp: int
    headers: Sequence[tuple[str, Any]]  # bytes; or None, which Kafka allows

    def __repr__(self) -> str:
        return "_Payload()"


def quarantined(
    keyring: Keyring, tenant: str, batch: Batch, record: Record, reason: Reason, limit: int
) -> Out:
    """Return the record to write to quarantine; above ``limit`` bytes without its payload."""
    size = len(record.key or b"") + len(record.value or b"")
    size += sum(len(name) + len(value or b"") for name, value in record.headers)
    held = Held(
        input=batch.input,
        topic=batch.topic,
        partition=batch.partition,
        offset=record.offset,
        tenant=tenant,
        reason=reason.value,
        size=size,
        key_id=keyring.id,
    )
    value = None
    if size <= limit:
        payload = _Payload(record.key, record.value, record.timestamp, record.headers)
        value = keyring.seal(msgspec.msgpack.encode(payload), _about(held))
    elif record.value is not None:
        if len(record.value) >= UNGUESSABLE:
            digest = hashlib.sha256(record.value).hexdigest()
            held = msgspec.structs.replace(held, sha256=digest)
        else:
            digest = keyring.digest(record.value).hex()
            held = msgspec.structs.replace(held, hmac_sha256=digest)
    key = held.coordinate.encode()
    return Out(record.offset, record.timestamp, key, value, _headers(held))


def read_held(headers: Sequence[tuple[str, bytes]], value: bytes | None) -> Held:
    """Return what the headers of a quarantined record say. Raises SealError where it is none."""
    found = {
        name.removeprefix(_PREFIX).replace("-", "_"): content.decode(errors="replace")
        for name, content in headers
        if name.startswith(_PREFIX)
    }
    known = {name: found[name] for name in _FIELDS if name in found}
    try:
        return msgspec.convert({**known, "sealed": value is not None}, Held, strict=False)
    except msgspec.ValidationError as error:
        raise SealError(f"not a quarantined record: {error}") from None


def restore(keyring: Keyring, held: Held, sealed: bytes | None) -> Line:
    """Return the original record. Raises SealError where it cannot be opened, or is not there."""
    if sealed is None:
        problem = f"only a digest was kept of its {held.size} bytes"
        raise SealError(f"{held.coordinate}: the payload is not in quarantine; {problem}")
    try:
        payload = msgspec.msgpack.decode(keyring.open(sealed, _about(held)), type=_Payload)
    except SealError as error:
        raise SealError(f"{held.coordinate}: {error}; it was sealed with {held.key_id}") from None
    return Line(held.offset, payload.value, payload.key, payload.timestamp, payload.headers)


def _about(held: Held) -> bytes:
    """Return what a payload is bound to: moved to another place it does not open."""
    return msgspec.json.encode(
        [held.tenant, held.input, held.topic, held.partition, held.offset, held.reason, held.size]
    )


_FIELDS = tuple(name for name in Held.__struct_fields__ if name != "sealed")


def _headers(held: Held) -> list[tuple[str, bytes]]:
    return [
        (_PREFIX + name.replace("_", "-"), str(content).encode())
        for name in _FIELDS
        if (content := getattr(held, name)) != ""
    ]
