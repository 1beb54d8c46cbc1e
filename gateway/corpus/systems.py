"""The five systems: whose people they hold, which events they write, and how many of each."""

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

import msgspec

from gateway.corpus import account, api, call, campaign, crm
from gateway.corpus.draft import Draft

Writer = Callable[[Draft], crm.Written]

MIX: Mapping[str, float] = {
    "crm.contact": 0.22,
    "crm.lead": 0.10,
    "crm.deal": 0.08,
    "campaign.send": 0.09,
    "campaign.engagement": 0.16,
    "api.access": 0.25,
    "call.record": 0.04,
    "social.post": 0.03,
    "account.lifecycle": 0.03,
}
WRITERS: Mapping[str, Writer] = {
    "crm.contact": crm.contact,
    "crm.lead": crm.lead,
    "crm.deal": crm.deal,
    "campaign.send": campaign.send,
    "campaign.engagement": campaign.engagement,
    "api.access": api.access,
    "call.record": call.record,
    "social.post": account.post,
    "account.lifecycle": account.lifecycle,
}
# Kinds that can be written without anybody in them.
BARE: Mapping[str, Writer] = {
    "crm.deal": crm.bare_deal,
    "campaign.send": campaign.bare_send,
    "api.access": api.bare_access,
}


class System(msgspec.Struct, frozen=True):
    """One tenant: the cultures of its people, and its share of each kind of event it writes."""

    tenant: str
    cultures: tuple[str, ...]  # one twice as likely as another where it stands twice
    shares: Mapping[str, float]


SYSTEMS = (
    System(
        "smiloai",
        ("tr", "tr", "tr", "tr", "de", "de", "gb"),
        {
            "crm.contact": 4,
            "crm.lead": 4,
            "crm.deal": 4,
            "campaign.send": 8,
            "campaign.engagement": 8,
            "api.access": 4,
            "call.record": 3,
            "account.lifecycle": 1,
        },
    ),
    System(
        "smartcall",
        ("tr", "tr", "de", "us"),
        {"call.record": 7, "api.access": 2, "account.lifecycle": 1},
    ),
    System(
        "smartsale",
        ("il", "il", "il", "ae", "ae"),
        {"crm.contact": 3, "crm.lead": 3, "crm.deal": 3, "api.access": 2, "account.lifecycle": 1},
    ),
    System("smartsmm", ("kz",), {"social.post": 1, "api.access": 1, "account.lifecycle": 3}),
    System(
        "smartclosr",
        ("us", "us", "us", "us", "gb"),
        {
            "crm.contact": 3,
            "crm.lead": 3,
            "crm.deal": 3,
            "campaign.send": 2,
            "campaign.engagement": 2,
            "api.access": 1,
            "account.lifecycle": 1,
        },
    ),
)


class Lot(msgspec.Struct, frozen=True):
    """One way that an event can be: its kind, its system, and who writes it."""

    kind: str
    place: int  # of the system
    system: System
    write: Writer


class Plan(msgspec.Struct, frozen=True):
    """All lots with their weights summed up, so that one number from 0 to 1 draws one."""

    lots: tuple[Lot, ...]
    sums: tuple[float, ...]

    def draw(self, roll: float) -> Lot:
        """Return the lot that a number from 0 up to 1 stands for."""
        return self.lots[bisect(self.sums, roll * self.sums[-1], 0, len(self.lots) - 1)]


def compile_plan(
    mix: Mapping[str, float] | None, tenants: Sequence[str] | None, *, clean: bool
) -> Plan:
    """Compile a mix of kinds for some tenants.

    Raises ValueError for a kind or tenant that does not exist, and where nothing is left to write.
    """
    writers = BARE if clean else WRITERS
    shares = {kind: MIX[kind] for kind in writers} if mix is None else mix
    known = [system.tenant for system in SYSTEMS]
    _refuse("kind", [kind for kind in shares if kind not in writers], list(writers))
    _refuse("tenant", [name for name in tenants or () if name not in known], known)
    lots, weights = [], []
    for kind, share in shares.items():
        chosen = _writers_of(kind, tenants)
        total = sum(system.shares[kind] for _, system in chosen)
        for place, system in chosen:
            lots.append(Lot(kind, place, system, writers[kind]))
            weights.append(share * system.shares[kind] / total)
    if min(weights, default=0) < 0 or sum(weights) <= 0:
        raise ValueError("the mix leaves nothing to write: give a kind of these tenants a share")
    return Plan(tuple(lots), tuple(accumulate(weights)))


def _writers_of(kind: str, tenants: Sequence[str] | None) -> list[tuple[int, System]]:
    return [
        (place, system)
        for place, system in enumerate(SYSTEMS)
        if kind in system.shares and (tenants is None or system.tenant in tenants)
    ]


def _refuse(noun: str, unknown: list[str], known: list[str]) -> None:
    if unknown:
        raise ValueError(f"no such {noun}: {', '.join(unknown)}; there are {', '.join(known)}")
