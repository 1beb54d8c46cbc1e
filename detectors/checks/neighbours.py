"""Numbers of Europe outside the Union and the Kingdom, and of South Africa.

Russia, Ukraine, Switzerland, Norway.
"""

from detectors.checks.digits import Check, is_day, luhn, numeric, weighted


def ru_inn(digits: str) -> bool:
    """Russian tax number (ИНН): ten digits of a body with one check digit, twelve of a person with two.

    Order ЕД-7-14/617 of the Federal Tax Service, 2020.
    """
    if numeric(digits, 10):
        return weighted(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10 == ord(digits[9]) - 48
    if not numeric(digits, 12):
        return False
    first = weighted(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = weighted(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return digits[10:] == f"{first}{second}"


def ru_snils(digits: str) -> bool:
    """Russian insurance number (СНИЛС): nine digits and a sum of two, modulo 101.

    Resolution 192п of the Pension Fund, 2006: numbers up to 001-001-998 have no sum.
    """
    if not numeric(digits, 11) or digits[:9] <= "001001998":
        return False
    total = weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100
    return digits[9:] == f"{total:02d}"


def ru_passport(digits: str) -> bool:
    """Russian passport: a region, the year of its form, of 1997 to 2030, and six digits.

    Government Resolution 828 of 8 July 1997.
    """
    return (
        numeric(digits, 10)
        and digits[:2] != "00"
        and (digits[2:4] >= "97" or digits[2:4] <= "30")
        and digits[4:] != "000000"
    )


def ua_rnokpp(digits: str) -> bool:
    """Ukrainian taxpayer's number (РНОКПП): days since 1899, a serial; the last modulo 11."""
    return (
        numeric(digits, 10)
        and digits.strip("0") != ""
        and weighted(digits, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == ord(digits[9]) - 48
    )


def ch_ahv(digits: str) -> bool:
    """Swiss insurance number (AHV, AVS): 756, nine digits, the last as in EAN-13.

    Ordinance on old-age insurance SR 831.101, article 133.
    """
    return (
        numeric(digits, 13)
        and digits.startswith("756")
        and weighted(digits, (1, 3) * 6 + (1,)) % 10 == 0
    )


def no_fodselsnummer(digits: str) -> bool:
    """Norwegian number: a day of birth, a serial that says the century, two digits modulo 11.

    Skatteetaten: 40 more in the day is a D number, in the month an H number.
    """
    if not numeric(digits, 11):
        return False
    first = weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    if first or second:
        return False
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    century = _norwegian_century(year, int(digits[6:9]))
    return century > 0 and is_day(century + year, month - 40 * (month > 40), day - 40 * (day > 40))


def _norwegian_century(year: int, serial: int) -> int:
    if serial < 500:
        return 1900
    if serial < 750 and year >= 54:
        return 1800
    if year < 40:
        return 2000
    return 1900 if serial >= 900 else 0


def za_id(digits: str) -> bool:
    """South African number: a day of birth, a serial, a citizen or a resident, Luhn.

    Identification Act 68 of 1997. Which century is not said.
    """
    return (
        numeric(digits, 13)
        and is_day(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
        and digits[10] in "01"
        and luhn(digits)
    )


CHECKS: dict[str, Check] = {
    "ru_inn": ru_inn,
    "ru_snils": ru_snils,
    "ru_passport": ru_passport,
    "ua_rnokpp": ua_rnokpp,
    "ch_ahv": ch_ahv,
    "no_fodselsnummer": no_fodselsnummer,
    "za_id": za_id,
}
