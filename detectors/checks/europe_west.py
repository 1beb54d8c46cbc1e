"""Personal numbers of Austria, Belgium, France, Ireland, Luxembourg and the Netherlands."""

import re

from detectors.checks.digits import (
    Check,
    is_day,
    luhn,
    numeric,
    verhoeff,
    weighted,
)


def at_svnr(digits: str) -> bool:
    """Austrian Versicherungsnummer: serial, check digit (mod 11), DDMMYY.

    Where the serials of a day are used up its month is 13 to 15. Source: § 30c ASVG;
    Dachverband der Sozialversicherungsträger, Versicherungsnummer.
    """
    return (
        numeric(digits, 10)
        and digits[0] != "0"
        and "01" <= digits[4:6] <= "31"
        and "01" <= digits[6:8] <= "15"
        and weighted(digits, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(digits[3])
    )


def be_national_number(digits: str) -> bool:
    """Belgian national or BIS number: YYMMDD, a serial, and 97 minus the rest mod 97.

    From 2000 on a 2 is put in front for the sum. BIS numbers add 20 or 40 to the month; an unknown
    month or day is 0. Source: IBZ, Instructions for keeping the registers, IT000.
    """
    if not numeric(digits, 11) or int(digits[2:4]) % 20 > 12 or digits[2:4] > "52":
        return False
    born = int(digits[:9])
    check = 97 - int(digits[9:])
    return digits[4:6] <= "31" and check in (born % 97, (2_000_000_000 + born) % 97)


def fr_nir(text: str) -> bool:
    """French NIR: sex, YYMM, department, commune, serial, and 97 minus the rest mod 97.

    Corsica's 2A and 2B count as 19 and 18; months from 20 on stand for incomplete dates.
    Source: INSEE, decree 82-103.
    """
    number = text
    if text[5:7] in ("2A", "2B"):
        number = text[:5] + ("19" if text[6] == "A" else "18") + text[7:]
    if not numeric(number, 15) or number[0] not in "123478":
        return False
    month = int(number[3:5])
    known = 1 <= month <= 12 or month == 20 or 30 <= month <= 42 or month >= 50
    return known and int(number[:13]) % 97 == 97 - int(number[13:])


def fr_tax_id(digits: str) -> bool:
    """French numéro fiscal (SPI): 13 digits, the last three of them the rest mod 511.

    Source: European Commission, TIN by country, France.
    """
    return numeric(digits, 13) and digits[0] <= "3" and int(digits[:10]) % 511 == int(digits[10:])


_PPSN = re.compile(r"([0-9]{7})([A-W])([ABHWTX]?)")
_PPSN_CHECK = "WABCDEFGHIJKLMNOPQRSTUV"


def ie_ppsn(text: str) -> bool:
    """Irish PPS number: seven digits, a letter mod 23, and from 2013 on a second letter.

    Of the second letters W, T and X do not count. Source: Revenue, PPSN check character; SI 389/2013.
    """
    match = _PPSN.fullmatch(text)
    if match is None:
        return False
    total = weighted(match[1], (8, 7, 6, 5, 4, 3, 2))
    if match[3] in ("A", "B", "H"):
        total += 9 * _PPSN_CHECK.index(match[3])
    return match[2] == _PPSN_CHECK[total % 23]


def lu_nin(digits: str) -> bool:
    """Luxembourgish matricule: YYYYMMDD, a serial, a Luhn and a Verhoeff digit over the eleven.

    Nobody born before 1880 has one. Source: Règlement grand-ducal du 21 novembre 2013.
    """
    return (
        numeric(digits, 13)
        and "1880" <= digits[:4] <= "2099"
        and is_day(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        and luhn(digits[:12])
        and verhoeff(digits[:11] + digits[12])
    )


def nl_bsn(digits: str) -> bool:
    """Dutch burgerservicenummer: nine digits that pass the elfproef.

    Source: Besluit burgerservicenummer; Logisch ontwerp BSN.
    """
    return (
        numeric(digits, 9)
        and digits != "000000000"
        and weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0
    )


CHECKS: dict[str, Check] = {
    "at_svnr": at_svnr,
    "be_national_number": be_national_number,
    "fr_nir": fr_nir,
    "fr_tax_id": fr_tax_id,
    "ie_ppsn": ie_ppsn,
    "lu_nin": lu_nin,
    "nl_bsn": nl_bsn,
}
