"""How much of what the corpus plants is found, and how much else is: by contract and by content."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice, pairwise
from typing import Any, NamedTuple

import orjson
import pytest

from detectors.overlap import Found
from detectors.proof import COUNTS_FROM
from detectors.scanner import Findings
from detectors.walk import Leaves, Shapes
from gateway.corpus import Label, Sample, encode, generate
from schemas.audit import BY_CONTRACT, BY_RULE
from schemas.event import Contract, contracts
from tests.detectors.build import engine

SEED, EVENTS, BATCH = 20_261_124, 5000, 1000  # a seed that no rule was made with
CONTENT = (
    *("EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "MAC_ADDRESS", "CREDIT_CARD", "IBAN_CODE"),
    *("TR_NATIONAL_ID", "TR_VKN", "KZ_IIN", "IL_ID", "AE_EMIRATES_ID", "US_SSN", "DATE_OF_BIRTH"),
    *("JWT", "AWS_ACCESS_KEY", "BEARER_TOKEN", "PASSWORD", "URL_CREDENTIALS"),
)
KIND_OF = {rule.entity: rule.bit for rule in engine().rules}


class Scan(NamedTuple):
    """One generated event and what counts in it, by JSON pointer."""

    sample: Sample
    found: list[tuple[str, Found]]


def batches(*, clean: bool) -> Iterator[list[Sample]]:
    samples = generate(SEED, EVENTS, clean=clean)
    while batch := list(islice(samples, BATCH)):
        yield batch


def pointer(leaves: Leaves, leaf: int) -> str:
    keys, at = [leaves.keys[leaf]], leaves.holders[leaf]
    while leaves.parents[at] >= 0:
        keys.append(leaves.places[at])
        at = leaves.parents[at]
    return "/" + "/".join(map(str, reversed(keys)))


def scan(batch: list[Sample], shapes: Shapes) -> tuple[Leaves, Findings]:
    leaves = Leaves()
    for sample in batch:
        event = orjson.loads(encode(sample))
        assert shapes.walk(event, shapes.root(event["type"]), leaves, 64)
        leaves.starts.append(len(leaves.texts))
    findings = engine().scan(leaves)
    shapes.settle(leaves, {one.leaf for one in findings.spans})
    return leaves, findings


@cache
def scans(*, known: bool = True, clean: bool = False) -> list[Scan]:
    """Return the scanned corpus, with the contracts of its events or without any."""
    kinds: Mapping[str, Contract] = contracts() if known else {}
    shapes = Shapes(kinds, engine().hints)
    done = []
    for batch in batches(clean=clean):
        leaves, findings = scan(batch, shapes)
        counting = [
            one for one in (*findings.fields, *findings.spans) if one.confidence >= COUNTS_FROM
        ]
        by_leaf: dict[int, list[Found]] = {}
        for one in counting:
            by_leaf.setdefault(one.leaf, []).append(one)
        for at, sample in enumerate(batch):
            here = range(leaves.starts[at], leaves.starts[at + 1])
            done.append(
                Scan(
                    sample, [(pointer(leaves, n), one) for n in here for one in by_leaf.get(n, ())]
                )
            )
    return done


def is_hit(label: Label, path: str, one: Found) -> bool:
    """Say whether a finding is just what was planted; a declared value goes by its category."""
    same = (path, one.start, one.end) == (label.path, label.start, label.end)
    if one.detected_by == BY_RULE:
        return same and engine().entities[one.rule] == label.entity
    return same and one.bit == KIND_OF[label.entity]


def touches(label: Label, path: str, one: Found) -> bool:
    return path == label.path and one.start < label.end and label.start < one.end


def measured(entity: str, *, known: bool = True) -> tuple[float, float]:
    """Return recall and precision of an entity."""
    planted = hits = reported = wrong = 0
    for sample, found in scans(known=known):
        labels = [label for label in sample.labels if label.entity == entity]
        planted += len(labels)
        hits += sum(any(is_hit(label, *one) for one in found) for label in labels)
        for path, one in found:
            if engine().entities[one.rule] == entity and one.detected_by != BY_CONTRACT:
                reported += 1
                wrong += not any(touches(label, path, one) for label in labels)
    return hits / planted, 1 - wrong / max(1, reported)


@pytest.mark.parametrize("entity", CONTENT)
@pytest.mark.parametrize("known", [True, False], ids=["by contract", "by content alone"])
def test_what_content_gives_away_is_found_and_little_else(entity, known):
    recall, precision = measured(entity, known=known)

    assert recall >= 0.98
    assert precision >= 0.98


def test_names_are_found_in_their_fields_and_again_in_the_event_s_sentences():
    recall, precision = measured("PERSON")

    assert recall >= 0.9
    assert precision >= 0.98


def test_addresses_are_found_in_their_fields_only():
    # What is written in a sentence and stands in no field needs a model of the language.
    recall, precision = measured("STREET_ADDRESS")

    assert recall >= 0.5
    assert precision >= 0.98


def test_fields_are_found_by_their_names_where_no_contract_is_known():
    assert measured("PERSON", known=False)[0] >= 0.4
    assert measured("STREET_ADDRESS", known=False)[0] >= 0.4


@pytest.mark.parametrize("known", [True, False], ids=["by contract", "by content alone"])
def test_less_than_one_clean_event_in_a_thousand_has_a_false_finding(known):
    wrong = [
        (path, engine().entities[one.rule])
        for _, found in scans(known=known, clean=True)
        for path, one in found
        if one.detected_by != BY_CONTRACT
    ]

    assert len(wrong) < EVENTS / 1000


@pytest.mark.parametrize("known", [True, False], ids=["by contract", "by content alone"])
def test_no_two_findings_by_content_overlap(known):
    for _, found in scans(known=known):
        spans = sorted(
            (path, one.start, one.end) for path, one in found if one.detected_by != BY_CONTRACT
        )
        for (path, _, end), (other, start, _) in pairwise(spans):
            assert path != other or end <= start


def test_nothing_of_the_envelope_is_a_finding():
    paths = Counter(path for _, found in scans(known=False) for path, _ in found)

    assert not {"/type", "/time", "/tenant", "/id"} & set(paths)


def test_labels_are_of_entities_that_some_rule_finds():
    planted: set[Any] = {label.entity for one in scans() for label in one.sample.labels}

    assert planted == {*CONTENT, "PERSON", "STREET_ADDRESS"}
