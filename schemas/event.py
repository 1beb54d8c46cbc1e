"""Event contracts: which field of which kind of event is what, compiled from JSON Schema files.

A contract is a JSON Schema 2020-12 file in ``schemas/events`` whose ``x-sluicegate`` keywords say
what a field means. The walk follows paths as tuples of object keys, with ``*`` for 'any element
of an array'.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from schemas.category import by_code

Path = tuple[str, ...]


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a contract says of one path: its category's bit (-1: none) and how to treat it."""

    bit: int = -1
    known: bool = False  # the value is looked for in the event's other leaves
    free_text: bool = False  # people write here: anything may stand in it


class Subjects(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the data subjects of an event stand. With ``each``, paths start at its elements."""

    identities: tuple[tuple[str, Path], ...]  # (kind, path), strongest first
    kind: str
    each: Path | None = None
    jurisdiction: Path | None = None
    birth_date: Path | None = None
    age_band: Path | None = None


class Observed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an event that reports an access says who read, in which role, why, and from where."""

    principal: Path
    role: Path | None = None
    purpose: Path | None = None
    recipient: Path | None = None
    session: Path | None = None
    mfa: Path | None = None
    client_address: Path | None = None
    country: Path | None = None


class Contract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of event. ``class_uid`` and ``type_uid`` are OCSF's, ``operation`` is DPV's.

    ``declared`` is every path that the contract knows, annotated or not.
    """

    kind: str
    fields: Mapping[Path, Field]
    class_uid: int
    type_uid: int
    operation: str
    subjects: Subjects | None = None
    observed: Observed | None = None
    declared: frozenset[Path] = frozenset()

    @property
    def facts(self) -> tuple[Path | None, ...]:
        """Where the facts of a person stand, from the root: jurisdiction, birth date, identities."""
        plan = self.subjects
        if plan is None:
            return ()
        start = () if plan.each is None else (*plan.each, "*")
        paths = [plan.jurisdiction, plan.birth_date, *[path for _, path in plan.identities]]
        return tuple([None if path is None else (*start, *path) for path in paths])

    @property
    def reports(self) -> tuple[Path | None, ...]:
        """Where it says what an event reports of an access, in the order of ``Observed``."""
        return () if self.observed is None else msgspec.structs.astuple(self.observed)


UNKNOWN = Contract(
    kind="unknown", fields={}, class_uid=6005, type_uid=600599, operation="dpv:Access"
)


def pointer(text: str) -> Path:
    """Return a JSON pointer (RFC 6901) as a path: ``/contact/e~1mail`` → ``("contact", "e/mail")``."""
    if not text.startswith("/"):
        raise ValueError(f"a pointer starts with '/', not {text!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


@cache
def contracts() -> dict[str, Contract]:
    """Return every contract that ships with the package, by kind."""
    folder = resources.files("schemas").joinpath("events")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=str)
    loaded = [compile_contract(json.loads(file.read_text("utf-8"))) for file in files]
    return {contract.kind: contract for contract in loaded}


def compile_contract(schema: Mapping[str, Any]) -> Contract:
    """Compile one JSON Schema with ``x-sluicegate`` keywords.

    Raises KeyError for a category that is not registered and msgspec.ValidationError for an
    annotation of another shape than the structs of this module: a word misspelt is refused, since
    an annotation that is passed over would leave a field open.
    """
    notes = dict(schema["x-sluicegate"])
    for name in ("subjects", "observed"):
        if name in notes:
            notes[name] = {key: _paths(key, value) for key, value in notes[name].items()}
    notes["fields"] = {}
    contract = msgspec.convert(notes, Contract)
    notes_of = dict(_fields(schema, (), schema.get("$defs", {})))
    fields = {path: field for path, field in notes_of.items() if field is not None}
    return msgspec.structs.replace(contract, fields=fields, declared=frozenset(notes_of))


def _paths(key: str, value: Any) -> Any:
    if key == "identities":
        return [(kind, pointer(path)) for kind, path in value]
    return value if key == "kind" else pointer(value)


def _fields(
    schema: Mapping[str, Any], path: Path, defs: Mapping[str, Any]
) -> Iterator[tuple[Path, Field | None]]:
    """Yield every path that a schema declares, with its annotation where it has one."""
    while "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**defs[schema["$ref"].removeprefix("#/$defs/")], **beside}
    if path:
        notes = schema.get("x-sluicegate")
        yield path, _field(notes) if notes else None
    for key, child in schema.get("properties", {}).items():
        yield from _fields(child, (*path, key), defs)
    if "items" in schema:
        yield from _fields(schema["items"], (*path, "*"), defs)


def _field(notes: Mapping[str, Any]) -> Field:
    bit = by_code()[notes["category"]].bit if "category" in notes else -1
    rest = {key: value for key, value in notes.items() if key != "category"}
    return msgspec.convert({"bit": bit, **rest}, Field)
