"""TLS, SASL and the printed access rules, on a broker that means them."""

import argparse
import asyncio
import shlex
from collections.abc import Iterable
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import TopicAuthorizationFailedError
from aiokafka.protocol.admin import CreateAclsRequest
from msgspec.structs import replace

from gateway.config import Settings, view_name
from gateway.errors import TopologyError
from gateway.kafka.acls import acls
from gateway.kafka.cluster import administer
from gateway.kafka.quarantine import held
from gateway.kafka.security import client_arguments
from gateway.kafka.topics import verify
from tests.kafka.house import make_input, positions_reach, produce, settings_at
from tests.kafka.java import JavaBroker
from tests.kafka.running import land, landing, work, working
from tests.kafka.trail import landed

pytestmark = pytest.mark.kafka

# The numbers of the protocol.
RESOURCES = {"topic": 2, "group": 3, "transactional_id": 5}
PATTERNS = {"literal": 3, "prefixed": 4}
OPERATIONS = {"Read": 3, "Write": 4, "Describe": 8, "DescribeConfigs": 10}
ALLOW = 3


@pytest.fixture
def guarded(java_broker: JavaBroker) -> JavaBroker:
    """Return a broker with a listener that wants TLS and a user."""
    return java_broker


def plain(guarded: JavaBroker, folder: Path) -> Settings:
    """Return settings for whoever may do everything; its reader is ``reader``."""
    settings = settings_at(guarded.bootstrap, folder, subscriptions=("sales",))
    sales = replace(settings.subscriptions[0], principal="reader")
    return replace(settings, subscriptions=(sales,))


def secured(settings: Settings, guarded: JavaBroker, user: str, **changes: str) -> Settings:
    """Return the same settings for a user who comes in by the guarded door."""
    transport = replace(
        settings.transport,
        bootstrap=guarded.secured,
        security_protocol="SASL_SSL",
        sasl_username=user,
        sasl_password=guarded.passwords[user],
        tls_ca_file=str(guarded.certificate),
    )
    return replace(settings, transport=replace(transport, **changes))


async def grant(settings: Settings, commands: Iterable[str]) -> None:
    """Do what ``kafka-acls.sh`` would do with these commands."""
    parser = argparse.ArgumentParser()
    for option in (
        "--bootstrap-server",
        "--allow-principal",
        *(f"--{n.replace('_', '-')}" for n in RESOURCES),
    ):
        parser.add_argument(option)
    parser.add_argument("--add", action="store_true", required=True)
    parser.add_argument("--operation", action="append", choices=OPERATIONS)
    parser.add_argument("--resource-pattern-type", default="literal", choices=PATTERNS)
    async with administer(settings) as admin:
        for command in commands:
            program, *words = shlex.split(command)
            rule = parser.parse_args(words)
            [(kind, name)] = [(k, n) for k in RESOURCES if (n := getattr(rule, k))]
            pattern = PATTERNS[rule.resource_pattern_type]
            for operation in rule.operation:
                place = (RESOURCES[kind], name, pattern, rule.allow_principal, "*")
                request = CreateAclsRequest(*place, OPERATIONS[operation], ALLOW)
                answer = await admin._send_to_controller(request)
                assert (program, [code for code, _ in answer.creation_responses]) == (
                    "kafka-acls.sh",
                    [0],
                )


async def first_value(settings: Settings, topic: str) -> bytes:
    """Return the first record's value as a member of a group of the user's own sees it."""
    consumer = AIOKafkaConsumer(
        topic,
        **client_arguments(settings),
        group_id=f"{settings.transport.sasl_username}.group",
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    try:
        async with asyncio.timeout(10):
            await consumer.start()
            value: bytes = (await consumer.getone()).value
    finally:
        await consumer.stop()
    return value


async def test_the_printed_rules_are_enough_for_gateway_and_reader_and_for_nothing_else(
    guarded: JavaBroker, tmp_path: Path
):
    anybody = plain(guarded, tmp_path)
    await make_input(anybody, 1)
    await produce(anybody, [b"one"] * 3, 1)
    gate, reader = (secured(anybody, guarded, user) for user in ("gate", "reader"))
    await grant(anybody, acls(gate))
    await verify(gate)
    async with working(gate), landing(gate):
        await positions_reach(anybody, 3)
    assert len(landed(gate)) == 3
    view = view_name(gate.inputs[0].name, "sales")
    assert await first_value(reader, view) == b"one"
    for topic in (gate.inputs[0].topic, gate.transport.audit_topic):
        with pytest.raises(TopicAuthorizationFailedError):
            await first_value(reader, topic)
    with pytest.raises(TopologyError):  # to put back is an operator's act
        [record async for record in held(gate)]


async def test_a_gateway_that_the_broker_lets_see_nothing_is_refused(
    guarded: JavaBroker, tmp_path: Path
):
    anybody = plain(guarded, tmp_path)
    await make_input(anybody, 1)
    gate = secured(anybody, guarded, "gate")
    with pytest.raises(TopologyError, match="does not exist or may not be seen"):
        await verify(gate)
    with pytest.raises(TopologyError, match="access denied"):
        await work(gate)


@pytest.mark.parametrize("lacking", ["--group ", ".view.sales", "audit-", "--transactional-id"])
async def test_a_gateway_that_lacks_one_rule_stops_and_says_so(
    guarded: JavaBroker, tmp_path: Path, lacking: str
):
    anybody = plain(guarded, tmp_path)
    await make_input(anybody, 1)
    await produce(anybody, [b"one"] * 3, 1)
    gate = secured(anybody, guarded, "gate")
    await grant(anybody, [rule for rule in acls(gate) if lacking not in rule])
    with pytest.raises(TopologyError, match="access denied"):
        await work(gate)


async def test_a_lander_that_may_not_read_stops_and_says_so(guarded: JavaBroker, tmp_path: Path):
    anybody = plain(guarded, tmp_path)
    await make_input(anybody, 1)
    gate = secured(anybody, guarded, "gate")
    rules = [rule.replace("--operation Read", "") for rule in acls(gate) if "audit-" in rule]
    await grant(anybody, [*rules, *(rule for rule in acls(gate) if "--group" in rule)])
    with pytest.raises(TopologyError, match="access denied"):
        await land(gate)


@pytest.mark.parametrize(
    "change",
    [
        {"sasl_password": "x"},
        {"sasl_username": "nobody"},
        {"tls_ca_file": ""},
        {"security_protocol": "PLAINTEXT"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_whom_the_broker_does_not_know_and_who_does_not_know_it_are_refused(
    guarded: JavaBroker, tmp_path: Path, change: dict[str, str]
):
    gate = secured(plain(guarded, tmp_path), guarded, "gate", **change)
    with pytest.raises(TopologyError, match=r"broker: 1 problem\n  - 127\.0\.0\.1:") as caught:
        await verify(gate)
    assert guarded.passwords["gate"] not in str(caught.value)


async def test_a_wrong_password_is_told_from_a_broker_that_is_away(
    guarded: JavaBroker, tmp_path: Path
):
    gate = secured(plain(guarded, tmp_path), guarded, "gate", sasl_password="wrong" + "x" * 9)
    with pytest.raises(TopologyError, match=r"see sasl_username 'gate', its password"):
        await verify(gate)
    with pytest.raises(TopologyError, match=r"see sasl_username 'gate', its password"):
        _ = [each async for each in held(gate)]
