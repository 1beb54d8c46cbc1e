"""Personal numbers of Cyprus, Greece, Italy, Malta, Portugal and Spain."""

import re

from detectors.checks.digits import Check, is_day, luhn, numeric, weighted

# The values of the digits and letters in odd places (the first is odd): Decree of 23 December 1976,
# article 5; the same row serves the digits of Cyprus.
_ODD = (
    1,
    0,
    5,
    7,
    9,
    13,
    15,
    17,
    19,
    21,
    2,
    4,
    18,
    20,
    11,
    3,
    6,
    8,
    12,
    14,
    16,
    10,
    22,
    25,
    24,
    23,
)


def cy_tax_id(text: str) -> bool:
    """Cypriot tax number (TIC): eight digits and a letter mod 26; none begins with 12.

    Source: European Commission, TIN by country, Cyprus; python-stdnum stdnum.cy.vat.
    """
    if not numeric(text[:8], 8) or len(text) != 9 or text.startswith("12"):
        return False
    digits = [int(char) for char in text[:8]]
    total = sum(_ODD[digit] for digit in digits[::2]) + sum(digits[1::2])
    return text[8] == chr(65 + total % 26)


def gr_amka(digits: str) -> bool:
    """Greek AMKA: DDMMYY, a serial and a Luhn digit (Law 3655/2008, article 153)."""
    if not numeric(digits, 11) or not luhn(digits):
        return False
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    return is_day(1900 + year, month, day) or is_day(2000 + year, month, day)


def gr_afm(digits: str) -> bool:
    """Greek AFM, the tax number: eight digits and a sum of powers of two, mod 11 mod 10.

    Source: European Commission, TIN by country, Greece.
    """
    return (
        numeric(digits, 9)
        and digits != "000000000"
        and weighted(digits, (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10 == int(digits[8])
    )


_DIGIT = "[0-9LMNPQRSTUV]"
_FISCAL = re.compile(f"[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]")
_AS_DIGITS = str.maketrans("LMNPQRSTUV", "0123456789")


def it_fiscal_code(text: str) -> bool:
    """Italian codice fiscale: name, YY, a letter for the month, DD, place of birth, a letter mod 26.

    Women have 40 added to the day. Where two codes would be equal, digits become letters from L on.
    Source: Decree of 23 December 1976, articles 2 to 6.
    """
    if not _FISCAL.fullmatch(text):
        return False
    year, day = (int(part.translate(_AS_DIGITS)) for part in (text[6:8], text[9:11]))
    values = [ord(char) - (48 if char.isdigit() else 65) for char in text]
    total = sum(_ODD[value] for value in values[:15:2]) + sum(values[1:15:2])
    month = "ABCDEHLMPRST".index(text[8]) + 1
    # A code does not tell the century; 1900 was no leap year, and who was born then is no more.
    return is_day(2000 + year, month, day % 40) and values[15] == total % 26


def pt_nif(digits: str) -> bool:
    """Portuguese NIF, the tax number: nine digits, mod 11 (Decreto-Lei 14/2013)."""
    return (
        numeric(digits, 9)
        and digits[0] != "0"
        and -weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2)) % 11 % 10 == int(digits[8])
    )


_CITIZEN_CARD = re.compile(r"[0-9]{9}[A-Z0-9]{2}[0-9]")


def pt_citizen_card(text: str) -> bool:
    """Portuguese Cartão de Cidadão: nine digits, a version of two characters, Luhn in base 36.

    Source: AMA, Validação de Número de Documento do Cartão de Cidadão.
    """
    if not _CITIZEN_CARD.fullmatch(text):
        return False
    values = [int(char, 36) for char in text]
    doubled = [2 * value - 9 if value > 4 else 2 * value for value in values[::2]]
    return (sum(doubled) + sum(values[1::2])) % 10 == 0


_NIF = re.compile(r"[0-9KLM][0-9]{7}[A-Z]")
_NIE = re.compile(r"[XYZ][0-9]{7}[A-Z]")
_CONTROL = "TRWAGMYFPDXBNJZSQVHLCKE"


def es_nif(text: str) -> bool:
    """Spanish NIF of a person: a DNI of eight digits, or K, L or M and seven; a letter mod 23.

    Source: Real Decreto 1065/2007, articles 19 and 20; Real Decreto 1553/2005.
    """
    return _NIF.fullmatch(text) is not None and (
        text[8] == _CONTROL[int(text[:8].lstrip("KLM")) % 23]
    )


def es_nie(text: str) -> bool:
    """Spanish NIE of a foreigner: X, Y or Z (0, 1 or 2), seven digits and a letter mod 23.

    Source: Real Decreto 557/2011, article 206; Orden INT/2058/2008.
    """
    return _NIE.fullmatch(text) is not None and (
        text[8] == _CONTROL[int(f"{ord(text[0]) - 88}{text[1:8]}") % 23]
    )


def es_social_security(digits: str) -> bool:
    """Spanish NUSS: province, eight digits, and the rest mod 97.

    Below ten million the number is added to the province, and not written behind it. Source:
    Tesorería General de la Seguridad Social, Composición del número de afiliación.
    """
    if not numeric(digits, 12) or not "01" <= digits[:2] <= "53":
        return False
    province, number = int(digits[:2]), int(digits[2:10])
    whole = number + province * (10_000_000 if number < 10_000_000 else 100_000_000)
    return whole % 97 == int(digits[10:])


CHECKS: dict[str, Check] = {
    "cy_tax_id": cy_tax_id,
    "gr_amka": gr_amka,
    "gr_afm": gr_afm,
    "it_fiscal_code": it_fiscal_code,
    "pt_nif": pt_nif,
    "pt_citizen_card": pt_citizen_card,
    "es_nif": es_nif,
    "es_nie": es_nie,
    "es_social_security": es_social_security,
}
