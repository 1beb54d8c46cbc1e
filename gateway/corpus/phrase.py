"""Sentences with slots, and the facts that fill them: where a fact lands is known exactly."""

import string
from collections.abc import Iterable
from typing import NamedTuple

import msgspec


class Fact(NamedTuple):
    """A text, and the entity it is a value of; empty for a text that is nobody's data."""

    text: str
    entity: str = ""

    def __repr__(self) -> str:
        """Name the entity, never the value."""
        return f"Fact({self.entity or 'nothing'})"


class Phrase(msgspec.Struct, frozen=True):
    """A sentence cut at its slots: (text before, slot), and the text after the last one."""

    parts: tuple[tuple[str, str], ...]
    tail: str

    @property
    def slots(self) -> frozenset[str]:
        """The names of the facts that the sentence needs."""
        return frozenset(slot for _, slot in self.parts)


def compile_phrase(text: str) -> Phrase:
    """Cut a sentence such as ``"{name} called."`` at its slots."""
    parts = []
    tail = ""
    for before, slot, _, _ in string.Formatter().parse(text):
        if slot is None:
            tail = before
        else:
            parts.append((before, slot))
    return Phrase(tuple(parts), tail)


def compile_phrases(texts: Iterable[str], slots: frozenset[str]) -> tuple[Phrase, ...]:
    """Cut those sentences whose slots can be filled from ``slots``."""
    phrases = (compile_phrase(text) for text in texts)
    return tuple(phrase for phrase in phrases if phrase.slots <= slots)
