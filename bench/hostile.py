"""Makes hostile events: proofs and corpus texts mutilated, disguised, repeated, nested and broken.

Every event depends on the dice that it is made with and on nothing else.
"""

import base64
import html
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from urllib.parse import quote

from detectors.proof import fill
from detectors.rule import Rule, shipped
from gateway.corpus import encode, generate

LEAF_BYTES = 65_536  # of a leaf of repetitions
_SEED, _EVENTS = 1, 500  # of the corpus that is mutilated
_LONG, _BROKEN = 0.002, 0.02  # shares of inputs
_DEEPEST = 80  # more than an event may be
_WIDEST = 400
_FIELDS = ("text", "note", "id", "value", "Authorization", "contact_phone", "cookie", "x")
# What breaks scanners: nothing wide, other digits, marks, controls, halves of encodings, separators.
_SPECIAL = (
    *("\x00", "\x01", "\t", "\n", "\r", "\x1f", "\x7f", "\x85", "\u00a0", "\u00ad", "\u200b"),
    *("\u200d", "\u200e", "\u202e", "\u202f", "\u2028", "\u2060", "\u3000", "\ufeff", "\ufffd"),
    *("\U0001f600", "\U000e0041", "\u0301", "\u0130", "\u0131", "\u00df", "\ufb01", "\uff20"),
    *("\uff11", "\u0661", "\u06f1", "\u0967", "\U0001d7ce", "\u2460", "\u4e00", "\u05d0", "\u0627"),
    *("@", ".", ":", "/", "\\", "=", "&", "%", "%2", "&#", "&#x", "\\u00", "+", "-", "_", '"', "'"),
    *("{", "}", "[", "]", "(", ")", "<", ">", ",", ";", "|", "=" * 4, "--", "::", "..", "eyJ"),
)
_DIGITS = (0xFF10, 0x0660, 0x06F0, 0x0966, 0x1D7CE)  # the zero of other scripts
_SPACES: tuple[str, ...] = (*" -./", "", "\u00a0", "\u2009", "\u202f", "\u2011", "\u2013", "\u200b")
_WORDS = (
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    ["s\u0131f\u0131r", "bir", "iki", "üç", "dört", "beş", "alt\u0131", "yedi", "sekiz", "dokuz"],
    ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"],
)
UNITS = (
    *("1 ", "1", "1.", "1-", "1.1.1.1.", "::", "1:", "0a:", "a@", "a@b.co ", "@", "://a:b@"),
    *(
        "eyJ",
        "%31",
        "&#49;",
        "\\u0031",
        "\uff11",
        "\u200b1",
        "one ",
        "pwd=",
        "Bearer ",
        "AKIA",
        "(1",
    ),
    *(
        '{"a":',
        "[",
        "QUJD",
        "= ",
        "tc 0532 123 45 67 ",
        "A1 ",
        "a.b.",
        "x=1&",
        '\\"',
        "'",
        "\u0130",
    ),
)
Mutate = Callable[[Random, str], str]


