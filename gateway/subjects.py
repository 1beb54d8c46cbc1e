"""Says whom an event is about: each data subject as a random reference that only the vault links."""

import msgspec

from gateway.codec import Event, at
from gateway.tokens import Keyring
from gateway.vault import Vault
from schemas.event import Contract, Path, Subjects

CHILD_13, CHILD_16, CHILD_18, ADULT = 1, 2, 3, 4
_BANDS = ((13, CHILD_13), (16, CHILD_16), (18, CHILD_18))
REMEMBERED = 65_536


class Subject(msgspec.Struct, frozen=True, gc=False):
    """One data subject of one event. ``ref`` is None where the event names nobody."""

    ref: bytes | None
    kind: str = ""
    jurisdiction: str = ""
    age_band: int = 0


NOBODY = Subject(None)


class SubjectFinder:
    """Finds the subjects of a batch's events and has the vault issue their references.

    Identifiers go to the vault as keyed hashes only. What was resolved is remembered in memory, so
    that people who recur cost one look-up.
    """

    def __init__(self, tenant: str, keyring: Keyring, vault: Vault) -> None:
        self._tenant = tenant
        self._keyring = keyring
        self._vault = vault
        self._refs: dict[tuple[str, ...], bytes] = {}

    def find(self, events: list[tuple[Event, Contract]]) -> list[tuple[Subject, ...]]:
        """Return the subjects of each event, in the order that its contract lists them.

        Durable when it returns: a reference that was issued is in the vault.
        """
        found: list[tuple[Subject, ...]] = []
        asked: dict[tuple[str, ...], None] = {}
        named: list[list[tuple[tuple[str, ...], str, str, int]]] = []
        for event, contract in events:
            plan = contract.subjects
            people = [] if plan is None or event.body is None else _people(event, plan)
            named.append(people)
            for identity, _, _, _ in people:
                if identity not in self._refs:
                    asked[identity] = None
        if asked:
            self._ask(list(asked))
        refs = self._refs
        for people in named:
            if people:
                found.append(
                    tuple(Subject(refs[who], kind, where, age) for who, kind, where, age in people)
                )
            else:
                found.append((NOBODY,))
        if len(refs) > REMEMBERED:
            refs.clear()
        return found

    def _ask(self, identities: list[tuple[str, ...]]) -> None:
        index = self._keyring.index
        subjects = []
        for country, *pairs in identities:
            names = zip(pairs[::2], pairs[1::2], strict=True)
            subjects.append(tuple((kind, index(kind, value, country)) for kind, value in names))
        refs = self._vault.resolve(self._tenant, subjects)
        self._refs.update(zip(identities, refs, strict=True))


def _people(event: Event, plan: Subjects) -> list[tuple[tuple[str, ...], str, str, int]]:
    bodies = [event.body] if plan.each is None else at(event.body, plan.each)
    people = []
    for body in bodies if type(bodies) is list else ():
        country = _text(body, plan.jurisdiction)
        identity = [country]
        for kind, path in plan.identities:
            value = at(body, path)
            if value is not None and value != "" and type(value) in (str, int):
                identity += (kind, str(value))
        if len(identity) > 1:
            people.append((tuple(identity), plan.kind, country, _age_band(event, body, plan)))
        else:
            people.append((("",), plan.kind, country, 0))
    return [person for person in people if len(person[0]) > 1] if plan.each is None else people


def _text(body: object, path: Path | None) -> str:
    value = at(body, path) if path else None
    return value if type(value) is str and len(value) <= 8 else ""  # noqa: PLR2004


def _age_band(event: Event, body: object, plan: Subjects) -> int:
    born = at(body, plan.birth_date) if plan.birth_date else None
    if type(born) is str and born[:4].isdigit() and event.time is not None:
        months = (event.time // 2_629_746_000_000) - (int(born[:4]) - 1970) * 12
        if born[5:7].isdigit():
            months -= int(born[5:7]) - 1
        years = months // 12
        return next((band for limit, band in _BANDS if years < limit), ADULT)
    return 0
