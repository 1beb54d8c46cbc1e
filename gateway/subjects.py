"""Says whom an event is about: each data subject as a random reference that only the vault links."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from gateway.codec import Event, Fields, at
from gateway.tokens import Keyring
from gateway.vault import Vault
from schemas.event import Contract, Subjects

CHILD_13, CHILD_16, CHILD_18, ADULT = 1, 2, 3, 4
_BANDS = ((13, CHILD_13), (16, CHILD_16), (18, CHILD_18))
_MONTH = 2_629_746_000_000  # microseconds: a twelfth of a mean Gregorian year
REMEMBERED = 65_536
MOST_PEOPLE = 32_767  # of one event: what the audit's row_ordinal can number
# Of a jurisdiction, as the contracts have it. Anything else in its place could be about anybody.
_CODE = re.compile(r"[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?")


class Subject(msgspec.Struct, frozen=True, gc=False):
    """One data subject of one event. ``ref`` is None where the event names nobody."""

    ref: bytes | None
    kind: str = ""
    jurisdiction: str = ""
    age_band: int = 0


NOBODY = Subject(None)
_NOBODY = (NOBODY,)
_IDENTIFIERS = (str, int)

# What an event says of one person: kind, jurisdiction, age band, then (kind, value) of identifiers.
_Named = tuple[str | int, ...]
_FACTS = 3


class SubjectFinder:
    """Finds the subjects of a batch's events and has the vault issue their references.

    Identifiers go to the vault as keyed hashes only. What was resolved is remembered in memory, so
    that people who recur cost one look-up.
    """

    def __init__(
        self, tenant: str, keyring: Keyring, vault: Vault, contracts: Mapping[str, Contract]
    ) -> None:
        self._tenant = tenant
        self._keyring = keyring
        self._vault = vault
        self._plans = {
            kind: _Plan(one.subjects) for kind, one in contracts.items() if one.subjects is not None
        }
        self._known: dict[_Named, Subject] = {}

    def find(self, events: Sequence[Event]) -> list[tuple[Subject, ...]]:
        """Return the subjects of each event, in the order that its contract lists them.

        Durable when it returns: a reference that was issued is in the vault.
        """
        plans, known = self._plans, self._known
        if len(known) > REMEMBERED:
            known.clear()
        named: list[Sequence[_Named]] = []
        asked: dict[_Named, None] = {}
        for event in events:
            plan = plans.get(event.kind)
            people = plan.people(event) if plan is not None else ()
            named.append(people)
            for person in people:
                if person not in known:
                    asked[person] = None
        if asked:
            self._ask(list(asked))
        return [
            tuple([known[person] for person in people]) if people else _NOBODY for people in named
        ]

    def is_crowded(self, event: Event) -> bool:
        """Say whether an event is about more people than its audit rows can number."""
        if len(event.record.value or b"") <= MOST_PEOPLE:
            return False
        plan = self._plans.get(event.kind)
        return plan is not None and plan.listed(event) > MOST_PEOPLE

    def _ask(self, named: Sequence[_Named]) -> None:
        """Have the vault resolve some people. Who has no identifier is nobody it could know."""
        index = self._keyring.index
        listed = [person for person in named if len(person) > _FACTS]
        subjects = []
        for _, country, _, *pairs in listed:
            names = zip(pairs[::2], pairs[1::2], strict=True)
            subjects.append(
                tuple(
                    (str(kind), index(str(kind), str(name), str(country))) for kind, name in names
                )
            )
        refs = dict(zip(listed, self._vault.resolve(self._tenant, subjects), strict=True))
        for person in named:
            kind, country, age = person[:_FACTS]
            self._known[person] = Subject(refs.get(person), str(kind), str(country), int(age))


class _Plan:
    """Where the people of one kind of event stand."""

    def __init__(self, subjects: Subjects) -> None:
        self._each = subjects.each
        self._kind = subjects.kind
        self._names = [kind for kind, _ in subjects.identities]
        paths = [path for _, path in subjects.identities]
        self._read = Fields([subjects.jurisdiction, subjects.birth_date, *paths])

    def people(self, event: Event) -> Sequence[_Named]:
        """Return what the event says of each person; nothing where it names nobody."""
        if event.body is None:
            return ()
        if self._each is None:
            person = self._person(event, event.body)
            return (person,) if len(person) > _FACTS else ()
        bodies = at(event.body, self._each)
        if type(bodies) is not list:
            return ()
        # All keep their places: findings belong to the person at theirs.
        return [self._person(event, body) for body in bodies]

    def listed(self, event: Event) -> int:
        """Return how many people an event lists, with an identifier or without."""
        bodies = at(event.body, self._each) if self._each else None
        return len(bodies) if type(bodies) is list else 1

    def _person(self, event: Event, body: Any) -> _Named:
        country, born, *values = self._read(body)
        named: list[str | int] = [
            self._kind,
            _jurisdiction(country) if type(country) is str else "",
            _age_band(event, born) if type(born) is str else 0,
        ]
        for kind, value in zip(self._names, values, strict=True):
            if value is not None and value != "" and type(value) in _IDENTIFIERS:
                named += (kind, str(value))
        return tuple(named)


@lru_cache(REMEMBERED)
def _jurisdiction(code: str) -> str:
    return code.upper() if _CODE.fullmatch(code) else ""


def _age_band(event: Event, born: str) -> int:
    if born[:4].isdecimal() and event.time is not None:
        months = (event.time // _MONTH) - (int(born[:4]) - 1970) * 12
        if born[5:7].isdecimal():
            months -= int(born[5:7]) - 1
        years = months // 12
        return next((band for limit, band in _BANDS if years < limit), ADULT)
    return 0
