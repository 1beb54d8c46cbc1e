"""The access rules that are printed."""

from pathlib import Path

from gateway.config import Input, Settings, Transport
from gateway.kafka.acls import acls
from schemas.access import Subscription

SALES = Subscription("sales", ("crm",), "sales app", "sales_rep", "crm")
SCIENCE = Subscription("science", ("crm", "calls"), "science", "analyst", "analytics")


def settings(username: str = "") -> Settings:
    inputs = (Input("crm", "acme", topic="crm.events"), Input("calls", "acme", topic="calls"))
    transport = Transport(
        kind="kafka",
        bootstrap="broker:9092",
        group="gate",
        audit_topic="audit",
        quarantine_topic="held",
        sasl_username=username,
    )
    return Settings(Path(), transport, inputs, (SALES, SCIENCE), {}, {})


def rules(**options: str) -> list[str]:
    start = "kafka-acls.sh --bootstrap-server broker:9092 --add --allow-principal "
    lines = acls(settings(**options))
    assert all(line.startswith(start) for line in lines)
    return [line.removeprefix(start) for line in lines]


def test_the_gateway_reads_inputs_writes_views_and_owns_its_lanes():
    allowed, prefixed = "--operation", "--resource-pattern-type prefixed"
    assert rules()[:9] == [
        f"User:sluicegate {allowed} Read {allowed} DescribeConfigs --topic crm.events",
        f"User:sluicegate {allowed} Read {allowed} DescribeConfigs --topic calls",
        f"User:sluicegate {allowed} Write {allowed} DescribeConfigs --topic crm.view.sales",
        f"User:sluicegate {allowed} Write {allowed} DescribeConfigs --topic crm.view.science",
        f"User:sluicegate {allowed} Write {allowed} DescribeConfigs --topic calls.view.science",
        f"User:sluicegate {allowed} Write {allowed} DescribeConfigs --topic held",
        f"User:sluicegate {allowed} Read {allowed} Write {allowed} DescribeConfigs --topic audit",
        f"User:sluicegate {allowed} Read --group gate {prefixed}",
        f"User:sluicegate {allowed} Write {allowed} Describe --transactional-id gate/ {prefixed}",
    ]


def test_a_reader_reads_its_views_and_nothing_else():
    assert rules()[9:] == [
        "'User:sales app' --operation Read --topic crm.view.sales",
        "User:science --operation Read --topic crm.view.science",
        "User:science --operation Read --topic calls.view.science",
        "'User:sales app' --operation Read --group 'sales app' --resource-pattern-type prefixed",
        "User:science --operation Read --group science --resource-pattern-type prefixed",
    ]


def test_the_gateway_is_the_user_of_the_settings():
    assert rules(username="gate")[0].startswith("User:gate ")
