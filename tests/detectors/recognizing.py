"""Runs an adapter where its library is: ``python -m tests.detectors.recognizing KIND FOLDER``.

Makes a small model on disk first, loads it as settings would, and prints what it recognizes in
each line of standard input. Imports nothing that the rivals' environment lacks.
"""

import json
import sys
from pathlib import Path

import spacy

from detectors.recognizers import load

PATTERNS = (("PERSON", "Ayşe Kaya"), ("GPE", "Ankara"))
CONFIGURATION = """
supported_languages: [en]
default_score_threshold: 0
nlp_configuration:
  nlp_engine_name: spacy
  models: [{{lang_code: en, model_name: {model}}}]
recognizer_registry:
  recognizers:
    - {{name: CreditCardRecognizer, type: predefined}}
    - {{name: SpacyRecognizer, type: predefined}}
"""


def main(kind: str, folder: Path) -> None:
    model = folder / "model"
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": text} for label, text in PATTERNS])
    pipeline.to_disk(model)
    path = model
    if kind == "presidio":
        path = folder / "analyzer.yaml"
        path.write_text(CONFIGURATION.format(model=model), "utf-8")
    recognizer = load(kind, path)
    found = recognizer.recognize(sys.stdin.read().splitlines())
    sys.stdout.write(json.dumps([list(recognizer.languages), found]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
