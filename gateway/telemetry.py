"""Everything that is logged, counted or traced: one function per event, ids, codes and numbers only.

Nothing is emitted before ``configure``, and nothing but log lines leaves the process unless the
settings name a place for it. No function takes content: a text that does not look like an id or a
code is replaced before it is written, and what libraries log is reduced to who spoke and how loud.
"""

import contextlib
import logging
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import TextIO

import orjson
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

from gateway.config import TelemetrySettings
from gateway.damper import Damper
from gateway.exporters import otlp, prometheus
from gateway.instruments import Instruments, place
from gateway.traceparent import links

SCOPE = "sluicegate"
MAX_LINKS = 32  # traces that one batch span points to

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_SILENT = 100
_CODE = re.compile(r"[\w.:,/+\[\]-]{0,249}", re.ASCII)

Fact = str | int | float


class _Station:
    """Where events go now. ``configure`` fills it, ``shutdown`` empties it."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.instruments = Instruments(metrics.NoOpMeter(SCOPE))
        self.tracer: trace.Tracer | None = None
        self.threshold = _SILENT
        self.out: TextIO | None = None
        self.common: dict[str, Fact] = {}
        self.damper = Damper()
        self.closing = contextlib.ExitStack()


_station = _Station()


def configure(
    settings: TelemetrySettings,
    *,
    worker: int = 0,
    out: TextIO | None = None,
    readers: Sequence[MetricReader] = (),
    spans: Sequence[SpanProcessor] = (),
) -> None:
    """Start logging to ``out`` (standard error) and exporting what the settings ask for.

    ``worker`` is this process's number; its Prometheus endpoint listens on the set port plus that.
    ``readers`` and ``spans`` are exporters of the caller's own. Raises StartError where an exporter
    is asked for and its package is missing or its port is taken.
    """
    shutdown()
    resource = Resource.create({"service.name": SCOPE, "service.instance.id": str(worker)})
    with contextlib.ExitStack() as opened:
        own_readers, own_spans = [*readers], [*spans]
        if settings.prometheus_port:
            own_readers.append(prometheus(settings.prometheus_port + worker, opened))
        if settings.otlp_endpoint:
            reader, processor = otlp(settings.otlp_endpoint)
            own_readers.append(reader)
            own_spans.append(processor)
        if own_readers:
            meters = MeterProvider(own_readers, resource, shutdown_on_exit=False)
            opened.callback(meters.shutdown)
            _station.instruments = Instruments(meters.get_meter(SCOPE))
        if own_spans:
            tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
            for each in own_spans:
                tracers.add_span_processor(each)
            opened.callback(tracers.shutdown)
            _station.tracer = tracers.get_tracer(SCOPE)
        _station.closing = opened.pop_all()
    _station.threshold = _LEVELS[settings.log_level]
    _station.out = out
    _station.common = {"worker": worker, "pid": os.getpid()}


def shutdown() -> None:
    """Send what is still waiting, close the exporters and fall silent. Harmless when called twice."""
    closing = _station.closing
    _station.clear()
    closing.close()


# Traces


@contextlib.contextmanager
def batch_span(
    topic: str, partition: int, events: int, parents: Iterable[bytes] = ()
) -> Iterator[None]:
    """Trace the work on one batch, linked to the traces that its events belong to.

    An error marks the span with the name of its class, never with its message.
    """
    if _station.tracer is None:
        yield
        return
    span = _station.tracer.start_span(
        f"process {_code(topic)}",
        kind=trace.SpanKind.CONSUMER,
        links=links(islice(parents, MAX_LINKS)),
        attributes={
            "messaging.operation.type": "process",
            "messaging.destination.name": _code(topic),
            "messaging.destination.partition.id": str(partition),
            "messaging.batch.message_count": events,
        },
    )
    with trace.use_span(
        span, end_on_exit=True, record_exception=False, set_status_on_exception=False
    ):
        try:
            yield
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(trace.StatusCode.ERROR)
            raise


# The pipeline


def batch_processed(  # noqa: PLR0913 - one call a batch, all its figures
    stream: str,
    *,
    events: int,
    size: int,
    findings: Mapping[str, int],
    decisions: Mapping[str, int],
    rejects: Mapping[str, int],
    stages: Mapping[str, float],
) -> None:
    """Count a batch: its events and bytes, findings by entity, decisions by action, rejects by reason.

    ``stages`` are the seconds spent in each.
    """
    to = _station.instruments
    of = {"sluicegate.input": _code(stream)}
    to.events.add(events, of)
    to.bytes.add(size, of)
    for counter, key, figures in (
        (to.findings, "sluicegate.entity", findings),
        (to.decisions, "sluicegate.action", decisions),
        (to.rejects, "sluicegate.reason", rejects),
    ):
        for name, count in figures.items():
            counter.add(count, {**of, key: _code(name)})
    for stage, spent in stages.items():
        to.stages.record(spent, {**of, "sluicegate.stage": _code(stage)})
    rejected = sum(rejects.values())
    _say("debug", "batch_processed", input=stream, events=events, bytes=size, rejected=rejected)


def record_condemned(topic: str, partition: int, offset: int, reason: str) -> None:
    """A record made its batch fail again and again; it goes to quarantine alone."""
    _say("warning", "record_condemned", reason=reason, **_at(topic, partition, offset))


# Lanes and consumers


def partitions_assigned(count: int) -> None:
    """The group gave this worker its partitions, and no others any more."""
    _station.instruments.lags.clear()
    _say("info", "partitions_assigned", partitions=count)


def partitions_revoked(count: int) -> None:
    """The group took partitions away."""
    _station.instruments.lags.clear()  # who has them now measures them
    _say("info", "partitions_revoked", partitions=count)


def lane_opened(topic: str, partition: int, offset: int) -> None:
    """A lane fenced whoever had its partition and goes on from the committed offset."""
    _say("info", "lane_opened", **_at(topic, partition, offset))


def lane_failed(topic: str, partition: int, code: str) -> None:
    """A lane dropped its producer; it is opened again. ``code`` is the error's class name."""
    _station.instruments.rebuilds.add(1, _place(topic, partition) | {"error.type": _code(code)})
    _complain("lane_failed", topic=topic, partition=partition, error=code)


