"""The quality bench runs, small; what it counts as found, as false and as known is right."""

from typing import Any

import pytest

from bench import rivals
from bench.decoys import decoys
from bench.engine import Scanner, pointer
from bench.labelled import Quality, Seen, Tally, repeats, seen
from bench.quality import presidio
from detectors.overlap import Found
from gateway.corpus import Label, Sample
from schemas.audit import BY_CONTRACT, BY_KNOWN_VALUE, BY_RULE
from schemas.event import contracts
from tests.bench.test_bench import figures_of, output_of

BITS = {"EMAIL_ADDRESS": 3, "US_SSN": 6, "TR_VKN": 6}
EVENT = {"type": "crm.contact", "note": "0123456789"}


def sample(*labels: Label, **fields: Any) -> Sample:
    return Sample({**EVENT, **fields}, list(labels), "c-1")


def label(
    start: int = 0, end: int = 4, entity: str = "EMAIL_ADDRESS", path: str = "/note"
) -> Label:
    return Label(path, start, end, entity)


def finding(start: int, end: int, entity: str = "EMAIL_ADDRESS", by: int = BY_RULE) -> Seen:
    return Seen("/note", entity, Found(0, start, end, BITS.get(entity, 9), 0, 0.9, by))


def judged(planted: list[Label], *found: Seen) -> Quality:
    quality = Quality()
    quality.compare(sample(*planted), found, BITS)
    return quality


def tally(quality: Quality, entity: str = "EMAIL_ADDRESS") -> tuple[int, int, int, int]:
    one = quality.entities[entity]
    return one.planted, one.hits, one.reported, one.wrong


def test_the_quality_bench_has_a_case_for_each_entity_and_each_promise():
    found = output_of("bench.quality", "--events", "400", "--seed", "1")

    cases = figures_of(found["cases"])
    measured = {"planted", "recall", "precision", "f2", "recall_by_content", "precision_by_content"}
    assert cases["EMAIL_ADDRESS"] >= measured
    assert cases["known PERSON"] == {"planted", "recall"}
    run = {"events", "false_per_1000_events", "overlapping_per_1000_events"}
    for name in ("contract", "content", "clean, contract", "clean, content", "decoys, content"):
        assert cases[f"events, {name}"] == run
    assert ("events, Presidio" in cases) == rivals.installed()


def test_a_planted_value_is_found_where_its_very_characters_are():
    assert tally(judged([label()], finding(0, 4))) == (1, 1, 1, 0)


def test_a_part_of_it_is_neither_found_nor_false():
    assert tally(judged([label()], finding(0, 3))) == (1, 0, 1, 0)


def test_what_is_called_something_else_is_not_found_and_false():
    quality = judged([label()], finding(0, 4, "US_SSN"))

    assert tally(quality) == (1, 0, 0, 0)
    assert tally(quality, "US_SSN") == (0, 0, 1, 1)
    assert [miss.sort for miss in quality.misses] == ["missed", "false"]


@pytest.mark.parametrize("by", [BY_CONTRACT, BY_KNOWN_VALUE])
def test_what_an_event_declares_goes_by_its_category(by):
    quality = judged([label(entity="US_SSN")], finding(0, 4, "TR_VKN", by))

    assert tally(quality, "US_SSN") == (1, 1, 0, 0)
    assert quality.false == 0


def test_a_repeated_value_of_an_entity_without_a_rule_is_no_mistake():
    assert judged([], finding(0, 4, "COMPANY", BY_KNOWN_VALUE)).false == 0
    assert judged([], finding(0, 4, "COMPANY")).false == 1


def test_findings_that_share_a_character_overlap_and_those_that_touch_do_not():
    assert judged([], finding(0, 4), finding(3, 6)).overlaps == 1
    assert judged([], finding(0, 4), finding(4, 6)).overlaps == 0


def test_recall_counts_for_more_than_precision():
    assert Tally(planted=10, hits=10, reported=20, wrong=10).f2 == pytest.approx(5 / 6)
    assert Tally(planted=10, hits=5, reported=5).f2 == pytest.approx(5 / 9)
    assert Tally(planted=10).f2 == 0


@pytest.mark.parametrize(
    ("entity", "field", "text", "repeated"),
    [
        ("PERSON", ("name", "Ayşe Kaya"), "Ayşe", True),
        ("PERSON", ("name", "Ayşe Kaya"), "Fatma", False),
        ("PHONE_NUMBER", ("phone", "+905321234567"), "0532 123 45 67", True),
        ("PHONE_NUMBER", ("phone", "+905321234567"), "0532 123 45 68", False),
        ("EMAIL_ADDRESS", ("email", "a@b.com"), "A@b.com", True),
        ("STREET_ADDRESS", ("address", "6 High St"), "6 High St", True),
    ],
)
def test_what_repeats_a_declared_field_is_a_known_value(entity, field, text, repeated):
    name, value = field
    declared = label(0, len(value), entity, f"/contact/{name}")
    told = label(0, len(text), entity)
    event = sample(declared, told, note=text, contact={name: value})

    assert list(repeats(event, contracts()["crm.contact"])) == ([told] if repeated else [])


def test_what_is_seen_has_its_place_in_the_event():
    scanner = Scanner({})
    scanned = scanner(
        [b'{"a":{"b":["x","me@example.com"]}}', b"no event", b'{"c":"you@example.com"}']
    )

    found = [
        [(one.path, one.entity) for one in some] for some in seen(scanner.engine.entities, scanned)
    ]

    assert found == [[("/a/b/1", "EMAIL_ADDRESS")], [], [("/c", "EMAIL_ADDRESS")]]
    assert pointer(scanned.leaves, scanned.findings.spans[0].leaf) == "/a/b/1"


def test_decoys_are_the_same_each_time_and_hold_nothing_planted():
    some = list(decoys(7, 200))

    assert some == list(decoys(7, 200))
    assert some != list(decoys(8, 200))
    assert not any(one.labels for one in some)
    assert {type(value) for one in some for value in one.event.values()} == {str, int}


@pytest.mark.skipif(not rivals.installed(), reason=rivals.MISSING)
def test_presidio_is_measured_on_the_same_labels():
    text = "write to ayse@example.com"
    quality = presidio([sample(label(9, len(text)), note=text)])

    assert tally(quality) == (1, 1, 1, 0)
