"""Audit rows: one an event × subject × access, each by a key of its own, in the columns agreed on."""

import itertools
import string
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import given, settings

from gateway.config import Limits
from gateway.expand import expand, read_stream
from gateway.pipeline import reader
from schemas.access import Action, Reason
from schemas.audit import (
    ALLOWED,
    DENIED,
    DISPOSITION_ALLOWED,
    DISPOSITION_BLOCKED,
    DISPOSITION_CORRECTED,
    DISPOSITION_QUARANTINED,
    LAKE,
    MODIFIED,
    ROW_KEY,
    WIRE,
)
from schemas.category import codes_of, mask_of
from tests.builders import HOUR, NOON
from tests.gateway.build_pipeline import (
    OPEN,
    Result,
    contact,
    line,
    mailing,
    pipeline,
    policy,
    process,
    subscription,
)
from tests.gateway.generated_records import MIXED

MASKING = {"*": "allow", "email": "mask", "name": "drop"}
CALL = {
    "type": "api.access",
    "time": "2026-11-05T11:00:00Z",
    "actor": {"id": "u-17", "role": "agent"},
    "subject": {"id": "c1"},
    "client_address": "192.0.2.77",
}


def lone(result: Result) -> dict[str, Any]:
    (row,) = result.rows
    return row


class TestDelivered:
    def test_each_reader_has_a_row_for_each_subject_of_each_event(self):
        result = process(
            pipeline({"a": OPEN, "b": MASKING}), mailing({"id": "c1"}, {"id": "c2"}), contact()
        )
        keys = [
            (row["kafka_offset"], row["row_ordinal"], row["subscription"]) for row in result.rows
        ]
        assert keys == [
            (0, 0, "a"),
            (0, 0, "b"),
            (0, 1, "a"),
            (0, 1, "b"),
            (1, 0, "a"),
            (1, 0, "b"),
        ]
        assert set(result.column("access_kind")) == {"delivered"}

    def test_a_row_says_who_read_what_about_whom_and_why(self):
        rules = policy({"all": MASKING})
        who = subscription("all", principal="svc:crm", recipient="stripe", region="US")
        event = contact(id="c1", email="ayse@ornek.example", name="Ayse", country="TR")
        row = lone(process(pipeline(rules, subscriptions=[who]), event))
        said = {name: row[name] for name in ("principal_uid", "role", "purpose", "legal_basis")}
        assert said == {
            "principal_uid": "svc:crm",
            "role": "all",
            "purpose": "dpv:ServiceProvision",
            "legal_basis": "gdpr:A6-1-b",
        }
        assert (row["recipient"], row["dst_region"], row["rule_uid"]) == (
            "stripe", "US", "all-0+all-1+all-2",
        )  # fmt: skip
        assert (row["subject_kind"], row["subject_jurisdiction"]) == ("dpv:Customer", "TR")
        assert row["subject_ref"] is not None
        assert (row["resource"], row["operation"], row["type_uid"]) == (
            "crm.contact", "dpv:Access", 600501,
        )  # fmt: skip

    def test_an_exposure_is_when_it_was_decided_and_the_event_keeps_its_time(self):
        row = lone(process(pipeline(), contact()))
        assert row["time"].timestamp() * 1_000_000 == NOON
        assert row["event_time"].timestamp() * 1_000_000 == NOON - HOUR

    @pytest.mark.parametrize(
        ("actions", "action", "disposition", "reason"),
        [
            (OPEN, ALLOWED, DISPOSITION_ALLOWED, "granted"),
            ({"*": "allow", "email": "mask"}, MODIFIED, DISPOSITION_CORRECTED, "modified"),
            ({"name": "allow"}, MODIFIED, DISPOSITION_CORRECTED, "category_not_granted"),
            ({"*": "deny"}, DENIED, DISPOSITION_BLOCKED, "role_not_permitted"),
            (
                {"*": "allow", "email": "quarantine"},
                DENIED,
                DISPOSITION_QUARANTINED,
                "policy_quarantine",
            ),
        ],
    )
    def test_a_decision_has_ocsfs_numbers_and_its_reason(
        self, actions, action, disposition, reason
    ):
        row = lone(process(pipeline({"all": actions}), contact(email="ayse@ornek.example")))
        assert (row["action_id"], row["disposition_id"], row["reason"]) == (
            action, disposition, reason,
        )  # fmt: skip

    def test_what_holds_no_personal_data_is_recorded_too(self):
        row = lone(process(pipeline({"all": MASKING}), {"type": "shop.order", "total": 7}))
        assert (row["reason"], row["action_id"], row["n_fields"]) == (
            "no_personal_data", ALLOWED, 0,
        )  # fmt: skip
        assert (row["subject_ref"], row["subject_kind"], row["confidence"]) == (None, None, 1.0)


