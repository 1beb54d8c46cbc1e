"""People: a bounded population that comes back from event to event, so that subjects repeat."""

from collections.abc import Callable, Mapping

import msgspec

from gateway.corpus import numbers
from gateway.corpus.culture import Culture, Language, PhonePlan, culture, spoken
from gateway.corpus.dice import Dice
from gateway.corpus.phrase import Fact

PEOPLE_PER_TENANT = 4000  # 20,000 in all

_STREAM = 1  # of the dice; events roll on stream 0


class Person(msgspec.Struct, frozen=True):
    """One data subject of one tenant. ``facts`` hold every text about them by slot."""

    number: int
    id: str  # of the contact
    country: str  # a code of the jurisdiction register
    banks: bool  # whether they have an IBAN
    language: Language
    facts: dict[str, Fact]

    def __repr__(self) -> str:
        """Name the id, never the person."""
        return f"Person({self.id})"


class Population:
    """The people of all tenants, made when they are first met."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._dice = Dice()
        self._met: dict[int, Person] = {}

    def person(self, tenant: int, cultures: tuple[str, ...], rank: int) -> Person:
        """Return the person of a rank; the same seed, tenant and rank give the same person."""
        place = tenant * PEOPLE_PER_TENANT + rank
        person = self._met.get(place)
        if person is None:
            self._dice.start(self._seed, _STREAM, place)
            person = self._met[place] = make_person(self._dice, rank, self._dice.pick(cultures))
        return person


def make_person(dice: Dice, number: int, code: str) -> Person:
    """Make a person of a culture. Phone and e-mail are unique among numbers of one tenant."""
    here = culture(code)
    female = dice.chance(0.5)
    latin = dice.chance(here.latin_share)
    given = dice.pick(here.names.female if female else here.names.male)
    family = _family(here, dice, female=female)
    birth = f"{dice.between(1948, 2006)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
    script = -1 if latin else 0
    facts = {
        "name": Fact(f"{given[script]} {family[script]}", "PERSON"),
        "first_name": Fact(given[script], "PERSON"),
        "last_name": Fact(family[script], "PERSON"),
        "other": Fact(_other(here, dice, script), "PERSON"),
        "username": Fact(_user(here, given[-1], family[-1], number, dice)),
        "company": Fact(dice.pick(here.companies)),
        "birth_date": Fact(birth, "DATE_OF_BIRTH"),
        "birth": Fact(_birth(here.birth_format, birth), "DATE_OF_BIRTH"),
        "address": Fact(_address(here, dice), "STREET_ADDRESS"),
        "card": Fact(_card(dice), "CREDIT_CARD"),
    }
    facts["email"] = Fact(f"{facts['username'].text}@{dice.pick(here.domains)}", "EMAIL_ADDRESS")
    facts.update(_phones(here.phone, number, dice))
    facts.update(_accounts(here, dice, birth, female=female))
    language = dice.pick(spoken(code))
    return Person(number, f"c-{number:05d}", here.jurisdiction, here.has_iban, language, facts)


def _family(here: Culture, dice: Dice, *, female: bool) -> tuple[str, ...]:
    family = dice.pick(here.names.family)
    if female:
        for ending, native, latin in here.feminine:
            if family[0].endswith(ending):
                return (family[0] + native, family[-1] + latin)
    return family


def _other(here: Culture, dice: Dice, script: int) -> str:
    given = dice.pick(here.names.female + here.names.male)
    return f"{given[script]} {dice.pick(here.names.family)[script]}"


def _user(here: Culture, given: str, family: str, number: int, dice: Dice) -> str:
    given, family = (_ascii(text, here.ascii) for text in (given, family))
    forms = (f"{given}.{family}{number}", f"{given[0]}{family}{number}", f"{given}_{number}")
    return dice.pick(forms)


def _ascii(text: str, table: Mapping[str, str]) -> str:
    # Lower case first: the Turkish dotted capital becomes an i and a combining dot.
    lower = text.replace("İ", "i").lower()
    return "".join(table.get(char, char) for char in lower)


def _birth(form: str, birth: str) -> str:
    year, month, day = birth.split("-")
    return form.format(y=year, m=int(month), d=int(day))


def _address(here: Culture, dice: Dice) -> str:
    return here.address.format(
        street=dice.pick(here.streets),
        number=dice.between(1, 240),
        door=dice.between(1, 60),
        area=dice.pick(here.areas),
    )


def _card(dice: Dice) -> str:
    number = numbers.payment_card(dice)
    return numbers.grouped(number, dice.pick(" -")) if dice.chance(0.5) else number


def _phones(plan: PhonePlan, number: int, dice: Dice) -> dict[str, Fact]:
    head = plan.heads[number % len(plan.heads)]
    # 4271 shares no factor with a power of ten, so different numbers stay different; some plans
    # issue no number that begins with 0 or 1.
    rest = (2_100_000 + number // len(plan.heads) * 4271) % 10**plan.size
    digits = f"{head}{rest:0{plan.size}d}"
    spaced = _fill(plan.international, digits)
    local = _fill(plan.local, digits) if dice.chance(0.6) else spaced
    compact = "".join(char for char in spaced if char.isdigit())
    return {
        "phone": Fact(f"+{compact}", "PHONE_NUMBER"),
        "phone_local": Fact(local, "PHONE_NUMBER"),
        "phone_query": Fact("".join(c for c in local if c.isdigit()), "PHONE_NUMBER"),
    }


def _fill(form: str, digits: str) -> str:
    left = iter(digits)
    return "".join(next(left) if char == "#" else char for char in form)


def _accounts(here: Culture, dice: Dice, birth: str, *, female: bool) -> dict[str, Fact]:
    facts = {}
    if here.has_iban:
        iban = numbers.iban(dice, here.country)
        facts["iban"] = Fact(numbers.grouped(iban) if dice.chance(0.5) else iban, "IBAN_CODE")
    if here.country == "TR":
        facts["tax_number"] = Fact(numbers.tr_vkn(dice), "TR_VKN")
    nationals: Mapping[str, Callable[[], str]] = {
        "TR_NATIONAL_ID": lambda: numbers.tr_national_id(dice),
        "KZ_IIN": lambda: numbers.kz_iin(dice, birth, female=female),
        "IL_ID": lambda: numbers.il_id(dice),
        "AE_EMIRATES_ID": lambda: numbers.ae_emirates_id(dice, birth),
        "US_SSN": lambda: numbers.us_ssn(dice),
    }
    if here.national:
        facts["national_id"] = Fact(nationals[here.national](), here.national)
    return facts
