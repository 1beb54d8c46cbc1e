"""Turns a TOML file into structs field by field, so that one wrong value does not hide the next."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec

from gateway.errors import SettingsError

_KEY = re.compile("[a-z][a-z0-9_]{0,39}")

T = TypeVar("T", bound=msgspec.Struct)


def read_toml(path: Path, missing: str) -> dict[str, Any]:
    """Return the tables of a file. Raises SettingsError; ``missing`` says how to get the file."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        problem = f"no such file; {missing}"
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read as UTF-8 text ({type(error).__name__})"
    except tomllib.TOMLDecodeError as error:
        problem = f"not TOML: {error}"
    raise SettingsError(str(path), [problem])


def filled(shape: type[T], found: Mapping[str, Any], where: str, problems: list[str]) -> T | None:
    """Return a table as its struct, or None where a required key is missing or wrong.

    A wrong value of an optional key leaves its default: with a problem the caller refuses the file.
    """
    types = types_of(shape)
    known = {}
    for key, value in found.items():
        if key not in types:
            problems.append(f"{where} {named(key)}: not known; known: {listed(types)}")
            continue
        right = converted(value, types[key], f"{where} {key}", problems)
        if right is not None:
            known[key] = right
    required = [field.name for field in msgspec.structs.fields(shape) if field.required]
    problems += [f"{where} {key}: missing" for key in required if key not in found]
    return shape(**known) if all(key in known for key in required) else None


def converted(
    value: Any, kind: Any, where: str, problems: list[str], *, strict: bool = True
) -> Any:
    """Return a value as its field's type, or None and a problem that says what would be right.

    Not strict is for text that stands for a number or a truth value, as an environment has it.
    """
    shape = _listed_shape(kind)
    if (
        shape is not None
        and isinstance(value, list)
        and all(isinstance(one, dict) for one in value)
    ):
        return _all_filled(shape, value, where, problems)
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        if get_origin(kind) is Literal:
            problems.append(f"{where}: must be one of {listed(get_args(kind))}")
        else:
            problems.append(f"{where}: {str(error)[0].lower()}{str(error)[1:]}")
        return None


def _listed_shape(kind: Any) -> type[msgspec.Struct] | None:
    """Return the struct of which a field is a list, or None."""
    of = get_args(kind)[0] if get_origin(kind) is tuple else None
    return of if isinstance(of, type) and issubclass(of, msgspec.Struct) else None


def _all_filled(
    shape: type[T], found: Sequence[Mapping[str, Any]], where: str, problems: list[str]
) -> tuple[T, ...] | None:
    built = [
        filled(shape, each, f"{where} number {number}", problems)
        for number, each in enumerate(found, 1)
    ]
    whole = tuple(each for each in built if each is not None)
    return whole if len(whole) == len(built) else None


def named(key: str) -> str:
    """Return a key as a message names it: what is no name of a key may be personal data."""
    return key if _KEY.fullmatch(key) else "a key that is no name"


def types_of(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the type of each field of a struct."""
    return {field.name: field.type for field in msgspec.structs.fields(shape)}


def listed(names: Iterable[Any]) -> str:
    """Return names as a message lists them."""
    return ", ".join(str(name) for name in names)
