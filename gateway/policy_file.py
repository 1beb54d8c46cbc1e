"""Reads a tenant's policy file: names resolved, selectors turned into masks, every problem at once.

    [policy]        tenant, version, effective_from, controller, document, sha256
    [roles.X]       kind, free_text
    [purposes.X]    dpv, legal_basis, require, free_text; carried along: fideslang, kvkk
    [groups.X]      categories, min_confidence
    [[matrix]]      roles × purposes × categories → action; id, free_text
    [recipients.X]  safeguard; carried along: country

Every block but the first cites, as ``src``, the lines of the privacy policy that it enforces.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from gateway.errors import SettingsError
from gateway.toml_file import filled, listed, read_toml
from schemas.access import Action
from schemas.category import EVERYTHING, by_code, categories

Text = Annotated[str, msgspec.Meta(min_length=1)]
Names = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
SourceLine = Annotated[str, msgspec.Meta(pattern="^L[1-9][0-9]*(-L[1-9][0-9]*)?$")]
Source = Annotated[tuple[SourceLine, ...], msgspec.Meta(min_length=1)]
FreeText = Literal["show", "withhold"]

CONFIDENCE = 0.5  # from when a finding counts, where no group says otherwise
NOBODY = "none"  # the recipient of a reader inside the house

# A safeguard of a policy file → how the audit trail names it.
SAFEGUARDS = {
    "adequacy": "gdpr:A45-3",
    "adequacy_dpf": "gdpr:A45-3",  # the EU-US Data Privacy Framework is an adequacy decision
    "scc": "gdpr:A46-2-c",
    "bcr": "gdpr:A46-2-b",
    "kvkk_adequacy": "ext:kvkk_adequacy",
    "kvkk_scc": "ext:kvkk_scc",
    "kvkk_bcr": "ext:kvkk_bcr",
}
_VOID = {"privacy_shield": "no safeguard since the CJEU's C-311/18 (Schrems II)"}
_NEVER = {"dpv:SellDataToThirdParties"}
_LEGAL_BASIS = re.compile(
    r"gdpr:A6-1-[a-f]|gdpr:A9-2-[a-j]|dpv:(Consent|ExplicitlyExpressedConsent|Contract"
    r"|EnterIntoContract|LegalObligation|LegitimateInterest|PublicInterest|VitalInterest)"
)
_LEGAL_BASES = (
    "gdpr:A6-1-a to -f, gdpr:A9-2-a to -j, or where another law rules dpv:Consent, "
    "dpv:ExplicitlyExpressedConsent, dpv:Contract, dpv:EnterIntoContract, dpv:LegalObligation, "
    "dpv:LegitimateInterest, dpv:PublicInterest, dpv:VitalInterest"
)
_NAME = re.compile("[a-z][a-z0-9_]*")
_SECTIONS = ("policy", "roles", "purposes", "groups", "matrix", "recipients")
_ANY = "*"


class About(msgspec.Struct, frozen=True):
    """Whose policy it is, which version of it, and the text that the ``src`` lines count in."""

    tenant: Text
    version: Text
    effective_from: date
    controller: Text
    document: Text
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Role(msgspec.Struct, frozen=True):
    """In which function somebody reads."""

    src: Source
    kind: Literal["user", "service"] = "user"
    free_text: FreeText = "show"


class Purpose(msgspec.Struct, frozen=True):
    """What for, by which right, and what the data must be made into beforehand."""

    src: Source
    dpv: Annotated[str, msgspec.Meta(pattern="^(dpv|ext):[A-Z][A-Za-z]*$")]
    legal_basis: tuple[str, ...]
    fideslang: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]+(\.[a-z_]+)*$")] = ""
    kvkk: Annotated[str, msgspec.Meta(pattern=r"^m\.[56]/[1-3](-[a-hç])?$")] = ""
    require: Literal["nothing", "pseudonymised", "anonymised"] = "nothing"
    free_text: FreeText = "show"


class Recipient(msgspec.Struct, frozen=True):
    """Somebody outside who gets data, and what protects it there."""

    src: Source
    safeguard: str
    country: str = ""


class Line(msgspec.Struct, frozen=True):
    """A line of the matrix, resolved: these roles, for these purposes, see these categories so."""

    uid: str
    roles: frozenset[str]
    purposes: frozenset[str]
    mask: int
    action: Action
    withhold: bool
    src: tuple[str, ...]


class PolicyText(msgspec.Struct, frozen=True):
    """What a policy file says, understood as a whole."""

    about: About
    roles: dict[str, Role]
    purposes: dict[str, Purpose]
    groups: dict[str, int]  # name → mask
    thresholds: tuple[float, ...]  # by category bit
    lines: tuple[Line, ...]
    recipients: dict[str, Recipient]


class _Group(msgspec.Struct, frozen=True):
    src: Source
    categories: Names
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


class _Row(msgspec.Struct, frozen=True):
    src: Source
    roles: Names
    purposes: Names
    categories: Names
    action: Literal[
        "allow",
        "mask",
        "generalise",
        "tokenize",
        "pseudonymise",
        "redact",
        "drop",
        "deny",
        "quarantine",
    ]
    id: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]*$")] = ""
    free_text: FreeText = "show"


T = TypeVar("T", bound=msgspec.Struct)


def read_policy(path: Path) -> PolicyText:
    """Return what a policy file says. Raises SettingsError with every problem in it."""
    tables = read_toml(path, "in its place builtin:NAME names a policy that ships with the package")
    problems = [
        f"[{name}] is not known; known: {listed(_SECTIONS)}"
        for name in tables
        if name not in _SECTIONS
    ]
    about = filled(About, _table(tables, "policy", problems), "[policy]", problems)
    roles = _blocks("roles", Role, tables, problems)
    purposes = _blocks("purposes", Purpose, tables, problems)
    recipients = _blocks("recipients", Recipient, tables, problems)
    problems += [*_bad_purposes(purposes), *_bad_recipients(recipients)]
    groups = _blocks("groups", _Group, tables, problems)
    masks = _masks(groups, _declared(tables, "groups"), problems)
    lines = _lines(tables, masks, problems)
    if problems or about is None:
        raise SettingsError(str(path), problems)
    thresholds = _thresholds(groups, masks)
    return PolicyText(about, roles, purposes, masks, thresholds, lines, recipients)


def _table(tables: Mapping[str, Any], name: str, problems: list[str]) -> Mapping[str, Any]:
    found = tables.get(name, {})
    if isinstance(found, dict):
        return found
    problems.append(f"[{name}] must be a table")
    return {}


def _blocks(
    section: str, shape: type[T], tables: Mapping[str, Any], problems: list[str]
) -> dict[str, T]:
    built: dict[str, T] = {}
    for name, table in _table(tables, section, problems).items():
        where = f"[{section}.{name}]"
        if not _NAME.fullmatch(name):
            problems.append(f"{where}: a name is of small letters, digits and _")
        if not isinstance(table, dict):
            problems.append(f"{where}: must be a table: write {where} and its keys below it")
            continue
        one = filled(shape, table, where, problems)
        if one is not None:
            built[name] = one
    return built


def _declared(tables: Mapping[str, Any], section: str) -> list[str]:
    """Return the names that a section declares, also those of broken blocks."""
    found = tables.get(section, {})
    return list(found) if isinstance(found, dict) else []


def _bad_purposes(purposes: Mapping[str, Purpose]) -> Iterable[str]:
    for name, purpose in purposes.items():
        where = f"[purposes.{name}]"
        if not purpose.legal_basis:
            yield f"{where} legal_basis: empty; without one nobody may read: {_LEGAL_BASES}"
        for basis in purpose.legal_basis:
            if not _LEGAL_BASIS.fullmatch(basis):
                yield f"{where} legal_basis: {basis!r} is not known; known: {_LEGAL_BASES}"
        if purpose.dpv in _NEVER:
            yield f"{where} dpv: {purpose.dpv} can't be granted here"


def _bad_recipients(recipients: Mapping[str, Recipient]) -> Iterable[str]:
    for name, recipient in recipients.items():
        where, safeguard = f"[recipients.{name}]", recipient.safeguard
        if name == NOBODY:
            yield f"{where}: {NOBODY!r} means that data stays in the house; take another name"
        if safeguard not in SAFEGUARDS:
            why = _VOID.get(safeguard, "not known")
            yield f"{where} safeguard: {safeguard!r} is {why}; known: {listed(SAFEGUARDS)}"


def _masks(
    groups: Mapping[str, _Group], declared: Sequence[str], problems: list[str]
) -> dict[str, int]:
    """Return the groups' masks. A broken group stands for everything: its users are not to blame."""
    masks = dict.fromkeys(declared, EVERYTHING)
    for name, group in groups.items():
        if name in by_code():
            problems.append(f"[groups.{name}]: a category has this code; take another name")
        masks[name] = _selected(group.categories, {}, f"[groups.{name}] categories", problems)
    return masks


