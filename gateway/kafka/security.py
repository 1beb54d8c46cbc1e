"""How every Kafka client of the product connects: address, TLS and SASL from the settings."""

import ssl
from typing import Any

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
from aiokafka.helpers import create_ssl_context

from gateway.config import Settings
from gateway.errors import SettingsError, TopologyError

CLIENT_ID = "sluicegate"
DENIALS = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)


def client_arguments(settings: Settings) -> dict[str, Any]:
    """Return the keyword arguments that any aiokafka client takes to reach the broker.

    Raises SettingsError, with every problem, for TLS files that cannot be read.
    """
    transport = settings.transport
    arguments: dict[str, Any] = {
        "bootstrap_servers": transport.bootstrap,
        "client_id": CLIENT_ID,
        "security_protocol": transport.security_protocol,
    }
    if transport.security_protocol.endswith("SSL"):
        arguments["ssl_context"] = tls_context(settings)
    if transport.security_protocol.startswith("SASL"):
        arguments["sasl_mechanism"] = transport.sasl_mechanism
        arguments["sasl_plain_username"] = transport.sasl_username
        arguments["sasl_plain_password"] = transport.sasl_password
    return arguments


def raise_if_denied(error: BaseException) -> None:
    """Raise TopologyError where the broker knows us and does not let us: trying again won't help."""
    if isinstance(error, DENIALS):
        problem = f"access denied: {error}; 'sluicegate topics plan' prints the rules that we need"
        raise TopologyError("broker", [problem]) from error


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return a context that checks the broker's certificate, with ours where one is set.

    Without a CA file the machine's own authorities count.
    """
    transport = settings.transport
    files = {
        "tls_ca_file": transport.tls_ca_file,
        "tls_certificate_file": transport.tls_certificate_file,
        "tls_key_file": transport.tls_key_file,
    }
    paths = {key: settings.at(name) for key, name in files.items() if name}
    problems = [f"{key}: {path} is not a file" for key, path in paths.items() if not path.is_file()]
    if problems:
        raise SettingsError("[transport]", problems)
    try:
        context: ssl.SSLContext = create_ssl_context(
            cafile=_text(paths, "tls_ca_file"),
            certfile=_text(paths, "tls_certificate_file"),
            keyfile=_text(paths, "tls_key_file"),
        )
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError("[transport]", [f"TLS files: {error}"]) from error
    return context


def _text(paths: dict[str, Any], key: str) -> str | None:
    return str(paths[key]) if key in paths else None
