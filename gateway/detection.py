"""Opens what the settings say of detection: the rules with an operator's lists, models of language."""

from detectors.recognizer import Recognizer
from detectors.recognizers import load
from detectors.scanner import Engine
from gateway.config import Settings
from gateway.errors import SettingsError


def open_engine(settings: Settings) -> Engine:
    """Return the engine that a gateway has with these settings. Raises as ``open_models`` does."""
    return Engine(lists=settings.detection, recognizers=open_models(settings))


def open_models(settings: Settings) -> list[Recognizer]:
    """Open every model of the settings. Raises SettingsError with all that cannot be opened."""
    opened, problems = [], []
    for number, one in enumerate(settings.detection.recognizer, 1):
        try:
            opened.append(load(one.kind, settings.at(one.path), one.languages, one.categories))
        except ValueError as error:
            problems.append(f"[[detection.recognizer]] number {number}: {error}")
    if problems:
        raise SettingsError("settings", problems)
    return opened
