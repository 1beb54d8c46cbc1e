"""What measures: the counters, gauges and histograms of a process, and the watch that times a batch."""

import time
from collections.abc import Iterable

from opentelemetry import metrics

STAGE_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Instruments:
    """The counters, gauges and histograms, by the names that dashboards use."""

    def __init__(self, meter: metrics.Meter) -> None:
        def counter(name: str, unit: str, about: str) -> metrics.Counter:
            return meter.create_counter(f"sluicegate.{name}", unit, about)

        self.events = counter("events", "{event}", "Events processed")
        self.bytes = counter("bytes", "By", "Bytes of events processed")
        self.findings = counter("findings", "{finding}", "Personal data found, by entity")
        self.decisions = counter("decisions", "{decision}", "Decisions, by action")
        self.rejects = counter("rejects", "{event}", "Events sent to quarantine, by reason")
        self.transactions = counter("transactions", "{transaction}", "Transactions, by outcome")
        self.rebuilds = counter("lane.rebuilds", "{lane}", "Lanes opened again, by error")
        self.restarts = counter("worker.restarts", "{worker}", "Workers that died")
        self.rows = counter("audit.rows", "{row}", "Audit rows landed")
        self.landed = counter("audit.bytes", "By", "Bytes of audit segments landed")
        self.warnings = counter("library.warnings", "{record}", "Complaints of libraries")
        self.lags: dict[
            tuple[str, int], int
        ] = {}  # by topic and partition; what is gone is not told
        meter.create_observable_gauge(
            "sluicegate.lag", [self._lags], "{record}", "Records not yet processed"
        )
        self.stages = meter.create_histogram(
            "sluicegate.stage.duration",
            "s",
            "Time of one batch in one stage",
            explicit_bucket_boundaries_advisory=STAGE_BUCKETS,
        )

    def _lags(self, _options: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        return [
            metrics.Observation(records, place(topic, partition))
            for (topic, partition), records in self.lags.copy().items()
        ]


def place(topic: str, partition: int) -> dict[str, str]:
    """Return the attributes that name a partition."""
    return {
        "messaging.destination.name": topic,
        "messaging.destination.partition.id": str(partition),
    }


class Stopwatch:
    """Times the stages of one batch: ``laps`` are the seconds of each."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """End a stage; the next one begins."""
        now = time.perf_counter()
        self.laps[stage] = self.laps.get(stage, 0.0) + now - self._last
        self._last = now
