"""Says whom an event is about: each data subject as a random reference that only the vault links."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from detectors.leaves import IDENTITIES, Leaves
from gateway.codec import Event
from gateway.tokens import Keyring
from gateway.vault import Vault
from schemas.event import Contract

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

# What an event says of one person: its kind, jurisdiction, date of birth (or age), identifiers.
Facts = tuple[str | None, ...]
_COUNTRY, _BORN = 1, 2


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
            kind: one.subjects for kind, one in contracts.items() if one.subjects is not None
        }
        self._born = {kind for kind, one in self._plans.items() if one.birth_date is not None}
        self._known: dict[Facts, Subject] = {}

    def find(self, events: Sequence[Event], leaves: Leaves) -> list[Subject]:
        """Return the subject behind each person that the walk of the events met, in their order.

        Durable when it returns: a reference that was issued is in the vault.
        """
        if len(self._known) > REMEMBERED:
            self._known.clear()
        self._age(events, leaves)
        known = self._known
        facts: list[Facts] = list(map(tuple, leaves.facts))
        asked = dict.fromkeys([one for one in facts if one not in known])
        if asked:
            self._ask(list(asked))
        return [known[one] for one in facts]

    def _age(self, events: Sequence[Event], leaves: Leaves) -> None:
        """Put the age that people had at their event in the place of their date of birth."""
        firsts, facts = [*leaves.firsts, len(leaves.facts)], leaves.facts
        for number, event in enumerate(events):
            if event.kind in self._born:
                for person in range(firsts[number], firsts[number + 1]):
                    born = facts[person][_BORN]
                    if born is not None:
                        facts[person][_BORN] = str(_age_band(event, born))

    def _ask(self, asked: Sequence[Facts]) -> None:
        """Have the vault resolve some people. Who has no identifier is nobody it could know."""
        named = [(one, self._identifiers(one)) for one in asked]
        listed = [(one, names) for one, names in named if names]
        refs = self._vault.resolve(self._tenant, [names for _, names in listed])
        found = {one: ref for (one, _), ref in zip(listed, refs, strict=True)}
        for one in asked:
            plan = self._plans.get(one[0] or "")
            # Whoever is listed keeps their place: findings belong to the person at theirs.
            if plan is None or (plan.each is None and one not in found):
                self._known[one] = NOBODY
            else:
                age = int(one[_BORN] or 0)
                self._known[one] = Subject(
                    found.get(one), plan.kind, _jurisdiction(one[_COUNTRY]), age
                )

    def _identifiers(self, one: Facts) -> tuple[tuple[str, bytes], ...]:
        """Return the identifiers of a person as the vault knows them, the strongest first."""
        plan = self._plans.get(one[0] or "")
        if plan is None:
            return ()
        index, country = self._keyring.index, _jurisdiction(one[_COUNTRY])
        names = zip(plan.identities, one[IDENTITIES:], strict=True)
        return tuple([(kind, index(kind, name, country)) for (kind, _), name in names if name])


def _jurisdiction(code: str | None) -> str:
    return code.upper() if code is not None and _CODE.fullmatch(code) else ""


def _age_band(event: Event, born: str) -> int:
    if born[:4].isdecimal() and event.time is not None:
        months = (event.time // _MONTH) - (int(born[:4]) - 1970) * 12
        if born[5:7].isdecimal():
            months -= int(born[5:7]) - 1
        years = months // 12
        return next((band for limit, band in _BANDS if years < limit), ADULT)
    return 0
