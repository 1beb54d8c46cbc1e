"""The settings: one frozen structure from one TOML file plus environment overrides."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from detectors.lists import Lists
from schemas.access import Subscription

Count = Annotated[int, msgspec.Meta(ge=1)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Size = Annotated[int, msgspec.Meta(ge=0)]
Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One stream of events: a Kafka topic or a file of JSON lines, and whose events they are."""

    name: str
    tenant: str
    topic: str = ""
    path: str = ""
    start: Literal["earliest", "latest"] = "earliest"
    compacted: bool = False
    tenant_pointer: str = ""  # where set, the event names its tenant itself; it must be in tenants
    tenants: tuple[str, ...] = ()
    type_pointer: str = "/type"
    id_pointer: str = "/id"
    time_pointer: str = "/time"
    key_category: str = ""  # what the Kafka key is, where detection cannot know it


class Transport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How events come and go."""

    kind: Literal["files", "kafka"]
    # files
    out: str = "out"
    batch_lines: Count = 4096
    # kafka
    bootstrap: str = ""
    group: str = "sluicegate"
    audit_topic: str = "sluicegate.audit"
    quarantine_topic: str = "sluicegate.quarantine"
    audit_partitions: Count = 4
    replication: Count = 1
    batch_milliseconds: Count = 50
    batch_records: Count = 4000
    batch_bytes: Count = 4_000_000
    compression: Literal["none", "gzip", "snappy", "lz4", "zstd"] = "zstd"
    transaction_timeout_seconds: Positive = 15.0
    session_timeout_seconds: Positive = 10.0
    drain_seconds: Positive = 10.0
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_username: str = ""
    sasl_password: str = ""  # better: SLUICEGATE_TRANSPORT_SASL_PASSWORD in the environment
    tls_ca_file: str = ""
    tls_certificate_file: str = ""
    tls_key_file: str = ""


class Lake(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the audit trail lands, and how big a hot segment grows."""

    path: str = "lake"
    segment_rows: Count = 250_000
    segment_seconds: Positive = 60.0


class VaultSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the identity vault lies. It is personal data: keep it away from the lake."""

    path: str = "vault.sqlite"


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an event may be at most; anything beyond goes to quarantine."""

    event_bytes: Count = 1_000_000
    depth: Count = 64
    leaves: Count = 20_000
    quarantine_bytes: Size = 1_000_000  # above it only coordinates and a digest are kept


class TelemetrySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where counters and traces go. Nothing leaves the process unless one of these is set."""

    otlp_endpoint: str = ""  # such as http://collector:4318
    prometheus_port: Port = 0  # 0: none; worker n listens on port + n
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A language model on disk that is asked about free text; ``path`` is its folder or its file.

    ``categories`` say which category each of its own labels is; common labels need no entry.
    """

    kind: Literal["gliner", "presidio", "spacy"]
    path: str
    languages: tuple[str, ...] = ()
    categories: dict[str, str] = {}


class Detection(Lists, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an operator says of detection: lists of values, and models of language."""

    recognizer: tuple[Model, ...] = ()


class Settings(msgspec.Struct, frozen=True):
    """Everything a gateway needs to know. Paths are absolute or relative to the settings file."""

    folder: Path
    transport: Transport
    inputs: tuple[Input, ...]
    subscriptions: tuple[Subscription, ...]
    policies: dict[str, Path]  # tenant → policy file
    keys: dict[str, Path]  # tenant → key file
    lake: Lake = Lake()
    vault: VaultSettings = VaultSettings()
    limits: Limits = Limits()
    detection: Detection = Detection()
    telemetry: TelemetrySettings = TelemetrySettings()

    def at(self, path: str) -> Path:
        """Return a path of the settings as an absolute one."""
        return (self.folder / path).absolute()


FILTERED = ".filter"  # behind an input's name: what `sluicegate filter` records of it


def view_name(stream: str, subscription: str) -> str:
    """Return the topic or folder of a view: ``<input>.view.<subscription>``."""
    return f"{stream}.view.{subscription}"


def views_of(settings: Settings, source: Input) -> list[str]:
    """Return the names of an input's views, in the order of the subscriptions."""
    return [
        view_name(source.name, each.name)
        for each in settings.subscriptions
        if source.name in each.inputs
    ]
