"""Adapter for Presidio, as its users have it: an analyzer, or a recognizer of their own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detectors.recognizer import Recognized


class Presidio:
    """An ``AnalyzerEngine`` or a single ``EntityRecognizer``, in one language.

    A recognizer that needs a language model's tokens must come in an analyzer.
    """

    def __init__(
        self,
        analyzer: Any,
        language: str = "en",
        categories: Mapping[str, str] | None = None,
    ) -> None:
        self.name = "presidio"
        self.languages = (language,)
        self.categories = categories or {}
        self._analyzer = analyzer
        self._is_engine = hasattr(analyzer, "registry")

    def recognize(self, texts: Sequence[str]) -> list[list[Recognized]]:
        """Return what is found in each text, with Presidio's entities and scores."""
        return [
            [
                Recognized(one.start, one.end, one.entity_type, one.score)
                for one in self._found(text)
            ]
            for text in texts
        ]

    def _found(self, text: str) -> Sequence[Any]:
        if self._is_engine:
            found: Sequence[Any] = self._analyzer.analyze(text, language=self.languages[0])
            return found
        return self._analyzer.analyze(text, self._analyzer.supported_entities, None) or ()


def load(path: Path, languages: Sequence[str], categories: Mapping[str, str]) -> Presidio:
    """Return the analyzer of Presidio's own YAML file, in the first language or in English."""
    from presidio_analyzer import AnalyzerEngineProvider  # noqa: PLC0415 - wanted by few

    engine = AnalyzerEngineProvider(analyzer_engine_conf_file=path).create_engine()
    return Presidio(engine, languages[0] if languages else "en", categories)
