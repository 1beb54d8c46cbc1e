"""The scan bench runs, small, and rivals answer as they are asked."""

import pytest

from bench import rivals
from bench.rivals import RIVALS, Rival
from bench.rivals.child import leaves
from bench.scan import OURS
from tests.bench.test_bench import THROUGHPUT, figures_of, output_of

RE = next(rival for rival in RIVALS if rival.way == "re")
STAGES = {"decode_walk", "join", "hyperscan", "confirm"}
HERE = pytest.mark.skipif(not rivals.installed(), reason=rivals.MISSING)
MAIL = ("note", "write to ayse@example.com today")


def test_the_scan_bench_tells_stages_kinds_and_others_apart():
    found = output_of("bench.scan", "--events", "300", "--seed", "1")

    cases = figures_of(found["cases"])
    sets = {name for name in cases if name.endswith("rules")}
    staged = {f"{stage}_us_per_event" for stage in STAGES} | {"of_bare_hyperscan", "rules"}
    assert {"8 rules", "20 rules", OURS} <= sets
    assert all(cases[name] > staged | THROUGHPUT for name in sets)
    assert {"api.access", "call.record", "crm.contact"} <= cases.keys()
    assert cases[f"{RE.name}, whole"] > THROUGHPUT | {"ours_to_this"}
    assert cases[f"{RE.name}, leaves"] == cases[f"{RE.name}, whole"]
    figures = [value for case in found["cases"] for key, value in case.items() if key != "name"]
    assert min(figures) >= 0


def test_a_rival_tells_what_it_found_in_each_text():
    found = rivals.findings(RE, [MAIL, ("note", "nobody")])

    assert found == [[(9, 25, "EMAIL_ADDRESS", 1.0)], []]


def test_a_rival_does_not_count_the_events_that_it_warms_up_with():
    found = rivals.timed(RE, "leaves", [b'{"a":["x@example.com"]}'] * 25)

    assert (found["events"], found["found"], found["bytes"]) == (5, 5, 5 * 23)


def test_a_rival_sees_no_more_events_than_it_is_measured_on():
    assert rivals.timed(RE._replace(events=21), "whole", [b"{}"] * 30)["events"] == 1


def test_leaves_go_by_the_name_of_their_field():
    event = {"a": "1", "b": {"c": ["2", {"d": "3"}], "e": 4}}

    assert list(leaves(event)) == [("a", "1"), ("c", "2"), ("d", "3")]


@HERE
@pytest.mark.parametrize("rival", RIVALS, ids=[rival.name for rival in RIVALS])
def test_every_rival_finds_an_address(rival: Rival):
    [found] = rivals.findings(rival, [MAIL])

    assert (9, 25) in {(start, end) for start, end, *_ in found}


@HERE
def test_presidio_is_surer_where_the_field_says_what_it_is():
    one, other = rivals.findings(
        rivals.PRESIDIO_CONTEXT, [("phone", "(212) 555-0123"), ("order", "(212) 555-0123")]
    )

    assert {entity: score for *_, entity, score in one}["PHONE_NUMBER"] > 0.5
    assert {entity: score for *_, entity, score in other}["PHONE_NUMBER"] < 0.5