class TestMasks:
    def test_they_part_what_was_found_by_what_became_of_it(self):
        event = contact(email="ayse@ornek.example", name="Ayse Demir", phone="+905321234567")
        row = lone(process(pipeline({"all": MASKING}), event))
        assert [codes_of(row[name]) for name in ("cat_clear", "cat_masked", "cat_denied")] == [
            ("phone", "record_id"), ("email",), ("name",),
        ]  # fmt: skip

    def test_each_person_has_only_what_was_found_of_theirs(self):
        event = mailing({"email": "ayse@ornek.example"}, {"name": "Can Kaya"}, {"id": "c3"})
        rows = process(pipeline({"all": MASKING}), event).rows
        assert [(row["cat_masked"], row["cat_denied"], row["n_fields"]) for row in rows] == [
            (mask_of(["email"]), 0, 1), (0, mask_of(["name"]), 1), (0, 0, 1),
        ]  # fmt: skip

    @settings(max_examples=60, deadline=None)
    @given(MIXED)
    def test_every_reader_accounts_for_the_same(self, records):
        readers = {"a": OPEN, "b": MASKING, "c": {"*": "redact"}, "d": {"email": "deny"}}
        found = defaultdict(set)
        for row in process(pipeline(readers), *records).rows:
            parts = [row["cat_clear"], row["cat_masked"], row["cat_denied"]]
            assert sum(parts) == parts[0] | parts[1] | parts[2]
            if row["access_kind"] == "delivered":
                found[row["kafka_offset"], row["row_ordinal"]].add(sum(parts))
        assert all(len(masks) == 1 for masks in found.values())


class TestObserved:
    def test_an_access_that_an_event_reports_has_a_row_without_a_subscription(self):
        rows = process(pipeline(), CALL).rows
        assert Counter(row["access_kind"] for row in rows) == {"delivered": 1, "observed": 1}
        (seen,) = [row for row in rows if row["access_kind"] == "observed"]
        assert (seen["subscription"], seen["principal_uid"], seen["role"]) == (
            None,
            "u-17",
            "agent",
        )
        assert (seen["src_net"], seen["reason"], seen["action_id"]) == (
            "192.0.2.0/24", "observed", ALLOWED,
        )  # fmt: skip

    def test_it_happened_when_the_event_says_and_in_clear(self):
        (seen,) = process(pipeline(subscriptions=[]), CALL).rows
        assert seen["time"] == seen["event_time"] != seen["logged_time"]
        assert (codes_of(seen["cat_clear"]), seen["cat_denied"]) == (("ip_address", "record_id"), 0)

    def test_without_a_time_it_is_now(self):
        (seen,) = process(pipeline(subscriptions=[]), {**CALL, "time": None}).rows
        assert (seen["time"], seen["event_time"]) == (seen["logged_time"], None)