def _selected(
    selectors: Iterable[str], groups: Mapping[str, int], where: str, problems: list[str]
) -> int:
    mask = 0
    for selector in selectors:
        found = _select(selector, groups)
        if selector == "user.biometric":
            # 'Deny biometrics' would silently block every call.
            problems.append(
                f"{where}: 'user.biometric' takes call recordings in; "
                "write biometric_template, call_audio or both"
            )
        elif not found:
            known = f"a group ({listed(groups)}), " if groups else ""
            problems.append(
                f"{where}: {selector!r} matches no category; write {known}a fideslang prefix such "
                f'as user.contact, "*", or a code: {listed(by_code())}'
            )
        mask |= found
    return mask


def _select(selector: str, groups: Mapping[str, int]) -> int:
    if selector == _ANY:
        return EVERYTHING
    if selector in by_code():
        return by_code()[selector].mask
    if selector in groups:
        return groups[selector]
    below = f"{selector}."
    return sum(one.mask for one in categories() if f"{one.fideslang}.".startswith(below))


def _thresholds(groups: Mapping[str, _Group], masks: Mapping[str, int]) -> tuple[float, ...]:
    """Return from when a finding counts. Where groups differ the lower says: it finds more."""
    stated = [
        (masks[name], group.min_confidence)
        for name, group in groups.items()
        if group.min_confidence is not None
    ]
    return tuple(
        min((low for mask, low in stated if mask & one.mask), default=CONFIDENCE)
        for one in categories()
    )


