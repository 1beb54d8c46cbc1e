"""Makes events in which nothing is personal, and much looks as if it were.

Numbers of every length, codes, digests, versions and dates, as machines, shops and build systems
write them, under names of fields and between words that say so or say nothing. The corpus's clean
events are believable; these are many-sided, so that a rule which fires on luck shows.
"""

import base64
import string
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import UUID

from gateway.corpus import Sample

FIELDS = (
    *("value", "seq", "offset", "counter", "etag", "build", "revision", "sku", "article", "batch"),
    *("commit", "digest", "trace_id", "span_id", "checksum", "path", "metric", "size_bytes", "lot"),
    *("duration_ns", "timestamp", "order_no", "tracking", "invoice", "barcode", "version", "job"),
    *("message", "event", "result", "cursor", "shard", "partition", "hash", "nonce", "code", "ref"),
)
SENTENCES = (
    "Order {} left the warehouse, parcel {}.",
    "Build {} of release {} passed in {} ms.",
    "Job {} wrote {} rows, checksum {}",
    "Item {} replaces item {}, lot {}.",
    "GET /v2/orders/{}/items?cursor={}&limit=50 200",
    "merge {} into {} (#{})",
    "Sipariş {} kargoda, takip no {}.",
    "Заказ {} собран, партия {}.",
    "Sendung {} ist unterwegs, Rechnung {} folgt.",
    "הזמנה {} נשלחה, אסמכתא {}.",
    "shard {} at offset {}, lag {}",
    "price {} instead of {}, discount code {}",
)
Make = Callable[[Random], str]


def decoys(seed: int, events: int) -> Iterator[Sample]:
    """Yield events without a label: the same seed makes the same."""
    for place in range(events):
        yield Sample(_event(Random(f"{seed} {place}")), [], "")


def _event(dice: Random) -> dict[str, Any]:
    event: dict[str, Any] = {"type": "machine.report", "time": "2026-11-24T12:00:00.000Z"}
    for _ in range(dice.randrange(3, 9)):
        text = dice.choice(_MAKES)(dice)
        event[dice.choice(FIELDS)] = _number(dice, text) if text.isdecimal() else text
    if dice.random() < 0.5:  # noqa: PLR2004
        sentence = dice.choice(SENTENCES)
        event["text"] = sentence.format(*(dice.choice(_MAKES)(dice) for _ in range(3)))
    return event


def _number(dice: Random, text: str) -> str | int:
    """Return digits as a number, half of those that JSON writes back the same."""
    number = int(text)
    same = str(number) == text and number < 2**63
    return number if same and dice.random() < 0.5 else text  # noqa: PLR2004


def _digits(dice: Random, least: int = 6, most: int = 20) -> str:
    return "".join(dice.choices(string.digits, k=dice.randint(least, most)))


def _grouped(dice: Random) -> str:
    mark = dice.choice("-./ ")
    return mark.join(_digits(dice, 2, 5) for _ in range(dice.randint(2, 5)))


def _code(dice: Random) -> str:
    return "".join(dice.choices(string.ascii_uppercase + string.digits, k=dice.randint(5, 22)))


def _article(dice: Random) -> str:
    head = "".join(dice.choices(string.ascii_uppercase, k=dice.randint(1, 4)))
    return f"{head}{dice.choice(('-', '', ' ', '/'))}{_digits(dice, 3, 10)}"


def _hex(dice: Random) -> str:
    return dice.randbytes(dice.choice((4, 6, 8, 16, 20, 32))).hex()


def _blob(dice: Random) -> str:
    return base64.b64encode(dice.randbytes(dice.randint(9, 60))).decode()


def _uuid(dice: Random) -> str:
    return str(UUID(bytes=dice.randbytes(16)))


def _version(dice: Random) -> str:
    parts = ".".join(str(dice.randrange(40)) for _ in range(dice.randint(2, 3)))
    return f"v{parts}" if dice.random() < 0.5 else parts  # noqa: PLR2004


def _epoch(dice: Random) -> str:
    return str(1_790_000_000_000 + dice.randrange(10**10))[: dice.choice((10, 13))]


def _day(dice: Random) -> str:
    day = f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    return f"{day}T{dice.randrange(24):02}:{dice.randrange(60):02}:00Z"


def _price(dice: Random) -> str:
    return f"{dice.randrange(10**6) / 100:,.2f}"


def _path(dice: Random) -> str:
    return f"/srv/{_hex(dice)[:8]}/{_digits(dice)}.parquet"


_MAKES: tuple[Make, ...] = (
    *(_digits, _digits, _digits, _grouped, _grouped, _code, _code, _article, _article),
    *(_hex, _blob, _uuid, _version, _epoch, _day, _price, _path),
)
