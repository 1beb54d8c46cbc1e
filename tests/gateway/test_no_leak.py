"""With the policy removing a category, no value of it stands in that view, the lake, logs or traces.

Every byte that the gateway writes is searched for values that were planted.
"""

import io
from base64 import b64decode
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway import telemetry
from gateway.app import Gateway
from gateway.config import Settings, TelemetrySettings
from gateway.corpus import generate
from gateway.expand import expand
from gateway.files import run_files
from gateway.stream import Batch, Line, Out, Outcome
from tests.gateway.build_pipeline import TIME, pipeline, process
from tests.gateway.house import House
from tests.gateway.planting import CATEGORIES, Planted, Sown, removed_in, replanted, sown

ACTIONS = ("mask", "generalise", "tokenize", "pseudonymise", "redact", "drop")
READERS = {
    "open": {},
    **{f"all_{action}": {"*": action} for action in ACTIONS},
    **{f"{code}_{action}": {code: action} for code in CATEGORIES for action in ACTIONS},
}
KEYED = """
[[input]]
name = "keyed"
tenant = "acme"
path = "keyed.jsonl"
key_category = "name"
compacted = true
"""


class Ears:
    """Hears everything that telemetry says, at its loudest."""

    def __init__(self) -> None:
        self._log, self._spans = io.StringIO(), InMemorySpanExporter()
        self._metrics = InMemoryMetricReader()
        processors = [SimpleSpanProcessor(self._spans)]
        telemetry.configure(
            TelemetrySettings(log_level="debug"),
            out=self._log,
            readers=[self._metrics],
            spans=processors,
        )

    def heard(self) -> bytes:
        spans = "".join(span.to_json() for span in self._spans.get_finished_spans())
        metrics = self._metrics.get_metrics_data()
        said = [self._log.getvalue(), spans, metrics.to_json() if metrics else ""]
        assert all(said)
        return "\n".join(said).encode()


@dataclass
class Laid:
    """A gateway whose readers each lack something, opened once, and where the next run writes."""

    house: House
    gateway: Gateway
    numbers: "count[int]"

    def somewhere_new(self) -> Settings:
        """Return the settings with an input, views and a lake of their own."""
        here, name = self.house.settings, f"run{next(self.numbers)}"
        (self.house.folder / name).mkdir()
        inputs = [replace(each, path=f"{name}/{each.path}") for each in here.inputs[:1]]
        return replace(
            here,
            inputs=tuple(inputs),
            transport=replace(here.transport, out=f"{name}/out"),
            lake=replace(here.lake, path=f"{name}/lake"),
        )


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    house = House(folder, READERS, batch_lines=100, inputs=("crm", "keyed"), more=KEYED)
    with Gateway(house.settings) as gateway:
        yield Laid(house, gateway, count())


@pytest.fixture(autouse=True)
def silence():
    yield
    telemetry.shutdown()


def everything_below(*folders: Path) -> bytes:
    """Return the bytes of all files, and what Parquet files and sealed lines hold inside."""
    written = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        written.append(path.read_bytes())
        if path.suffix == ".parquet":
            written.append(values_of(pq.read_table(path)))
        elif path.parent.name == "quarantine":
            written += _inside(path)
    return b"\n".join(written)


def values_of(table: pa.Table) -> bytes:
    """Return every value that stands in a table, and what the table says of itself."""
    values = [set(map(str, column.to_pylist())) for column in table.columns]
    return f"{values} {table.schema.metadata}".encode()


def _inside(path: Path) -> list[bytes]:
    """Return what a quarantine file says in base64."""
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    texts = [
        text
        for line in lines
        for text in (line["key"], line["value"], *(value for _, value in line["headers"]))
    ]
    return [b64decode(text) for text in texts if text]