def _lines(
    tables: Mapping[str, Any], groups: Mapping[str, int], problems: list[str]
) -> tuple[Line, ...]:
    found = tables.get("matrix", [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        problems.append("[[matrix]] must be a list of tables: write [[matrix]] above each line")
        return ()
    names = {section: _declared(tables, section) for section in ("roles", "purposes")}
    lines: list[Line] = []
    for number, each in enumerate(found, 1):
        known = each.get("id")
        where = f"[[matrix]] {known!r}" if isinstance(known, str) else f"[[matrix]] number {number}"
        row = filled(_Row, each, where, problems)
        if row is None:
            continue
        line = _line(row, names, groups, where, problems)
        if row.id and any(line.uid == other.uid for other in lines):
            problems.append(f"{where}: another line has this id; an id names one line")
        lines.append(line)
    return tuple(lines)


def _line(
    row: _Row,
    names: Mapping[str, Sequence[str]],
    groups: Mapping[str, int],
    where: str,
    problems: list[str],
) -> Line:
    return Line(
        uid=row.id or "+".join(row.src),
        roles=_named(row.roles, names["roles"], f"{where} roles", problems),
        purposes=_named(row.purposes, names["purposes"], f"{where} purposes", problems),
        mask=_selected(row.categories, groups, f"{where} categories", problems),
        action=Action[row.action.upper()],
        withhold=row.free_text == "withhold",
        src=row.src,
    )


def _named(
    wanted: Iterable[str], declared: Sequence[str], where: str, problems: list[str]
) -> frozenset[str]:
    names: set[str] = set()
    for name in wanted:
        if name == _ANY:
            names.update(declared)
        elif name in declared:
            names.add(name)
        else:
            problems.append(f'{where}: {name!r} is not declared; known: {listed(declared)}, "*"')
    return frozenset(names)
