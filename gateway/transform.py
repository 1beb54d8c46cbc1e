"""What an action makes of a value: masked, generalised, tokenised, pseudonymised, redacted.

A masked value keeps its shape and a little to recognise it by; a generalised one says something
true of a larger group. Neither ever holds the value itself: where it would, the category's name
stands instead. Tables say which way each category goes.
"""

import ipaddress
import re
from collections.abc import Callable
from functools import partial

from gateway.tokens import Keyring
from schemas.access import Action
from schemas.category import by_code

Change = Callable[[str], str]

STARS = "***"
HIDDEN = "********"
_KEPT = 4  # digits kept of a card or an account
_FEW = 2  # and of other numbers
_HIDDEN = 3  # at least so many characters for each kept one
_SHORT = 2  # a name or a part of an address that its first letter would give away
_SYLLABLES = "\u2e80"  # scripts from here on: one character is a word, or a family name
_TRUTHS = ("True", "False")  # the first letter of either says it all


def changer(action: Action, code: str, keyring: Keyring) -> Change:
    """Return what makes of a value of a category what a reader sees of it under an action.

    Actions that withhold a field or an event are the caller's; what they would withhold is
    redacted here, and so is a value of a category without a table entry.
    """
    if action is Action.ALLOW:
        return str
    if action is Action.TOKENIZE:
        return partial(keyring.token, code)
    if action is Action.PSEUDONYMISE:
        return partial(keyring.pseudonym, code)
    label = _LABELS.get(code) or f"[{code.upper()}]"
    change = _CHANGES[action].get(code) if action in _CHANGES else None
    if change is None:
        return lambda _: label

    def changed(text: str) -> str:
        made = change(text) or label
        return label if text in made else made

    return changed


def transform(action: Action, code: str, text: str, keyring: Keyring) -> str:
    """Return what a reader sees of one value of a category under an action."""
    return changer(action, code, keyring)(text)


def _first(text: str) -> str:
    """Keep the first character; nothing of a short text, and nothing of a truth value."""
    tells = len(text) <= _SHORT or not text[0].isalnum() or text in _TRUTHS or text[0] >= _SYLLABLES
    return STARS if tells else text[0] + STARS


def _nothing(_: str) -> str:
    return STARS


def _hidden(_: str) -> str:
    return HIDDEN


def _initials(text: str) -> str:
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    return " ".join(
        f"{word[0] if len(word) > _SHORT and word[0] < _SYLLABLES else '*'}." for word in words
    )


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at or not local:
        return _first(text)
    host, dot, top = domain.rpartition(".")
    if not dot or not top.isalpha():
        return f"{_first(local)}@{STARS}"
    return f"{_first(local)}@{_first(host)}.{top}"


