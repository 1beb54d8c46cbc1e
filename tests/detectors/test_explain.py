from collections.abc import Iterator

import pytest

from detectors.explain import Answer, Stage, explain
from detectors.kept import kept_in
from detectors.lists import Denied, Lists
from detectors.proof import fill
from detectors.rule import shipped
from detectors.scanner import Engine
from tests.detectors.build import engine, rule

PASSPORT = rule(
    entity="PASSPORT",
    candidate="code",
    pattern="[A-Z][0-9]{8}",
    needs="support",
    lengths=(),
    context=("passport",),
)
OTHER = rule(entity="OTHER", candidate="code", pattern="[A-Z][0-9]{8}", lengths=(), confidence=0.97)


ONE_OF_EACH = list({one.candidate: one for one in shipped()}.values())


@pytest.fixture(scope="module", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with kept_in(tmp_path_factory.mktemp("databases")):
        yield


def told(entity: str, text: str, path: str = "text", of: Engine | None = None) -> list[Answer]:
    return explain(of or engine(), entity, path, text)


@pytest.mark.parametrize(
    ("entity", "text", "path", "stage", "span"),
    [
        ("TR_VKN", "none at all", "text", Stage.UNSEEN, (0, 0)),
        ("EMAIL_ADDRESS", "not a@b", "text", Stage.EDGES, (0, 0)),
        ("TR_NATIONAL_ID", "x10000000146", "text", Stage.EDGES, (1, 12)),
        ("TR_NATIONAL_ID", "1000000014", "text", Stage.LENGTH, (0, 10)),
        ("TR_VKN", "vergi 454 05 36920", "text", Stage.LENGTH, (6, 18)),
        ("AWS_ACCESS_KEY", "AKIA" + "A" * 18, "text", Stage.LENGTH, (0, 22)),
        ("TR_VKN", "vergi 4540536921", "text", Stage.CHECK, (6, 16)),
        ("TR_VKN", "4540536921", "text", Stage.CHECK, (0, 10)),
        ("PERSON", "4711", "last_name", Stage.CHECK, (0, 4)),
        ("TR_VKN", "4540536920", "text", Stage.SUPPORT, (0, 10)),
        ("US_SSN", "536228731", "text", Stage.SUPPORT, (0, 9)),
        ("PHONE_NUMBER", "5321234567", "text", Stage.SUPPORT, (0, 10)),
        ("PERSON", "Doe", "text", Stage.SUPPORT, (0, 3)),
        ("TR_NATIONAL_ID", "order 10000000146", "text", Stage.CONTRADICTED, (6, 17)),
        ("TR_NATIONAL_ID", "10000000146", "text", Stage.FOUND, (0, 11)),
        ("PERSON", "Doe", "last_name", Stage.FOUND, (0, 3)),
    ],
)
def test_a_text_is_let_go_at_the_first_stage_that_it_fails(entity, text, path, stage, span):
    answer = told(entity, text, path)[0]  # of the entity's first rule

    assert (answer.stage, (answer.start, answer.end)) == (stage, span)


def test_what_lost_an_overlap_says_to_what():
    both = Engine([PASSPORT, OTHER])

    assert told("PASSPORT", "passport U12345678", of=both) == [
        Answer("PASSPORT.code", Stage.OVERLAP, 9, 18, 0.95, "OTHER")
    ]


def test_what_a_list_lets_go_and_what_only_a_list_finds_is_told():
    lists = Lists(test_cards=True, deny=(Denied("Nightingale", "PERSON"),))
    one = Engine([rule(entity="CARD", lengths=(16,)), rule(entity="PERSON")], lists)

    assert told("CARD", "card 4242424242424242", of=one) == [
        Answer("CARD.digits", Stage.ALLOWED, 5, 21, 0.6)
    ]
    assert told("PERSON", "of Nightingale", of=one) == [
        Answer("PERSON.digits", Stage.UNSEEN),
        Answer("PERSON", Stage.LISTED, 3, 14, 1.0),
    ]


def test_a_code_inside_a_word_fails_at_its_edges():
    one = Engine([PASSPORT])

    assert told("PASSPORT", "passport xU12345678", of=one) == [
        Answer("PASSPORT.code", Stage.EDGES, 10, 19)
    ]
    assert told("PASSPORT", "U12345678", of=one) == [Answer("PASSPORT.code", Stage.SUPPORT, 0, 9)]


def test_each_rule_of_an_entity_and_each_candidate_is_told():
    answers = told("IP_ADDRESS", "10.0.0.1 and 10.0.0.2")

    assert [(one.rule, one.stage, one.start) for one in answers] == [
        ("IP_ADDRESS.ipv4", Stage.FOUND, 0),
        ("IP_ADDRESS.ipv4", Stage.FOUND, 13),
        ("IP_ADDRESS.ipv6", Stage.UNSEEN, 0),
        ("IP_ADDRESS.code", Stage.UNSEEN, 0),
    ]


@pytest.mark.parametrize("one", ONE_OF_EACH, ids=lambda one: one.candidate)
def test_every_sort_of_candidate_can_be_explained(one):
    path, _, text = one.examples[0].rpartition(" => ")
    text = fill(text).replace("«", "").replace("»", "")
    answers = told(one.entity, text, path or "text")

    assert Stage.FOUND in {answer.stage for answer in answers if answer.rule == one.name}
    assert {answer.stage for answer in told(one.entity, "no such thing")} <= {
        Stage.UNSEEN,
        Stage.SUPPORT,
    }
