import asyncio
import contextlib
import gc
import io
import json
import logging  # noqa: TID251 - a library that logs
import socket
import sys
import threading
import urllib.request
import warnings

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway import telemetry
from gateway.config import TelemetrySettings
from gateway.errors import StartError
from gateway.instruments import Stopwatch

CONTENT = "ayse.yilmaz@example.org"


@pytest.fixture(autouse=True)
def silence():
    yield
    telemetry.shutdown()


def configured(level="debug", **given):
    """Start telemetry and return the stream that its lines go to."""
    out = io.StringIO()
    telemetry.configure(
        TelemetrySettings(log_level=level, **given.pop("settings", {})), out=out, **given
    )
    return out


def lines(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


def one_batch(stream="crm"):
    watch = Stopwatch()
    watch.lap("scan")
    telemetry.batch_processed(
        stream,
        events=100,
        size=37_000,
        findings={"EMAIL_ADDRESS": 60, "PHONE_NUMBER": 40},
        decisions={"ALLOW": 10, "MASK": 90},
        rejects={"not_json": 2},
        stages=watch.laps,
    )


def points(reader):
    """Return every figure as {(name, attributes): value}."""
    data = reader.get_metrics_data()
    return {
        (metric.name, *sorted(str(value) for value in point.attributes.values())): getattr(
            point, "value", getattr(point, "count", None)
        )
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        for point in metric.data.data_points
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nothing_is_said_before_it_is_configured(capfd):
    one_batch()
    telemetry.lane_failed("crm", 0, "KafkaError")
    with telemetry.batch_span("crm", 0, 100):
        pass
    assert capfd.readouterr() == ("", "")


def test_by_default_only_log_lines_leave_the_process(capfd):
    threads = threading.active_count()
    telemetry.configure(TelemetrySettings())
    assert threading.active_count() == threads  # no exporter of any kind
    one_batch()
    telemetry.worker_started(0)
    with telemetry.batch_span("crm", 0, 100):
        pass
    telemetry.shutdown()
    out, err = capfd.readouterr()
    assert out == ""
    assert [json.loads(line)["event"] for line in err.splitlines()] == ["worker_started"]


def test_a_batch_is_counted_by_input_entity_action_and_reason():
    reader = InMemoryMetricReader()
    configured(readers=[reader])
    one_batch()
    one_batch()
    found = points(reader)
    assert found["sluicegate.events", "crm"] == 200
    assert found["sluicegate.bytes", "crm"] == 74_000
    assert found["sluicegate.findings", "EMAIL_ADDRESS", "crm"] == 120
    assert found["sluicegate.decisions", "MASK", "crm"] == 180
    assert found["sluicegate.rejects", "crm", "not_json"] == 4
    assert found["sluicegate.stage.duration", "crm", "scan"] == 2


def test_transactions_rebuilds_lag_restarts_and_segments_are_counted():
    reader = InMemoryMetricReader()
    configured(readers=[reader])
    telemetry.transaction_committed("crm", 3, 100, 0.02)
    telemetry.lane_failed("crm", 3, "ProducerFenced")
    telemetry.lag_measured("crm", 3, 250)
    telemetry.worker_died(1, -9)
    telemetry.segment_landed(0, 1000, 500, 64_000)
    found = points(reader)
    assert found["sluicegate.transactions", "3", "committed", "crm"] == 1
    assert found["sluicegate.lane.rebuilds", "3", "ProducerFenced", "crm"] == 1
    assert found["sluicegate.lag", "3", "crm"] == 250
    assert found["sluicegate.worker.restarts",] == 1
    assert found["sluicegate.audit.rows", "0"] == 500
    assert found["sluicegate.audit.bytes", "0"] == 64_000


def test_prometheus_scrapes_the_counters_until_shutdown():
    port = free_port()
    configured(settings={"prometheus_port": port})
    one_batch()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    assert 'sluicegate_events_total{sluicegate_input="crm"} 100.0' in text
    assert 'sluicegate_entity="EMAIL_ADDRESS"' in text
    telemetry.shutdown()
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system says of a closed port
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5)


def test_each_worker_has_a_port_of_its_own():
    port = free_port()
    configured(settings={"prometheus_port": port - 1}, worker=1)
    urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).close()


def test_a_taken_port_is_an_error_at_start():
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"port {port} cannot be listened on; take a free one"):
            configured(settings={"prometheus_port": port})


@pytest.mark.parametrize(
    ("setting", "package", "extra"),
    [
        ({"prometheus_port": 9464}, "opentelemetry.exporter.prometheus", "prometheus"),
        (
            {"otlp_endpoint": "http://localhost:4318"},
            "opentelemetry.exporter.otlp.proto.http.metric_exporter",
            "otlp",
        ),
    ],
)
def test_a_missing_exporter_says_what_to_install(monkeypatch, setting, package, extra):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(StartError) as caught:
        configured(settings=setting)
    assert f"pip install 'sluicegate[{extra}]'" in str(caught.value)


def test_a_line_has_time_level_event_process_and_facts():
    out = configured(worker=2)
    telemetry.lane_opened("crm.events", 3, 1200)
    (line,) = lines(out)
    assert line.pop("ts").endswith("+00:00")
    assert line.pop("pid") > 0
    assert line == {
        "level": "info",
        "event": "lane_opened",
        "worker": 2,
        "topic": "crm.events",
        "partition": 3,
        "offset": 1200,
    }


