"""Where figures and traces go when the settings say so: a Prometheus endpoint, an OTLP collector.

Their packages are extras; each is loaded when it is asked for.
"""

import contextlib

from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from gateway.errors import StartError


def prometheus(port: int, opened: contextlib.ExitStack) -> MetricReader:
    """Return a reader that answers scrapes of ``port`` until ``opened`` is closed."""
    try:
        from opentelemetry.exporter.prometheus import (  # noqa: PLC0415 - an extra
            PrometheusMetricReader,
        )
        from prometheus_client import (  # noqa: PLC0415, TID251 - an extra, for telemetry
            CollectorRegistry,
            start_http_server,
        )
    except ImportError:
        raise _missing("prometheus_port", "prometheus") from None
    registry = CollectorRegistry()
    try:
        server, _ = start_http_server(port, registry=registry)
    except (OSError, OverflowError):
        problem = f"telemetry.prometheus_port: port {port} cannot be listened on; take a free one"
        raise StartError("telemetry", [problem]) from None
    opened.callback(server.server_close)
    opened.callback(server.shutdown)
    return PrometheusMetricReader(registry=registry, scope_info_enabled=False)


def otlp(endpoint: str) -> tuple[MetricReader, SpanProcessor]:
    """Return what sends figures and spans to a collector over HTTP, ``http://host:4318``."""
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415
            OTLPMetricExporter,
        )
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
    except ImportError:
        raise _missing("otlp_endpoint", "otlp") from None
    root = endpoint.rstrip("/")
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(f"{root}/v1/metrics"))
    return reader, BatchSpanProcessor(OTLPSpanExporter(f"{root}/v1/traces"))


def _missing(setting: str, extra: str) -> StartError:
    problem = f"telemetry.{setting} is set but its exporter is not installed: "
    return StartError("telemetry", [f"{problem}pip install 'sluicegate[{extra}]'"])
