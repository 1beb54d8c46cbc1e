"""Cultures and languages: what people are called, where they live, and how they are written of."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from gateway.corpus.made import MADE
from gateway.corpus.phrase import Phrase, compile_phrases

# Facts that every person has; the others depend on the country.
_ALWAYS = frozenset(
    {"name", "email", "phone", "phone_local", "address", "company", "card", "birth", "other"}
)


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences of one language about people of one culture; fillers speak of no person."""

    notes: tuple[Phrase, ...]
    messages: tuple[Phrase, ...]
    transcripts: tuple[Phrase, ...]
    summaries: tuple[Phrase, ...]
    posts: tuple[Phrase, ...]
    subjects: tuple[Phrase, ...]
    feedback: tuple[Phrase, ...]
    fillers: tuple[Phrase, ...]


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Given and family names, each in its own script and, where that differs, in Latin letters."""

    female: tuple[tuple[str, ...], ...]
    male: tuple[tuple[str, ...], ...]
    family: tuple[tuple[str, ...], ...]


class PhonePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How telephone numbers are built and written: ``#`` stands for the next digit."""

    heads: tuple[str, ...]
    size: int  # digits after the head
    international: str
    local: str


class Culture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people of one country have in common."""

    country: str
    jurisdiction: str
    languages: tuple[str, ...]
    national: str  # entity of the national number; empty: none that is generated
    latin_share: float  # of names written in Latin letters
    birth_format: str
    domains: tuple[str, ...]
    companies: tuple[str, ...]
    address: str
    streets: tuple[str, ...]
    areas: tuple[str, ...]
    names: Names
    phone: PhonePlan
    ascii: dict[str, str] = {}
    feminine: tuple[tuple[str, str, str], ...] = ()  # ending, then what a woman's name adds

    @property
    def has_iban(self) -> bool:
        """Whether banks of the country use IBAN."""
        return self.country != "US"

    @property
    def slots(self) -> frozenset[str]:
        """What a sentence about such a person can be filled from."""
        extra = {"iban": self.has_iban, "national_id": bool(self.national)}
        extra["tax_number"] = self.country == "TR"
        return _ALWAYS.union(MADE, (slot for slot, given in extra.items() if given))


@cache
def culture(code: str) -> Culture:
    """Return a culture that ships with the package, such as ``tr``."""
    return msgspec.convert(_load(f"cultures/{code}.toml"), Culture)


@cache
def spoken(code: str) -> tuple[Language, ...]:
    """Return the languages of a culture, one twice as likely as another where it stands twice."""
    here = culture(code)
    return tuple(_language(name, here.slots) for name in here.languages)


@cache
def _language(name: str, slots: frozenset[str]) -> Language:
    texts = _load(f"languages/{name}.toml")
    return Language(**{part: compile_phrases(lines, slots) for part, lines in texts.items()})


def _load(path: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("gateway.corpus").joinpath(path).read_text("utf-8"))
