"""Personal numbers of the Nordic and Baltic members of the European Union."""

from detectors.checks.digits import Check, is_day, luhn, numeric, weighted


def dk_cpr(digits: str) -> bool:
    """Danish CPR number: DDMMYY and four digits, the first of which gives the century.

    No sum: since 2007 numbers are issued that fail the old one. Source: CPR-kontoret,
    Personnummeret i CPR.
    """
    if not numeric(digits, 10):
        return False
    year, serial = int(digits[4:6]), digits[6]
    if serial in "5678":
        century = 1800 if year >= 58 else 2000
    else:
        century = 2000 if serial in "49" and year <= 36 else 1900
    return is_day(century + year, int(digits[2:4]), int(digits[:2]))


def ee_personal_code(digits: str) -> bool:
    """Estonian isikukood: sex and century, YYMMDD, serial, and a mod 11 digit (EVS 585:2007)."""
    return _has_day(digits) and _baltic(digits)


def lt_personal_code(digits: str) -> bool:
    """Lithuanian asmens kodas: as in Estonia; those that begin with 9 tell no day of birth.

    Source: Law I-1446 on the population register.
    """
    return (_has_day(digits) or (numeric(digits, 11) and digits[0] == "9")) and _baltic(digits)


def _has_day(digits: str) -> bool:
    if not numeric(digits, 11) or not "1" <= digits[0] <= "8":
        return False
    century = 1800 + (int(digits[0]) - 1) // 2 * 100
    return is_day(century + int(digits[1:3]), int(digits[3:5]), int(digits[5:7]))


def _baltic(digits: str) -> bool:
    check = weighted(digits[:10], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    if check == 10:
        check = weighted(digits[:10], (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return check == int(digits[10])


_HETU_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_HETU_CENTURY = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}


def fi_hetu(text: str) -> bool:
    """Finnish henkilötunnus: DDMMYY, a sign for the century, 002 to 899, and one of 31 characters.

    The hyphen that stands for the twentieth century may be gone. Source: Digital and Population
    Data Services Agency, The personal identity code (signs of 2023 included).
    """
    if len(text) == 10:
        text = f"{text[:6]}-{text[6:]}"
    digits = text[:6] + text[7:10]
    if len(text) != 11 or not numeric(digits, 9) or text[6] not in _HETU_CENTURY:
        return False
    year = _HETU_CENTURY[text[6]] + int(digits[4:6])
    return (
        is_day(year, int(digits[2:4]), int(digits[:2]))
        and 2 <= int(digits[6:]) <= 899
        and text[10] == _HETU_CHECK[int(digits) % 31]
    )


def lv_personal_code(digits: str) -> bool:
    """Latvian personas kods: DDMMYY, a century digit and a serial, or 32 and no day; mod 11.

    Source: Law on the natural persons register, section 5.
    """
    if not numeric(digits, 11):
        return False
    check = (1 + weighted(digits, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10
    if check != int(digits[10]):
        return False
    year = 1800 + int(digits[6]) * 100 + int(digits[4:6])
    return digits.startswith("32") or (
        digits[6] <= "2" and is_day(year, int(digits[2:4]), int(digits[:2]))
    )


def se_personnummer(digits: str) -> bool:
    """Swedish personnummer or samordningsnummer: (YY)YYMMDD, a serial and a Luhn digit.

    A samordningsnummer has 60 added to its day. Source: Folkbokföringslagen (1991:481) 18 §;
    Skatteverket SKV 704 and SKV 707.
    """
    if not numeric(digits, 10, 12) or not luhn(digits[-10:]):
        return False
    year, month, day = int(digits[:-8]), int(digits[-8:-6]), int(digits[-6:-4])
    if len(digits) == 10:
        year += 2000  # leap years are the same ones in both centuries but for 1900
    return 1800 <= year <= 2099 and is_day(year, month, day - 60 if day > 60 else day)


def se_organisationsnummer(digits: str) -> bool:
    """Swedish organisationsnummer: ten digits with Luhn, the third of them 2 or more, so no day.

    Source: Lag (1974:174) om identitetsbeteckning för juridiska personer.
    """
    return numeric(digits, 10) and digits[0] != "0" and digits[2] >= "2" and luhn(digits)


CHECKS: dict[str, Check] = {
    "dk_cpr": dk_cpr,
    "ee_personal_code": ee_personal_code,
    "lt_personal_code": lt_personal_code,
    "fi_hetu": fi_hetu,
    "lv_personal_code": lv_personal_code,
    "se_personnummer": se_personnummer,
    "se_organisationsnummer": se_organisationsnummer,
}
