"""The whole path in memory, one process: events a second, and CPU time an event by stage.

``python -m bench.pipeline --events N --seed S --json``
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import orjson
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from bench.measure import INPUT, Case, arguments, corpus, settings_with, tell
from gateway import telemetry
from gateway.app import Gateway
from gateway.config import TelemetrySettings
from gateway.stream import Batch, Line

EVENTS = 100_000
BATCH = 2000
WARM = 20  # batches that are not counted: by then shapes and most of the people are known


def main() -> None:
    """Measure one view and three, and what parsing alone costs."""
    chosen = arguments("bench.pipeline", __doc__, EVENTS).parse_args()
    tell("pipeline", run(chosen.events, chosen.seed), as_json=chosen.json)


def run(events: int, seed: int) -> list[Case]:
    """Return the cases. All of them see the same events."""
    values = corpus(seed, events + WARM * BATCH)
    parse = parsing(values[WARM * BATCH :])
    cases = [Case("orjson.loads alone", parse)]
    for views in (1, 3):
        figures = pipeline(values, views)
        figures["ratio_to_parsing"] = figures["cpu_us_per_event"] / parse["cpu_us_per_event"]
        cases.append(Case(f"{views} view{'s' * (views > 1)} and audit", figures))
    return cases


def parsing(values: Sequence[bytes]) -> dict[str, float]:
    """Return what decoding the same bytes costs by itself."""
    loads = orjson.loads
    began, cpu = time.perf_counter(), time.process_time()
    for value in values:
        loads(value)
    return _figures(values, time.perf_counter() - began, time.process_time() - cpu)


def pipeline(values: Sequence[bytes], views: int) -> dict[str, float]:
    """Return what the whole path costs with so many views and the audit."""
    batches = _batches(values)
    with (
        tempfile.TemporaryDirectory() as folder,
        Gateway(settings_with(Path(folder), views)) as gateway,
    ):
        process = gateway.pipelines[INPUT]
        for batch in batches[:WARM]:
            process(batch)
        reader = InMemoryMetricReader()
        telemetry.configure(TelemetrySettings(log_level="error"), readers=[reader])
        began, cpu = time.perf_counter(), time.process_time()
        for batch in batches[WARM:]:
            process(batch)
        wall, used = time.perf_counter() - began, time.process_time() - cpu
        stages = _stages(reader)
        telemetry.shutdown()
    counted = values[WARM * BATCH :]
    figures = _figures(counted, wall, used)
    for stage, seconds in stages.items():
        figures[f"{stage}_us_per_event"] = seconds * 1e6 / len(counted)
    return figures


def _batches(values: Sequence[bytes]) -> list[Batch]:
    batches = []
    for first in range(0, len(values), BATCH):
        records = [
            Line(first + at, value) for at, value in enumerate(values[first : first + BATCH])
        ]
        batches.append(Batch(INPUT, INPUT, 0, first, first + len(records), records))
    return batches


def _stages(reader: InMemoryMetricReader) -> dict[str, float]:
    found = reader.get_metrics_data()
    metrics = [
        metric
        for resource in (found.resource_metrics if found else ())
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == "sluicegate.stage.duration"
    ]
    return {
        str((point.attributes or {})["sluicegate.stage"]): getattr(point, "sum", 0.0)
        for metric in metrics
        for point in metric.data.data_points
    }


def _figures(values: Sequence[bytes], wall: float, used: float) -> dict[str, float]:
    size = sum(map(len, values))
    return {
        "events_per_second": len(values) / wall,
        "megabytes_per_second": size / wall / 1e6,
        "bytes_per_event": size / len(values),
        "cpu_us_per_event": used * 1e6 / len(values),
    }


if __name__ == "__main__":
    main()
