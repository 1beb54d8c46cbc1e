"""Checksums and structures of numbers, by the name that a rule gives them.

Every check takes the digits (or the compacted text) of a candidate and says whether it can be
such a number. A check is a few integer operations on a short string; it never raises.
"""

import base64
import binascii
import json
import string
from collections.abc import Callable

Check = Callable[[str], bool]


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: double every second digit from the right, the sum ends in 0."""
    number = digits.encode()[::-1]
    return (sum(number[::2].translate(_ONCE)) + sum(number[1::2].translate(_DOUBLED))) % 10 == 0


_ONCE = bytes((code - 48) % 10 for code in range(256))
_DOUBLED = bytes(sum(divmod(2 * digit, 10)) for digit in _ONCE)


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


def tr_national_id(digits: str) -> bool:
    """Turkish identity number (T.C. Kimlik No): 11 digits, two check digits, no leading 0."""
    if len(digits) != 11 or digits[0] == "0":
        return False
    n = [ord(c) - 48 for c in digits]
    odd = n[0] + n[2] + n[4] + n[6] + n[8]
    even = n[1] + n[3] + n[5] + n[7]
    return (7 * odd - even) % 10 == n[9] and (odd + even + n[9]) % 10 == n[10]


def tr_vkn(digits: str) -> bool:
    """Turkish tax number (Vergi Kimlik No): 10 digits, the last a check digit."""
    if len(digits) != 10:
        return False
    total = 0
    for i, c in enumerate(digits[:9]):
        c1 = (ord(c) - 48 + 9 - i) % 10
        if c1:
            total += (c1 * 2 ** (9 - i)) % 9 or 9
    return (10 - total % 10) % 10 == ord(digits[9]) - 48


def kz_iin(digits: str) -> bool:
    """Kazakh individual number: YYMMDD, a century digit 0-6, and a mod-11 check with two weights."""
    if len(digits) != 12 or digits[6] > "6" or not _month_day(digits[2:4], digits[4:6]):
        return False
    n = [ord(c) - 48 for c in digits]
    check = sum((i + 1) * n[i] for i in range(11)) % 11
    if check == 10:
        check = (
            sum(w * d for w, d in zip((3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), n, strict=False)) % 11
        )
    return check == n[11]


def _month_day(month: str, day: str) -> bool:
    return "01" <= month <= "12" and "01" <= day <= "31"


def il_id(digits: str) -> bool:
    """Israeli identity number (Teudat Zehut): up to 9 digits padded on the left, Luhn."""
    return len(digits) == 9 and digits != "000000000" and luhn(digits)


def ae_emirates_id(digits: str) -> bool:
    """Emirates ID: 784, a year of birth, 7 digits and a Luhn digit over all 15."""
    return (
        len(digits) == 15
        and digits.startswith("784")
        and "1900" <= digits[3:7] <= "2099"
        and luhn(digits)
    )


def us_ssn(digits: str) -> bool:
    """US Social Security number: never area 000, 666 or 9xx, never group 00 or serial 0000."""
    return (
        len(digits) == 9
        and digits[:3] not in ("000", "666")
        and digits[0] != "9"
        and digits[3:5] != "00"
        and digits[5:] != "0000"
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


def date_of_birth(digits: str) -> bool:
    """Eight digits that read as a day between 1900 and 2029, year first or last."""
    if len(digits) != 8:
        return False
    if "1900" <= digits[:4] <= "2029" and _month_day(digits[4:6], digits[6:]):
        return True
    year = digits[4:]
    return "1900" <= year <= "2029" and (
        _month_day(digits[2:4], digits[:2]) or _month_day(digits[:2], digits[2:4])
    )


def jwt(text: str) -> bool:
    """Say whether a text is a JSON Web Token (RFC 7519): a header of JSON that names ``alg``."""
    parts = text.split(".")
    if len(parts) != 3 or not all(parts[:2]):
        return False
    try:
        padded = parts[0] + "=" * (-len(parts[0]) % 4)
        header = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header


BY_NAME: dict[str, Check] = {
    "luhn": luhn,
    "card": card,
    "tr_national_id": tr_national_id,
    "tr_vkn": tr_vkn,
    "kz_iin": kz_iin,
    "il_id": il_id,
    "ae_emirates_id": ae_emirates_id,
    "us_ssn": us_ssn,
    "iban": iban,
    "date_of_birth": date_of_birth,
    "jwt": jwt,
}
