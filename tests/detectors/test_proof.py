import re
import string
import zlib

import pytest

from detectors.proof import fill, findings, look, prove
from detectors.rule import shipped
from detectors.scanner import Engine
from tests.detectors.build import engine, rule


def test_every_shipped_rule_holds():
    assert list(prove(engine())) == []


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.name)
def test_every_rule_has_proofs_of_both_kinds(one):
    assert len(one.examples) >= 5
    assert len(one.counterexamples) >= 5
    assert all("«" in example and "»" in example for example in one.examples)


def test_an_example_that_is_not_found_is_named_by_its_place():
    bad = rule(
        check="tr_vkn",
        examples=["«4540536920»", "«4540536921»", "4540536920", "«454053692»0", "no"],
        counterexamples=["4540536921", "4540536920", "x", "y", "z"],
    )

    assert list(prove(Engine([bad]))) == [
        "TEST_NUMBER.digits: example 1 is not found",
        "TEST_NUMBER.digits: example 2 is not found",
        "TEST_NUMBER.digits: example 3 is not found",
        "TEST_NUMBER.digits: example 4 is not found",
        "TEST_NUMBER.digits: counterexample 1 is found",
    ]


def test_too_few_proofs_are_no_proof():
    assert list(prove(Engine([rule(examples=["«4540536920»"])]))) == [
        "TEST_NUMBER.digits: 1 examples, 5 are needed",
        "TEST_NUMBER.digits: 0 counterexamples, 5 are needed",
    ]


def test_a_proof_can_stand_in_a_field():
    assert findings(engine(), "customer.lastName", "Öztürk") == [("PERSON", 0, 6)]
    assert findings(engine(), "customer/remark", "Öztürk") == []


def test_what_does_not_count_is_looked_at_but_no_finding():
    [verdict] = look(engine(), "text", "order 4539148803436467")

    assert (verdict.entity, verdict.start, verdict.end) == ("CREDIT_CARD", 6, 22)
    assert verdict.confidence < 0.5
    assert findings(engine(), "text", "order 4539148803436467") == []


def test_made_up_secrets_are_the_same_each_time_and_differ_from_each_other():
    first, second, third = fill("{hex:32} {hex:32} {upper:8}").split()

    assert fill("{hex:32} {hex:32} {upper:8}") == f"{first} {second} {third}"
    assert first != second
    assert (len(first), len(third), third.upper()) == (32, 8, third)
    assert fill("{jwt}").count(".") == 2


@pytest.mark.parametrize(
    ("placeholder", "form"),
    [
        ("{digits:12}", "[0-9]{12}"),
        ("{letters:8}", "[A-Za-z]{8}"),
        ("{b32:16}", "[A-Z2-7]{16}"),
        ("{b58:30}", "[1-9A-HJ-NP-Za-km-z]{30}"),
        ("{base64:40}", "[A-Za-z0-9+/]{40}"),
        ("ghp_{github:36}", "ghp_[A-Za-z0-9]{36}"),
        ("{anything}", r"\{anything\}"),
    ],
)
def test_a_placeholder_says_of_what_and_how_long_a_secret_is(placeholder, form):
    assert re.fullmatch(form, fill(placeholder))


def test_a_made_up_github_token_ends_in_its_checksum():
    body = fill("{github:36}")
    value = 0
    for digit in body[30:]:
        value = value * 62 + (
            string.digits + string.ascii_uppercase + string.ascii_lowercase
        ).index(digit)

    assert value == zlib.crc32(body[:30].encode())
