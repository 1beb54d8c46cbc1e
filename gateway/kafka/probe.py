"""Why a broker cannot be reached: what aiokafka only logs, asked again step by step."""

import asyncio
import contextlib
import os
import socket
import ssl

from gateway.config import Settings
from gateway.kafka.security import tls_context

PATIENCE_SECONDS = 3.0


async def unreachable(settings: Settings) -> list[str]:
    """Return a line for each address of the settings: how far one gets there, and what to look at."""
    transport = settings.transport
    context = tls_context(settings) if transport.security_protocol.endswith("SSL") else None
    addresses = [each.strip() for each in transport.bootstrap.split(",")]
    reasons = await asyncio.gather(*(_reason(each, context) for each in addresses))
    return [
        f"{address}: {reason or _refused(settings)}"
        for address, reason in zip(addresses, reasons, strict=True)
    ]


async def _reason(address: str, context: ssl.SSLContext | None) -> str:
    """Return why an address cannot be connected to; empty: it can."""
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port), ssl=context)
    except (OSError, ValueError) as error:
        return _said(error)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return ""


def _said(error: OSError | ValueError) -> str:
    match error:
        case TimeoutError():
            said = f"no answer within {PATIENCE_SECONDS:.0f} seconds"
        case ssl.SSLCertVerificationError():
            said = f"its TLS certificate is not accepted: {error.verify_message}; see tls_ca_file"
        case ssl.SSLError():
            said = f"no TLS can be spoken there ({error.reason}); see security_protocol"
        case socket.gaierror() | ValueError():
            said = "no address; a list such as broker-1:9092,broker-2:9092 is needed"
        case _:
            why = os.strerror(error.errno) if error.errno else type(error).__name__
            said = f"nothing answers there ({why})"
    return said


def _refused(settings: Settings) -> str:
    """Return what is wrong where a connection can be made and no Kafka answers on it."""
    transport = settings.transport
    speaks = f"it listens, but gives no answer to {transport.security_protocol}"
    if transport.security_protocol.startswith("SASL"):
        return (
            f"{speaks} with {transport.sasl_mechanism}: see sasl_username {transport.sasl_username!r},"
            " its password, and security_protocol"
        )
    return f"{speaks}; see security_protocol"
