"""Builders of what is found in a text once it is read. A test names only the text."""

from collections.abc import Sequence

from detectors.plain import span
from detectors.unveil import STEPS, Step, unveil
from tests.detectors.build import engine, walked


def read(text: str, steps: Sequence[Step] = STEPS) -> list[str]:
    """Return the plain readings of a text."""
    return [plain.text for plain in unveil(text, steps).plains]


def hidden(text: str, at: str = "text", steps: Sequence[Step] = STEPS) -> set[tuple[str, str]]:
    """Return the entities that count in the readings of a text, and what encodes them there."""
    found = set()
    for plain in unveil(text, steps).plains:
        leaves = walked({at: plain.text})
        for one in engine().scan(leaves).spans:
            if one.confidence >= 0.5 and not leaves.nodes[one.leaf].is_name:
                start, end = span(plain, one.start, one.end)
                found.add((engine().entities[one.rule], text[start:end]))
    return found
