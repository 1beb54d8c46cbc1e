"""Adapters recognize with real libraries and a model on disk; without these they say what is missing."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench import rivals
from detectors.recognizers import KINDS, load
from detectors.recognizers_gliner import LABELS, Gliner

TEXTS = "call Ayşe Kaya in Ankara\nnothing\ncard 4539148803436467 of Ayşe Kaya\n"
HERE = pytest.mark.skipif(not rivals.installed(), reason=rivals.MISSING)


class Asked:
    """Answers as models of gliner 0.2 do; a real one would bring torch into every installation."""

    def inference(self, texts: list[str], labels: list[str], *, threshold: float) -> Any:
        found = {"start": 0, "end": 4, "text": "Ayşe", "label": labels[0], "score": threshold}
        return [[found] if text.startswith("Ayşe") else [] for text in texts]


def recognized(kind: str, folder: Path) -> Any:
    """Make a model and recognize with it, where the library is installed."""
    command = [str(rivals.PYTHON), "-m", "tests.detectors.recognizing", kind, str(folder)]
    done = subprocess.run(  # noqa: S603 - our own
        command, cwd=rivals.ROOT, input=TEXTS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused_in_rivals(kind: str, folder: Path) -> str:
    """Load what is no model where the library is installed; return the error."""
    asked = f"from pathlib import Path; from detectors.recognizers import load; load({kind!r}, Path({str(folder)!r}))"
    done = subprocess.run(  # noqa: S603 - our own
        [str(rivals.PYTHON), "-c", asked],
        cwd=rivals.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.splitlines()[-1].removeprefix("ValueError: ")


@HERE
def test_a_spacy_pipeline_on_disk_recognizes(tmp_path):
    languages, found = recognized("spacy", tmp_path)

    assert languages == ["en"]
    assert found == [
        [[5, 14, "PERSON", 0.85], [18, 24, "GPE", 0.85]],
        [],
        [[25, 34, "PERSON", 0.85]],
    ]


@HERE
def test_an_analyzer_of_presidio_recognizes_by_pattern_and_by_model(tmp_path):
    languages, found = recognized("presidio", tmp_path)

    assert languages == ["en"]
    assert found == [
        [[5, 14, "PERSON", 0.85], [18, 24, "LOCATION", 0.85]],
        [],
        [[5, 21, "CREDIT_CARD", 1.0], [25, 34, "PERSON", 0.85]],
    ]


def test_gliner_is_asked_for_our_labels_and_for_its_user_s():
    gliner = Gliner(Asked(), ("tr",), {"badge number": "record_id"})

    assert gliner.recognize(["Ayşe", "x"]) == [[(0, 4, LABELS[0], 0.5)], []]
    assert gliner.languages == ("tr",)
    assert gliner.categories == {"badge number": "record_id"}


def test_a_kind_that_does_not_exist_is_refused_with_those_that_do(tmp_path):
    with pytest.raises(
        ValueError, match=r"^recognizer 'bert': the kinds are gliner, presidio, spacy$"
    ):
        load("bert", tmp_path)


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="there is no"):
        load("spacy", tmp_path / "model")


@HERE
def test_what_a_library_cannot_read_is_refused_with_its_reason(tmp_path):
    reason = refused_in_rivals("spacy", tmp_path)

    assert reason.startswith(f"recognizer 'spacy': {tmp_path} cannot be opened: [E053] ")
    assert "\n" not in reason


@pytest.mark.parametrize("kind", KINDS)
def test_a_library_that_is_not_installed_is_named(kind, tmp_path):
    with pytest.raises(ValueError, match=rf"^recognizer '{kind}': \w+ is not installed$"):
        load(kind, tmp_path)
