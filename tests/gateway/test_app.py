"""Sluicegate as a library: settings in, events in, views and audit rows out."""

import re

import orjson
import pytest
from msgspec.structs import replace

from detectors.lists import Denied
from gateway.app import Gateway
from gateway.config import Detection, Model
from gateway.errors import KeyFileError, SettingsError
from gateway.readiness import ensure_ready
from schemas.audit import LAKE
from tests.builders import NOON
from tests.gateway.house import House, contact

READERS = {"sales": {"email": "mask"}, "nobody": {"*": "deny"}}


@pytest.fixture
def house(tmp_path):
    return House(tmp_path, READERS)


@pytest.fixture
def gateway(house):
    with Gateway(house.settings, clock=lambda: NOON) as gateway:
        yield gateway


def encoded(*numbers):
    return [orjson.dumps(contact(n)) for n in numbers]


def test_each_subscription_gets_its_view(gateway):
    views = gateway.process("crm", encoded(0, 1)).views
    assert [orjson.loads(out.value)["contact"]["email"] for out in views["sales"]] == [
        "p***@e***.org",
        "p***@e***.org",
    ]
    assert views["nobody"] == []


def test_the_rows_are_in_the_columns_of_the_lake(gateway):
    rows = gateway.process("crm", encoded(0, 1)).rows
    assert rows.schema.equals(LAKE)
    accesses = [
        (row["kafka_offset"], row["subscription"], row["reason"]) for row in rows.to_pylist()
    ]
    assert sorted(accesses) == [
        (0, "nobody", "role_not_permitted"),
        (0, "sales", "modified"),
        (1, "nobody", "role_not_permitted"),
        (1, "sales", "modified"),
    ]


def test_lists_of_the_settings_say_what_is_nobody_s_and_what_always_is_somebody_s(tmp_path):
    readers = {"sales": {"*": "allow", "email": "mask", "name": "redact"}}
    lists = Detection(domains=frozenset(["ours.example"]), deny=(Denied("Nightingale", "PERSON"),))
    note = {"text": "a@ours.example wrote bob@else.example of Nightingale"}
    with Gateway(replace(House(tmp_path, readers).settings, detection=lists)) as gateway:
        (out,) = gateway.process("crm", [orjson.dumps(note)]).views["sales"]
    assert (
        orjson.loads(out.value or b"")["text"] == "a@ours.example wrote b***@e***.example of [NAME]"
    )


def test_a_model_whose_library_is_not_installed_is_said_to_be_so(tmp_path):
    model = Detection(recognizer=(Model("gliner", str(tmp_path)),))
    with pytest.raises(SettingsError) as caught:
        Gateway(replace(House(tmp_path, READERS).settings, detection=model))
    assert caught.value.problems == (
        "[detection] recognizer number 1: recognizer 'gliner': gliner is not installed",
    )


def test_offsets_begin_where_the_caller_says(gateway):
    result = gateway.process("crm", encoded(0, 1), first=70)
    assert [out.offset for out in result.views["sales"]] == [70, 71]


def test_rows_are_stamped_by_the_callers_clock(gateway):
    (time,) = {
        row["time"].isoformat() for row in gateway.process("crm", encoded(0)).rows.to_pylist()
    }
    assert time == "2026-11-05T12:00:00+00:00"


def test_what_cannot_be_processed_is_in_quarantine_and_raises_nothing(gateway):
    result = gateway.process("crm", [b"{not json", *encoded(1)])
    assert [out.offset for out in result.quarantine] == [0]
    assert [out.offset for out in result.views["sales"]] == [1]


def test_of_no_events_comes_nothing(gateway):
    result = gateway.process("crm", [])
    assert (result.views, result.quarantine, len(result.rows)) == (
        {"sales": [], "nobody": []},
        [],
        0,
    )


def test_an_input_that_is_not_there_is_a_key_error(gateway):
    with pytest.raises(KeyError, match="calls"):
        gateway.process("calls", [])


def test_the_same_event_gets_the_same_view_and_reference_again(gateway):
    once, again = (gateway.process("crm", encoded(5)) for _ in range(2))
    assert once.views == again.views
    assert once.rows.equals(again.rows)


def test_references_outlive_the_gateway(house):
    refs = []
    for _ in range(2):
        with Gateway(house.settings) as gateway:
            refs.append(gateway.process("crm", encoded(5)).rows["subject_ref"].to_pylist())
    assert refs[0] == refs[1]


def test_nothing_is_written_but_references(house, gateway):
    gateway.process("crm", encoded(0))
    made = {path.name for path in house.folder.iterdir()}
    assert {re.sub("-(wal|shm)$", "", name) for name in made} == {
        "sluicegate.toml",
        "policy.toml",
        "acme.key",
        "vault.sqlite",
    }


def test_a_path_opens_it_and_the_environment_overrides(house):
    environ = {"SLUICEGATE_LIMITS_EVENT_BYTES": "10"}
    with Gateway.open(str(house.path), environ) as gateway:
        (held,) = gateway.process("crm", encoded(0)).quarantine
    assert dict(held.headers)["sluicegate-reason"] == b"too_large"


def test_a_broken_policy_is_refused_with_every_problem(house):
    policy = house.folder / "policy.toml"
    broken = policy.read_text("utf-8").replace('action = "mask"', 'action = "hide"')
    policy.write_text(broken.replace('"dpv:ServiceProvision"', '"Service"'), "utf-8")
    with pytest.raises(SettingsError) as error:
        Gateway.open(house.path)
    assert len(error.value.problems) == 2


def test_without_its_key_it_does_not_open(house):
    (house.folder / "acme.key").unlink()
    with pytest.raises(KeyFileError, match=r"acme\.key"):
        Gateway.open(house.path)


def test_what_was_read_already_is_not_read_again(house):
    ready = ensure_ready(house.settings, inputs=False)
    (house.folder / "acme.key").unlink()
    (house.folder / "policy.toml").unlink()
    with Gateway(house.settings, policies=ready.policies, keyrings=ready.keyrings) as gateway:
        assert len(gateway.process("crm", encoded(0)).views["sales"]) == 1


def test_no_repr_shows_content(gateway):
    result = gateway.process("crm", encoded(0))
    assert "person0" not in repr(result.views) + repr(result.quarantine) + repr(result)
