"""What a Kafka client is told: address, TLS and SASL from the settings."""

import secrets
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiokafka.errors import GroupAuthorizationFailedError, KafkaConnectionError

from gateway.config import Settings, Transport
from gateway.errors import SettingsError, TopologyError
from gateway.kafka.security import client_arguments, raise_if_denied
from tests.kafka.certificate import write_certificate


def settings(folder: Path, **transport: Any) -> Settings:
    chosen = Transport(kind="kafka", bootstrap="broker:9092", **transport)
    return Settings(folder, chosen, (), (), {}, {})


def test_without_security_a_client_gets_the_address_only(tmp_path: Path):
    assert client_arguments(settings(tmp_path)) == {
        "bootstrap_servers": "broker:9092",
        "client_id": "sluicegate",
        "security_protocol": "PLAINTEXT",
    }


def test_sasl_takes_user_and_password(tmp_path: Path):
    password = secrets.token_hex(8)
    user = {"sasl_username": "gate", "sasl_password": password}
    found = client_arguments(settings(tmp_path, security_protocol="SASL_PLAINTEXT", **user))
    assert found["sasl_mechanism"] == "SCRAM-SHA-512"
    assert (found["sasl_plain_username"], found["sasl_plain_password"]) == ("gate", password)
    assert "ssl_context" not in found


def test_tls_checks_the_broker_with_the_authority_that_is_set(tmp_path: Path):
    authority = write_certificate(tmp_path)
    chosen = settings(tmp_path, security_protocol="SSL", tls_ca_file=authority.name)
    context = client_arguments(chosen)["ssl_context"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert [each["subject"] for each in context.get_ca_certs()] == [
        ((("commonName", "127.0.0.1"),),)
    ]


def test_a_client_certificate_is_taken_from_its_files(tmp_path: Path):
    write_certificate(tmp_path)
    files = {"tls_certificate_file": "server.pem", "tls_key_file": "server.pem"}
    assert client_arguments(settings(tmp_path, security_protocol="SSL", **files))["ssl_context"]


def test_every_tls_file_that_is_missing_is_said(tmp_path: Path):
    files = {"tls_ca_file": "ca.pem", "tls_certificate_file": "c.pem", "tls_key_file": "k.pem"}
    with pytest.raises(SettingsError) as caught:
        client_arguments(settings(tmp_path, security_protocol="SSL", **files))
    assert [problem.split(":")[0] for problem in caught.value.problems] == list(files)


def test_a_tls_file_that_is_none_is_said_without_its_content(tmp_path: Path):
    content = secrets.token_hex(8)
    (tmp_path / "ca.pem").write_text(content, "utf-8")
    with pytest.raises(SettingsError, match="TLS files: ") as caught:
        client_arguments(settings(tmp_path, security_protocol="SSL", tls_ca_file="ca.pem"))
    assert content not in str(caught.value)


def test_only_a_denial_is_final():
    raise_if_denied(KafkaConnectionError())
    raise_if_denied(TimeoutError())
    with pytest.raises(TopologyError, match=r"access denied: .*gate.*'sluicegate topics plan'"):
        raise_if_denied(GroupAuthorizationFailedError("gate"))
