"""What a language model must offer to find personal data in free text: the ``Recognizer``.

Imports nothing, so that an adapter can be tried wherever its library is.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Recognized(NamedTuple):
    """One thing that a model found in a text: where, what it calls it, and how sure it is."""

    start: int
    end: int
    entity: str
    confidence: float


class Recognizer(Protocol):
    """A model that finds entities in text."""

    @property
    def name(self) -> str:
        """What errors call it."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages that it knows, in ISO 639-1; none means any."""

    @property
    def categories(self) -> Mapping[str, str]:
        """Which category each of its own labels is; common labels need no entry."""

    def recognize(self, texts: Sequence[str]) -> Sequence[Sequence[Recognized]]:
        """Return what is found in each text, in the order of the texts, by offsets in characters.

        Called by one thread at a time, with texts that have letters of its languages. It must not
        call anybody outside of the process.
        """
