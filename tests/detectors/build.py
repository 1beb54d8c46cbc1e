"""Builders of scanned events. A test names only the event and what it asks about."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from detectors.leaves import Leaves
from detectors.rule import Rule
from detectors.scanner import Engine, Findings
from detectors.walk import Shapes
from schemas.category import by_code
from schemas.event import UNKNOWN, Contract, Field, Path, Subjects, pointer

KIND = "test.kind"


@cache
def engine() -> Engine:
    """Return an engine with every rule that ships."""
    return Engine()


def number_of(entity: str, candidate: str = "") -> int:
    """Return the number of a shipped rule."""
    rules = engine().rules
    return next(
        number
        for number, rule in enumerate(rules)
        if rule.entity == entity and candidate in ("", rule.candidate)
    )


def rule(**changes: Any) -> Rule:
    """Return a rule of which a test names what matters to it."""
    defaults: dict[str, Any] = {
        "entity": "TEST_NUMBER",
        "category": "government_id",
        "candidate": "digits",
        "lengths": (10,),
        "confidence": 0.6,
        "examples": (),
        "counterexamples": (),
    }
    return Rule(**{**defaults, **changes})


def contract(
    fields: Mapping[str, Field] | None = None, subjects: Subjects | None = None
) -> Contract:
    """Return a contract whose fields are given by their JSON pointers."""
    paths: dict[Path, Field] = {pointer(at): field for at, field in (fields or {}).items()}
    return Contract(
        KIND,
        paths,
        UNKNOWN.class_uid,
        UNKNOWN.type_uid,
        "dpv:Access",
        subjects,
        declared=frozenset(paths),
    )


def field(category: str = "", *, known: bool = True, free_text: bool = False) -> Field:
    """Return the annotation of a field with a category, whose value may be repeated."""
    return Field(by_code()[category].bit if category else -1, known, free_text)


def shapes(fields: Mapping[str, Field] | None = None, checked: Collection[str] = ()) -> Shapes:
    """Return the shapes of one kind of event."""
    return Shapes({KIND: contract(fields)}, engine().hints, checked)


def walked(*events: Any, of: Shapes | None = None, kind: str = KIND) -> Leaves:
    """Return the leaves of a batch of events."""
    of = shapes() if of is None else of
    leaves = Leaves()
    for event in events:
        assert of.walk(event, of.root(kind), leaves, 64)
        leaves.starts.append(len(leaves.texts))
    return leaves


class Seen(NamedTuple):
    """A finding as people would name it."""

    entity: str
    text: str
    confidence: float


def seen(leaves: Leaves, findings: Findings) -> list[Seen]:
    """Return findings by what they cover, in the order of the leaves."""
    return [
        Seen(
            engine().entities[one.rule],
            leaves.texts[one.leaf][one.start : one.end],
            round(one.confidence, 2),
        )
        for one in sorted((*findings.fields, *findings.spans))
    ]


def scanned(event: Any, fields: Mapping[str, Field] | None = None) -> list[Seen]:
    """Return what the engine that ships finds in one event."""
    leaves = walked(event, of=shapes(fields))
    return seen(leaves, engine().scan(leaves))


def found(text: str, at: str = "text") -> list[tuple[str, str]]:
    """Return the entities that count in a text, and what they cover."""
    return [(one.entity, one.text) for one in scanned({at: text}) if one.confidence >= 0.5]


def texts(leaves: Leaves) -> Sequence[str]:
    """Return the leaves that are values, without the names of fields."""
    return [text for text, node in zip(leaves.texts, leaves.nodes, strict=True) if not node.is_name]
