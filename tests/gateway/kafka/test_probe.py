"""A broker that cannot be reached is told apart: not there, not trusted, not of this protocol."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

from gateway.config import Settings, Transport
from gateway.kafka.probe import unreachable
from tests.kafka.certificate import write_certificate


@contextlib.asynccontextmanager
async def listening(context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Run a server that says nothing, and return its address."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"?" * 64)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        yield "{}:{}".format(*server.sockets[0].getsockname())


async def told(folder: Path, bootstrap: str, protocol: str, **more: str) -> list[str]:
    transport = Transport("kafka", bootstrap=bootstrap, security_protocol=protocol, **more)  # type: ignore[arg-type]
    return await unreachable(Settings(folder, transport, (), (), {}, {}))


def server_context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


async def test_where_nobody_listens_and_what_is_no_address_is_said_of_each(tmp_path):
    assert await told(tmp_path, "127.0.0.1:1, broker", "PLAINTEXT") == [
        "127.0.0.1:1: nothing answers there (Connection refused)",
        "broker: no address; a list such as broker-1:9092,broker-2:9092 is needed",
    ]


async def test_a_certificate_that_has_expired_is_named(tmp_path):
    authority = write_certificate(tmp_path, days=-1)
    async with listening(server_context(tmp_path)) as address:
        [line] = await told(tmp_path, address, "SSL", tls_ca_file=str(authority))
    reason = "its TLS certificate is not accepted: certificate has expired; see tls_ca_file"
    assert line == f"{address}: {reason}"


async def test_a_listener_without_tls_is_named(tmp_path):
    async with listening() as address:
        [line] = await told(tmp_path, address, "SSL", tls_ca_file=str(write_certificate(tmp_path)))
    assert line.startswith(f"{address}: no TLS can be spoken there (")


async def test_a_listener_that_is_no_broker_for_us_is_named_with_what_to_look_at(tmp_path):
    async with listening() as address:
        [plain] = await told(tmp_path, address, "PLAINTEXT")
        [sasl] = await told(tmp_path, address, "SASL_PLAINTEXT", sasl_username="gate")
    assert (
        plain == f"{address}: it listens, but gives no answer to PLAINTEXT; see security_protocol"
    )
    assert "with SCRAM-SHA-512: see sasl_username 'gate', its password" in sasl
