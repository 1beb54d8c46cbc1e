"""What settings must hold beyond their shapes: names, references, and places that must differ."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol

from detectors.lists import Lists
from detectors.rule import shipped
from gateway.config import FILTERED, Input, Settings, Transport, view_name
from schemas.category import by_code
from schemas.event import pointer

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_ENTITY = re.compile(r"[A-Z0-9_]+")
_DOMAIN = re.compile(r"@?[\w-]+(?:\.[\w-]+)*")
_TOPIC = re.compile(r"[A-Za-z0-9._-]+")
LONGEST_TOPIC = 249


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def broken_rules(settings: Settings, declared: Iterable[str]) -> list[str]:
    """Return a line for each rule that the settings break.

    ``declared`` are the names of all inputs of the file, also of those too broken to be in the
    settings, so that one mistake is reported once.
    """
    found = chain(
        _names("input", settings.inputs),
        _names("subscription", settings.subscriptions),
        _inputs(settings),
        chain.from_iterable(_source(settings, each) for each in settings.inputs),
        chain.from_iterable(_meaning(each) for each in settings.inputs),
        _subscriptions(settings, frozenset(declared)),
        _tenants(settings),
        _transport(settings),
        _places(settings),
        _listed(settings.detection),
        _models(settings),
    )
    return list(found)


def _names(table: str, entries: Iterable[_Named]) -> Iterator[str]:
    names = Counter(each.name for each in entries)
    for name, count in names.items():
        if count > 1:
            yield f"[[{table}]] {name!r}: the name is used {count} times; names must differ"
        if not _NAME.fullmatch(name):
            yield (
                f"[[{table}]] {name!r}: not a name; lower-case letters, digits, '.', '_' and '-', "
                "a letter or digit first"
            )


def _inputs(settings: Settings) -> Iterator[str]:
    if not settings.inputs:
        yield "[[input]] is missing; at least one is needed"
    names = {each.name for each in settings.inputs}
    for name in sorted(names):
        filtered = name.removesuffix(FILTERED)
        if filtered != name and filtered in names:
            what = f"what `sluicegate filter` records of {filtered!r} has this name; rename one"
            yield f"[[input]] {name!r}: {what}"
    topics = Counter(each.topic for each in settings.inputs if each.topic)
    if settings.transport.kind == "kafka":
        for topic, count in topics.items():
            if count > 1:
                yield f"topic {topic!r} belongs to {count} inputs; a topic has one"


def _source(settings: Settings, entry: Input) -> Iterator[str]:
    where = f"[[input]] {entry.name!r}"
    if settings.transport.kind == "kafka" and not entry.topic:
        yield f"{where} topic: missing; [transport] is kafka"
    if settings.transport.kind == "files" and not entry.path:
        yield f"{where} path: missing; [transport] is files"
    if entry.topic and not _TOPIC.fullmatch(entry.topic):
        yield f"{where} topic: {entry.topic!r} cannot be a Kafka topic; letters, digits, '.', '_', '-'"


def _meaning(entry: Input) -> Iterator[str]:
    where = f"[[input]] {entry.name!r}"
    if entry.tenants and not entry.tenant_pointer:
        yield f"{where} tenants: needs tenant_pointer, which says where the event names its tenant"
    if entry.tenants and entry.tenant not in entry.tenants:
        yield f"{where} tenants: {entry.tenant!r}, the input's own tenant, must be among them"
    if entry.tenant_pointer and not entry.tenants:
        yield f"{where} tenant_pointer: needs tenants, the tenants that the event may name"
    for key in ("tenant_pointer", "type_pointer", "id_pointer", "time_pointer"):
        text = getattr(entry, key)
        if text and not _is_pointer(text):
            yield f"{where} {key}: {text!r} is not a JSON pointer such as /meta/type"
    if entry.key_category and entry.key_category not in by_code():
        known = ", ".join(by_code())
        yield f"{where} key_category: {entry.key_category!r} is not a category; known: {known}"


def _models(settings: Settings) -> Iterator[str]:
    for number, one in enumerate(settings.detection.recognizer, 1):
        where = f"[detection] recognizer number {number}"
        if not settings.at(one.path).exists():
            yield f"{where} path: {one.path!r} does not exist; paths start at the settings file"
        for label, category in one.categories.items():
            if category not in by_code():
                known = ", ".join(by_code())
                yield f"{where} categories: {label} is {category!r}, which is none; known: {known}"


def _listed(lists: Lists) -> Iterator[str]:
    # A value may be personal data: it is named by its place.
    for number, one in enumerate(lists.deny, 1):
        where = f"[detection] deny number {number}"
        if not one.value.strip():
            yield f"{where} value: empty; it would be found everywhere"
        known = {rule.entity for rule in shipped()}
        if one.entity not in known:
            # What is no name of an entity may be the value, put in the wrong place.
            named = repr(one.entity) if _ENTITY.fullmatch(one.entity) else "what stands there"
            yield f"{where} entity: no rule finds {named}; `sluicegate rules list` has them all"
    for key in ("allow", "domains"):
        if any(not value.strip() for value in getattr(lists, key)):
            yield f"[detection] {key}: has an empty value"
    for domain in sorted(lists.domains):
        if domain.strip() and not _DOMAIN.fullmatch(domain):
            yield f"[detection] domains: {domain!r} is none; write x.com, and what is below it is meant too"


def _is_pointer(text: str) -> bool:
    try:
        return bool(pointer(text))
    except ValueError:
        return False


def _subscriptions(settings: Settings, declared: frozenset[str]) -> Iterator[str]:
    for each in settings.subscriptions:
        where = f"[[subscription]] {each.name!r}"
        if not each.inputs:
            yield f"{where} inputs: empty; name at least one input"
        for name, count in Counter(each.inputs).items():
            if name not in declared:
                known = ", ".join(sorted(declared)) or "none"
                yield f"{where} inputs: there is no input {name!r}; declared: {known}"
            elif count > 1:
                yield f"{where} inputs: {name!r} stands there {count} times"
        for key in ("principal", "role", "purpose"):
            if not getattr(each, key).strip():
                yield f"{where} {key}: empty; nobody reads without one"


def _tenants(settings: Settings) -> Iterator[str]:
    named = [each for entry in settings.inputs for each in (entry.tenant, *entry.tenants)]
    for tenant in dict.fromkeys(named):
        if not _NAME.fullmatch(tenant):
            yield f"tenant {tenant!r}: not a name; lower-case letters, digits, '.', '_' and '-'"
            continue
        if tenant not in settings.policies:
            yield f"[policy] {tenant}: missing; an input is this tenant's, and no policy shows nothing"
        if tenant not in settings.keys:
            yield f"[keys] {tenant}: missing; `sluicegate keys new` makes a key file"


def _transport(settings: Settings) -> Iterator[str]:
    transport = settings.transport
    if transport.kind == "kafka":
        yield from _broker(transport)
    if bool(transport.tls_certificate_file) != bool(transport.tls_key_file):
        yield "[transport] tls_certificate_file and tls_key_file: one needs the other"
    for key in ("tls_ca_file", "tls_certificate_file", "tls_key_file"):
        path = getattr(transport, key)
        if path and not settings.at(path).is_file():
            yield f"[transport] {key}: {path!r} is not a file; paths start at the settings file"


def _broker(transport: Transport) -> Iterator[str]:
    for key in ("audit_topic", "quarantine_topic"):
        if not _TOPIC.fullmatch(getattr(transport, key)):
            yield f"[transport] {key}: not a Kafka topic; letters, digits, '.', '_', '-'"
    if not transport.bootstrap:
        yield "[transport] bootstrap: missing; a list such as broker-1:9092,broker-2:9092"
    if transport.security_protocol.startswith("SASL") and not (
        transport.sasl_username and transport.sasl_password
    ):
        yield (
            "[transport] sasl_username and sasl_password: both are needed with "
            f"{transport.security_protocol}; SLUICEGATE_TRANSPORT_SASL_PASSWORD keeps the second "
            "out of the file"
        )


def _places(settings: Settings) -> Iterator[str]:
    """Refuse two things that would write to, or read from, one place."""
    views = [
        (view_name(stream, each.name), f"view of {each.name!r} on {stream!r}")
        for each in settings.subscriptions
        for stream in dict.fromkeys(each.inputs)
    ]
    if settings.transport.kind == "kafka":
        yield from _collisions("topic", [*views, *_topics(settings)])
    else:
        yield from _collisions("folder", views)
    vault, lake = settings.at(settings.vault.path), settings.at(settings.lake.path)
    if vault.resolve().is_relative_to(lake.resolve()):
        yield "[vault] path: lies in the lake; keep what identifies people away from the trail"


def _topics(settings: Settings) -> Iterator[tuple[str, str]]:
    yield settings.transport.audit_topic, "audit_topic"
    yield settings.transport.quarantine_topic, "quarantine_topic"
    for entry in settings.inputs:
        if entry.topic:
            yield entry.topic, f"input {entry.name!r}"


def _collisions(kind: str, places: Iterable[tuple[str, str]]) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    for place, owner in places:
        owners.setdefault(place, []).append(owner)
    for place, claims in owners.items():
        distinct = list(dict.fromkeys(claims))
        if len(distinct) > 1:
            yield f"{kind} {place!r} would be {' and '.join(distinct)}; rename one"
        if len(place) > LONGEST_TOPIC:
            yield f"{kind} {place!r} ({distinct[0]}) is too long; {LONGEST_TOPIC} letters at most"