def test_lines_below_the_set_level_are_not_written():
    out = configured(level="warning")
    telemetry.lane_opened("crm", 0, 0)
    telemetry.lane_failed("crm", 0, "KafkaError")
    assert [line["event"] for line in lines(out)] == ["lane_failed"]


def test_what_does_not_look_like_an_id_is_neither_logged_nor_counted():
    reader = InMemoryMetricReader()
    out = configured(readers=[reader])
    one_batch(CONTENT)
    telemetry.consumer_failed("Ayse Yilmaz")
    assert CONTENT not in out.getvalue()
    assert lines(out)[-1]["error"] == "?"
    assert found_names(reader) == {"?"}


def found_names(reader):
    return {key[1] for key in points(reader) if key[0] == "sluicegate.events"}


def test_a_closed_stream_does_not_stop_the_work():
    out = configured()
    out.close()
    telemetry.worker_started(0)


def test_a_batch_span_names_the_place_and_links_the_traces_of_its_events():
    spans = InMemorySpanExporter()
    configured(spans=[SimpleSpanProcessor(spans)])
    header = b"00-" + b"ab" * 16 + b"-" + b"cd" * 8 + b"-01"
    with telemetry.batch_span("crm", 3, 100, [header, b"garbage"]):
        pass
    (span,) = spans.get_finished_spans()
    assert span.attributes is not None
    assert span.name == "process crm"
    assert span.attributes["messaging.destination.partition.id"] == "3"
    assert span.attributes["messaging.batch.message_count"] == 100
    assert [link.context.trace_id for link in span.links] == [int("ab" * 16, 16)]


def test_a_failed_batch_span_has_the_error_s_class_and_not_its_message():
    spans = InMemorySpanExporter()
    configured(spans=[SimpleSpanProcessor(spans)])
    with contextlib.suppress(ValueError), telemetry.batch_span("crm", 0, 1):
        raise ValueError(CONTENT)
    (span,) = spans.get_finished_spans()
    assert span.attributes is not None
    assert span.attributes["error.type"] == "ValueError"
    assert CONTENT not in span.to_json()


def test_what_a_library_logs_is_reduced_to_who_and_how_loud():
    out = configured()
    telemetry.quiet_libraries()
    logging.getLogger("urllib3").error("retrying %s", CONTENT)
    try:
        int(CONTENT)
    except ValueError:
        logging.getLogger("aiokafka.conn").exception("cannot send %s", CONTENT)
    assert CONTENT not in out.getvalue()
    assert [(line["logger"], line["severity"], line["error"]) for line in lines(out)] == [
        ("urllib3", "ERROR", ""),
        ("aiokafka.conn", "ERROR", "ValueError"),
    ]


def test_an_error_among_the_arguments_is_named_by_its_class():
    out = configured()
    telemetry.quiet_libraries()
    logging.getLogger("aiokafka").error("request failed: %s", TimeoutError(CONTENT))
    assert lines(out)[0]["error"] == "TimeoutError"


def test_an_exception_that_a_task_swallowed_is_named_and_not_quoted():
    out = configured()
    telemetry.quiet_libraries()

    async def fail():
        raise ValueError(CONTENT)

    async def forget():
        task = asyncio.get_running_loop().create_task(fail())
        del task
        await asyncio.sleep(0)
        gc.collect()

    asyncio.run(forget())
    gc.collect()
    assert [(line["logger"], line["error"]) for line in lines(out)] == [("asyncio", "ValueError")]
    assert CONTENT not in out.getvalue()


def test_retries_of_aiokafka_are_counted_and_only_shown_at_debug():
    reader = InMemoryMetricReader()
    out = configured(level="info", readers=[reader])
    telemetry.quiet_libraries()
    logging.getLogger("aiokafka.producer.sender").warning("retrying %s", CONTENT)
    assert out.getvalue() == ""
    assert points(reader)["sluicegate.library.warnings", "WARNING", "aiokafka.producer.sender"] == 1


def test_a_flood_of_the_same_complaint_is_one_line():
    reader = InMemoryMetricReader()
    out = configured(readers=[reader])
    telemetry.quiet_libraries()
    for _ in range(50):
        logging.getLogger("aiokafka.client").error("Unable connect to node %s", 1)
    assert len(lines(out)) == 1
    assert points(reader)["sluicegate.library.warnings", "ERROR", "aiokafka.client"] == 50


def test_python_s_own_warnings_do_not_quote_content():
    out = configured()
    telemetry.quiet_libraries()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(CONTENT, UserWarning, stacklevel=1)
    assert CONTENT not in out.getvalue()


def test_shutdown_gives_the_root_logger_back():
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    configured()
    telemetry.quiet_libraries()
    telemetry.shutdown()
    assert (root.level, root.handlers[:]) == before


def test_the_lag_of_partitions_that_were_taken_away_is_told_no_more():
    reader = InMemoryMetricReader()
    configured(readers=[reader])
    telemetry.lag_measured("crm", 3, 250)
    assert points(reader) == {("sluicegate.lag", "3", "crm"): 250}
    assert points(reader) == {("sluicegate.lag", "3", "crm"): 250}
    telemetry.partitions_assigned(1)
    telemetry.lag_measured("crm", 4, 7)
    assert points(reader) == {("sluicegate.lag", "4", "crm"): 7}
