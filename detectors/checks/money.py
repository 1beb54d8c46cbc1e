"""Cards and accounts."""

import re
import string

from detectors.checks.digits import Check, luhn, numeric

# How many digits a card may have, by the range that its first four fall into: ISO/IEC 7812-1 and
# the brands' own tables. Where ranges overlap, any of them may hold. Elo, Verve, Hipercard and
# Troy's second range lie within those of Visa, Maestro, RuPay, UnionPay and Discover.
_BRANDS = (
    (4000, 4999, (13, 16, 19)),  # Visa
    (5100, 5599, (16,)),  # Mastercard
    (2221, 2720, (16,)),  # Mastercard
    (3400, 3499, (15,)),  # American Express
    (3700, 3799, (15,)),  # American Express
    (3000, 3059, range(14, 20)),  # Diners Club
    (3095, 3095, range(14, 20)),  # Diners Club
    (3600, 3699, range(14, 20)),  # Diners Club
    (3800, 3999, range(14, 20)),  # Diners Club
    (1800, 1800, (15,)),  # JCB
    (2131, 2131, (15,)),  # JCB
    (3528, 3589, range(16, 20)),  # JCB
    (6011, 6011, range(16, 20)),  # Discover
    (6440, 6599, range(16, 20)),  # Discover
    (6200, 6299, range(16, 20)),  # UnionPay
    (8100, 8171, range(16, 20)),  # UnionPay
    (6000, 6099, (16,)),  # RuPay
    (8172, 8299, (16,)),  # RuPay
    (2200, 2204, range(16, 20)),  # Mir
    (2205, 2205, (16,)),  # Borica
    (9792, 9792, (16,)),  # Troy
    (8600, 8600, (16,)),  # UzCard
    (9860, 9860, (16,)),  # Humo
    (5000, 5099, range(12, 20)),  # Maestro
    (5600, 5899, range(12, 20)),  # Maestro
    (6300, 6399, range(12, 20)),  # Maestro
    (6700, 6799, range(12, 20)),  # Maestro
)
_SIZES: dict[str, set[int]] = {}
for _first, _last, _sizes in _BRANDS:
    for _four in range(_first, _last + 1):
        _SIZES.setdefault(str(_four), set()).update(_sizes)


def card(digits: str) -> bool:
    """Payment card: the brand's prefix and length, and Luhn."""
    size = len(digits)
    return size in _SIZES.get(digits[:4], ()) and numeric(digits, size) and luhn(digits)


_TRACK = re.compile(
    r"%B([0-9]{12,19})\^[^^]{2,26}\^[0-9]{4}.*|;?([0-9]{12,19})=[0-9]{7,25}\??", re.DOTALL
)


def card_track(text: str) -> bool:
    """Magnetic stripe of a card, track 1 or 2 (ISO/IEC 7813): the number on it is a card's."""
    track = _TRACK.fullmatch(text)
    return track is not None and card(track[1] or track[2])


# Length of an IBAN by country: the SWIFT IBAN registry.
_IBAN_LENGTHS = {
    country: int(size)
    for size, countries in (
        line.split(" ", 1)
        for line in (
            "15 NO",
            "16 BE",
            "18 DK FI FO GL NL SD FK",
            "19 MK SI",
            "20 AT BA EE KZ LT LU MN XK",
            "21 CH HR LI LV",
            "22 BG BH CR DE GB GE IE ME RS VA",
            "23 AE GI IL IQ OM SO TL",
            "24 AD CZ ES MD PK RO SA SE SK TN VG",
            "25 LY PT ST",
            "26 IS TR",
            "27 BI DJ FR GR IT MC MR SM",
            "28 AL AZ BY CY DO GT HN HU LB NI PL SV",
            "29 BR EG PS QA UA",
            "30 JO KW MU YE",
            "31 MT SC",
            "32 LC",
            "33 RU",
        )
    )
    for country in countries.split()
}


def iban_length(country: str) -> int:
    """Return how long an IBAN of the country is; 0 where the country has none."""
    return _IBAN_LENGTHS.get(country, 0)


def iban(text: str) -> bool:
    """ISO 13616: the registry's length and mod 97 = 1. Takes the compacted, upper-case text."""
    if len(text) != iban_length(text[:2]) or not (
        text.isascii() and text.isalnum() and text.isupper()
    ):
        return False
    return int((text[4:] + text[:4]).translate(_LETTERS)) % 97 == 1


_LETTERS = {ord(letter): str(int(letter, 36)) for letter in string.ascii_uppercase}

_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
# ISO 3166-1 alpha-2, by first letter, and XK, which ISO 9362 takes for Kosovo.
_COUNTRIES = frozenset(
    line[0] + second
    for line in (
        "A DEFGILMOQRSTUWXZ",
        "B ABDEFGHIJLMNOQRSTVWYZ",
        "C ACDFGHIKLMNORUVWXYZ",
        "D EJKMOZ",
        "E CEGHRST",
        "F IJKMOR",
        "G ABDEFGHILMNPQRSTUWY",
        "H KMNRTU",
        "I DELMNOQRST",
        "J EMOP",
        "K EGHIMNPRWYZ",
        "L ABCIKRSTUVY",
        "M ACDEFGHKLMNOPQRSTUVWXYZ",
        "N ACEFGILOPRUZ",
        "O M",
        "P AEFGHKLMNRSTWY",
        "Q A",
        "R EOSUW",
        "S ABCDEGHIJKLMNORSTVXYZ",
        "T CDFGHJKLMNORTVWZ",
        "U AGMSYZ",
        "V ACEGINU",
        "W FS",
        "X K",
        "Y ET",
        "Z AMW",
    )
    for second in line[2:]
)


def bic(text: str) -> bool:
    """Bank identifier (BIC, SWIFT code; ISO 9362): four letters, a country, two or five more."""
    return text[4:6] in _COUNTRIES and _BIC.fullmatch(text) is not None


CHECKS: dict[str, Check] = {
    "luhn": luhn,
    "card": card,
    "card_track": card_track,
    "iban": iban,
    "bic": bic,
}
