"""Lag is measured while a lane stands still, too; who is stuck or cut off from its broker is named."""

import asyncio
import io
import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from gateway import telemetry
from gateway.config import TelemetrySettings
from gateway.kafka import lag
from gateway.stream import Batch, Outcome
from tests.kafka.broker import Broker
from tests.kafka.copying import copying
from tests.kafka.house import make_input, positions_reach, produce, settings_at
from tests.kafka.running import landing, working
from tests.kafka.trail import until

pytestmark = pytest.mark.kafka


def lags(reader: InMemoryMetricReader) -> dict[str, Any]:
    """Return the lag of every partition that is told of."""
    data = reader.get_metrics_data()
    if data is None:  # nothing was measured yet
        return {}
    return {
        str((point.attributes or {})["messaging.destination.partition.id"]): getattr(
            point, "value", None
        )
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == "sluicegate.lag"
        for point in metric.data.data_points
    }


async def test_a_lane_that_is_stuck_shows_its_growing_lag_and_is_named(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lag, "MEASURE_SECONDS", 0.3)
    monkeypatch.setattr(lag, "STALLED_SECONDS", 1.0)
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 2)
    copy, go_on = copying(settings, settings.inputs[0].name), Event()

    def stuck(batch: Batch) -> Outcome:
        go_on.wait(30)
        return copy(batch)

    reader, out = InMemoryMetricReader(), io.StringIO()
    telemetry.configure(TelemetrySettings(), out=out, readers=[reader])
    try:
        async with working(settings, stuck):
            await produce(settings, [b"one"] * 5, partition=0)
            await until(lambda: lags(reader) == {"0": 5, "1": 0})
            await produce(settings, [b"two"] * 5, partition=0)
            await until(lambda: lags(reader) == {"0": 10, "1": 0})
            await until(lambda: "lane_stalled" in out.getvalue())
            go_on.set()
            await positions_reach(settings, 10)
            await until(lambda: lags(reader) == {"0": 0, "1": 0})
    finally:
        go_on.set()
        telemetry.shutdown()
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    stalled = [line for line in said if line["event"] == "lane_stalled"]
    assert {(line["partition"], line["offset"]) for line in stalled} == {(0, 0)}


async def test_a_broker_that_is_away_is_named_seldom_and_said_to_be_back(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lag, "MEASURE_SECONDS", 0.5)
    settings = settings_at(broker.bootstrap, tmp_path)
    await make_input(settings, 2)
    out = io.StringIO()
    telemetry.configure(TelemetrySettings(), out=out)
    telemetry.quiet_libraries()
    try:
        async with working(settings):
            await produce(settings, [b"one"] * 5, 2)
            await positions_reach(settings, 5)
            await asyncio.to_thread(broker.kill)
            await until(lambda: out.getvalue().count("broker_unreachable") >= 2)
            await asyncio.to_thread(broker.start)
            await until(lambda: "broker_answered" in out.getvalue())
    finally:
        telemetry.shutdown()
    said = [json.loads(line) for line in out.getvalue().splitlines()]
    away = [line["seconds"] for line in said if line["event"] == "broker_unreachable"]
    assert away[0] == 0
    assert away[1] >= 10


async def test_what_the_lander_has_not_landed_is_its_lag(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lag, "MEASURE_SECONDS", 0.3)
    slow = {"segment_seconds": 5.0}
    settings = settings_at(broker.bootstrap, tmp_path, audit_partitions=1, lake=slow)
    await make_input(settings, 1)
    async with working(settings):
        await produce(settings, [b"one"] * 5, 1)
        await positions_reach(settings, 5)
    reader = InMemoryMetricReader()
    telemetry.configure(TelemetrySettings(), out=io.StringIO(), readers=[reader])
    try:
        async with landing(settings):
            await until(lambda: lags(reader).get("0", 0) > 0)
            await until(lambda: lags(reader) == {"0": 0})
    finally:
        telemetry.shutdown()
