"""Events of the CRM: contacts, leads and deals."""

from typing import Any

from gateway.corpus import made
from gateway.corpus.draft import Draft
from gateway.corpus.people import Person

Written = tuple[str, dict[str, Any]]  # the Kafka key, and what stands beside the envelope

_CONTACT_ACTIONS = ("created", "updated", "updated", "viewed", "viewed", "merged")
_TITLES = ("CEO", "CTO", "Sales lead", "Buyer", "Office manager", "Owner")
_TAGS = ("vip", "newsletter", "trial", "fair-2026", "partner", "churn-risk")
_LEAD_ACTIONS = ("created", "updated", "scored", "assigned")
_SOURCES = ("web-form", "fair", "referral", "advert", "import")
_STAGES = ("new", "qualified", "proposal", "negotiation")
_DEAL_ACTIONS = ("opened", "moved", "moved", "won", "lost")
_METHODS = ("transfer", "card", "invoice")
CURRENCIES = {"TR": "TRY", "EU": "EUR", "GB": "GBP", "US-CA": "USD"}
CURRENCIES |= {"KZ": "KZT", "IL": "ILS", "AE": "AED"}


def owner(draft: Draft) -> str:
    """Return the id of a member of staff."""
    return f"u-{draft.dice.below(120):03d}"


def contact(draft: Draft) -> Written:
    """Write a contact with a note, sometimes with bank data, papers and a birth date."""
    person, dice = draft.somebody(), draft.dice
    record: dict[str, Any] = {"id": person.id, **_named(draft, person, "/contact")}
    record["email"] = draft.put("/contact/email", person.facts["email"])
    record["phone"] = draft.put("/contact/phone", person.facts["phone"])
    record["country"] = person.country
    _more(draft, person, record)
    content: dict[str, Any] = {"action": dice.pick(_CONTACT_ACTIONS), "contact": record}
    if dice.chance(0.12):
        content["billing"] = billing(draft, person)
    if dice.chance(0.7):
        content["note"] = draft.prose("/note", person.language.notes, person, 0.15)
    if dice.chance(0.4):
        content["owner"] = owner(draft)
    if dice.chance(0.12):
        content["tags"] = [dice.pick(_TAGS), dice.pick(_TAGS)]
    if dice.chance(0.15):
        content["synced_ms"] = made.epoch(dice)
    return person.id, content


def _named(draft: Draft, person: Person, at: str) -> dict[str, Any]:
    facts = person.facts
    if draft.tenant == "smartsale":
        return {
            "first_name": draft.put(f"{at}/first_name", facts["first_name"]),
            "last_name": draft.put(f"{at}/last_name", facts["last_name"]),
        }
    return {"name": draft.put(f"{at}/name", facts["name"])}


def _more(draft: Draft, person: Person, record: dict[str, Any]) -> None:
    dice, facts = draft.dice, person.facts
    if dice.chance(0.15):
        record["company"] = facts["company"].text
        record["title"] = dice.pick(_TITLES)
    if dice.chance(0.15):
        record["address"] = draft.put("/contact/address", facts["address"])
    if dice.chance(0.15):
        record["birth_date"] = draft.put("/contact/birth_date", facts["birth_date"])
    if "national_id" in facts and dice.chance(0.15):
        record["national_id"] = draft.put("/contact/national_id", facts["national_id"])
    if "tax_number" in facts and dice.chance(0.1):
        record["tax_number"] = draft.put("/contact/tax_number", facts["tax_number"])
    if draft.tenant == "smartclosr" and dice.chance(0.2):
        record["licence_number"] = f"DRE {dice.digits(8)}"
    if dice.chance(0.2):
        record["score"] = dice.between(1, 100)


def billing(draft: Draft, person: Person) -> dict[str, Any]:
    """Return how somebody pays: by card, by account or on an invoice."""
    dice, facts = draft.dice, person.facts
    method = dice.pick(_METHODS)
    if method == "transfer" and person.banks:
        return {"method": method, "iban": draft.put("/billing/iban", facts["iban"])}
    if method == "card":
        return {"method": method, "card": draft.put("/billing/card", facts["card"])}
    address = draft.put("/billing/address", facts["address"])
    return {"method": "invoice", "address": address}


