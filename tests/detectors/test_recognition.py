"""Recognizers see free text only, once; what they find counts like what rules find."""

import re
from collections.abc import Sequence

import pytest

from detectors.overlap import Found, resolve
from detectors.recognition import Recognition
from detectors.recognizer import Recognized
from schemas.audit import BY_MODEL
from schemas.category import by_code
from tests.detectors.build import engine, field, number_of, shapes, walked

FREE = {"/note": field(free_text=True), "/more": field(free_text=True)}


class Words:
    """A recognizer of a list of words; the simplest model there is."""

    name = "words"

    def __init__(
        self, words: dict[str, str], languages: Sequence[str] = (), **categories: str
    ) -> None:
        self.languages = languages
        self.categories = categories
        self.asked: list[str] = []
        self._words = words

    def recognize(self, texts: Sequence[str]) -> list[list[Recognized]]:
        self.asked += texts
        return [
            [
                Recognized(match.start(), match.end(), label, 0.8)
                for word, label in self._words.items()
                for match in re.finditer(word, text)
            ]
            for text in texts
        ]


class Raising(Words):
    """A model that fails and quotes the text."""

    def recognize(self, texts):
        raise ValueError(texts)


class Short(Words):
    """A model that answers to none of the texts."""

    def recognize(self, texts):
        return []


class Wide(Words):
    """A model whose offsets and scores cannot be."""

    def recognize(self, texts):
        spans = ((-1, 2, 0.5), (1, 1, 0.5), (0, 99, 0.5), (0, 2, 7.0))
        return [
            [Recognized(first, last, "PER", sure) for first, last, sure in spans] for _ in texts
        ]


def recognition(*recognizers: Words) -> Recognition:
    return Recognition(recognizers, engine().rules, engine().entities)


def found(recognizer: Words, *events: object) -> list[tuple[str, str]]:
    """Return the entities that are recognized, and the texts that they cover."""
    leaves = walked(*events, of=shapes(FREE))
    one = recognition(recognizer)
    spans: list[Found] = []
    one.find(leaves, spans)
    names = [*engine().entities, *one.entities]
    return [(names[each.rule], leaves.texts[each.leaf][each.start : each.end]) for each in spans]


def test_nothing_is_asked_and_nothing_changes_without_recognizers():
    spans: list[Found] = []
    one = recognition()
    one.find(walked({"note": "Ayşe"}, of=shapes(FREE)), spans)

    assert (spans, one.entities) == ([], [])


def test_only_what_a_contract_declares_free_text_is_shown():
    words = Words({"Ayşe": "PERSON"})

    assert found(words, {"note": "Ayşe", "name": "Ayşe", "Ayşe": 1}) == [("PERSON", "Ayşe")]
    assert words.asked == ["Ayşe"]


def test_a_text_that_comes_again_is_shown_once_and_found_each_time():
    words = Words({"Ayşe": "PERSON"})

    assert (
        found(words, {"note": "Ayşe", "more": "Ayşe"}, {"note": "Ayşe"}) == [("PERSON", "Ayşe")] * 3
    )
    assert words.asked == ["Ayşe"]


@pytest.mark.parametrize(
    ("languages", "shown"),
    [
        ((), ["Ayşe", "Айгуль", "נועה"]),
        (("tr",), ["Ayşe"]),
        (("kk", "he"), ["Айгуль", "נועה"]),
        (("xx",), ["Ayşe", "Айгуль", "נועה"]),
    ],
)
def test_a_text_without_a_letter_of_its_languages_is_not_shown_to_a_model(languages, shown):
    words = Words({}, languages)
    found(words, *({"note": text} for text in ("Ayşe", "Айгуль", "נועה", "12 :-)")))

    assert words.asked == shown


@pytest.mark.parametrize(
    ("label", "entity", "category"),
    [
        ("PER", "PERSON", "name"),
        ("person", "PERSON", "name"),
        ("ORG", "ORGANIZATION", "company"),
        ("GPE", "LOCATION", "location_imprecise"),
        ("NORP", "NRP", "ethnicity"),
        ("medical condition", "MEDICAL_CONDITION", "health"),
        ("US_SSN", "US_SSN", "government_id"),
        ("email address", "EMAIL_ADDRESS", "email"),
    ],
)
def test_what_models_call_things_is_an_entity_and_a_category(label, entity, category):
    leaves = walked({"note": "x"}, of=shapes(FREE))
    one = recognition(Words({"x": label}))
    spans: list[Found] = []
    one.find(leaves, spans)

    [each] = spans
    assert [*engine().entities, *one.entities][each.rule] == entity
    assert (each.bit, each.detected_by) == (by_code()[category].bit, BY_MODEL)


def test_an_entity_of_a_rule_goes_by_the_rule_s_number():
    leaves = walked({"note": "x"}, of=shapes(FREE))
    spans: list[Found] = []
    recognition(Words({"x": "IBAN_CODE"})).find(leaves, spans)

    assert [one.rule for one in spans] == [number_of("IBAN_CODE")]


def test_what_is_not_personal_data_is_left_out():
    assert found(Words({"Monday": "DATE", "two": "CARDINAL"}), {"note": "two on Monday"}) == []


def test_a_label_of_a_model_s_own_needs_a_category():
    text = {"note": "staff 17"}

    assert found(Words({"17": "badge no"}), text) == []
    assert found(Words({"17": "badge no"}, **{"badge no": "record_id"}), text) == [
        ("BADGE_NO", "17")
    ]


def test_offsets_and_scores_that_cannot_be_do_no_harm():
    leaves = walked({"note": "Ayşe"}, of=shapes(FREE))
    spans: list[Found] = []
    recognition(Wide({})).find(leaves, spans)

    assert [(one.start, one.end, one.confidence) for one in spans] == [(0, 2, 1.0)]


def test_where_a_rule_is_surer_its_finding_stays():
    leaves = walked({"note": "mail a@b.com to Ayşe"}, of=shapes(FREE))
    spans = list(engine().scan(leaves).spans)
    recognition(Words({"a@b.com": "ORG", "Ayşe": "PER"})).find(leaves, spans)

    kept = [leaves.texts[one.leaf][one.start : one.end] for one in resolve(spans)]
    assert kept == ["a@b.com", "Ayşe"]
    assert resolve(spans)[0].rule == number_of("EMAIL_ADDRESS")


class Choking(Words):
    """A model that fails at whatever batch has a certain text in it."""

    def recognize(self, texts):
        if "choke" in texts:
            raise ValueError(texts)
        return super().recognize(texts)


@pytest.mark.parametrize("model", [Raising, Short])
def test_a_text_at_which_a_model_fails_counts_as_unread(model):
    leaves = walked({"note": "Ayşe"}, {"id": "Ayşe"}, of=shapes(FREE))
    spans: list[Found] = []
    recognition(model({})).find(leaves, spans)

    assert not spans
    assert [leaves.texts[leaf] for leaf in leaves.unread] == ["Ayşe"]
    assert leaves.events(leaves.unread) == [0]


def test_a_model_that_fails_at_one_text_is_asked_about_the_others():
    leaves = walked({"note": "Ayşe"}, {"note": "choke"}, {"more": "choke"}, of=shapes(FREE))
    spans: list[Found] = []
    recognition(Choking({"Ayşe": "PER"})).find(leaves, spans)

    assert [leaves.texts[one.leaf] for one in spans] == ["Ayşe"]
    assert leaves.events(leaves.unread) == [1, 2]


def test_a_batch_without_free_text_is_shown_to_nobody():
    assert found(Raising({}), {"id": "Ayşe"}) == []
