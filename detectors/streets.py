"""How postal addresses are written, by language, as data: lists of words and patterns made of them."""

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import NamedTuple

from detectors.letters import LETTER
from detectors.spellings import fold

_PART = re.compile(r"\{([a-z_]+)\}")
_APART = ("never", "counts", "dates", "lead")
Words = Mapping[str, tuple[str, ...]]


class Grammar(NamedTuple):
    """The addresses of a language: its lists of words, and the patterns, the surest first."""

    words: Words
    start: re.Pattern[str]  # where an address can begin
    patterns: tuple[re.Pattern[str], ...]
    never: frozenset[str]  # a street's name does not begin with these, folded
    counts: frozenset[str]  # nor does an address follow these
    dates: frozenset[str]  # nor, where it begins with what can be a year, these
    lead: frozenset[str]  # with a capital in front of an address, and no part of it


def grammars() -> dict[str, Grammar]:
    """Return the grammars that ship, by language."""
    file = resources.files("detectors").joinpath("streets.toml")
    data = tomllib.loads(file.read_text("utf-8"))
    shared = {"letter": LETTER, **_parts(data.pop("any"), {})}
    return {language: _grammar(entries, shared) for language, entries in data.items()}


def _grammar(entries: Mapping[str, str | list[str]], shared: Mapping[str, str]) -> Grammar:
    words = {name: tuple(some) for name, some in entries.items() if isinstance(some, list)}
    patterns = words.pop("patterns")
    parts = _parts(entries, shared)
    start, *made = (re.compile(_filled(one, parts), re.VERBOSE) for one in ("{start}", *patterns))
    folded = {name: frozenset(map(fold, some)) for name, some in words.items()}
    return Grammar(words, start, tuple(made), *(folded.get(name, frozenset()) for name in _APART))


def _parts(entries: Mapping[str, str | list[str]], shared: Mapping[str, str]) -> dict[str, str]:
    """Return the parts by name, each with those before it put in."""
    parts = dict(shared)
    for name, some in entries.items():
        if name == "upper":  # goes inside of brackets
            parts[name] = str(some)
        elif isinstance(some, str):
            parts[name] = f"(?:{_filled(some, parts)})"
        elif name != "patterns":
            # The longest first: an alternation takes the first that fits.
            spelled = sorted({*some, *map(str.upper, some)}, key=lambda one: (-len(one), one))
            parts[name] = f"(?:{'|'.join(map(re.escape, spelled))})"
    return parts


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda match: parts[match[1]], pattern)
