"""Opens recognizers by their kind, as settings name them. Without settings there are none."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from detectors import recognizers_gliner, recognizers_presidio, recognizers_spacy
from detectors.recognizer import Recognizer

KINDS: Mapping[str, Callable[[Path, Sequence[str], Mapping[str, str]], Recognizer]] = {
    "gliner": recognizers_gliner.load,
    "presidio": recognizers_presidio.load,
    "spacy": recognizers_spacy.load,
}


def load(
    kind: str,
    path: Path,
    languages: Sequence[str] = (),
    categories: Mapping[str, str] | None = None,
) -> Recognizer:
    """Return the recognizer of a model or a configuration on disk.

    Raises ValueError for a kind that does not exist, for a path that does not or that the library
    cannot read, and where the library is not installed.
    """
    if kind not in KINDS:
        raise ValueError(f"recognizer {kind!r}: the kinds are {', '.join(KINDS)}")
    if not path.exists():
        raise ValueError(f"recognizer {kind!r}: there is no {path}")
    try:
        return KINDS[kind](path, languages, categories or {})
    except ImportError as error:
        raise ValueError(f"recognizer {kind!r}: {error.name} is not installed") from error
    except Exception as error:  # each library has errors of its own for what it cannot read
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"recognizer {kind!r}: {path} cannot be opened: {reason}") from error