def run_over_files(laid: Laid, lines: list[bytes], readers: list[str]) -> tuple[Settings, bytes]:
    """Run over some lines; return where to, and all that was written and said beside the views."""
    settings, ears = laid.somewhere_new(), Ears()
    chosen = tuple(each for each in settings.subscriptions if each.name in readers)
    settings = replace(settings, subscriptions=chosen)
    settings.at(settings.inputs[0].path).write_bytes(b"".join(line + b"\n" for line in lines))
    run_files(settings, laid.gateway.pipelines)
    out, vault = settings.at(settings.transport.out), settings.at(settings.vault.path)
    beside = everything_below(settings.at(settings.lake.path), out / "quarantine")
    vaults = b"".join(path.read_bytes() for path in sorted(vault.parent.glob(f"{vault.name}*")))
    return settings, beside + vaults + ears.heard()


def view_of(settings: Settings, reader: str) -> bytes:
    return everything_below(settings.at(settings.transport.out) / f"crm.view.{reader}")


def planted_in(some: list[Sown]) -> list[Planted]:
    return [each for one in some for each in one.planted]


def visible_to_none(reader: str, planted: list[Planted]) -> list[Planted]:
    """Return the values that a reader must not see."""
    code = reader.rpartition("_")[0]
    return [each for each in planted if code in ("all", each.code)]


SLOW = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)


@SLOW
@given(some=st.lists(sown(), min_size=1, max_size=4), chosen=st.integers(0))
def test_over_files_a_removed_category_stands_nowhere(laid, some, chosen):
    planted = planted_in(some)
    code = planted[chosen % len(planted)].code
    lines = [orjson.dumps(one.event) for one in some]
    broken = [line[:-1] for line in lines]
    readers = ["open", *(f"{what}_{action}" for what in ("all", code) for action in ACTIONS)]
    settings, beside = run_over_files(laid, [*lines, *broken], readers)
    assert removed_in(beside, planted) == []
    assert len(removed_in(view_of(settings, "open"), planted)) >= len(planted)  # eyes that see
    for reader in readers[1:]:
        hidden = visible_to_none(reader, planted)
        assert removed_in(view_of(settings, reader), hidden) == []


def through_the_pipeline(laid: Laid, some: list[Sown], name: str = "crm") -> Outcome:
    """Return what the events become as a batch from Kafka, with their keys and headers."""
    records = [
        Line(
            number,
            orjson.dumps(one.event),
            None if one.key is None else one.key.encode(),
            0,
            [(header, value.encode()) for header, value in one.headers.items()],
        )
        for number, one in enumerate(some)
    ]
    return laid.gateway.pipelines[name](Batch(name, "events", 3, 0, len(records), records))


def bytes_of(view: list[Out]) -> bytes:
    parts = [part for out in view for part in (out.key, out.value)]
    heads = [part for out in view for name, value in out.headers for part in (name.encode(), value)]
    return b"\n".join(part or b"" for part in (*parts, *heads))


@SLOW
@given(some=st.lists(sown(), min_size=1, max_size=4))
def test_from_kafka_a_removed_category_stands_nowhere(laid, some):
    ears = Ears()
    outcome = through_the_pipeline(laid, some)
    planted = planted_in(some)
    audit = b"".join(each.stream + values_of(expand(each.stream)) for each in outcome.audits)
    assert removed_in(audit + ears.heard(), planted) == []
    leaks = {
        name: removed_in(bytes_of(view), visible_to_none(name, planted))
        for name, view in outcome.views.items()
    }
    assert {name: found for name, found in leaks.items() if found} == {}


