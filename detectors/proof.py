"""Proves rules in the engine that ships: every example is found, no counterexample is."""

import hashlib
import re
import string
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from detectors.leaves import Leaves
from detectors.made_up import MADE
from detectors.scanner import Engine
from detectors.walk import Shapes

COUNTS_FROM = 0.5  # the confidence from which a finding counts, unless a policy says otherwise
ENOUGH = 5  # examples, and counterexamples
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
# What {name:size} in a proof stands for: so many characters of the alphabet.
_ALPHABETS = {
    "digits": string.digits,
    "letters": string.ascii_letters,
    "upper": string.ascii_uppercase + string.digits,
    "lower": string.ascii_lowercase + string.digits,
    "alnum": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "b32": string.ascii_uppercase + "234567",
    "b58": _BASE62.translate({ord(char): None for char in "0OIl"}),
    "base64": string.ascii_letters + string.digits + "+/",
    "base64url": string.ascii_letters + string.digits + "_-",
    "x": "x",
    "zeros": "0",
}
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\d+))?\}")


class Verdict(NamedTuple):
    """What was found in a text, where, and how sure that is."""

    entity: str
    start: int
    end: int
    confidence: float


def prove(engine: Engine) -> Iterator[str]:
    """Yield a line for every proof that fails, naming the rule and the proof's number."""
    for rule in engine.rules:
        for number, example in enumerate(rule.examples):
            path, text, span = _read(example)
            if span is None or (rule.entity, *span) not in findings(engine, path, text):
                yield f"{rule.name}: example {number} is not found"
        for number, example in enumerate(rule.counterexamples):
            path, text, _ = _read(example)
            if any(entity == rule.entity for entity, *_ in findings(engine, path, text)):
                yield f"{rule.name}: counterexample {number} is found"
        for name, proofs in (
            ("examples", rule.examples),
            ("counterexamples", rule.counterexamples),
        ):
            if len(proofs) < ENOUGH:
                yield f"{rule.name}: {len(proofs)} {name}, {ENOUGH} are needed"


def findings(engine: Engine, path: str, text: str) -> list[tuple[str, int, int]]:
    """Return (entity, start, end) of what counts in a text that stands in the field ``path``."""
    return [
        (one.entity, one.start, one.end)
        for one in look(engine, path, text)
        if one.confidence >= COUNTS_FROM
    ]


def look(engine: Engine, path: str, text: str) -> list[Verdict]:
    """Return all that is found in a text of the field ``path``, such as ``contact.note``."""
    shapes = Shapes({}, engine.hints)
    leaves = Leaves()
    event: object = text
    for name in reversed(re.split(r"[./]", path)):
        event = {name: event}
    shapes.walk(event, shapes.root("unknown"), leaves, depth=64)
    leaves.starts.append(len(leaves.texts))
    found = engine.scan(leaves)
    return [
        Verdict(engine.entities[one.rule], one.start, one.end, one.confidence)
        for one in (*found.fields, *found.spans)
        if not leaves.nodes[one.leaf].is_name
    ]


def _read(proof: str) -> tuple[str, str, tuple[int, int] | None]:
    path, arrow, text = proof.partition(" => ")
    if not arrow:
        path, text = "text", proof
    text = fill(text)
    start = text.find("«")
    if start < 0:
        return path, text, None
    end = text.index("»") - 1
    return path, text.replace("«", "").replace("»", ""), (start, end)


def fill(text: str) -> str:
    """Replace placeholders by made-up secrets: the same text gives the same secrets."""

    def made(match: re.Match[str]) -> str:
        name, size = match[1], int(match[2] or 0)
        seed = f"{match.start()} {text}"
        if name in MADE:
            return MADE[name](partial(_made_up, seed), size)
        return _made_up(seed, name, size) if name in _ALPHABETS else match[0]

    return _PLACEHOLDER.sub(made, text)


def _made_up(seed: str, alphabet: str, size: int) -> str:
    chars = _ALPHABETS[alphabet]
    noise = hashlib.shake_256(seed.encode()).digest(size)
    return "".join(chars[byte % len(chars)] for byte in noise)
