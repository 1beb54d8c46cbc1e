"""Reads from an API event who looked at what, without letting content into the audit trail."""

import ipaddress
import re
from functools import lru_cache

from gateway.codec import Event, at
from gateway.tokens import Keyring
from schemas.audit import Access
from schemas.event import Contract, Path

# What may stand in the trail as it is: a short code without an address or a long number in it.
_CODE = re.compile(r"(?!.*[0-9]{7})[\w:./-]{1,64}", re.ASCII)
_V4_NETWORK, _V6_NETWORK = 24, 48


def access_of(event: Event, contract: Contract, keyring: Keyring) -> Access:
    """Return the access that an event reports of its own actor.

    What is not a plain code becomes a pseudonym: an actor named by an e-mail address is a person
    too. A client's address is cut to its network.
    """
    plan = contract.observed
    if plan is None:
        raise ValueError(f"events of kind {contract.kind} report no access")

    def text(path: Path | None, code: str) -> str:
        value = at(event.body, path) if path else None
        if value is None or value == "" or isinstance(value, dict | list):
            return ""
        plain = str(value)
        return plain if _CODE.fullmatch(plain) else keyring.pseudonym(code, plain)

    session = at(event.body, plan.session) if plan.session else None
    mfa = at(event.body, plan.mfa) if plan.mfa else None
    address = at(event.body, plan.client_address) if plan.client_address else None
    return Access(
        kind="observed",
        principal_uid=text(plan.principal, "principal"),
        principal_type=1,
        role=text(plan.role, "role"),
        purpose=text(plan.purpose, "purpose"),
        recipient=text(plan.recipient, "recipient") or "none",
        session_ref=_session(keyring, session) if isinstance(session, str) else 0,
        has_mfa=mfa if isinstance(mfa, bool) else None,
        src_net=network(address) if isinstance(address, str) else "",
        src_country=text(plan.country, "country"),
    )


def _session(keyring: Keyring, session: str) -> int:
    return int.from_bytes(keyring.index("session", session)[:8], "big", signed=True)


@lru_cache(maxsize=65_536)
def network(address: str) -> str:
    """Return the /24 or /48 network of an address; nothing for what is not one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    size = _V4_NETWORK if parsed.version == 4 else _V6_NETWORK  # noqa: PLR2004
    return str(ipaddress.ip_network((parsed, size), strict=False))
