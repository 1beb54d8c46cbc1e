"""Events of the API's access log: personal data in paths, queries, headers and bodies."""

from collections.abc import Callable
from typing import Any

from gateway.corpus import made
from gateway.corpus.crm import Written
from gateway.corpus.draft import Draft
from gateway.corpus.people import Person
from gateway.corpus.phrase import Fact

Call = dict[str, Any]

_ROLES = ("sales", "sales", "support", "marketing", "data_scientist", "admin")
_PURPOSES = {
    "sales": "dpv:ServiceProvision",
    "support": "dpv:CustomerCare",
    "marketing": "dpv:DirectMarketing",
    "data_scientist": "dpv:ServiceUsageAnalytics",
    "admin": "dpv:LegalCompliance",
}
_RECIPIENTS = ("none", "none", "none", "openai", "cloud_host", "email_delivery")
_COUNTRIES = {"US-CA": "US", "EU": "DE"}


def access(draft: Draft) -> Written:
    """Write one call: who called what of whom, from where, and what went in and out."""
    person, dice = draft.somebody(), draft.dice
    content: Call = {"client_address": draft.made("/client_address", "ip")}
    if dice.chance(0.1):
        content["client_country"] = _COUNTRIES.get(person.country, person.country)
    content["actor"] = _actor(draft)
    content["subject"] = {"id": person.id, "country": person.country}
    content.update(dice.pick(_CALLS)(draft, person))
    headers = _headers(draft)
    if headers:
        content["headers"] = headers
    if dice.chance(0.08):
        content["recipient"] = dice.pick(_RECIPIENTS)
    if dice.chance(0.3):
        content["duration_ms"] = dice.between(3, 900)
    return person.id, content


def _actor(draft: Draft) -> Call:
    dice = draft.dice
    role = dice.pick(_ROLES)
    actor: Call = {"id": f"u-{dice.rank(120):03d}", "role": role, "purpose": _PURPOSES[role]}
    if dice.chance(0.1):
        actor["session"] = f"s{dice.hex(12)}"
        actor["mfa"] = dice.chance(0.8)
    return actor


def _headers(draft: Draft) -> Call:
    dice = draft.dice
    headers: Call = {}
    if dice.chance(0.1):
        headers["user-agent"] = made.user_agent(dice)
    if dice.chance(0.08):
        slot = dice.pick(("bearer", "bearer", "jwt"))
        fact = made.MADE[slot](dice)
        headers["authorization"] = draft.join("/headers/authorization", "Bearer ", fact)
    if dice.chance(0.05):
        headers["x-forwarded-for"] = draft.made("/headers/x-forwarded-for", "ip")
    if dice.chance(0.05):
        session = Fact(dice.hex(24), "COOKIE_ID")
        headers["cookie"] = draft.join("/headers/cookie", "sid=", session)
    if dice.chance(0.05):
        headers["x-request-id"] = made.uuid(dice)
    return headers


def _read(draft: Draft, person: Person) -> Call:
    wanted = ("name", "email", "phone", "address") if draft.dice.chance(0.2) else ("email",)
    body = _body(draft, person, "/response_body", wanted)
    return {
        "method": "GET",
        "path": f"/v2/contacts/{person.id}",
        "status": 200,
        "response_body": body,
    }


def _read_by_email(draft: Draft, person: Person) -> Call:
    path = draft.join("/path", "/v2/contacts/", person.facts["email"])
    return {"method": "GET", "path": path, "status": 200}


def _search(draft: Draft, person: Person) -> Call:
    dice, facts = draft.dice, person.facts
    pieces: list[str | Fact] = [f"page={dice.between(1, 40)}&email=", facts["email"]]
    if dice.chance(0.5):
        pieces = [f"limit={dice.between(1, 9) * 10}&phone=", facts["phone_query"], "&sort=-updated"]
    query = draft.join("/query", *pieces)
    return {"method": "GET", "path": "/v2/contacts", "query": query, "status": 200}


