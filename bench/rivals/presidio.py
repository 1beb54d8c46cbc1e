"""Presidio's pattern recognizers as they come for English, without a language model.

``patterns`` gives them no words to look at, which is fastest; ``context`` gives them spaCy's
tokens, so that context words count, and the name of the field is one.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from bench.rivals.child import Find, serve

_RESERVED = ("example", "invalid", "test", "local", "internal")  # the corpus writes to no real host


class Words(NlpEngine):  # type: ignore[misc]  # not installed where types are checked
    """Tokens and nothing more: no entity comes from here."""

    def __init__(self, *, tokens: bool) -> None:
        self._tokenize = spacy.blank("en") if tokens else None

    def load(self) -> None:
        """Do nothing: there is no model."""

    def is_loaded(self) -> bool:
        """Say that nothing is left to load."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return the tokens of a text, each its own lemma; none where they are not wanted."""
        tokens = () if self._tokenize is None else self._tokenize(text)
        lemmas = [token.lower_ for token in tokens]
        places = [token.idx for token in tokens]
        return NlpArtifacts([], tokens, places, lemmas, self, language)

    def process_batch(
        self, texts: Iterable[str], language: str, **_: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Yield each text with its tokens."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Say that every word counts."""
        del word, language
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Say whether a token is no word."""
        del language
        return not word.isalnum()

    def get_supported_entities(self) -> list[str]:
        """Return no entity."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Return English."""
        return ["en"]


def load(engine: str) -> Find:
    """Return what finds with ``patterns`` alone, or with ``context``."""
    # The list of public suffixes that it brings, and no network.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), extra_suffixes=_RESERVED)
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("SpacyRecognizer")
    words = Words(tokens=engine == "context")
    analyzer = AnalyzerEngine(registry, words, supported_languages=["en"])

    def find(text: str, key: str) -> Sequence[tuple[int, int, str, float]]:
        context = [key] if key else None
        return [
            (one.start, one.end, one.entity_type, one.score)
            for one in analyzer.analyze(text, "en", context=context)
        ]

    return find


if __name__ == "__main__":
    serve(load(sys.argv[1]), sys.argv[2])
