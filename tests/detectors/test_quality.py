"""How much of what the corpus plants is found, and how much else is: by contract and by content."""

from functools import cache

import pytest

from bench.engine import Scanner
from bench.labelled import KNOWABLE, Quality
from bench.quality import measure
from gateway.corpus import generate

SEED, EVENTS = 20_261_124, 5000  # a seed that no rule was made with
CHECKED = (
    *("CREDIT_CARD", "IBAN_CODE", "TR_NATIONAL_ID", "TR_VKN", "KZ_IIN", "IL_ID", "AE_EMIRATES_ID"),
    "JWT",
)
SHAPED = (
    *("EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "MAC_ADDRESS", "US_SSN", "DATE_OF_BIRTH"),
    *("AWS_ACCESS_KEY", "BEARER_TOKEN", "PASSWORD", "URL_CREDENTIALS", "COOKIE_ID"),
)
WAYS = pytest.mark.parametrize("known", [True, False], ids=["by contract", "by content alone"])


@cache
def quality(*, known: bool = True, clean: bool = False) -> Quality:
    """Measure the engine that ships, with the contracts of the events or without any."""
    return measure(Scanner(None if known else {}), generate(SEED, EVENTS, clean=clean))


def measured(entity: str, *, known: bool = True) -> tuple[float, float]:
    tally = quality(known=known).entities[entity]
    return tally.recall, tally.precision


@WAYS
@pytest.mark.parametrize("entity", CHECKED)
def test_what_proves_itself_is_found_and_nothing_else(entity, known):
    recall, precision = measured(entity, known=known)

    assert recall >= 0.99
    assert precision >= 0.99


@WAYS
@pytest.mark.parametrize("entity", SHAPED)
def test_what_content_gives_away_is_found_and_little_else(entity, known):
    recall, precision = measured(entity, known=known)

    assert recall >= 0.98
    assert precision >= 0.98


def test_names_are_found_in_their_fields_and_again_in_the_event_s_sentences():
    recall, precision = measured("PERSON")

    assert recall >= 0.9
    assert precision >= 0.98


@WAYS
def test_addresses_are_found_in_their_fields_and_in_sentences(known):
    recall, precision = measured("STREET_ADDRESS", known=known)

    assert recall >= 0.95
    assert precision >= 0.98


def test_names_are_found_in_fields_named_so_and_where_they_are_announced_without_a_contract():
    recall, precision = measured("PERSON", known=False)

    assert recall >= 0.5
    assert precision >= 0.98


@pytest.mark.parametrize("entity", KNOWABLE)
def test_what_a_field_declares_is_found_again_wherever_the_event_repeats_it(entity):
    known = quality().known[entity]

    assert known.planted > 20
    assert known.recall >= 0.98


@WAYS
def test_less_than_one_clean_event_in_a_thousand_has_a_false_finding(known):
    assert quality(known=known, clean=True).false < EVENTS / 1000


@WAYS
def test_no_two_findings_by_content_overlap(known):
    assert quality(known=known).overlaps == 0


def test_nothing_of_the_envelope_is_a_finding():
    envelope = {"/type", "/time", "/tenant", "/id"}
    wrong = {miss.path.split()[1] for miss in quality(known=False).misses if miss.sort == "false"}

    assert not envelope & wrong


def test_labels_are_of_entities_that_some_rule_finds():
    planted = {entity for entity, tally in quality().entities.items() if tally.planted}

    assert planted == {*CHECKED, *SHAPED, "PERSON", "STREET_ADDRESS"}
