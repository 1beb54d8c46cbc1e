"""A draft: one event in the making, and the labels of what was planted in it so far."""

from collections.abc import Sequence

from gateway.corpus.culture import Language
from gateway.corpus.dice import Dice
from gateway.corpus.made import MADE
from gateway.corpus.people import PEOPLE_PER_TENANT, Person, Population
from gateway.corpus.phrase import Fact, Phrase
from gateway.corpus.sample import Label

_NOBODY: dict[str, Fact] = {}


class Draft:
    """What a writer of events works with: dice, the people of the tenant, text, and labels."""

    __slots__ = ("_cultures", "_place", "_population", "_scale", "dice", "labels", "tenant")

    def __init__(self, population: Population, scale: float) -> None:
        self.dice = Dice()
        self.labels: list[Label] = []
        self.tenant = ""
        self._population = population
        self._scale = scale
        self._place = 0
        self._cultures: tuple[str, ...] = ()

    def begin(self, tenant: str, place: int, cultures: tuple[str, ...]) -> None:
        """Begin an event of a tenant: no labels, and the tenant's people at hand."""
        self.tenant = tenant
        self.labels = []
        self._place = place
        self._cultures = cultures

    def somebody(self) -> Person:
        """Return a person of the tenant, a well-known one more often."""
        rank = self.dice.rank(PEOPLE_PER_TENANT)
        return self._population.person(self._place, self._cultures, rank)

    def put(self, path: str, fact: Fact) -> str:
        """Return a fact as the whole leaf at ``path``, and label it."""
        text, entity = fact
        if entity:
            self.labels.append(Label(path, 0, len(text), entity))
        return text

    def put_number(self, path: str, fact: Fact) -> int:
        """Return a fact of digits as a number that is the leaf at ``path``, and label it."""
        number = int(fact.text)
        self.labels.append(Label(path, 0, len(str(number)), fact.entity))
        return number

    def made(self, path: str, slot: str) -> str:
        """Return a value made on the spot as the whole leaf at ``path``, and label it."""
        return self.put(path, MADE[slot](self.dice))

    def join(self, path: str, *pieces: str | Fact) -> str:
        """Return pieces as one leaf at ``path``, and label the facts among them."""
        text = ""
        for piece in pieces:
            if isinstance(piece, str):
                text += piece
                continue
            if piece.entity:
                end = len(text) + len(piece.text)
                self.labels.append(Label(path, len(text), end, piece.entity))
            text += piece.text
        return text

    def write(self, path: str, phrases: Sequence[Phrase], person: Person) -> str:
        """Return one of the sentences about a person as the leaf at ``path``, and label it."""
        return self._fill(path, "", self.dice.pick(phrases), person.facts)

    def prose(self, path: str, phrases: Sequence[Phrase], person: Person, more: float) -> str:
        """Return a sentence about a person and about ``more`` fillers, scaled, as one leaf."""
        text = self._fill(path, "", self.dice.pick(phrases), person.facts)
        return self._extend(path, text, person.language, more)

    def filler(self, language: Language, more: float) -> str:
        """Return a text of at least one sentence that speaks of no person."""
        text = self._fill("", "", self.dice.pick(language.fillers), _NOBODY)
        return self._extend("", text, language, more)

    def _extend(self, path: str, text: str, language: Language, more: float) -> str:
        # A sentence is about as long as a filler, so this makes the whole text that much longer.
        mean = max(0.0, (more + 1) * self._scale - 1)
        # Twice the mean times a number from 0 to 1, rounded by chance, has that mean.
        wanted = 2 * mean * self.dice.roll()
        for _ in range(int(wanted + self.dice.roll())):
            text = self._fill(path, text + " ", self.dice.pick(language.fillers), _NOBODY)
        return text

    def _fill(self, path: str, text: str, phrase: Phrase, facts: dict[str, Fact]) -> str:
        for before, slot in phrase.parts:
            fact = facts.get(slot) or MADE[slot](self.dice)
            start = len(text) + len(before)
            text += before + fact.text
            if fact.entity:
                self.labels.append(Label(path, start, len(text), fact.entity))
        return text + phrase.tail
