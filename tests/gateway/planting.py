"""Hypothesis strategies: events of every kind with values that stand nowhere else in the world.

Each value stands in a field that the contract annotates. One that may be repeated stands again in
the event's free text, in a field that no contract knows, in the name of one, in a list and in a
header, in capitals and in small letters; one that a rule recognises is also the Kafka key.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

from schemas.category import categories
from schemas.event import Contract, Field, Path, contracts

CODES = [category.code for category in categories()]
RECOGNISED = ("email", "ip_address")  # by their content alone, wherever they stand

_ALPHABETS = {
    "latin": "abcdefghjkmnoprstuvwxyz",
    "turkish": "abcçdefgğhıiklmnoöprsştuüvyz",  # noqa: RUF001 - a letter of its own
    "cyrillic": "абвгдежзиклмнопрстуфхцчшэюяқғңө",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
}
_AROUND = [
    (" ", " "),
    ("(", ")"),
    ('"', '"'),
    ("\n", "\t"),
    (":", ","),
    ("<b>", "</b>"),
    ("«", "»"),
]


class Planted(NamedTuple):
    """One value and every way in which it was written somewhere."""

    code: str
    forms: tuple[str, ...]
    repeated: bool


class Sown(NamedTuple):
    """An event with its Kafka key and headers, and what is planted in them."""

    event: dict[str, Any]
    key: str | None
    headers: dict[str, str]
    planted: list[Planted]


def spellings(text: str) -> Iterator[str]:
    """Yield the bytes of a text, lower-cased, as they may stand in a file: plain and in JSON."""
    for form in {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}:
        yield form.lower()


# 1. Values. Each grows from a number of its own, so that it is found by chance nowhere else.


def _drawn(seed: str, alphabet: str, size: int) -> str:
    digest = hashlib.sha512(f"{seed}/{alphabet}".encode()).digest()
    return "".join(alphabet[byte % len(alphabet)] for byte in digest[:size])


def _digits(seed: str, size: int) -> str:
    return _drawn(seed, "123456789", size)


def _luhn(body: str) -> str:
    total = sum(sum(divmod(int(d) * (2 - n % 2), 10)) for n, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def _iban(seed: str) -> str:
    body = "000610" + _digits(seed, 16)
    check = 98 - int(f"{body}292700") % 97  # T is 29, R is 27
    return f"TR{check:02d}{body}"


def _address_v4(seed: str) -> str:
    parts = hashlib.sha256(seed.encode()).digest()
    return f"{90 + parts[0] % 90}.{parts[1]}.{parts[2]}.{parts[3] % 250 + 1}"


def _value(code: str, seed: str, shape: int, letters: str) -> str:
    """Return a value of a category; ``shape`` chooses among the ways to write one."""
    word, other, digits = (
        _drawn(seed, letters, 8),
        _drawn(f"{seed}/", letters, 9),
        _digits(seed, 12),
    )
    plain = _drawn(seed, _ALPHABETS["latin"], 10)
    mark = _drawn(seed, "abcdefghjkmnopqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789", 40)
    shapes = {
        "name": [f"{word.capitalize()} {other.capitalize()}", f"{word} {other} {plain}", word,
                 f"{word.capitalize()}-{other.capitalize()}", f"{word} O'{other.capitalize()}"],
        "email": [f"{plain}@{plain}.example.org", f"{plain}+tag@mail.example.com",
                  f"{plain.capitalize()}.X@Example.com.tr"],
        "phone": [f"+90532{digits[:7]}", f"+1 (212) {digits[:3]}-{digits[3:7]}", f"0{digits[:10]}"],
        "postal_address": [f"{word} Sok. 12, {other}", f"{plain} str. 5", f"{word}\n{other} 7",
                           f"{word} 5, {plain}@mail.example.org, {other}"],
        "company": [f"{word.capitalize()} A.Ş.", f"{plain} & {other}", f'"{word}" GmbH',
                    f"{word} ({_address_v4(seed)})"],
        "username": [plain, f"{plain}_{digits[:3]}", f"{word}.{digits[:2]}",
                     f"{plain}@users.example.net"],
        "password": [mark[:14], f'{mark[:6]}"\\é{{{mark[6:10]}', f"{word}/{digits}"],
        "access_token": [mark, f"Bearer {mark}", f"AKIA{_drawn(seed, 'ABCDEFGHJKMNPQRST234567', 16)}"],
        "ip_address": [_address_v4(seed), f"2001:db8:{digits[:4]}:{digits[4:8]}::{digits[8:]}"],
        "device_id": [mark[:16], ":".join(f"{ord(c) % 256:02X}" for c in mark[:6])],
        "cookie_id": [mark[:32], f"sid={mark[:20]}; theme={plain}"],
        "birth_date": [f"19{digits[:2]}-0{digits[2]}-1{digits[3]}", f"1{digits[0]}.0{digits[1]}.19{digits[2:4]}"],
        "government_id": [digits[:11], f"{digits[:3]} {digits[3:6]} {digits[6:9]}", f"P{digits[:8]}",
                          f"+90 532 {digits[:3]} {digits[3:5]} {digits[5:7]}"],
        "licence_number": [f"L-{digits[:8]}", f"{plain[:3].upper()} {digits[:6]}"],
        "payment_card": [_luhn("4" + digits[:11] + digits[:3]), " ".join(
            [digits[:4], digits[4:8], digits[8:12], digits[:4]])],
        "bank_account": [_iban(seed), f"DE00 {digits[:4]} {digits[4:8]} {digits[8:12]}"],
    }  # fmt: skip
    ways = shapes.get(code, [f"{word} {plain}", f"https://{plain}.example/{mark[:8]}"])
    return ways[shape % len(ways)]


def _cased(text: str) -> list[str]:
    """Return a text as people may write it again: capitals and small letters don't matter."""
    turkish = text.replace("i", "İ").upper()
    return [text, text.upper(), text.lower(), text.title(), turkish]