def test_over_files_a_generated_corpus_keeps_what_is_removed(laid):
    some = [replanted(each.event, n) for n, each in enumerate(generate(7, 300))]
    readers = [f"all_{action}" for action in ACTIONS] + [f"{code}_drop" for code in CATEGORIES]
    settings, beside = run_over_files(laid, [orjson.dumps(one.event) for one in some], readers)
    planted = planted_in(some)
    assert len(planted) > 900
    assert {each.code for each in planted} >= {
        "name",
        "email",
        "phone",
        "ip_address",
        "bank_account",
    }
    assert removed_in(beside, planted) == []
    leaks = {
        name: removed_in(view_of(settings, name), visible_to_none(name, planted))
        for name in readers
    }
    assert {name: found for name, found in leaks.items() if found} == {}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_key_of_a_declared_category_is_treated_as_such(laid, action):
    person = {"type": "crm.contact", "contact": {"id": "c1"}}
    some = [Sown(person, "Hilde Xylander", {}, []) for _ in range(2)]
    view = through_the_pipeline(laid, some, "keyed").views[f"name_{action}"]
    assert b"xylander" not in bytes_of(view).lower()
    assert view[0].key == view[1].key


def test_a_tombstone_is_shown_without_the_person_of_its_key(laid):
    record = Line(0, None, b"Hilde Xylander")
    outcome = laid.gateway.pipelines["keyed"](Batch("keyed", "events", 0, 0, 1, [record]))
    (out,) = outcome.views["name_drop"]
    assert (out.value, out.key != record.key) == (None, True)


OBSERVED = {
    "type": "api.access",
    "actor": {"id": "hilde.x@example.org", "role": "Hilde X", "session": "Hilde"},
    "client_country": "Hilde",
    "recipient": "Hilde Xylander",
    "request_body": {"name": "Hilde Xylander", "email": "hilde.x@example.org"},
}


def test_the_trail_names_an_actor_by_codes_only(laid):
    rows = laid.gateway.process("crm", [orjson.dumps(OBSERVED)]).rows.to_pylist()
    assert "hilde" not in str(rows).lower()
    assert [each["access_kind"] for each in rows].count("observed") == 1


def observed_by(**body: Any) -> dict[str, Any]:
    """Return the audit row of the access that an event reports."""
    result = process(pipeline(), {"type": "api.access", "time": TIME, **body})
    (row,) = [row for row in result.rows if row["access_kind"] == "observed"]
    return row


@pytest.mark.parametrize("word", ["principal_uid", "role", "purpose"])
def test_the_trail_takes_no_code_in_which_something_was_found(word):
    token = "".join("abcdefgh"[number % 8] for number in range(24))
    for code, body in (("10.1.2.3", {}), (token, {"request_body": {"token": token}})):
        said = {"id" if word == "principal_uid" else word: code}
        found = observed_by(actor=said, **body)[word]
        assert found.startswith("psd_")
        assert code not in found


def test_nobody_hides_from_the_trail_by_writing_their_own_name_into_a_request():
    row = observed_by(actor={"id": "hilde"}, request_body={"username": "hilde"})
    assert row["principal_uid"] == "hilde"


# What the rules can't know: a name in free text, of somebody whom no field of the event names.

STRANGER = {
    "type": "crm.contact",
    "contact": {"id": "c1", "name": "Ada Lovelace"},
    "note": "Ada Lovelace met Hilde Xylander",
}


def noted(folder: Path, **given: Any) -> str:
    house = House(folder, {"reader": {"name": "drop"}}, **given)
    house.write([STRANGER])
    house.run()
    (event,) = house.view("reader")
    return str(event["note"])


def test_a_name_that_stands_in_free_text_only_is_not_found(tmp_path):
    assert noted(tmp_path) == "[NAME] met Hilde Xylander"


def test_withholding_free_text_covers_a_name_that_stands_there_only(tmp_path):
    assert noted(tmp_path, withheld=["reader"]) == "[WITHHELD]"


def test_the_search_finds_a_value_in_every_way_that_it_may_be_written():
    value = Planted("name", ('Şule "İki"',), repeated=True)
    for written in ('Şule "İki"', '\\u015eule \\"\\u0130ki\\"', 'ŞULE "İKI"'):
        assert removed_in(f"x{written}y".encode(), [value]) == [("name", 'Şule "İki"')]