class TestRejected:
    def test_a_record_that_nobody_could_read_has_one_row(self):
        result = process(pipeline({"a": OPEN, "b": OPEN}), b"{", first=7)
        row = lone(result)
        assert (row["access_kind"], row["kafka_offset"], row["row_ordinal"]) == ("rejected", 7, 0)
        assert (row["reason"], row["action_id"], row["disposition_id"]) == (
            "not_json", DENIED, DISPOSITION_QUARANTINED,
        )  # fmt: skip
        assert (row["subject_ref"], row["event_time"], row["resource"]) == (None, None, "unknown")

    def test_rows_are_in_the_order_of_the_input_rejects_among_them(self):
        result = process(pipeline(), contact(), b"{", mailing({}, {}), b"", line(None))
        assert result.column("kafka_offset") == [0, 1, 2, 2, 3, 4]

    def test_what_the_policy_holds_back_has_its_readers_rows_and_no_other(self):
        strict = {"*": "allow", "email": "quarantine"}
        result = process(pipeline({"a": strict, "all": OPEN}), contact(email="a@ornek.example"))
        kinds = [(row["access_kind"], row["subscription"], row["reason"]) for row in result.rows]
        assert kinds == [
            ("delivered", "a", "policy_quarantine"), ("delivered", "all", "granted"),
        ]  # fmt: skip


class TestEncoding:
    def test_the_wire_has_the_columns_agreed_on(self):
        outcome = process(pipeline(), contact(), b"{").outcome
        assert read_stream(outcome.audits[0].stream)[1].schema == WIRE
        assert expand(outcome.audits[0].stream).schema == LAKE

    def test_a_batch_without_rows_has_them_too(self):
        assert expand(process(pipeline()).outcome.audits[0].stream).schema == LAKE

    def test_what_rows_share_is_said_once(self):
        result = process(pipeline({"a": OPEN, "b": MASKING}), *[contact()] * 50)
        meta = result.meta
        assert [access.subscription for access in meta.accesses] == ["a", "b"]
        assert [resource.name for resource in meta.resources] == ["crm.contact"]
        assert (len(result.rows), len(set(meta.reasons))) == (100, len(meta.reasons))

    def test_more_fields_than_the_column_holds_are_many(self):
        found = {"a": [f"a{n}@ornek.example" for n in range(33_000)]}
        path = pipeline(limits=Limits(leaves=40_000))
        assert lone(process(path, found))["n_fields"] == 32_767

    def test_jurisdictions_may_be_more_than_a_short_number_counts(self):
        letters = itertools.product(string.ascii_uppercase, repeat=2)
        codes = [f"{a}{b}-{number}" for a, b in letters for number in range(60)]
        events = [mailing(*[{"country": code} for code in codes[at::3]]) for at in range(3)]
        meta = process(pipeline(subscriptions=[]), *events).meta
        assert len(meta.jurisdictions) == len(codes) == 40_560


READERS = {
    "a": OPEN,
    "b": MASKING,
    "c": {"*": "allow", "phone": "quarantine"},
    "d": {"name": "deny"},
}
PATH = pipeline(READERS, limits=Limits(event_bytes=4000, depth=20, leaves=200))


@settings(max_examples=120, deadline=None)
@given(MIXED)
def test_no_two_rows_have_the_same_key(records):
    rows = process(PATH, *records, first=11).rows
    keys = [tuple(row[name] for name in ROW_KEY) for row in rows]
    assert len(set(keys)) == len(keys)


@settings(max_examples=80, deadline=None)
@given(MIXED)
def test_every_record_is_in_the_trail(records):
    result = process(PATH, *records)
    kinds: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in result.rows:
        if row["row_ordinal"] == 0:
            kinds[row["kafka_offset"]][row["access_kind"]] += 1
    rejected = {offset for offset, reason in result.held() if reason != "policy_quarantine"}
    for offset in range(len(records)):
        seen = kinds[offset]
        assert seen["rejected"] == (offset in rejected)
        assert seen["delivered"] == (0 if offset in rejected else len(READERS))
    assert result.column("kafka_offset") == sorted(result.column("kafka_offset"))


def test_a_readers_access_is_told_by_subscription_and_policy():
    rules = policy({"all": OPEN})
    one = reader(subscription("all", purpose="fun"), rules)
    assert one.cell.decide(1).reason is Reason.PURPOSE_NOT_CONFIGURED
    assert one.cell.decide(1).action is Action.DENY
    assert (one.access.purpose, one.access.legal_basis, one.access.rule_uid) == ("fun", "", "")
