"""Opens what the settings say of detection: the rules with an operator's lists, models of language."""

from detectors.recognizer import Recognizer
from detectors.recognizers import load
from detectors.scanner import Engine
from gateway.config import Settings
from gateway.errors import SettingsError


def open_engine(settings: Settings) -> Engine:
    """Return the engine that a gateway has with these settings. Raises as ``open_model`` does."""
    count = len(settings.detection.recognizer)
    models = [open_model(settings, number) for number in range(count)]
    return Engine(lists=settings.detection, recognizers=models)


def open_model(settings: Settings, number: int) -> Recognizer:
    """Open a model of the settings, counted from 0. Raises SettingsError where that fails."""
    one = settings.detection.recognizer[number]
    try:
        return load(one.kind, settings.at(one.path), one.languages, one.categories)
    except ValueError as error:
        problem = f"[detection] recognizer number {number + 1}: {error}"
        raise SettingsError("settings", [problem]) from error
