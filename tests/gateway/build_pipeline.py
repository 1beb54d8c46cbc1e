"""Builders of pipelines and of what they make of a batch. A test names only what matters to it."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import orjson

from detectors.scanner import Engine
from gateway.config import Input, Limits
from gateway.expand import expand, read_stream
from gateway.pipeline import Pipeline, Tenant
from gateway.policy import Policy, load_policy
from gateway.stream import Batch, Line, Out, Outcome
from gateway.tokens import Keyring, make_keys
from gateway.vault import Vault
from schemas.access import Subscription
from schemas.audit import WireMeta
from schemas.event import contracts
from tests.builders import NOON

Actions = Mapping[str, str]  # a category's code, or "*" → what happens to its values
OPEN = {"*": "allow"}
EVERYBODY = {"all": OPEN}
TIME = "2026-11-05T11:00:00Z"

_HEAD = """
[policy]
tenant = "acme"
version = "7"
effective_from = 2026-11-22
controller = "acme.example"
document = "Acme Privacy Policy"
sha256 = "%s"

[purposes.work]
dpv = "dpv:ServiceProvision"
legal_basis = ["gdpr:A6-1-b"]
src = ["L1"]
"""
_ROLE = """
[roles.%s]
free_text = "%s"
src = ["L2"]
"""
_LINE = """
[[matrix]]
id = "%s-%s"
roles = ["%s"]
purposes = ["work"]
categories = ["%s"]
action = "%s"
src = ["L3"]
"""
_GROUP = """
[groups.sure_%s]
categories = ["%s"]
min_confidence = %s
src = ["L4"]
"""


@cache
def engine() -> Engine:
    """Return the rules that ship, compiled once."""
    return Engine()


@cache
def keyring() -> Keyring:
    """Return the keys of the tenant, made for this run."""
    with TemporaryDirectory() as folder:
        return make_keys("acme", Path(folder) / "acme.key")


@cache
def shared_vault() -> Vault:
    """Return a vault in memory for tests to which it does not matter who is in it."""
    return Vault.open(":memory:")


def policy(
    readers: Mapping[str, Actions],
    *,
    free_text: str = "show",
    min_confidence: Mapping[str, float] | None = None,
) -> Policy:
    """Return a policy with these roles, each for the purpose ``work``."""
    text = _HEAD % ("0" * 64)
    for name, actions in readers.items():
        text += _ROLE % (name, free_text)
        for at, (selector, action) in enumerate(actions.items()):
            text += _LINE % (name, at, name, selector, action)
    for code, least in (min_confidence or {}).items():
        text += _GROUP % (code, code, least)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.toml"
        path.write_text(text, "utf-8")
        return load_policy(path)


def subscription(role: str, **changes: Any) -> Subscription:
    """Return the subscription of a reader that is named like its role."""
    words = {"inputs": ("crm",), "principal": f"svc:{role}", "purpose": "work"}
    return Subscription(**{"name": role, "role": role, **words, **changes})


def pipeline(
    readers: Mapping[str, Actions] | Policy = EVERYBODY,
    *,
    subscriptions: Sequence[Subscription] | None = None,
    vault: Vault | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    free_text: str = "show",
    **source: Any,
) -> Pipeline:
    """Return the pipeline of the input ``crm``; it is always noon there.

    Each role of ``readers`` has a subscription of its name, unless others are given.
    """
    rules = readers if isinstance(readers, Policy) else policy(readers, free_text=free_text)
    if subscriptions is None:
        subscriptions = [subscription(role) for role in rules.text.roles]
    return Pipeline(
        Input(name="crm", tenant="acme", **source),
        subscriptions,
        Tenant(rules, keyring(), vault or shared_vault()),
        engine(),
        contracts(),
        limits,
        clock=lambda: NOON,
    )


class Result(NamedTuple):
    """What became of some records: the outcome, and its audit opened."""

    outcome: Outcome
    meta: WireMeta
    rows: list[dict[str, Any]]

    def view(self, reader: str = "all") -> list[Out]:
        """Return the records of a reader's view."""
        return self.outcome.views[reader]

    def shown(self, reader: str = "all") -> list[Any]:
        """Return the events of a reader's view; None for a tombstone."""
        return [None if out.value is None else orjson.loads(out.value) for out in self.view(reader)]

    def held(self) -> list[tuple[int, str]]:
        """Return the offset and the reason of each record in quarantine."""
        outs = self.outcome.quarantine
        return [(out.offset, dict(out.headers)["sluicegate-reason"].decode()) for out in outs]

    def column(self, name: str) -> list[Any]:
        """Return a column of the audit rows."""
        return [row[name] for row in self.rows]


Content = Mapping[str, Any] | bytes | Line | None


def line(value: Content, **changes: Any) -> Line:
    """Return a record: JSON of an event, bytes as they are."""
    if isinstance(value, Line):
        return value
    content = value if value is None or isinstance(value, bytes) else orjson.dumps(value)
    return Line(**{"offset": 0, "value": content, **changes})


def batch(*values: Content, first: int = 0) -> Batch:
    """Return records one after the other from ``first`` on."""
    lines = [line(value) for value in values]
    records = [
        Line(first + at, one.value, one.key, one.timestamp, one.headers)
        for at, one in enumerate(lines)
    ]
    return Batch("crm", "crm.events", 0, first, first + len(records), records)


def process(path: Pipeline, *values: Content, first: int = 0) -> Result:
    """Return what a pipeline makes of some records."""
    return opened(path(batch(*values, first=first)))


def opened(outcome: Outcome) -> Result:
    """Return an outcome with its audit opened."""
    meta, _ = read_stream(outcome.audits[0].stream)
    return Result(outcome, meta, expand(outcome.audits[0].stream).to_pylist())


def contact(*, note: str = "", number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return an event about one contact of the CRM."""
    event = {"type": "crm.contact", "id": f"e{number}", "time": TIME, "action": "viewed"}
    person = {"id": f"c{number}", **fields}
    return {**event, "contact": person} | ({"note": note} if note else {})


def mailing(*recipients: Any) -> dict[str, Any]:
    """Return an event about some people, each with a place of their own."""
    return {"type": "campaign.send", "id": "m1", "time": TIME, "recipients": list(recipients)}


def view(actions: Actions, value: Content, *, free_text: str = "show", **record: Any) -> Out:
    """Return what a reader to whom a policy grants these actions gets of one record."""
    path = pipeline({"all": actions}, free_text=free_text)
    (out,) = process(path, line(value, **record)).view()
    return out


def shown(actions: Actions, event: Mapping[str, Any], *, free_text: str = "show") -> Any:
    """Return the event as a reader sees it."""
    return orjson.loads(view(actions, event, free_text=free_text).value or b"")
