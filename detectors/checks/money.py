"""Cards and accounts."""

import string

from detectors.checks.digits import Check, luhn

# How many digits a card may have, by the range that its first four fall into: ISO/IEC 7812-1 and
# the brands' own tables. Where ranges overlap, any of them may hold.
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
    (2200, 2204, range(16, 20)),  # Mir
    (9792, 9792, (16,)),  # Troy
    (5000, 5099, range(12, 20)),  # Maestro
    (5600, 5899, range(12, 20)),  # Maestro
    (6300, 6399, range(12, 20)),  # Maestro
    (6700, 6799, range(12, 20)),  # Maestro
)


def card(digits: str) -> bool:
    """Payment card: the brand's prefix and length, and Luhn."""
    four, size = int(digits[:4]), len(digits)
    return luhn(digits) and any(
        first <= four <= last and size in sizes for first, last, sizes in _BRANDS
    )


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
            "24 AD CZ ES MD PK RO SA SE SK TN VG DZ",
            "25 LY PT ST",
            "26 IS TR",
            "27 BI DJ FR GR IT MC MR SM",
            "28 AL AZ BY CY DO GT HU LB NI PL SV",
            "29 BR EG PS QA UA",
            "30 JO KW MU",
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


CHECKS: dict[str, Check] = {"luhn": luhn, "card": card, "iban": iban}
