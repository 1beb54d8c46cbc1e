"""Builders of what is found in a text once it is read. A test names only the text."""

from collections.abc import Sequence

from detectors.joined import Joined
from detectors.overlap import resolve
from detectors.plain import Plain, span
from detectors.unveil import STEPS, Step, unveil
from tests.detectors.build import engine, walked


def read(text: str, steps: Sequence[Step] = STEPS) -> list[str]:
    """Return the plain readings of a text."""
    return [plain.text for plain in unveil(text, steps).plains]


def hidden(text: str, at: str = "text", steps: Sequence[Step] = STEPS) -> set[tuple[str, str]]:
    """Return the entities that count in a text or in a reading of it, and what says them there."""
    return {
        (entity, text[slice(*span(plain, start, end))])
        for plain in (Plain(text), *unveil(text, steps).plains)
        for entity, start, end in _look(plain.text, at)
    }


def _look(text: str, at: str) -> list[tuple[str, int, int]]:
    """Return what counts in a text as it stands: nothing is read in it."""
    leaves = walked({at: text})
    found = resolve(engine()._find(leaves, Joined(leaves.texts)))
    return [
        (engine().entities[one.rule], one.start, one.end)
        for one in found
        if one.confidence >= 0.5 and not leaves.nodes[one.leaf].is_name
    ]
