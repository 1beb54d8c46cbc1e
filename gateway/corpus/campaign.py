"""Events of e-mail campaigns: what went out, and how recipients reacted."""

from typing import Any

from gateway.corpus import made
from gateway.corpus.crm import Written
from gateway.corpus.draft import Draft
from gateway.corpus.people import Person
from gateway.corpus.phrase import Fact

_REACTIONS = (
    "open",
    "open",
    "open",
    "open",
    "click",
    "click",
    "bounce",
    "unsubscribe",
    "spam_report",
)
_SIZES = (1, 1, 1, 1, 2, 3)
_NAMES = ("november-sale", "welcome-2", "win-back", "fair-2026", "newsletter-45")


def send(draft: Draft) -> Written:
    """Write a mailing to one to three people, with a subject made for the first of them."""
    dice = draft.dice
    people = [draft.somebody() for _ in range(dice.pick(_SIZES))]
    first = people[0]
    campaign_id = _campaign_id(draft)
    campaign: dict[str, Any] = {
        "id": campaign_id,
        "subject": draft.write("/campaign/subject", first.language.subjects, first),
        "template": f"t-{made.version(dice)}",
    }
    content: dict[str, Any] = {"campaign": campaign}
    content["recipients"] = [_recipient(draft, person, n) for n, person in enumerate(people)]
    if dice.chance(0.12):
        content["body"] = draft.filler(first.language, 0.3)
    if dice.chance(0.3):
        content["scheduled_ms"] = made.epoch(dice)
    return campaign_id, content


def _campaign_id(draft: Draft) -> str:
    return f"cmp-2026-{draft.dice.below(240):03d}"


def _recipient(draft: Draft, person: Person, place: int) -> dict[str, Any]:
    at = f"/recipients/{place}"
    return {
        "id": person.id,
        "name": draft.put(f"{at}/name", person.facts["name"]),
        "email": draft.put(f"{at}/email", person.facts["email"]),
        "country": person.country,
    }


def engagement(draft: Draft) -> Written:
    """Write one reaction with what the recipient's client told of itself."""
    person, dice = draft.somebody(), draft.dice
    action = dice.pick(_REACTIONS)
    content: dict[str, Any] = {
        "action": action,
        "campaign_id": _campaign_id(draft),
        "message_id": f"m{dice.hex(11)}",
        "recipient": {
            "id": person.id,
            "email": draft.put("/recipient/email", person.facts["email"]),
            "country": person.country,
        },
    }
    if dice.chance(0.15):
        content["occurred_ms"] = made.epoch(dice)
    if action == "bounce":
        content["bounce"] = _bounce(draft, person)
        return person.id, content
    content["client"] = _client(draft)
    if action == "click":
        content["link"] = _link(draft, person)
    if action in ("unsubscribe", "spam_report") and dice.chance(0.8):
        content["feedback"] = draft.write("/feedback", person.language.feedback, person)
    return person.id, content


def _bounce(draft: Draft, person: Person) -> dict[str, Any]:
    code = draft.dice.pick(("5.1.1", "5.2.2", "4.4.7"))
    host = f"mx{draft.dice.below(9)}.example"
    text = draft.join(
        "/bounce/reason", f"550 {code} <", person.facts["email"], f">: user unknown, queue {host}"
    )
    return {"code": code, "reason": text}


def _client(draft: Draft) -> dict[str, Any]:
    dice = draft.dice
    client = {"ip": draft.made("/client/ip", "ip")}
    if dice.chance(0.35):
        client["user_agent"] = made.user_agent(dice)
    if dice.chance(0.12):
        cookie = Fact(f"ck.{dice.hex(20)}", "COOKIE_ID")
        client["cookie_id"] = draft.put("/client/cookie_id", cookie)
    if dice.chance(0.08):
        client["device_id"] = f"dev.{dice.hex(12)}"
    return client


def _link(draft: Draft, person: Person) -> str:
    head = f"https://shop.example/p/{made.sku(draft.dice)}?utm_campaign={draft.dice.pick(_NAMES)}"
    if draft.dice.chance(0.4):
        return draft.join("/link", f"{head}&email=", person.facts["email"])
    return head


def bare_send(draft: Draft) -> Written:
    """Write a mailing of which only the campaign and its size are known."""
    dice = draft.dice
    campaign_id = _campaign_id(draft)
    campaign: dict[str, Any] = {
        "id": campaign_id,
        "name": dice.pick(_NAMES),
        "template": f"t-{made.version(dice)}",
        "digest": made.digest(dice),
        "list_size": dice.between(100, 90_000),
    }
    content: dict[str, Any] = {"campaign": campaign, "batch": made.uuid(dice)}
    content["scheduled_ms"] = made.epoch(dice)
    return campaign_id, content