def _tail(kept: int) -> Change:
    """Keep the last characters of a number, and everything that groups it."""

    def change(text: str) -> str:
        hidden = sum(map(str.isalnum, text))
        hidden -= min(kept, hidden // (_HIDDEN + 1))
        out = []
        for char in text:
            if char.isalnum() and hidden > 0:
                hidden -= 1
                out.append("*")
            else:
                out.append(char)
        return "".join(out)

    return change


def _host(text: str) -> str:
    """Keep the first number of a network address."""
    found = _FIRST_GROUP.match(text)
    return found[0] + _WORD.sub("*", text[found.end() :]) if found else STARS


def _day(text: str) -> str:
    """Keep the year of a date."""
    return _WORD.sub(lambda run: run[0] if _YEAR.fullmatch(run[0]) else "*" * len(run[0]), text)


def _coordinate(text: str) -> str:
    """Keep the whole degrees."""
    return _FRACTION.sub(".**", text) if _COORDINATES.fullmatch(text) else STARS


_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_FIRST_GROUP = re.compile(r"[0-9]{1,3}\.|[0-9A-Fa-f]{1,4}:")
_COORDINATES = re.compile(r"\s*[-+]?[0-9]{1,3}\.[0-9]+(?:[\s,;]+[-+]?[0-9]{1,3}\.[0-9]+)?\s*")
_FRACTION = re.compile(r"\.[0-9]+")


def _domain(text: str) -> str:
    found = _DOMAIN.search(text)
    return f"*{found[0]}" if found else ""


_DOMAIN = re.compile(r"(?<=[^\s@])@[\w-]+(?:\.[\w-]+)+$")


def _calling_code(text: str) -> str:
    found = _CALLING_CODE.match(text)
    return f"+{found[1]} {STARS}" if found else ""


# The zones of ITU-T E.164: which calling codes have one digit, and which two; all others, three.
_CALLING_CODE = re.compile(
    r"\s*\(?(?:\+|00)\s?(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})"
)


def _network(text: str) -> str:
    """Return the /24 or /48 of an address in a form that is no address itself."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            # Not its text: behind a % anything may stand in it.
            groups = (address.packed[at : at + 2].hex() for at in (0, 2, 4))
            return ":".join(f"{int(group, 16):x}" for group in groups) + ":*"
        address = address.ipv4_mapped
    return str(address).rpartition(".")[0] + ".*"


def _year(text: str) -> str:
    years = {run for run in _WORD.findall(text) if _YEAR.fullmatch(run)}
    return years.pop() if len(years) == 1 else ""


def _place(text: str) -> str:
    """Return the city or country that an address ends with, where it is sure to be one."""
    before, comma, last = text.rpartition(",")
    last = _POSTAL_CODE.sub("", last.strip()).rpartition("/")[2].strip()
    known = comma and before.strip() and not any(map(str.isdigit, last))
    return last if known and len(last.split()) <= _WORDS and not _STREET.search(last) else ""


_WORDS = 3  # at most, in the name of a city or a country
_POSTAL_CODE = re.compile(r"^(?:[A-Z]{1,2}-)?[0-9]{4,6}\s+")
_STREET = re.compile(
    r"(?i)\b(?:cad\w{0,6}|sok\w{0,4}|bulv\w*|mah\w{0,6}|ул|улица|пр|проспект|street|st|road|rd|"
    r"avenue|ave|lane|flat|apt|floor|kat|daire|кв|дом|רחוב|شارع)\b|(?:stra(?:ß|ss)e|weg|platz)\b"
)


def _area(text: str) -> str:
    """Return coordinates to a tenth of a degree, which is about 11 km."""
    return _FRACTION.sub(lambda found: found[0][:2], text) if _COORDINATES.fullmatch(text) else ""


def _bucket(text: str) -> str:
    """Return between what a number lies: under 5, 10, then the next step of its leading digit."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return ""
    number = int(found[2])
    step = 5 if number < 10 else 10 ** (len(str(number)) - 1)  # noqa: PLR2004
    limit = (number // step + 1) * step
    return f">-{limit}" if found[1] else f"<{limit}"


_NUMBER = re.compile(r"(-?)([0-9]{1,18})(?:\.[0-9]+)?")


def _label(name: str) -> Change:
    return lambda _: name


def _unknown(_: str) -> str:
    return ""


_LABELS = {code: f"[{code.upper()}]" for code in by_code()}

_MASKS: dict[str, Change] = {
    "name": _initials,
    "email": _address,
    "phone": _tail(_FEW),
    "username": _first,
    "postal_address": _first,
    "company": _first,
    "password": _hidden,
    "access_token": _hidden,
    "ip_address": _host,
    "device_id": _tail(_FEW),
    "cookie_id": _hidden,
    "record_id": _hidden,
    "location_imprecise": _first,
    "location_precise": _coordinate,
    "payment_card": _tail(_KEPT),
    "bank_account": _tail(_KEPT),
    "government_id": _tail(_FEW),
    "licence_number": _tail(_FEW),
    "birth_date": _day,
    # What people do and write: the first character shows that something stands there.
    **dict.fromkeys(
        [
            *("browsing", "email_engagement", "purchase_history", "call_metadata"),
            *("call_transcript", "message_content", "billing", "calendar_event"),
        ],
        _first,
    ),
    # A first letter could say it all.
    **dict.fromkeys(
        [
            *("health", "biometric_template", "genetic", "ethnicity", "religion"),
            *("political_opinion", "trade_union", "sexual_life", "criminal_record"),
            *("appearance_dress", "child_data", "financial_status", "lead_score", "call_audio"),
        ],
        _nothing,
    ),
}

_GENERALISATIONS: dict[str, Change] = {
    "name": _label("[PERSON]"),
    "email": _domain,
    "phone": _calling_code,
    "postal_address": lambda text: _place(text) or "[ADDRESS]",
    "ip_address": _network,
    "location_imprecise": _place,
    "location_precise": _area,
    "birth_date": _year,
    **dict.fromkeys(
        [
            *("purchase_history", "call_metadata", "email_engagement", "lead_score"),
            *("billing", "financial_status"),
        ],
        _bucket,
    ),
    # Nothing larger is true of these without saying what they are.
    **dict.fromkeys(
        [
            *("company", "username", "password", "access_token", "device_id", "cookie_id"),
            *("browsing", "call_audio", "call_transcript", "message_content", "payment_card"),
            *("bank_account", "government_id", "health", "biometric_template", "genetic"),
            *("ethnicity", "religion", "political_opinion", "trade_union", "sexual_life"),
            *("criminal_record", "appearance_dress", "calendar_event", "licence_number"),
            *("child_data", "record_id"),
        ],
        _unknown,
    ),
}

_CHANGES = {Action.MASK: _MASKS, Action.GENERALISE: _GENERALISATIONS}
