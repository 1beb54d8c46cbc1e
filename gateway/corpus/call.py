"""Events of the call centre: what the network knows, what was said, and what was agreed."""

from typing import Any

from gateway.corpus import made
from gateway.corpus.crm import Written
from gateway.corpus.draft import Draft
from gateway.corpus.people import Person

_PLACES = ("office", "video call", "branch", "on site")


def record(draft: Draft) -> Written:
    """Write a call with its transcript, sometimes with a summary and an appointment."""
    person, dice = draft.somebody(), draft.dice
    content: dict[str, Any] = {
        "call": _call(draft, person),
        "contact": {
            "id": person.id,
            "name": draft.put("/contact/name", person.facts["name"]),
            "country": person.country,
        },
        "transcript": draft.prose("/transcript", person.language.transcripts, person, 0.05),
    }
    if dice.chance(0.2):
        content["summary"] = draft.write("/summary", person.language.summaries, person)
    if dice.chance(0.15):
        content["appointment"] = _appointment(draft, person)
    return person.id, content


def _call(draft: Draft, person: Person) -> dict[str, Any]:
    dice = draft.dice
    call = {
        "id": f"k{dice.hex(12)}",
        "direction": dice.pick(("inbound", "outbound")),
        "duration_seconds": dice.between(8, 1800),
        "caller": draft.put("/call/caller", person.facts["phone"]),
        "agent": f"ag-{dice.below(60):02d}",
    }
    if dice.chance(0.12):
        call["recording"] = f"rec/{made.uuid(dice)}.opus"
    if dice.chance(0.1):
        call["model"] = f"asr-{made.version(dice)}"
    return call


def _appointment(draft: Draft, person: Person) -> dict[str, Any]:
    dice = draft.dice
    at = f"2026-12-{dice.between(1, 31):02d}T{dice.between(8, 18):02d}:30:00Z"
    if dice.chance(0.5):
        return {"at": at, "place": dice.pick(_PLACES)}
    return {"at": at, "place": draft.put("/appointment/place", person.facts["address"])}
