"""Is everything there that a gateway needs: policies, keys, topics. Every problem in one error."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from gateway.config import Settings
from gateway.errors import KeyFileError, SettingsError, StartError, TopologyError
from gateway.kafka import topics
from gateway.policy import load_policy
from gateway.tokens import load_keys


def ensure_ready(settings: Settings, known: Sequence[StartError] = ()) -> None:
    """Return if a gateway with these settings could start now; nothing is consumed or created.

    Raises one StartError with every problem, those that are ``known`` already among them; its
    class, and so the exit code, is that of the first kind in the order settings, keys, topics.
    """
    found = [*known, *_policies(settings), *_keys(settings)]
    if settings.transport.kind == "kafka" and not known:  # wrong names would only make noise
        found += _errors(lambda: asyncio.run(topics.verify(settings)))
    if found:
        raise _together(found)


def _policies(settings: Settings) -> Iterator[StartError]:
    for path in dict.fromkeys(settings.policies.values()):
        if path.is_file():  # a missing one is a problem of the settings
            yield from _errors(partial(load_policy, path))


def _keys(settings: Settings) -> Iterator[StartError]:
    for tenant, path in settings.keys.items():
        yield from _errors(partial(load_keys, path, tenant))


def _errors(attempt: Callable[[], object]) -> list[StartError]:
    try:
        attempt()
    except StartError as error:
        return [error]
    return []


def _together(errors: Sequence[StartError]) -> StartError:
    if len(errors) == 1:
        return errors[0]
    kinds = [kind for kind in (SettingsError, KeyFileError, TopologyError) if _any(errors, kind)]
    lines = [f"{error.subject}: {problem}" for error in errors for problem in error.problems]
    return (kinds[0] if kinds else StartError)("not ready", lines)


def _any(errors: Sequence[StartError], kind: type[StartError]) -> bool:
    return any(isinstance(error, kind) for error in errors)
