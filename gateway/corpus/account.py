"""Events of users' accounts and of what they post on connected networks."""

from typing import Any

from gateway.corpus import made
from gateway.corpus.crm import Written
from gateway.corpus.draft import Draft
from gateway.corpus.people import Person

_POST_ACTIONS = ("drafted", "scheduled", "published", "published", "deleted")
_NETWORKS = ("instagram", "telegram")
_ACCOUNT_ACTIONS = ("created", "created", "closed", "token_connected", "token_disconnected")
_SYSTEMS = ("Android 16", "iOS 19.2", "Android 15", "Windows 11")
_PLANS = ("free", "team", "business")


def post(draft: Draft) -> Written:
    """Write a post with the account it belongs to and the device it was written on."""
    person, dice = draft.somebody(), draft.dice
    account_id = f"a-{person.number:05d}"
    content: dict[str, Any] = {
        "action": dice.pick(_POST_ACTIONS),
        "account": {
            "id": account_id,
            "username": draft.put("/account/username", person.facts["username"]),
            "country": person.country,
        },
        "post": {
            "id": f"p{dice.hex(10)}",
            "network": dice.pick(_NETWORKS),
            "text": draft.prose("/post/text", person.language.posts, person, 0.2),
        },
        "device": _device(draft),
    }
    if dice.chance(0.2):
        content["account"]["email"] = draft.put("/account/email", person.facts["email"])
    if dice.chance(0.08):
        content["post"]["media"] = [f"sha1-{dice.hex(40)}.jpg"]
    if dice.chance(0.15):
        content["request_id"] = made.uuid(dice)
    return account_id, content


def _device(draft: Draft) -> dict[str, Any]:
    dice = draft.dice
    device = {"id": f"dev.{dice.hex(12)}", "os": dice.pick(_SYSTEMS)}
    if dice.chance(0.3):
        device["app_version"] = made.version(dice)
    if dice.chance(0.35):
        device["mac"] = draft.made("/device/mac", "mac")
    return device


def lifecycle(draft: Draft) -> Written:
    """Write the opening or closing of an account, or a network connected to it."""
    person, dice = draft.somebody(), draft.dice
    account_id = f"a-{person.number:05d}"
    action = dice.pick(_ACCOUNT_ACTIONS)
    account: dict[str, Any] = {
        "id": account_id,
        "username": draft.put("/account/username", person.facts["username"]),
        "email": draft.put("/account/email", person.facts["email"]),
        "country": person.country,
    }
    content: dict[str, Any] = {"action": action, "account": account}
    content["client_address"] = draft.made("/client_address", "ip")
    if action == "created":
        _opened(draft, person, account)
    if action == "token_connected":
        content["integration"] = _connected(draft)
    if action == "closed" and dice.chance(0.7):
        content["reason"] = draft.prose("/reason", person.language.feedback, person, 0.5)
    if dice.chance(0.3):
        content["device"] = _device(draft)
    content["plan"] = dice.pick(_PLANS)
    return account_id, content


def _opened(draft: Draft, person: Person, account: dict[str, Any]) -> None:
    dice, facts = draft.dice, person.facts
    account["name"] = draft.put("/account/name", facts["name"])
    if dice.chance(0.5):
        account["birth_date"] = draft.put("/account/birth_date", facts["birth_date"])
    if dice.chance(0.3):
        account["password"] = draft.made("/account/password", "password")


def _connected(draft: Draft) -> dict[str, Any]:
    network = draft.dice.pick(_NETWORKS)
    if draft.dice.chance(0.6):
        token = draft.made("/integration/token", "jwt")
        return {"network": network, "token": token, "expires_ms": made.epoch(draft.dice)}
    userinfo = made.MADE["userinfo"](draft.dice)
    endpoint = draft.join("/integration/endpoint", "https://", userinfo, "@bridge.example/v1")
    return {"network": network, "endpoint": endpoint}