def offsets_lost(topic: str, partition: int, first: int, start: int) -> None:
    """Retention removed offsets unread, and the operator has accepted to go on at ``start``."""
    _say("error", "offsets_lost", start=start, **_at(topic, partition, first))


def transaction_committed(topic: str, partition: int, events: int, seconds: float) -> None:
    """A batch and its offsets became visible."""
    to, of = _station.instruments, _place(topic, partition)
    to.transactions.add(1, of | {"sluicegate.outcome": "committed"})
    to.stages.record(seconds, {"sluicegate.stage": "commit"})
    facts: dict[str, Fact] = {"topic": topic, "partition": partition, "events": events}
    _say("debug", "transaction_committed", **facts, seconds=seconds)


def lag_measured(topic: str, partition: int, records: int) -> None:
    """How many records of a partition wait."""
    _station.instruments.lags[_code(topic), partition] = records


def lane_stalled(topic: str, partition: int, offset: int, lag: int, seconds: float) -> None:
    """Records wait behind the committed offset, and none was committed for so long."""
    _say("warning", "lane_stalled", lag=lag, seconds=seconds, **_at(topic, partition, offset))


def broker_unreachable(seconds: float) -> None:
    """No broker has answered for so long; it is asked again and again."""
    if _station.damper.due("broker_unreachable"):
        _say("error", "broker_unreachable", seconds=seconds)


def broker_answered(seconds: float) -> None:
    """A broker answers again, after so long."""
    _say("info", "broker_answered", seconds=seconds)


def fetch_failed(
    topic: str, partition: int, offset: int, code: str, times: int, pause: float
) -> None:
    """What stands at an offset cannot be read, for the ``times``th time; tried again after a pause.

    ``code`` is the error's class name: CorruptRecordException where its bytes are damaged.
    """
    facts: dict[str, Fact] = {"error": code, "times": times, "pause": pause}
    _say("error", "fetch_failed", **_at(topic, partition, offset), **facts)


def consumer_failed(code: str) -> None:
    """A consumer ended with an error; a new one is made. ``code`` is the error's class name."""
    _complain("consumer_failed", error=code)


# Workers and landers


def worker_started(worker: int) -> None:
    """A worker process began."""
    _say("info", "worker_started", number=worker)


def worker_stopped(worker: int) -> None:
    """A worker process drained and ended as told."""
    _say("info", "worker_stopped", number=worker)


def worker_died(worker: int, status: int) -> None:
    """A worker process ended by itself; another one takes its place."""
    _station.instruments.restarts.add(1)
    _say("error", "worker_died", number=worker, status=status)