def lead(draft: Draft) -> Written:
    """Write a lead with its message or a note, and what it is interested in."""
    person, dice = draft.somebody(), draft.dice
    lead_id = f"l-{person.number:05d}"
    record: dict[str, Any] = {
        "id": lead_id,
        "name": draft.put("/lead/name", person.facts["name"]),
        "email": draft.put("/lead/email", person.facts["email"]),
        "phone": draft.put("/lead/phone", person.facts["phone"]),
        "country": person.country,
        "score": dice.between(1, 100),
    }
    if dice.chance(0.4):
        record["source"] = dice.pick(_SOURCES)
    if dice.chance(0.15):
        record["company"] = person.facts["company"].text
    if dice.chance(0.1):
        record["budget"] = _money(draft, person)
    content: dict[str, Any] = {"action": dice.pick(_LEAD_ACTIONS), "lead": record}
    if dice.chance(0.45):
        content["message"] = draft.prose("/message", person.language.messages, person, 0.1)
    elif dice.chance(0.5):
        content["note"] = draft.prose("/note", person.language.notes, person, 0.15)
    if dice.chance(0.15):
        content["interest"] = _interest(draft, person.country)
    if dice.chance(0.1):
        content["model_version"] = made.version(dice)
    return lead_id, content


def _money(draft: Draft, person: Person) -> dict[str, Any]:
    amount = draft.dice.between(5, 900) * 1000
    return {"amount": amount, "currency": CURRENCIES[person.country]}


def _interest(draft: Draft, country: str) -> dict[str, Any]:
    dice = draft.dice
    interest: dict[str, Any] = {"sku": made.sku(dice), "price": made.price(dice)}
    interest["currency"] = CURRENCIES.get(country, "USD")
    if draft.tenant == "smartclosr":
        interest["reference"] = f"MLS {dice.between(1, 9)}{dice.digits(7)}"
    return interest


def deal(draft: Draft) -> Written:
    """Write a deal with the person it is made with, its order and a note."""
    person, dice = draft.somebody(), draft.dice
    content: dict[str, Any] = {
        "action": dice.pick(_DEAL_ACTIONS),
        "deal": _deal(draft, CURRENCIES[person.country]),
        "contact": {
            "id": person.id,
            "name": draft.put("/contact/name", person.facts["name"]),
            "email": draft.put("/contact/email", person.facts["email"]),
            "country": person.country,
        },
    }
    if dice.chance(0.4):
        content["deal"]["close_date"] = f"2026-12-{dice.between(1, 31):02d}"
    if dice.chance(0.2):
        content["contact"]["phone"] = draft.put("/contact/phone", person.facts["phone"])
    if dice.chance(0.12):
        content["order"] = _order(draft)
    if dice.chance(0.15):
        content["billing"] = billing(draft, person)
    if dice.chance(0.35):
        content["note"] = draft.prose("/note", person.language.notes, person, 0.15)
    if dice.chance(0.4):
        content["owner"] = owner(draft)
    if dice.chance(0.1):
        content["tracking"] = made.tracking(dice)
    return person.id, content


def _deal(draft: Draft, currency: str) -> dict[str, Any]:
    dice = draft.dice
    return {
        "id": f"d-{dice.below(90_000) + 10_000}",
        "stage": dice.pick(_STAGES),
        "amount": made.price(dice),
        "currency": currency,
    }


def _order(draft: Draft) -> dict[str, Any]:
    dice = draft.dice
    item = {"sku": made.sku(dice), "quantity": dice.between(1, 9), "price": made.price(dice)}
    return {"number": made.order(dice), "total": made.price(dice), "items": [item]}


def bare_deal(draft: Draft) -> Written:
    """Write a deal of which only figures are known."""
    dice = draft.dice
    record = _deal(draft, dice.pick(("EUR", "USD", "TRY")))
    content: dict[str, Any] = {"action": dice.pick(_DEAL_ACTIONS), "deal": record}
    record["quote"] = made.order(dice)
    record["version"] = made.version(dice)
    content["note"] = draft.filler(draft.somebody().language, 1.0)
    content["tracking"] = made.tracking(dice)
    content["changed_ms"] = made.epoch(dice)
    content["digest"] = made.digest(dice)
    return record["id"], content
