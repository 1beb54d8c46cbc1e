"""Asks recognizers for what rules cannot know, in the fields that a contract declares free text.

The slow path, and off unless an engine is given recognizers. They see each different text of a
batch once; what they find is resolved together with what the rules found.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from detectors.leaves import Leaves
from detectors.overlap import Found, make
from detectors.recognizer import Recognized, Recognizer
from detectors.rule import Rule
from schemas.audit import BY_MODEL
from schemas.category import by_code

_LATIN, _CYRILLIC = "A-Za-z\u00c0-\u024f", "\u0400-\u04ff"
# The letters of which a text must have one to be worth showing to a model of the language.
_LETTERS = {
    **dict.fromkeys(("en", "tr", "de", "fr", "es", "it", "nl", "pl", "pt"), _LATIN),
    **dict.fromkeys(("ru", "kk", "uk"), _CYRILLIC),
    "ar": "\u0600-\u06ff",
    "he": "\u0590-\u05ff",
}
# What models call things: our entity, its category, and their labels. A rule's entity needs no
# line. What has none, such as dates and sums, is not personal data by itself.
_MEANINGS = (
    ("PERSON", "name", ("per", "person", "name")),
    ("STREET_ADDRESS", "postal_address", ("address", "street address")),
    ("LOCATION", "location_imprecise", ("loc", "location", "gpe", "fac", "city")),
    ("ORGANIZATION", "company", ("org", "organization", "organisation", "company")),
    ("NRP", "ethnicity", ("nrp", "norp", "nationality", "ethnicity")),
    ("RELIGION", "religion", ("religion", "religious belief")),
    ("POLITICAL_OPINION", "political_opinion", ("political opinion", "political party")),
    ("MEDICAL_CONDITION", "health", ("medical condition", "disease", "medication")),
    ("EMAIL_ADDRESS", "email", ("email", "email address")),
    ("PHONE_NUMBER", "phone", ("phone", "phone number")),
    ("DATE_OF_BIRTH", "birth_date", ("date of birth",)),
    ("USERNAME", "username", ("username", "user name")),
)


class Recognition:
    """The recognizers of an engine. ``entities`` are those beside the rules', in their order."""

    def __init__(
        self, recognizers: Sequence[Recognizer], rules: Sequence[Rule], entities: Sequence[str]
    ) -> None:
        """Take the engine's rules, and the names of its entities, each at its number."""
        self.entities: list[str] = []
        self._recognizers = [
            (one, _wanted(one.languages), self._labels(one, rules, entities)) for one in recognizers
        ]

    def _labels(
        self, recognizer: Recognizer, rules: Sequence[Rule], entities: Sequence[str]
    ) -> Mapping[str, tuple[int, int]]:
        """Return what the labels of a recognizer stand for: a category's bit, an entity's number."""
        named = {rule.entity: (rule.bit, number) for number, rule in enumerate(rules)}
        labels = {entity.lower(): meant for entity, meant in named.items()}
        for label, entity, category in _meanings(recognizer.categories):
            number = self._number(entity, entities)
            labels[label] = named.get(entity, (by_code()[category].bit, number))
        return labels

    def _number(self, entity: str, entities: Sequence[str]) -> int:
        if entity in entities:
            return entities.index(entity)
        if entity not in self.entities:
            self.entities.append(entity)
        return len(entities) + self.entities.index(entity)

    def find(self, leaves: Leaves, found: list[Found]) -> None:
        """Append what is found in the batch's free text.

        A text at which a model fails is noted as unread: it may hold anything.
        """
        if not self._recognizers:
            return
        places: dict[str, list[int]] = {}
        for leaf, node in enumerate(leaves.nodes):
            if node.free and not node.is_name:
                places.setdefault(leaves.texts[leaf], []).append(leaf)
        for recognizer, wanted, labels in self._recognizers:
            texts = [text for text in places if wanted.search(text)]
            for text, some in zip(texts, _ask(recognizer, texts), strict=True):
                if some is None:
                    leaves.unread += places[text]
                else:
                    found += _placed(some, labels, places[text], len(text))


def _placed(
    some: Sequence[Recognized],
    labels: Mapping[str, tuple[int, int]],
    places: Sequence[int],
    size: int,
) -> Iterator[Found]:
    """Yield what a model found in a text, once for each leaf that has this text."""
    for one in some:
        meant = labels.get(one.entity.lower())
        if meant is not None and 0 <= one.start < one.end <= size:
            confidence = min(1.0, max(0.0, float(one.confidence)))
            for leaf in places:
                yield make((leaf, one.start, one.end, *meant, confidence, BY_MODEL))


def _meanings(categories: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the (label, entity, category) that models share, then those of one model."""
    for entity, category, labels in _MEANINGS:
        for label in labels:
            yield label, entity, category
    for label, category in categories.items():
        yield label.lower(), re.sub(r"\W+", "_", label).upper(), category


def _wanted(languages: Sequence[str]) -> re.Pattern[str]:
    """Return what a text must have for a model of these languages."""
    if not languages or any(language not in _LETTERS for language in languages):
        return re.compile(r"[^\W\d_]")
    return re.compile(f"[{''.join(_LETTERS[language] for language in languages)}]")


def _ask(recognizer: Recognizer, texts: Sequence[str]) -> Sequence[Sequence[Recognized] | None]:
    """Return what a model finds in each text; None where it fails, also when asked that one only."""
    if not texts:
        return ()
    try:
        answers = recognizer.recognize(texts)
    except Exception:  # noqa: BLE001 - whatever a model raises, and it may quote the text
        answers = ()
    if len(answers) == len(texts):
        return answers
    if len(texts) == 1:
        return (None,)
    return [_ask(recognizer, (text,))[0] for text in texts]