class Hostile:
    """Everything that hostile events are made of."""

    def __init__(self, rules: Sequence[Rule] | None = None) -> None:
        rules = shipped() if rules is None else rules
        proofs = [_proof(text) for one in rules for text in (*one.examples, *one.counterexamples)]
        self.texts = [text for _, text in proofs]
        hints = (hint for one in rules for hint in one.hints)
        self._fields = sorted({*_FIELDS, *hints, *(path for path, _ in proofs)})
        words = (word for one in rules for word in (*one.context, *one.terms, *one.against))
        self._words = sorted(set(words))
        self.units = list(dict.fromkeys([*UNITS, *filter(None, self.texts)]))
        self._events = [encode(sample) for sample in generate(_SEED, _EVENTS)]

    def event(self, dice: Random) -> bytes:
        """Return an event, or what is none."""
        roll = dice.random()
        if roll < _LONG:
            return _dumped({self._field(dice): self.long(dice)})
        made = dice.choice((self._flat, self._flat, self._mutilated, self._numbers, self._nested))
        value = _dumped(made(dice))
        return _broken(dice, value) if roll > 1 - _BROKEN else value

    def long(self, dice: Random) -> str:
        """Return a leaf of repetitions, sometimes with another text inside or at its end."""
        text = repeated(dice.choice(self.units) if _chance(dice, 0.8) else self.text(dice))
        at = dice.choice((0, len(text) // 2, len(text)))
        return text[:at] + dice.choice(("", self.text(dice)[:100])) + text[at:]

    def text(self, dice: Random) -> str:
        """Return a proof with words around it, mutated some times."""
        text = dice.choice(self.texts) if _chance(dice, 0.9) else _noise(dice)
        if _chance(dice, 0.3):
            text = f"{dice.choice(self._words)}{dice.choice(_SPACES)}{text}"
        for _ in range(dice.randrange(4)):
            text = dice.choice(MUTATIONS)(dice, text)
        if _chance(dice, 0.2):
            text = f"{text}{dice.choice(_SPECIAL)}{dice.choice(self.texts)}"
        return text

    def _field(self, dice: Random) -> str:
        return self.text(dice)[:40] if _chance(dice, 0.02) else dice.choice(self._fields)

    def _flat(self, dice: Random) -> Any:
        return {self._field(dice): self.text(dice) for _ in range(dice.randrange(1, 5))}

    def _mutilated(self, dice: Random) -> Any:
        return self._changed(dice, json.loads(dice.choice(self._events)))

    def _changed(self, dice: Random, value: Any) -> Any:
        """Return a value with some of its strings mutated, or become another proof."""
        if isinstance(value, dict):
            return {key: self._changed(dice, child) for key, child in value.items()}
        if isinstance(value, list):
            return [self._changed(dice, child) for child in value]
        if not isinstance(value, str) or _chance(dice, 0.7):
            return value
        if _chance(dice, 0.3):
            return self.text(dice)
        return dice.choice(MUTATIONS)(dice, value)

    def _numbers(self, dice: Random) -> Any:
        digits = "".join(filter(str.isdecimal, dice.choice(self.texts)))[:30] or "0"
        number = int(digits)
        forms = (number, -number, number / 7, float(number % 10**15), number * 10**5)
        return {self._field(dice): _bounded(dice.choice(forms)) for _ in range(3)}

    def _nested(self, dice: Random) -> Any:
        value: Any = self.text(dice)
        if _chance(dice, 0.1):
            wide = [value, *map(str, range(dice.randrange(_WIDEST)))]
            value = {one: one for one in wide} if _chance(dice, 0.5) else wide
        for _ in range(dice.randrange(_DEEPEST) if _chance(dice, 0.1) else 3):
            value = {self._field(dice): value} if _chance(dice, 0.7) else [value]
        return {"a": value}


def repeated(unit: str) -> str:
    """Return a text again and again, up to the length of a long leaf."""
    return unit * (LEAF_BYTES // max(1, len(unit.encode())))


def _chance(dice: Random, share: float) -> bool:
    return dice.random() < share


def _proof(text: str) -> tuple[str, str]:
    if " => " not in text:
        text = f"text => {text}"
    path, _, text = text.partition(" => ")
    return path, fill(text).replace("\u00ab", "").replace("\u00bb", "")


def _dumped(event: Any) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def _bounded(number: float) -> float:
    return number if abs(number) < 2**63 else float(number)


def _broken(dice: Random, value: bytes) -> bytes:
    at = dice.randrange(len(value))
    return dice.choice((value[:at], value[:at] + b"\xff\xc3" + value[at:], b"[" * at + value))


def _noise(dice: Random) -> str:
    """Return any characters, of any plane."""
    planes = ((0x20, 0x7F), (0xA0, 0x600), (0x600, 0xD800), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))
    return "".join([chr(dice.randrange(*dice.choice(planes))) for _ in range(dice.randrange(60))])


# Mutations. Each takes any text, an empty one too.


def _insert(dice: Random, text: str) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + dice.choice(_SPECIAL) + text[at:]


def _delete(dice: Random, text: str) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + text[at + dice.randrange(1, 4) :]


def _repeat(dice: Random, text: str) -> str:
    at = dice.randrange(len(text) + 1)
    some = text[at : at + dice.randrange(1, 12)]
    return text[:at] + some * dice.randrange(1, 20) + text[at:]


def _truncate(dice: Random, text: str) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] if _chance(dice, 0.5) else text[at:]


def _spread(dice: Random, text: str) -> str:
    mark = dice.choice(_SPACES)
    return mark.join(text)


def _separate(dice: Random, text: str) -> str:
    mark = dice.choice(_SPACES)
    return "".join([mark if char in " -./" else char for char in text])


def _other_digits(dice: Random, text: str) -> str:
    zero = dice.choice(_DIGITS)
    return text.translate({0x30 + digit: zero + digit for digit in range(10)})


def _spoken(dice: Random, text: str) -> str:
    words = dice.choice(_WORDS)
    return " ".join([words[int(char)] if char in "0123456789" else char for char in text])


def _escaped(dice: Random, text: str) -> str:
    form = dice.choice(("%{:02x}", "&#{};", "&#x{:x};", "\\u{:04x}", "\\x{:02x}"))
    share = dice.random()
    return "".join([form.format(ord(one)) if dice.random() < share else one for one in text])


def _encoded(dice: Random, text: str) -> str:
    data = text.encode()
    return dice.choice(
        (
            quote(text),
            html.escape(text),
            base64.b64encode(data).decode(),
            base64.urlsafe_b64encode(data).decode().rstrip("="),
            data.hex(),
            json.dumps(text),
            json.dumps({"a": [text]}),
            f"q={quote(text)}&a={text}",
            f"https://u:{text}@host/{text}?{text}#{text}",
        )
    )


def _cased(dice: Random, text: str) -> str:
    return text.upper() if _chance(dice, 0.5) else text.swapcase()


def _flipped(dice: Random, text: str) -> str:
    if not text:
        return text
    at = dice.randrange(len(text))
    return text[:at] + chr(dice.randrange(0x20, 0x7F)) + text[at + 1 :]


MUTATIONS: tuple[Mutate, ...] = (
    *(_insert, _insert, _delete, _repeat, _truncate, _spread, _separate, _other_digits),
    *(_spoken, _escaped, _encoded, _encoded, _cased, _flipped, _flipped),
)