def _create(draft: Draft, person: Person) -> Call:
    wanted = ["name", "email", "phone", "birth_date", "address"]
    chosen = [slot for slot in wanted if draft.dice.chance(0.3)]
    body = _body(draft, person, "/request_body", chosen or ["email"])
    national = person.facts.get("national_id")
    if national and draft.dice.chance(0.4):
        number = national.text.isdigit() and national.text[0] != "0" and draft.dice.chance(0.5)
        put: Callable[[str, Fact], str | int] = draft.put_number if number else draft.put
        body["national_id"] = put("/request_body/national_id", national)
    return {"method": "POST", "path": "/v2/contacts", "status": 201, "request_body": body}


def _note(draft: Draft, person: Person) -> Call:
    body = {"note": draft.prose("/request_body/note", person.language.notes, person, 0.1)}
    path = f"/v2/contacts/{person.id}/notes"
    return {"method": "POST", "path": path, "status": 201, "request_body": body}


def _login(draft: Draft, person: Person) -> Call:
    body = {
        "username": draft.put("/request_body/username", person.facts["username"]),
        "password": draft.made("/request_body/password", "password"),
    }
    call: Call = {"method": "POST", "path": "/v1/login", "status": 401, "request_body": body}
    if draft.dice.chance(0.35):
        call["status"] = 200
        call["response_body"] = {"token": draft.made("/response_body/token", "jwt")}
    return call


def _conflict(draft: Draft, person: Person) -> Call:
    column = draft.dice.pick(("email", "phone"))
    error = draft.join(
        "/response_body/error", f"Key ({column})=(", person.facts[column], ") already exists."
    )
    body = {"error": error, "code": 23505}
    return {"method": "POST", "path": "/v2/contacts", "status": 409, "response_body": body}


def _hook(draft: Draft, person: Person) -> Call:
    userinfo = made.MADE["userinfo"](draft.dice)
    path = "/request_body/callback"
    body: Call = {"callback": draft.join(path, "https://", userinfo, "@hooks.example/in")}
    return {"method": "PUT", "path": f"/v2/hooks/{person.id}", "status": 200, "request_body": body}


def _storage(draft: Draft, person: Person) -> Call:
    key = draft.made("/request_body/access_key_id", "aws")
    body = {"access_key_id": key, "bucket": f"exports-{person.number}"}
    return {"method": "PUT", "path": "/v2/storage", "status": 200, "request_body": body}


def _export(draft: Draft, person: Person) -> Call:
    rows = [_row(draft, person, 0), _row(draft, draft.somebody(), 1)]
    body = {"items": rows}
    return {"method": "GET", "path": "/v2/exports", "status": 200, "response_body": body}


def _row(draft: Draft, person: Person, place: int) -> Call:
    at = f"/response_body/items/{place}"
    return {"id": person.id, "email": draft.put(f"{at}/email", person.facts["email"])}


def _technical(draft: Draft, person: Person) -> Call:
    return {"method": "GET", "path": f"/v2/contacts/{person.id}/orders", **_figures(draft)}


def _figures(draft: Draft) -> Call:
    dice = draft.dice
    body: Call = {"order": made.order(dice), "total": made.price(dice)}
    body["updated_ms"] = made.epoch(dice)
    return {"status": 200, "response_body": body}


def _body(draft: Draft, person: Person, at: str, slots: list[str] | tuple[str, ...]) -> Call:
    return {slot: draft.put(f"{at}/{slot}", person.facts[slot]) for slot in slots}


_CALLS: tuple[Callable[[Draft, Person], Call], ...] = (
    *([_read, _search, _create] * 3),
    *([_read_by_email, _note, _technical] * 2),
    *(_login, _conflict, _hook, _storage, _export),
)


def bare_access(draft: Draft) -> Written:
    """Write a call of a machine for figures of machines."""
    dice = draft.dice
    path = dice.pick(("/v1/health", "/v2/orders/export", "/v2/prices", "/v2/templates"))
    content: Call = {"method": "GET", "path": path, **_figures(draft)}
    content["headers"] = {"user-agent": made.user_agent(dice), "x-request-id": made.uuid(dice)}
    content["query"] = f"since={made.epoch(dice)}&v={made.version(dice)}"
    content["response_body"]["tracking"] = made.tracking(dice)
    content["response_body"]["digest"] = made.digest(dice)
    content["duration_ms"] = dice.between(3, 900)
    return path, content
