"""Reads from an API event who looked at what, without letting content into the audit trail."""

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from typing import Any

import numpy as np

from detectors.leaves import Leaves
from gateway.sight import Sighted
from gateway.tokens import Keyring
from schemas.audit import BY_KNOWN_VALUE, Access
from schemas.category import mask_of
from schemas.event import Observed

# What may stand in the trail as it is: a short code without an address or a long number in it,
# however the number is grouped.
_CODE = re.compile(r"(?!.*(?:[0-9][_:./-]?){7})[\w:./-]{1,64}", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?")
_NETWORKS = ((AF_INET, 3, 24), (AF_INET6, 6, 48))  # family, bytes that are kept, in bits
_WORDS = Observed.__struct_fields__
REMEMBERED = 16_384
# What names somebody in the event's fields may name the actor, too. The trail must say who read:
# nobody hides by writing their own user name into a request.
_NAMING = mask_of(["name", "username", "record_id", "company"])


class Observer:
    """Reads the accesses that events report of their own actors.

    What is not a plain code becomes a pseudonym: an actor named by an e-mail address is a person
    too. So does a code in which something was found, such as a secret. A client's address is cut to
    its network; a country is a code of its own form.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._session = lru_cache(REMEMBERED)(partial(_session, keyring))
        self._code = lru_cache(REMEMBERED)(partial(_code, keyring))
        self._accesses = lru_cache(REMEMBERED, typed=True)(self._access)

    def __call__(self, report: Sequence[Any], found: frozenset[str] = frozenset()) -> Access:
        """Return the access that an event reports; ``report`` is in the order of ``Observed``.

        ``found`` names the words in which something was found.
        """
        return self._accesses(found, *report)

    def _access(  # noqa: PLR0913, PLR0917 - as many words as a contract may have
        self,
        found: frozenset[str],
        principal: Any,
        role: Any,
        purpose: Any,
        recipient: Any,
        session: Any,
        mfa: Any,
        address: Any,
        country: Any,
    ) -> Access:
        return Access(
            kind="observed",
            principal_uid=self._text("principal", principal, found),
            principal_type=1,
            role=self._text("role", role, found),
            purpose=self._text("purpose", purpose, found),
            recipient=self._text("recipient", recipient, found) or "none",
            session_ref=self._session(session) if type(session) is str else 0,
            has_mfa=mfa if type(mfa) is bool else None,
            src_net=network(address) if type(address) is str else "",
            src_country=self._text("country", country, found),
        )

    def _text(self, what: str, value: Any, found: frozenset[str]) -> str:
        if value is None:
            return ""
        made = self._keyring.pseudonym if what in found else self._code
        return made(what, str(value))


def telling(leaves: Leaves, spans: Sighted) -> dict[int, frozenset[str]]:
    """Return the words of reported accesses in which something was found, by event."""
    reporting = np.array([report is not None for report in leaves.reports], np.bool_)
    found: dict[int, frozenset[str]] = {}
    for at in np.flatnonzero(reporting[spans.events]).tolist():
        one = spans.found[at]
        word = leaves.nodes[one.leaf].report
        is_naming = one.detected_by == BY_KNOWN_VALUE and _NAMING >> one.bit & 1
        if word and not is_naming:
            event = int(spans.events[at])
            found[event] = found.get(event, frozenset()) | {_WORDS[word - 1]}
    return found


def _code(keyring: Keyring, what: str, text: str) -> str:
    allowed = _COUNTRY if what == "country" else _CODE  # a short name could stand as a country
    return text if not text or allowed.fullmatch(text) else keyring.pseudonym(what, text)


def _session(keyring: Keyring, session: str) -> int:
    return int.from_bytes(keyring.index("session", session)[:8], "big", signed=True)


@lru_cache(REMEMBERED)
def network(address: str) -> str:
    """Return the /24 or /48 network of an address; nothing for what is not one."""
    for family, kept, size in _NETWORKS:
        try:
            packed = inet_pton(family, address)
        except (OSError, ValueError):
            continue
        start = packed[:kept].ljust(len(packed), b"\x00")
        return f"{inet_ntop(family, start)}/{size}"
    return ""