# 2. Places.


@cache
def _plan(kind: str) -> tuple[list[tuple[Path, str, Field]], list[Path]]:
    """Return the fields of a kind that are of a category, and those that are free text."""
    contract: Contract = contracts()[kind]
    free = [path for path, field in contract.fields.items() if field.free_text]
    valued = [
        (path, CODES[field.bit], field)
        for path, field in contract.fields.items()
        if field.bit >= 0 and not field.free_text and not _holds_more(path, contract)
    ]
    return valued, free


def _holds_more(path: Path, contract: Contract) -> bool:
    return any(other[: len(path)] == path != other for other in contract.fields)


CATEGORIES = sorted({code for kind in contracts() for _, code, _ in _plan(kind)[0]})


def put(event: dict[str, Any], path: Path, value: Any) -> None:
    """Set what stands at a path; an array on the way gets one element."""
    holder: Any = event
    for part, following in pairwise(path):
        if part == "*":
            holder = holder[0]
        else:
            holder = holder.setdefault(part, [{}] if following == "*" else {})
    holder[path[-1]] = value


@st.composite
def sown(draw: st.DrawFn, tenant: str = "acme") -> Sown:
    """Draw an event with values planted in its fields and repeated wherever they may be."""
    kind = draw(st.sampled_from(sorted(contracts())))
    event: dict[str, Any] = {"type": kind, "id": "e1", "time": "2026-11-05T12:00:00Z"}
    event["tenant"] = tenant
    valued, free = _plan(kind)
    chosen = draw(
        st.lists(st.sampled_from(valued), min_size=1, max_size=6, unique_by=lambda x: x[0])
    )
    planted = [
        _plant(draw, event, number, *each)
        for number, each in enumerate(chosen)
        if _stands(event, each[0], anew=True)  # an object and a list can't stand at one place
    ]
    known = [each for each in planted if each.repeated]
    texts = [form for each in known for form in each.forms]
    for path in free:
        if _stands(event, path, anew=True):
            put(event, path, _sentence(draw, texts))
    _scatter(draw, event, known)
    recognised = [each.forms[0] for each in known if each.code in RECOGNISED]
    key = draw(st.none() | st.sampled_from(recognised)) if recognised else None
    if draw(st.booleans()):
        event["seen_by"] = dict.fromkeys(texts, 1)
    headers = {f"x-{n}": _sentence(draw, [form]) for n, form in enumerate(texts)}
    return Sown(event, key, headers if draw(st.booleans()) else {}, planted)


def _plant(
    draw: st.DrawFn, event: dict[str, Any], number: int, path: Path, code: str, field: Field
) -> Planted:
    seed = f"{draw(st.integers(0, 2**40))}/{number}/{code}"
    letters = draw(st.sampled_from(sorted(_ALPHABETS)))
    text = _value(code, seed, draw(st.integers(0, 9)), _ALPHABETS[letters])
    as_number = code in {"government_id", "phone"} and text.isdigit() and text[0] != "0"
    put(event, path, int(text) if as_number and draw(st.booleans()) else text)
    forms = draw(st.lists(st.sampled_from(_cased(text)), max_size=3)) if field.known else []
    return Planted(code, tuple(dict.fromkeys([text, *forms])), field.known)


def _sentence(draw: st.DrawFn, texts: list[str]) -> str:
    said = "note"
    for text in texts:
        before, after = draw(st.sampled_from(_AROUND))
        said += f" about{before}{text}{after}and"
    return said


def _scatter(draw: st.DrawFn, event: dict[str, Any], known: list[Planted]) -> None:
    """Repeat values where no contract expects them: beside, in lists, deep, and as numbers."""
    again = [form for each in known for form in each.forms]
    event["unforeseen"] = {"copies": [{"deep": form} for form in again], "all": again}
    numbers = [form for form in again if form.isdigit() and form[0] != "0"]
    event["unforeseen"]["figures"] = [int(form) for form in numbers]


def replanted(event: dict[str, Any], number: int) -> Sown:
    """Return a generated event with values of our own in its fields, again in its free texts."""
    valued, free = _plan(event["type"])
    alphabets = list(_ALPHABETS.values())
    planted: list[Planted] = []
    for path, code, field in valued:
        if _stands(event, path):
            letters = alphabets[number % len(alphabets)]
            text = _value(code, f"{number}/{path}", number + len(planted), letters)
            put(event, path, text)
            planted.append(Planted(code, (text, text.upper()), field.known))
    said = "".join(f" ({form})" for each in planted if each.repeated for form in each.forms)
    for path in free:
        if _stands(event, path):
            put(event, path, f"again{said}")
    event["unforeseen"] = [form for each in planted if each.repeated for form in each.forms]
    return Sown(event, None, {}, planted)


def _stands(event: Any, path: Path, *, anew: bool = False) -> bool:
    """Say whether something stands at a path; ``anew``: or could be put there."""
    for part in path:
        if part == "*":
            if not isinstance(event, list):
                return False
            event = event[0]
        elif not isinstance(event, dict):
            return False
        elif part not in event:
            return anew
        else:
            event = event[part]
    return event is not None


def removed_in(written: bytes, planted: list[Planted]) -> list[tuple[str, str]]:
    """Return the planted values that stand in some bytes, each with its category."""
    text = written.decode(errors="replace").lower()
    return [
        (each.code, form)
        for each in planted
        for form in each.forms
        if any(spelling in text for spelling in spellings(form))
    ]
