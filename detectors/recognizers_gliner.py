"""Adapter for a GLiNER model on disk. GLiNER and torch are imported when one is loaded."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detectors.recognizer import Recognized

# What a model is asked for, in words: GLiNER knows no fixed entities.
LABELS = (
    *("person", "street address", "city", "organization", "date of birth", "username"),
    *("medical condition", "medication", "religious belief", "political opinion", "ethnicity"),
)
THRESHOLD = 0.5


class Gliner:
    """A model; it is asked for ``LABELS`` and for those that ``categories`` adds."""

    def __init__(
        self,
        model: Any,
        languages: Sequence[str] = (),
        categories: Mapping[str, str] | None = None,
    ) -> None:
        self.name = "gliner"
        self.languages = tuple(languages)
        self.categories = categories or {}
        self._model = model
        self._labels = [*LABELS, *self.categories]

    def recognize(self, texts: Sequence[str]) -> list[list[Recognized]]:
        """Return what is found in each text, by the labels that were asked for."""
        answers = self._model.inference(list(texts), self._labels, threshold=THRESHOLD)
        return [
            [Recognized(one["start"], one["end"], one["label"], one["score"]) for one in answer]
            for answer in answers
        ]


def load(path: Path, languages: Sequence[str], categories: Mapping[str, str]) -> Gliner:
    """Return the model of a folder. Nothing is downloaded."""
    from gliner import GLiNER  # noqa: PLC0415 - brings torch, wanted by few

    model = GLiNER.from_pretrained(str(path), local_files_only=True)
    return Gliner(model, languages, categories)
