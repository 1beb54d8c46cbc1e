"""Read ``sluicegate.toml``: one file plus environment overrides, every problem at once."""

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from gateway.config import (
    Detection,
    Input,
    Lake,
    Limits,
    Settings,
    TelemetrySettings,
    Transport,
    VaultSettings,
)
from gateway.errors import SettingsError
from gateway.settings_rules import broken_rules
from gateway.toml_file import converted, filled, listed, named, read_toml, types_of
from schemas.access import Subscription

ENVIRONMENT = "SLUICEGATE_"
BUILTIN = "builtin:"

_TABLES: dict[str, type[msgspec.Struct]] = {
    "transport": Transport,
    "lake": Lake,
    "vault": VaultSettings,
    "limits": Limits,
    "detection": Detection,
    "telemetry": TelemetrySettings,
}
_LISTS: dict[str, type[msgspec.Struct]] = {"input": Input, "subscription": Subscription}
_MAPS = ("policy", "keys")

T = TypeVar("T", bound=msgspec.Struct)


def load_settings(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a file; ``SLUICEGATE_<TABLE>_<KEY>`` in ``environ`` overrides them.

    Lists and the tables ``policy`` and ``keys`` come from the file only. Raises SettingsError with
    every problem of both. Whether a policy, a key or a topic is as it should be is not seen here.
    """
    settings, problems = examine_settings(path, environ)
    if problems:
        raise SettingsError(str(path), problems)
    return settings


def examine_settings(
    path: Path, environ: Mapping[str, str] | None = None
) -> tuple[Settings, list[str]]:
    """Return what a file says as far as it can be understood, and every problem in it.

    With problems the settings are good for finding more problems and for nothing else. Raises
    SettingsError where the file cannot be read at all.
    """
    problems: list[str] = []
    tables = read_toml(path, "`sluicegate init` writes one, --settings names another")
    known = [*_TABLES, *_LISTS, *_MAPS]
    unknown = [name for name in tables if name not in known]
    problems += [f"[{named(name)}] is not known; known: {listed(known)}" for name in unknown]
    _override(tables, environ or {}, problems)
    built = {name: _table(name, tables.get(name, {}), problems) for name in _TABLES}
    inputs = _list("input", Input, tables, problems)
    subscriptions = _list("subscription", Subscription, tables, problems)
    policies, keys = (_map(name, tables, problems) for name in _MAPS)
    settings = Settings(
        folder=path.absolute().parent,
        transport=cast(Transport, built["transport"] or _likely(inputs)),
        inputs=inputs,
        subscriptions=subscriptions,
        policies={tenant: _policy(path, place) for tenant, place in policies.items()},
        keys={tenant: (path.parent / place).absolute() for tenant, place in keys.items()},
        lake=cast(Lake, built["lake"]),
        vault=cast(VaultSettings, built["vault"]),
        limits=cast(Limits, built["limits"]),
        detection=cast(Detection, built["detection"]),
        telemetry=cast(TelemetrySettings, built["telemetry"]),
    )
    declared = {name: _names(tables, name) for name in _LISTS}
    problems += broken_rules(settings, declared["input"])
    problems += _missing_policies(path, policies)
    return settings, problems


def builtin_policies() -> dict[str, Path]:
    """Return the policy files that ship with the package, by name."""
    folder = Path(str(resources.files("schemas").joinpath("policies")))
    return {file.stem: file for file in sorted(folder.glob("*.toml"))}


def _override(tables: dict[str, Any], environ: Mapping[str, str], problems: list[str]) -> None:
    """Put the environment's values over the file's, as the types that the fields want."""
    for variable in sorted(environ):
        for name, shape in _TABLES.items():
            prefix = f"{ENVIRONMENT}{name.upper()}_"
            if not variable.startswith(prefix):
                continue
            types = types_of(shape)
            key = variable.removeprefix(prefix).lower()
            if key not in types:
                problems.append(f"{variable}: [{name}] has no {key!r}; known: {listed(types)}")
                continue
            value = converted(environ[variable], types[key], variable, problems, strict=False)
            if value is not None and isinstance(tables.setdefault(name, {}), dict):
                tables[name][key] = value


def _table(name: str, found: Any, problems: list[str]) -> msgspec.Struct | None:
    if not isinstance(found, dict):
        problems.append(f"[{name}] must be a table: write [{name}] once, and its keys below it")
        found = {}
    if name == "transport" and not found:
        problems.append('[transport] is missing; it needs kind = "files" or kind = "kafka"')
        return None
    return filled(_TABLES[name], found, f"[{name}]", problems)


def _likely(inputs: Sequence[Input]) -> Transport:
    """Return what a broken [transport] was probably meant to be, to go on checking the rest."""
    return Transport(kind="files" if any(each.path for each in inputs) else "kafka", bootstrap="?")


def _list(
    name: str, shape: type[T], tables: Mapping[str, Any], problems: list[str]
) -> tuple[T, ...]:
    found = tables.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        problems.append(f"[[{name}]] must be a list of tables: write [[{name}]] above each")
        return ()
    built = []
    for number, each in enumerate(found, 1):
        known = each.get("name")
        where = f"[[{name}]] {known!r}" if isinstance(known, str) else f"[[{name}]] number {number}"
        built.append(filled(shape, each, where, problems))
    return tuple(each for each in built if each is not None)


def _map(name: str, tables: Mapping[str, Any], problems: list[str]) -> dict[str, str]:
    found = tables.get(name, {})
    if not isinstance(found, dict):
        problems.append(f"[{name}] must be a table of <tenant> = <path>")
        return {}
    for tenant, place in found.items():
        if not isinstance(place, str) or not place:
            problems.append(f"[{name}] {tenant}: must be a path in quotes")
    return {tenant: place for tenant, place in found.items() if isinstance(place, str) and place}


def _names(tables: Mapping[str, Any], name: str) -> frozenset[str]:
    """Return the names that a list declares, also those of broken entries."""
    found = tables.get(name, [])
    entries = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return frozenset(str(each.get("name", "")) for each in entries)


def _policy(path: Path, place: str) -> Path:
    if place.startswith(BUILTIN):
        return builtin_policies().get(place.removeprefix(BUILTIN), Path(place))
    return (path.parent / place).absolute()


def _missing_policies(path: Path, policies: Mapping[str, str]) -> list[str]:
    problems = []
    for tenant, place in policies.items():
        if place.startswith(BUILTIN):
            if place.removeprefix(BUILTIN) not in builtin_policies():
                known = listed(BUILTIN + name for name in builtin_policies())
                problems.append(f"[policy] {tenant}: {place!r} does not exist; known: {known}")
        elif not _policy(path, place).is_file():
            problems.append(
                f"[policy] {tenant}: {place!r} is not a file; paths start at the settings file"
            )
    return problems
