"""Personal numbers of Germany."""

import re
from collections import Counter

from detectors.checks.digits import Check, mod11_10, month_day, numeric


def de_tax_id(digits: str) -> bool:
    """German Identifikationsnummer: of ten digits just one comes twice or three times; MOD 11,10.

    Source: § 139a and § 139b AO; BZSt, Prüfung der Steuer-Identifikationsnummer.
    """
    if not numeric(digits, 11) or digits[0] == "0":
        return False
    repeated = [count for count in Counter(digits[:10]).values() if count > 1]
    return len(repeated) == 1 and repeated[0] <= 3 and mod11_10(digits)


_PENSION = re.compile(r"([0-9]{8})([A-Z])([0-9]{3})")


def de_social_security(text: str) -> bool:
    """German Versicherungsnummer: area, DDMMYY, a letter, a serial, and a digit (§ 4 VKVV).

    The day has 50 added where numbers would be equal. The letter counts as its two-digit place.
    """
    match = _PENSION.fullmatch(text)
    if match is None:
        return False
    day = int(text[2:4])
    digits = f"{match[1]}{ord(match[2]) - 64:02}{match[3]}"
    return (
        text[:2] != "00"
        and month_day(text[4:6], f"{day - 50 if day > 50 else day:02}")
        and _crossed(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1))
    )


_INSURED = re.compile(r"[A-Z][0-9]{9}")


def de_health_insurance(text: str) -> bool:
    """German Krankenversichertennummer: a letter and eight digits, and one more (§ 290 SGB V)."""
    if not _INSURED.fullmatch(text):
        return False
    return _crossed(f"{ord(text[0]) - 64:02}{text[1:]}", (1, 2, 1, 2, 1, 2, 1, 2, 1, 2))


def _crossed(digits: str, weights: tuple[int, ...]) -> bool:
    """Say whether the digit sums of the products with the weights add up to the last digit."""
    total = sum(
        sum(divmod(weight * int(digit), 10)) for weight, digit in zip(weights, digits, strict=False)
    )
    return total % 10 == int(digits[-1])


# A serial number has no vowels and no letter that looks like a digit. Its first letter tells the
# document; the authority and a random part follow.
_SERIAL = "[CFGHJKLMNPRTVWXYZ0-9]{8}"
_ID_CARD = re.compile(f"[LMNPRTVWXY]{_SERIAL}[0-9]?")
_PASSPORT = re.compile(f"[CFGHJK]{_SERIAL}[0-9]?")


def de_id_card(text: str) -> bool:
    """German identity card: a serial number of nine characters, and its check digit if it is there.

    Source: § 5 PAuswG; ICAO Doc 9303-3 section 4.9 for the digit.
    """
    return _ID_CARD.fullmatch(text) is not None and _document(text)


def de_passport(text: str) -> bool:
    """German passport: a serial number of nine characters, and its check digit if it is there.

    Source: § 4 PassG; ICAO Doc 9303-3 section 4.9 for the digit.
    """
    return _PASSPORT.fullmatch(text) is not None and _document(text)


def _document(text: str) -> bool:
    values = [int(char, 36) for char in text]
    if sum(char.isdigit() for char in text[:9]) < 2:
        return False  # a word
    total = sum(weight * value for weight, value in zip((7, 3, 1) * 3, values, strict=False))
    return len(text) == 9 or total % 10 == values[9]


CHECKS: dict[str, Check] = {
    "de_tax_id": de_tax_id,
    "de_social_security": de_social_security,
    "de_health_insurance": de_health_insurance,
    "de_id_card": de_id_card,
    "de_passport": de_passport,
}
