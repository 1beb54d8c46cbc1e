"""Personal numbers of Bulgaria, Croatia, Czechia, Hungary, Poland, Romania, Slovakia, Slovenia."""

import re

from detectors.checks.digits import Check, is_day, mod11_10, numeric, weighted


def bg_egn(digits: str) -> bool:
    """Bulgarian EGN: YYMMDD, a serial, mod 11 mod 10; the month has 20 or 40 added by century.

    Source: Civil Registration Act, article 11; GRAO, Структура на ЕГН.
    """
    if not numeric(digits, 10):
        return False
    offset, month = divmod(int(digits[2:4]) - 1, 20)
    year = int(digits[:2]) + {0: 1900, 1: 1800, 2: 2000}.get(offset, 0)
    return (
        offset <= 2
        and is_day(year, month + 1, int(digits[4:6]))
        and weighted(digits, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(digits[9])
    )


def bg_lnch(digits: str) -> bool:
    """Bulgarian LNCh, the number of a foreigner: nine digits and a sum mod 10.

    Source: Foreigners in the Republic of Bulgaria Act; python-stdnum stdnum.bg.pnf.
    """
    return numeric(digits, 10) and weighted(digits, (21, 19, 17, 13, 11, 9, 7, 3, 1)) % 10 == int(
        digits[9]
    )


def cz_birth_number(digits: str) -> bool:
    """Czech and Slovak rodné číslo: YYMMDD and a serial; from 1954 on a tenth digit, mod 11 mod 10.

    Women have 50 added to the month, and 20 where the serials of a day are used up. Source: Act
    133/2000 Sb. § 13; Slovak Act 301/1995 Z. z.
    """
    if not numeric(digits, 9, 10):
        return False
    year, month, day = int(digits[:2]), int(digits[2:4]) % 50 % 20, int(digits[4:6])
    if len(digits) == 9:
        century = 1900 if year < 54 else 1800
        return not 54 <= year < 80 and is_day(century + year, month, day)
    century = 2000 if year < 54 else 1900
    return is_day(century + year, month, day) and int(digits[:9]) % 11 % 10 == int(digits[9])


def hr_oib(digits: str) -> bool:
    """Croatian OIB: eleven digits, MOD 11,10 (Zakon o osobnom identifikacijskom broju)."""
    return numeric(digits, 11) and mod11_10(digits)


def hu_taj(digits: str) -> bool:
    """Hungarian TAJ number: nine digits, weights 3 and 7, mod 10 (Act XX of 1996, annex)."""
    return (
        numeric(digits, 9)
        and digits != "000000000"
        and weighted(digits, (3, 7, 3, 7, 3, 7, 3, 7)) % 10 == int(digits[8])
    )


def hu_tax_id(digits: str) -> bool:
    """Hungarian adóazonosító jel: 8, the days since 1867, a serial, mod 11 (Act XX of 1996)."""
    return (
        numeric(digits, 10)
        and digits[0] == "8"
        and weighted(digits, range(1, 10)) % 11 == int(digits[9])
    )


def hu_personal_id(digits: str) -> bool:
    """Hungarian személyi azonosító: sex and century, YYMMDD, a serial, mod 11.

    From 1997 on the weights run down instead of up. Source: Act XX of 1996, annex.
    """
    if not numeric(digits, 11) or not "1" <= digits[0] <= "4":
        return False
    year, month, day = int(digits[1:3]), int(digits[3:5]), int(digits[5:7])
    first = digits[0] in "12"
    new = not first or year >= 97
    check = weighted(digits, range(10, 0, -1) if new else range(1, 11)) % 11
    return is_day((1900 if first else 2000) + year, month, day) and check == int(digits[10])


def pl_pesel(digits: str) -> bool:
    """Polish PESEL: YYMMDD, a serial, mod 10; the century is added to the month.

    Source: Act of 24 September 2010 on population records, article 15.
    """
    if not numeric(digits, 11):
        return False
    century, month = divmod(int(digits[2:4]), 20)
    year = (1900, 2000, 2100, 2200, 1800)[century] + int(digits[:2])
    return (
        is_day(year, month, int(digits[4:6]))
        and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0
    )


def pl_nip(digits: str) -> bool:
    """Polish NIP, the tax number: ten digits, mod 11 (Act of 13 October 1995, article 5)."""
    return (
        numeric(digits, 10)
        and digits != "0000000000"
        and weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7, -1)) % 11 == 0
    )


def pl_regon(digits: str) -> bool:
    """Polish REGON, a business, sole traders too: nine digits or fourteen, mod 11 mod 10.

    Source: Regulation of 30 November 2015 on the REGON register, annex.
    """
    if not numeric(digits, 9, 14) or not digits.strip("0"):
        return False
    nine = weighted(digits, (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10 == int(digits[8])
    longer = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)
    return nine and (len(digits) == 9 or weighted(digits, longer) % 11 % 10 == int(digits[13]))


_PL_CARD = re.compile(r"[A-Z]{3}[0-9]{6}")


def pl_id_card(text: str) -> bool:
    """Polish identity card: three letters and six digits, the first of them the check digit.

    Letters count from A = 10, weights 7, 3 and 1. Source: Regulation of 29 January 2015 on the
    specimen of the identity card; ICAO Doc 9303-3 section 4.9.
    """
    if not _PL_CARD.fullmatch(text):
        return False
    values = [int(char, 36) for char in text]
    total = sum(
        weight * value for weight, value in zip((7, 3, 1, 9, 7, 3, 1, 7, 3), values, strict=True)
    )
    return total % 10 == 0


# Of the 52 counties; 70 is any, 80 to 83 are not known.
_RO_COUNTIES = frozenset(f"{number:02}" for number in (*range(1, 49), 51, 52, 70, 80, 81, 82, 83))


def ro_cnp(digits: str) -> bool:
    """Romanian CNP: sex and century, YYMMDD, county, a serial, mod 11 (10 is written 1).

    Source: Law 105/1996 on population records, annex; OUG 97/2005.
    """
    if not numeric(digits, 13) or digits[0] == "0" or digits[7:9] not in _RO_COUNTIES:
        return False
    century = {"3": 1800, "4": 1800, "5": 2000, "6": 2000}.get(digits[0], 1900)
    check = weighted(digits, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return is_day(century + int(digits[1:3]), int(digits[3:5]), int(digits[5:7])) and int(
        digits[12]
    ) == (1 if check == 10 else check)


def si_emso(digits: str) -> bool:
    """Slovenian EMŠO: DDMMYYY, region, a serial, mod 11 (Zakon o centralnem registru prebivalstva)."""
    if not numeric(digits, 13):
        return False
    year = int(digits[4:7])
    return is_day(year + (2000 if year < 800 else 1000), int(digits[2:4]), int(digits[:2])) and (
        -weighted(digits, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 % 10 == int(digits[12])
    )


CHECKS: dict[str, Check] = {
    "bg_egn": bg_egn,
    "bg_lnch": bg_lnch,
    "cz_birth_number": cz_birth_number,
    "hr_oib": hr_oib,
    "hu_taj": hu_taj,
    "hu_tax_id": hu_tax_id,
    "hu_personal_id": hu_personal_id,
    "pl_pesel": pl_pesel,
    "pl_nip": pl_nip,
    "pl_regon": pl_regon,
    "pl_id_card": pl_id_card,
    "ro_cnp": ro_cnp,
    "si_emso": si_emso,
}
