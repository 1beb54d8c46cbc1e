"""Says at which stage a text was let go that an entity's rules did not find.

A candidate is seen, delimited, measured, checked, scored, and told from what overlaps it. The
engine that ships is asked again without the requirements of one stage after another, the last stage
first: the one without which the text is found is the one that let it go.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec.structs import replace

from detectors.confirm import scored
from detectors.database import Database
from detectors.finders import finders
from detectors.joined import Joined
from detectors.kinds import SIZES
from detectors.proof import COUNTS_FROM, Verdict, look
from detectors.rule import Rule, field_words
from detectors.scanner import Engine


class Stage(StrEnum):
    """What became of a text, in the order in which the engine works."""

    UNSEEN = "no candidate is seen"
    EDGES = "a candidate is seen, but it is part of a word or a number, or not of the form"
    LENGTH = "its length or its groups are not those of the rule"
    CHECK = "its check fails"
    SUPPORT = "nothing supports it: no word near it, and not the field's name"
    CONTRADICTED = "below the threshold: something contradicts it"
    THRESHOLD = "below the threshold"
    OVERLAP = "lost an overlap"
    ALLOWED = "let go: a list of the settings says that this is nobody's"
    FOUND = "found"
    LISTED = "found: a list of the settings says that this is somebody's"


class Answer(NamedTuple):
    """What became of a span under a rule; ``other`` is the entity that it lost to."""

    rule: str
    stage: Stage
    start: int = 0
    end: int = 0
    confidence: float = 0.0
    other: str = ""


def explain(engine: Engine, entity: str, path: str, text: str) -> list[Answer]:
    """Return what became of a text in the field ``path`` under each rule of an entity.

    Behind them stands what no rule finds and the engine's lists do.
    """
    all_found = look(engine, path, text)
    answers = [
        answer
        for rule in engine.rules
        if rule.entity == entity
        for answer in _explain(rule, path, text, all_found)
    ]
    by_rules = {(one.start, one.end, one.confidence) for one in answers}
    return answers + [
        Answer(entity, Stage.LISTED, one.start, one.end, one.confidence)
        for one in all_found
        if one.entity == entity and (one.start, one.end, one.confidence) not in by_rules
    ]


def _explain(rule: Rule, path: str, text: str, all_found: Sequence[Verdict]) -> Iterator[Answer]:
    alone = _look(rule, path, text)
    for one in alone:
        yield _scored(rule, one, all_found)
    if not alone:
        for stage, found in _relaxed(rule, path, text):
            if found:
                for one in found:
                    yield Answer(rule.name, stage, one.start, one.end)
                return
        yield Answer(rule.name, Stage.EDGES if _is_seen(rule, text) else Stage.UNSEEN)


def _scored(rule: Rule, one: Verdict, all_found: Sequence[Verdict]) -> Answer:
    """Say what became of a candidate that the rule alone reports."""
    place = one.start, one.end, one.confidence
    if one.confidence < COUNTS_FROM:
        lowered = one.confidence < rule.confidence and rule.candidate != "phone"
        stage = Stage.CONTRADICTED if lowered else Stage.THRESHOLD
        return Answer(rule.name, stage, *place)
    if one in all_found:
        return Answer(rule.name, Stage.FOUND, *place)
    for other in all_found:
        if other.start < one.end and one.start < other.end:
            return Answer(rule.name, Stage.OVERLAP, *place, other.entity)
    return Answer(rule.name, Stage.ALLOWED, *place)  # it, or what it lost an overlap to


def _look(rule: Rule, path: str, text: str) -> list[Verdict]:
    return [one for one in look(Engine([rule]), path, text) if one.entity == rule.entity]


def _relaxed(rule: Rule, path: str, text: str) -> Iterator[tuple[Stage, list[Verdict]]]:
    """Yield what is found where the requirements of a stage, and of those behind it, are gone."""
    for stage, relax in _RELAXED:
        rule = relax(rule, path)
        yield stage, _look(rule, path, text)
    for loose in _apart(rule, text):
        yield Stage.EDGES, _look(rule, path, loose)


def _is_seen(rule: Rule, text: str) -> bool:
    """Say whether Hyperscan sees anything of the rule in a text."""
    data = Joined([text]).data
    return any(
        finder.see(data)[0] for finder in finders(scored([rule])) if isinstance(finder, Database)
    )


def _supported(rule: Rule, path: str) -> Rule:
    return replace(rule, hints=(*rule.hints, field_words(re.split(r"[./]", path)[-1])))


def _unchecked(rule: Rule, _: str) -> Rule:
    return replace(rule, check="", alphabet="" if rule.candidate == "field" else rule.alphabet)


def _of_any_length(rule: Rule, _: str) -> Rule:
    if rule.candidate == "digits":
        return replace(rule, lengths=tuple(SIZES), groups=())
    return replace(rule, lengths=(1, 1 << 16)) if rule.candidate == "token" else rule


_RELAXED: tuple[tuple[Stage, Callable[[Rule, str], Rule]], ...] = (
    (Stage.SUPPORT, _supported),
    (Stage.CHECK, _unchecked),
    (Stage.LENGTH, _of_any_length),
)
_RUN = r"[0-9](?:[ .\-()/]{0,2}[0-9]){7,}"


def _apart(rule: Rule, text: str) -> Iterator[str]:
    """Yield the text with the neighbours of what has the rule's form made spaces."""
    forms = {"digits": _RUN, "phone": _RUN, "code": rule.pattern}
    form = forms.get(rule.candidate)
    for match in re.finditer(form, text, re.IGNORECASE | re.ASCII) if form else ():
        start, end = match.span()
        yield f"{text[: max(0, start - 1)]}{' ' * min(start, 1)}{match[0]} {text[end + 1 :]}"
