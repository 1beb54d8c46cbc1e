"""Makes long texts that people write: each is one leaf, and none may be too much to examine."""

# ruff: noqa: RUF001  # Turkish has an i without a dot, Cyrillic letters like those of Latin

import base64
import json
from collections.abc import Callable
from random import Random
from urllib.parse import quote_plus

from bench.hostile import LEAF_BYTES
from detectors.checks.digits import luhn

_SEED = 1
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TURKISH = ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
_NAMES = ("Ayşe Yılmaz", "John Smith", "Hans Müller", "Иван Петров", "Maria Silva")


def _digits(dice: Random, size: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(size))


def _card(dice: Random) -> str:
    body = f"4539{_digits(dice, 11)}"
    return next(f"{body}{last}" for last in range(10) if luhn(f"{body}{last}"))


def _phone(dice: Random) -> str:
    return f"+90 532 {_digits(dice, 3)} {_digits(dice, 2)} {_digits(dice, 2)}"


def _transcript(dice: Random) -> str:
    """A call in which every fifth sentence dictates a number."""
    said = " ".join(_DIGITS[int(digit)] for digit in _digits(dice, 10))
    talk = "So I told them that it had not arrived, and they said they would call me back. "
    return f"Agent: {talk * 4}\nCaller: yes, my number is {said}, thank you.\n"


def _turkish_transcript(dice: Random) -> str:
    """Hundreds in Turkish can be read in more ways than one."""
    said = ", ".join(
        [
            "artı doksan beş yüz otuz iki",
            *(_TURKISH[int(digit)] for digit in _digits(dice, 7)),
        ]
    )
    talk = "Siparişim hâlâ gelmedi, birkaç kez aradım ama kimse bana bilgi vermedi. "
    return f"Temsilci: {talk * 6}\nMüşteri: numaram {said}, teşekkürler.\n"


def _mail(dice: Random) -> str:
    """A reply in a thread, with a signature."""
    quoted = "> Could you please have a look at the attached offer and tell us what you think?\n"
    address = f"mustafa.{_digits(dice, 4)}@example.com"
    return f"On 12 May 2026, {dice.choice(_NAMES)} <{address}> wrote:\n{quoted * 6}\nTel {_phone(dice)}\n"


def _customer(dice: Random) -> str:
    return (
        f"{_digits(dice, 4)},{dice.choice(_NAMES)},m{_digits(dice, 4)}@example.com,{_phone(dice)}\n"
    )


def _line(dice: Random) -> str:
    address = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
    return f'{address} - - [30/Nov/2026:10:00:00 +0000] "GET /v2/items?page=3 HTTP/1.1" 200 4711\n'


def _addressed(dice: Random) -> str:
    return f"{dice.choice(_NAMES)}; {dice.randrange(1, 99)} Oak Street, Springfield; {_phone(dice)}; paid\n"


def _reading(dice: Random) -> str:
    return _digits(dice, 4)


def _several(make: Callable[[Random], str], count: int, between: str = "") -> str:
    dice = Random(_SEED)
    return between.join(make(dice) for _ in range(count))


def _filled(make: Callable[[Random], str], size: int = LEAF_BYTES) -> str:
    """Return lines up to so many bytes."""
    dice, left = Random(_SEED), size
    lines: list[str] = []
    while left > 0:
        lines.append(make(dice))
        left -= len(lines[-1].encode())
    return "".join(lines)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def texts() -> dict[str, str]:
    """Return long texts by what they are."""
    return {
        "a call": _filled(_transcript),
        "a call in Turkish": _filled(_turkish_transcript),
        "a thread of mails": _filled(_mail),
        "1000 customers": _several(_customer, 1000),
        "1000 customers, a space that nobody sees": f"{_filled(_customer)}\u200b1",
        "1000 customers in a form": f"body={quote_plus(_filled(_customer, LEAF_BYTES // 2))}",
        "1000 customers in base64": _encoded(_filled(_customer, LEAF_BYTES * 3 // 4)),
        "1000 customers in JSON": json.dumps({"rows": _filled(_customer).splitlines()}),
        "1000 lines of a log": _several(_line, 1000),
        "deliveries": _filled(_addressed),
        "cards": _several(_card, 3500, "\n"),
        "telephone numbers": _several(_phone, 3500, " "),
        "readings": _several(_reading, 13000, " "),
    }
