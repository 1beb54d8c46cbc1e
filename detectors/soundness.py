"""Says what is wrong with rules beyond their proofs: evidence too weak, a form too common, a typo.

A check of one digit passes one number in ten: by itself it is no evidence. A pattern that fires on
what every event holds costs its time on every event: it belongs behind a word or a field's name.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from detectors.codes import Codes
from detectors.confirm import scored
from detectors.joined import Joined
from detectors.kinds import SIZES
from detectors.proof import COUNTS_FROM, fill
from detectors.rule import AGAINST, Rule, field_words

# Candidates whose delimiting is a check of structure itself: a calling plan, four numbers to 255.
_STRUCTURED = ("phone", "ipv4", "ipv6", "mac", "email")
_DRAWN = 2000  # random numbers of a length
_MOST_PASSING = 0.05  # of random numbers, for a rule that counts alone
_AGAINST = frozenset(AGAINST)
_LINES = 4000  # of noise
_MOST_SEEN = 0.01  # of the lines of noise, for a pattern that is looked for everywhere


def is_validated(rule: Rule) -> bool:
    """Say whether a checksum or a structure tells what the rule finds from what looks like it."""
    return bool(rule.check) or rule.candidate in _STRUCTURED


def problems(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield a line for everything that is wrong with rules, whatever their proofs say."""
    for name, times in Counter(rule.name for rule in rules).items():
        if times > 1:
            yield f"{name}: {times} rules have this name, and nothing tells them apart"
    for rule in rules:
        for problem in (*_written(rule), *_weak(rule)):
            yield f"{rule.name}: {problem}"
    yield from _common(rules)


def _written(rule: Rule) -> Iterator[str]:
    if rule.candidate == "digits" and not set(rule.lengths) <= set(SIZES):
        yield f"a number has {SIZES[0]} to {SIZES[-1]} digits; a shorter one is a code with support"
    for groups in rule.groups:
        if sum(groups) not in rule.lengths:
            yield f"groups {'-'.join(map(str, groups))} add up to none of its lengths"
    if rule.needs and not (rule.context or rule.hints):
        yield "it needs support, and neither context nor hints can give it any"
    for hint in rule.hints:
        if field_words(hint) != hint:
            yield f"hint {hint!r} never matches: a name is read as {field_words(hint)!r}"
    yield from (f"context {word!r} speaks against all rules" for word in {*rule.context} & _AGAINST)


def _weak(rule: Rule) -> Iterator[str]:
    alone = not rule.needs and rule.confidence >= COUNTS_FROM
    if rule.candidate == "digits" and alone and not rule.separated:
        passing = max(_passing(rule.check, size) for size in rule.lengths)
        if passing > _MOST_PASSING:
            yield (
                f"{passing:.0%} of random numbers pass: it needs support, "
                f"or a confidence below {COUNTS_FROM} alone"
            )


@cache
def _passing(check: str, size: int) -> float:
    """Return the share of random numbers of a size that pass a check."""
    [one] = scored([_probe(check)])
    numbers = (fill(f"{{digits:{size}}} {at}")[:size] for at in range(_DRAWN))
    return sum(map(one.holds, numbers)) / _DRAWN


def _probe(check: str) -> Rule:
    return Rule(
        entity="PROBE",
        category="government_id",
        candidate="digits",
        check=check,
        examples=(),
        counterexamples=(),
    )


def _common(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield the codes looked for everywhere whose form is that of much that is nobody's."""
    codes = [one for one in scored(rules) if one.rule.candidate == "code" and not one.rule.needs]
    if not codes:
        return
    seen, _ = Codes(codes).see(Joined(_noise()).data)
    for at, times in sorted(Counter(seen).items()):
        if times > _MOST_SEEN * _LINES:
            share = times / _LINES
            yield f"{codes[at].rule.name}: its pattern is seen in {share:.0%} of lines of noise"


@cache
def _noise() -> list[str]:
    return [fill(f"{_NOISE[at % len(_NOISE)]} {at}") for at in range(_LINES)]


# What every stream is full of: ids, hashes, times, versions, keys, prices.
_NOISE = (
    "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}",
    "{hex:40}",
    "{base64:24}",
    "20{digits:2}-01-1{digits:1}T1{digits:1}:00:00.{digits:3}Z",
    "17{digits:11}",
    "SO-2026-{digits:6}",
    "v2.{digits:1}.{digits:2}-rc{digits:1}",
    "/api/v2/items/{digits:7}?page={digits:1}&sort=desc",
    "{upper:10}",
    "{digits:4}.{digits:2} EUR, {digits:1} pcs",
)