def worker_gave_up(worker: int, status: int) -> None:
    """A worker process ended for what only an operator can mend; all end with its exit code."""
    _say("error", "worker_gave_up", number=worker, status=status)


def lander_started(topic: str, partition: int, offset: int) -> None:
    """A lander goes on where the segments of one audit partition end."""
    _say("info", "lander_started", **_at(topic, partition, offset))


def lander_failed(code: str) -> None:
    """A lander's consumer ended with an error; a new one is made."""
    _complain("lander_failed", error=code)


def lander_stopped(segments: int) -> None:
    """A lander landed what it held and ended as told."""
    _say("info", "lander_stopped", segments=segments)


def segment_landed(partition: int, start: int, rows: int, size: int) -> None:
    """An audit segment was published."""
    to, of = _station.instruments, {"sluicegate.audit.partition": str(partition)}
    to.rows.add(rows, of)
    to.landed.add(size, of)
    _say("info", "segment_landed", partition=partition, start=start, rows=rows, bytes=size)


def landing_failed(
    topic: str, partition: int, offset: int, code: str, times: int, pause: float
) -> None:
    """A segment could not be written, for the ``times``th time; ``code`` is the system's, as ENOSPC."""
    facts: dict[str, Fact] = {"error": code, "times": times, "pause": pause}
    _say("error", "landing_failed", **_at(topic, partition, offset), **facts)


def segment_lost_race(partition: int, start: int) -> None:
    """Another lander had published the same range first; its segment stands."""
    _say("info", "segment_lost_race", partition=partition, start=start)


def quiet_libraries() -> None:
    """Let no library write what it likes: all records end in ``library_warned``, below it nowhere.

    Undone by ``shutdown``. For a process of ours only: it takes over the root logger.
    """
    root, handler = logging.getLogger(), _LibraryHandler(logging.WARNING)
    before = root.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)

    def restore() -> None:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
        logging.captureWarnings(capture=False)

    _station.closing.callback(restore)


def library_warned(logger: str, level: str, code: str, times: int) -> None:
    """A library complained ``times`` times; ``code`` is the class of an error it named, if any."""
    # aiokafka warns of every retry, and retries are its daily work; its errors are worth a line
    spoken = "debug" if logger.startswith("aiokafka") and level == "WARNING" else "warning"
    _say(spoken, "library_warned", logger=logger, severity=level, error=code, times=times)


class _LibraryHandler(logging.Handler):
    """Turns a library's record into an event: who spoke and how loud, never what it said."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count the record, and say so unless the same was said a moment ago."""
        key = (record.name, record.levelname, _error_named(record))
        names = {"sluicegate.logger": _code(key[0]), "sluicegate.severity": _code(key[1])}
        _station.instruments.warnings.add(1, names)
        if times := _station.damper.due(key):
            library_warned(*key, times=times)


def _error_named(record: logging.LogRecord) -> str:
    arguments = record.args if isinstance(record.args, tuple) else ()
    carried = [*(record.exc_info or ())[:1], *arguments]
    kinds = [each if isinstance(each, type) else type(each) for each in carried]
    return next((kind.__name__ for kind in kinds if issubclass(kind, BaseException)), "")


def _place(topic: str, partition: int) -> dict[str, str]:
    return place(_code(topic), partition)


def _at(topic: str, partition: int, offset: int) -> dict[str, Fact]:
    return {"topic": topic, "partition": partition, "offset": offset}


@lru_cache(4096)
def _code(text: str) -> str:
    """Return an id or a code as it is, and a question mark for anything that does not look so."""
    return text if _CODE.fullmatch(text) else "?"


def _complain(event: str, **facts: Fact) -> None:
    """Say what may go on for as long as a broker or a disk is out of order: ever more seldom."""
    if times := _station.damper.due((event, *facts.values())):
        _say("warning", event, **facts, times=times)


def _say(level: str, event: str, **facts: Fact) -> None:
    if _LEVELS[level] < _station.threshold:
        return
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    known = {key: _code(fact) if isinstance(fact, str) else fact for key, fact in facts.items()}
    line = {"ts": now, "level": level, "event": event, **_station.common, **known}
    out = _station.out or sys.stderr
    with contextlib.suppress(OSError, ValueError):  # a closed stream must not stop the work
        out.write(orjson.dumps(line).decode() + "\n")
        out.flush()
