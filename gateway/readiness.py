"""Is everything there that a gateway needs, from policies to topics. Every problem in one error."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from gateway.config import Settings
from gateway.detection import open_model
from gateway.errors import KeyFileError, SettingsError, StartError, TopologyError
from gateway.files import ensure_inputs
from gateway.kafka import topics
from gateway.policy import Policy, load_policy
from gateway.tokens import Keyring, load_keys


class Ready(NamedTuple):
    """What was opened to see that it is right, by tenant: nobody needs to open it again."""

    policies: Mapping[str, Policy]
    keyrings: Mapping[str, Keyring]


def ensure_ready(
    settings: Settings,
    known: Sequence[StartError] = (),
    *,
    inputs: bool = True,
    models: bool = False,
) -> Ready:
    """Return the policies and keys of the tenants if a gateway with these settings could start now.

    Nothing is consumed or created. ``inputs`` looks for those that are files; ``models`` opens the
    models of language, which takes long. Raises one StartError with every problem, those that are
    ``known`` already among them; its class, and so the exit code, is that of the first kind in the
    order settings, keys, topics.
    """
    policies: dict[Path, Policy] = {}
    found = [*known, *_policies(settings, policies)]
    if models:
        found += _models(settings)
    keyrings: dict[str, Keyring] = {}
    found += [*_keys(settings, keyrings), *_vault(settings)]
    if settings.transport.kind == "files":
        found += _errors(partial(ensure_inputs, settings)) if inputs else []
    elif not known:  # wrong names would only make noise
        found += _errors(lambda: asyncio.run(topics.verify(settings)))
    if found:
        raise _together(found)
    named = settings.policies.items()
    return Ready({tenant: policies[path] for tenant, path in named if path in policies}, keyrings)


def _policies(settings: Settings, loaded: dict[Path, Policy]) -> Iterator[StartError]:
    for path in dict.fromkeys(settings.policies.values()):
        try:
            loaded[path] = load_policy(path)
        except StartError as error:
            if path.is_file():  # a missing one is a problem of the settings
                yield error


def _models(settings: Settings) -> Iterator[StartError]:
    for number, one in enumerate(settings.detection.recognizer):
        if settings.at(one.path).exists():  # likewise
            yield from _errors(partial(open_model, settings, number))


def _keys(settings: Settings, loaded: dict[str, Keyring]) -> Iterator[StartError]:
    for tenant, path in settings.keys.items():
        try:
            loaded[tenant] = load_keys(path, tenant)
        except StartError as error:
            yield error


def _vault(settings: Settings) -> Iterator[StartError]:
    """Yield a problem where the vault cannot be written, nor made where there is none."""
    path = settings.at(settings.vault.path)
    there = next((each for each in (path, *path.parents) if os.path.lexists(each)), path)
    fits = there.is_file() if there == path else there.is_dir()
    if not (fits and os.access(there, os.W_OK)):
        what = "a file that can be written" if there == path else "a folder that can be written"
        yield SettingsError("identity vault", [f"[vault] path: {str(there)!r} is not {what}"])


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
