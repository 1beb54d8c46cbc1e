"""Batches become whole Kafka batches: each record where it belongs, in order, none twice."""

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.memory_records import MemoryRecords

from gateway.config import Transport
from gateway.errors import VaultError
from gateway.kafka import parcel
from gateway.kafka.blame import ProcessingError
from gateway.kafka.parcel import Load, Parcel, Route, outcomes, processed, rejected, route
from gateway.stream import Audit, Batch, Line, Out, Outcome
from schemas.access import Reason

WAY = Route("crm", 3, ("audit", 1), ("quarantine", 2), b"crm/3")
HEADERS = [("sluicegate-first", b"0")]


def create(size: int = 400) -> BatchBuilder:
    return BatchBuilder(size, 0, is_transactional=1)


def records(count: int = 3) -> Batch:
    lines = [Line(offset, b"x" * 40) for offset in range(count)]
    return Batch("crm", "crm.events", 3, 0, count + 1, lines)


def outs(count: int, size: int = 40) -> list[Out]:
    return [Out(n, 1000 + n, b"k%d" % n, b"v" * size, [("h", b"1")]) for n in range(count)]


def outcome(views: dict[str, list[Out]], quarantine: list[Out] | None = None) -> Outcome:
    return Outcome(views, quarantine or [], [Audit(b"arrow", HEADERS)])


def packed(load: Load) -> list[list[tuple[str, int]]]:
    return [[(each.topic, each.partition) for each in parcels] for parcels in load.rounds]


def content(parcels: list[Parcel]) -> list[tuple[bytes | None, bytes | None]]:
    found = []
    for each in parcels:
        sent = MemoryRecords(bytes(each.builder._builder.build()))
        while sent.has_next():
            found += [(r.key, r.value) for r in sent.next_batch()]
    return found


def one_load(what: Outcome, source: Batch | None = None) -> Load:
    [load] = processed(source or records(), lambda _: what, WAY, create)
    return load


def test_everything_a_batch_became_is_one_load():
    load = one_load(outcome({"sales": outs(2), "science": outs(1)}, outs(1)))
    assert packed(load) == [
        [("crm.view.sales", 3), ("crm.view.science", 3), ("quarantine", 2), ("audit", 1)]
    ]
    assert (load.position, load.records) == (4, 3)


def test_an_empty_view_sends_nothing_but_the_audit_is_always_there():
    load = one_load(outcome({"sales": []}))
    assert packed(load) == [[("audit", 1)]]
    assert content(list(load.rounds[0])) == [(b"crm/3", b"arrow")]


def test_a_full_builder_is_followed_by_another_and_no_round_has_a_partition_twice():
    load = one_load(outcome({"sales": outs(12), "science": outs(1)}))
    assert len(load.rounds) > 1
    for round_ in packed(load):
        assert len(set(round_)) == len(round_)
    sales = [each for parcels in load.rounds for each in parcels if each.topic == "crm.view.sales"]
    assert content(sales) == [(b"k%d" % n, b"v" * 40) for n in range(12)]


def test_a_record_bigger_than_a_builder_has_one_of_its_own():
    load = one_load(outcome({"sales": outs(2, size=1000)}))
    sales = [each for parcels in load.rounds for each in parcels if each.topic == "crm.view.sales"]
    assert [len(content([each])) for each in sales] == [1, 1]


def test_every_tenants_audit_is_there():
    what = Outcome({}, [], [Audit(b"of one", HEADERS), Audit(b"of another", HEADERS)])
    assert content(list(one_load(what).rounds[0])) == [
        (b"crm/3", b"of one"),
        (b"crm/3", b"of another"),
    ]


def test_a_tombstone_is_packed_as_one():
    load = one_load(outcome({"sales": [Out(0, 1000, b"k", None, [])]}))
    assert content([load.rounds[0][0]]) == [(b"k", None)]


def test_the_same_lane_always_has_the_same_route():
    transport = Transport(kind="kafka", audit_partitions=7)
    routes = {route(transport, "crm", "crm.events", 3) for _ in range(3)}
    assert len(routes) == 1
    assert 0 <= routes.pop().audit[1] < 7


def test_a_batch_whose_audit_record_is_too_big_is_halved(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parcel, "AUDIT_RECORD_BYTES", 20)

    def process(batch: Batch) -> Outcome:
        return Outcome({}, [], [Audit(b"a" * 10 * len(batch.records), [])])

    found = [(p.first, p.next, len(p.records)) for p, _ in outcomes(records(5), process)]
    assert found == [(0, 2, 2), (2, 3, 1), (3, 6, 2)]


def test_what_a_processor_raises_is_blamed_on_the_batch_without_its_words():
    def process(batch: Batch) -> Outcome:
        raise ValueError("jane@example.com")

    with pytest.raises(ProcessingError) as caught:
        processed(records(), process, WAY, create)
    assert str(caught.value) == "ValueError"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_products_own_errors_pass():
    def process(batch: Batch) -> Outcome:
        raise VaultError("locked")

    with pytest.raises(VaultError):
        processed(records(), process, WAY, create)


def test_a_rejected_batch_is_packed_with_its_reason():
    given: list[Reason] = []

    def reject(batch: Batch, reason: Reason) -> Outcome:
        given.append(reason)
        return outcome({"sales": []}, outs(3))

    [load] = rejected(records(), Reason.POISON, reject, WAY, create)
    assert given == [Reason.POISON]
    assert packed(load) == [[("quarantine", 2), ("audit", 1)]]
