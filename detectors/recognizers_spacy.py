"""Adapter for a spaCy pipeline on disk. spaCy is imported when one is loaded, and not before."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detectors.recognizer import Recognized

CONFIDENCE = 0.85  # spaCy says what, and not how sure it is; Presidio's adapter takes this, too


class Spacy:
    """The named entities of a pipeline."""

    def __init__(
        self,
        pipeline: Any,
        languages: Sequence[str] = (),
        categories: Mapping[str, str] | None = None,
        confidence: float = CONFIDENCE,
    ) -> None:
        self.name = "spacy"
        self.languages = tuple(languages) or (pipeline.lang,)
        self.categories = categories or {}
        self._pipeline = pipeline
        self._confidence = confidence

    def recognize(self, texts: Sequence[str]) -> list[list[Recognized]]:
        """Return the entities of each text, with spaCy's labels."""
        return [
            [
                Recognized(one.start_char, one.end_char, one.label_, self._confidence)
                for one in doc.ents
            ]
            for doc in self._pipeline.pipe(texts)
        ]


def load(path: Path, languages: Sequence[str], categories: Mapping[str, str]) -> Spacy:
    """Return the pipeline of a folder, as ``nlp.to_disk`` wrote it. Nothing is downloaded."""
    import spacy  # noqa: PLC0415 - a big library, wanted by few

    return Spacy(spacy.load(path), languages, categories)
