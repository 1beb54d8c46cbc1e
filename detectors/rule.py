"""Rules as data: what one detector looks for, what raises and lowers its confidence, its proofs.

Rules live in ``detectors/rules/*.toml``. ``candidate`` says how a match is delimited once Hyperscan
has seen its end (``detectors.candidates``); the rest of the rule is scored after that.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from detectors.checks.table import BY_NAME
from schemas.category import by_code

Candidate = Literal[
    "email",
    "digits",
    "phone",
    "ipv4",
    "ipv6",
    "mac",
    "iban",
    "token",
    "pem",
    "assignment",
    "url",
    "field",
    "code",
    "terms",
    "introduced",
    "address",
]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entity's detector. A candidate scores ``confidence``, with support ``supported``.

    Support is a context word near the match, or a hint in the names of the fields that lead to it.
    What speaks against a match is a word of ``against``, or one such as order or version that all
    rules share. ``detectors.confirm`` says how they are weighed.
    """

    entity: str
    category: str
    candidate: Candidate
    variant: str = ""  # tells the rule from others of its entity and candidate
    confidence: float = 0.0  # alone; nothing where the rule needs support
    supported: float = 0.95
    pattern: str = ""  # token: the head that Hyperscan looks for; code: all of it
    alphabet: str = ""  # token: the characters that the value goes on with, as a regex class
    lengths: tuple[int, ...] = ()  # digits: how many; token, code: least and most characters
    groups: tuple[tuple[int, ...], ...] = ()  # digits: group sizes where there are separators
    separated: bool = False  # digits: without support only where there are separators
    annotated: bool = False  # what an annotated field of the category is reported as
    check: str = ""
    needs: Literal["", "support"] = ""  # support: never reported where nothing supports it
    terms: tuple[str, ...] = ()  # terms: words and phrases; with * behind, suffixes may follow
    context: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]

    @property
    def name(self) -> str:
        """What tells the rule from others of its entity, such as ``IP_ADDRESS.ipv6``."""
        return ".".join(filter(None, (self.entity, self.candidate, self.variant)))

    @property
    def is_sought(self) -> bool:
        """Whether the rule is looked for only where a context word or a field's name supports it."""
        return self.candidate == "code" and self.needs == "support"

    @property
    def asks_for_fields(self) -> bool:
        """Whether the rule looks into fields that hold nothing else of it, because of their names."""
        return self.is_sought or (self.candidate == "assignment" and bool(self.hints))

    @property
    def bit(self) -> int:
        """The bit of the rule's category."""
        return by_code()[self.category].bit


# Words that say a number beside them is something else. One list for all rules, in the languages
# of the corpus: an order, an invoice, a time stamp, a version, a price.
AGAINST = (
    *("order", "orders", "invoice", "ticket", "tracking", "timestamp", "ts", "epoch", "version"),
    *("build", "release", "sku", "ref", "reference", "transaction", "txn", "trace", "request id"),
    *("price", "amount", "total", "qty", "batch", "commit", "hash", "digest", "checksum", "nonce"),
    *("shipment", "barcode", "serial", "offset", "cursor", "seq", "shard", "span id"),
    *("посылка", "barkod", "חבילה"),
    *("sipariş", "siparis", "siparişi", "fatura", "faturasi", "kargo", "takip", "sürüm"),
    *("заказ", "заказа", "заказу", "счёт", "счет", "счёта", "счета", "накладная", "версия"),
    *("тапсырыс", "шот", "нұсқа", "bestellung", "bestellnummer", "auftrag", "auftragsnummer"),
    *("rechnung", "rechnungsnummer", "sendung", "sendungsnummer", "vorgang"),
    *("הזמנה", "חשבונית", "משלוח", "גרסה", "طلب", "فاتورة", "شحنة", "إصدار"),
)


@cache
def shipped() -> tuple[Rule, ...]:
    """Return every rule that ships, ordered by file and place."""
    folder = resources.files("detectors").joinpath("rules")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=str)
    return tuple(rule for file in files for rule in read(file.read_text("utf-8"), file.name))


def read(text: str, source: str) -> tuple[Rule, ...]:
    """Return the rules of a file. Raises ValueError, which names ``source``, for a bad one."""
    try:
        entries = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{source}: {error}") from error
    return tuple(_rule(entry, source) for entry in entries)


def _rule(entry: object, source: str) -> Rule:
    try:
        rule = msgspec.convert(entry, Rule)
    except msgspec.ValidationError as error:
        raise ValueError(f"{source}: {error}") from error
    if rule.category not in by_code():
        raise ValueError(f"{source}: {rule.entity}: category {rule.category!r} is not registered")
    if rule.check and rule.check not in BY_NAME:
        raise ValueError(f"{source}: {rule.entity}: check must be one of {', '.join(BY_NAME)}")
    if not rule.confidence and not rule.needs:
        raise ValueError(
            f"{source}: {rule.entity}: confidence is needed where needs is not support"
        )
    return rule


def sought(rules: Sequence[Rule]) -> int:
    """Return the mask of the rules that are looked for only where something supports them."""
    return sum(1 << number for number, rule in enumerate(rules) if rule.is_sought)


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[\W_]+")


def field_words(key: str) -> str:
    """Return a field's name as lower-case words between underscores: ``clientIP`` → ``client_ip``.

    With or without a dot an i is one: Turkish capitals and small letters of it mix.
    """
    key = key.replace("\u0130", "I").replace("\u0131", "i")
    return _NOT_WORD.sub("_", _CAMEL.sub("_", key)).strip("_").lower()
