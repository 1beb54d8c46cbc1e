"""Numbers of Asia and the Pacific: India, Singapore, Japan, Korea, China, Thailand, Australia, New Zealand."""

import re

from detectors.checks.digits import Check, is_day, luhn, numeric, verhoeff, weighted


def in_aadhaar(digits: str) -> bool:
    """Indian Aadhaar number: twelve digits from 2 up, Verhoeff, not the same backwards (UIDAI)."""
    return numeric(digits, 12) and digits[0] > "1" and digits != digits[::-1] and verhoeff(digits)


_PAN = re.compile("[A-Z]{3}[ABCFGHJKLPT][A-Z][0-9]{4}[A-Z]")


def in_pan(text: str) -> bool:
    """Indian tax number (PAN): five letters, the fourth a kind of holder, a serial, a letter.

    How the last letter comes about is not published.
    """
    return bool(_PAN.fullmatch(text)) and text[5:9] != "0000"


_GSTIN = re.compile("(?:0[1-9]|[12][0-9]|3[0-8]|97)([A-Z0-9]{10})[1-9A-Z]Z[0-9A-Z]")


def in_gstin(text: str) -> bool:
    """Indian goods and services number: a state, the holder's PAN, a count, Z, Luhn modulo 36."""
    match = _GSTIN.fullmatch(text)
    if match is None or not in_pan(match[1]):
        return False
    total = 0
    for place, char in enumerate(reversed(text)):
        total += sum(divmod(int(char, 36) * (1 + place % 2), 36))
    return total % 36 == 0


_VOTER = re.compile("[A-Z]{3}[0-9]{7}")


def in_voter(text: str) -> bool:
    """Indian voter's card (EPIC): three letters and seven digits, Luhn (Election Commission)."""
    return bool(_VOTER.fullmatch(text)) and luhn(text[3:])


_NRIC = re.compile("[STFGM][0-9]{7}[A-Z]")
# What is added first and the letters by the rest modulo 11, for each series.
_NRIC_SERIES = {
    "S": (0, "JZIHGFEDCBA"),
    "T": (4, "JZIHGFEDCBA"),
    "F": (0, "XWUTRQPNMLK"),
    "G": (4, "XWUTRQPNMLK"),
    "M": (3, "XWUTRQPNJLK"),
}


def sg_nric_fin(text: str) -> bool:
    """Singaporean identity number (NRIC, FIN): a series, seven digits, a letter modulo 11.

    Immigration and Checkpoints Authority; the series M since 2022.
    """
    if not _NRIC.fullmatch(text):
        return False
    more, letters = _NRIC_SERIES[text[0]]
    return letters[(more + weighted(text[1:], (2, 7, 6, 5, 4, 3, 2))) % 11] == text[8]


_UEN_BUSINESS = re.compile("[0-9]{8}[A-Z]")
_UEN_COMPANY = re.compile("(?:1[89][0-9]{2}|20[0-4][0-9])[0-9]{5}[A-Z]")
_UEN_OTHER = re.compile(
    "[RST][0-9]{2}(?:C[CDHLMPSX]|DP|F[BCMN]|G[ABS]|HS|L[LP]|M[BCDHMQ]|N[BR]|P[ABF]|R[FP]|S[MS]|T[CU]"
    "|VH|XL)[0-9]{4}[A-Z]"
)
_UEN_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWX0123456789"


def sg_uen(text: str) -> bool:
    """Singaporean entity number: of a business, a company or another body, a letter modulo 11.

    Accounting and Corporate Regulatory Authority, Unique Entity Number.
    """
    if _UEN_BUSINESS.fullmatch(text):
        return "XMKECAWLJDB"[weighted(text, (10, 4, 9, 3, 8, 2, 7, 1)) % 11] == text[8]
    if _UEN_COMPANY.fullmatch(text):
        return "ZKCMDNERGWH"[weighted(text, (10, 8, 6, 4, 9, 7, 5, 3, 1)) % 11] == text[9]
    if not _UEN_OTHER.fullmatch(text):
        return False
    values = [_UEN_ALPHABET.index(char) for char in text[:9]]
    total = sum(w * v for w, v in zip((4, 3, 5, 3, 10, 2, 2, 5, 7), values, strict=True))
    return _UEN_ALPHABET[(total - 5) % 11] == text[9]


def jp_my_number(digits: str) -> bool:
    """Japanese individual number: twelve digits, the last modulo 11.

    Ordinance 85 of 2014 of the Ministry of Internal Affairs and Communications, article 5.
    """
    return (
        numeric(digits, 12)
        and -weighted(digits, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 % 10 == ord(digits[11]) - 48
    )


def jp_corporate_number(digits: str) -> bool:
    """Japanese corporate number: thirteen digits, the first modulo 9 over the others.

    Ordinance 70 of 2014 of the Ministry of Finance, article 2.
    """
    return numeric(digits, 13) and 9 - weighted(digits[1:], (2, 1) * 6) % 9 == ord(digits[0]) - 48


_KR_NEW = "202010"  # from this month on numbers have no check digit


def kr_rrn(digits: str) -> bool:
    """Korean resident number: day of birth, century and sex, six digits; the last modulo 11.

    Who is born since October 2020 has six random digits there: Enforcement Rule of the Resident
    Registration Act, article 2.
    """
    if not numeric(digits, 13):
        return False
    century = {"9": 18, "0": 18, "3": 20, "4": 20, "7": 20, "8": 20}.get(digits[6], 19)
    born = f"{century}{digits[:6]}"
    if not is_day(int(born[:4]), int(born[4:6]), int(born[6:])):
        return False
    if born[:6] >= _KR_NEW:
        return True
    total = weighted(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))
    return digits[7:9] <= "96" and (11 - total % 11) % 10 == ord(digits[12]) - 48


def kr_brn(digits: str) -> bool:
    """Korean business number: an office from 101, a kind, a serial; the last modulo 10.

    National Tax Service: the ninth digit counts with the tens of five times itself.
    """
    if not numeric(digits, 10) or digits[:3] < "101":
        return False
    if digits[3:5] == "00" or digits[5:9] == "0000":
        return False
    total = weighted(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + 5 * (ord(digits[8]) - 48) // 10
    return -total % 10 == ord(digits[9]) - 48


_RIC = re.compile("[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9X]")


def cn_id(text: str) -> bool:
    """Chinese identity number: a place, a day of birth, a serial, ISO 7064 MOD 11-2.

    GB 11643-1999.
    """
    if not _RIC.fullmatch(text) or not is_day(int(text[6:10]), int(text[10:12]), int(text[12:14])):
        return False
    total = weighted(text, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return "10X98765432"[total % 11] == text[17]


def th_tnin(digits: str) -> bool:
    """Thai identity number: thirteen digits from 1 to 8, the last modulo 11."""
    return (
        numeric(digits, 13)
        and "1" <= digits[0] <= "8"
        and (11 - weighted(digits, range(13, 1, -1)) % 11) % 10 == ord(digits[12]) - 48
    )


def au_abn(digits: str) -> bool:
    """Australian business number: eleven digits, 1 less in the first, weights modulo 89.

    Australian Business Register, Format of the ABN.
    """
    return (
        numeric(digits, 11)
        and digits[:2] > "10"
        and (weighted(digits, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) - 10) % 89 == 0
    )


def au_acn(digits: str) -> bool:
    """Australian company number: nine digits, the last modulo 10 (Corporations Regulations 2001)."""
    return (
        numeric(digits, 9)
        and digits != "000000000"
        and -weighted(digits, (8, 7, 6, 5, 4, 3, 2, 1)) % 10 == ord(digits[8]) - 48
    )


def au_tfn(digits: str) -> bool:
    """Australian tax file number: eight or nine digits, the weighted sum divides by 11."""
    return (
        numeric(digits, 8, 9)
        and digits.strip("0") != ""
        and weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0
    )


def au_medicare(digits: str) -> bool:
    """Australian Medicare card: eight digits from 2 to 6, modulo 10, an issue, perhaps a person.

    METEOR 270101, Person, Medicare card number.
    """
    return (
        numeric(digits, 10, 11)
        and "2" <= digits[0] <= "6"
        and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == ord(digits[8]) - 48
        and "0" not in digits[9:]
    )


def nz_ird(digits: str) -> bool:
    """New Zealand tax number: eight or nine digits, the last modulo 11 with one of two weights.

    Inland Revenue, Resident withholding tax specification: 10,000,000 to 150,000,000.
    """
    if not numeric(digits, 8, 9) or not 10_000_000 < int(digits) < 150_000_000:
        return False
    body, last = digits[:-1].zfill(8), ord(digits[-1]) - 48
    check = -weighted(body, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if check == 10:
        check = -weighted(body, (7, 4, 3, 2, 5, 2, 7, 6)) % 11
    return check == last


CHECKS: dict[str, Check] = {
    "in_aadhaar": in_aadhaar,
    "in_pan": in_pan,
    "in_gstin": in_gstin,
    "in_voter": in_voter,
    "sg_nric_fin": sg_nric_fin,
    "sg_uen": sg_uen,
    "jp_my_number": jp_my_number,
    "jp_corporate_number": jp_corporate_number,
    "kr_rrn": kr_rrn,
    "kr_brn": kr_brn,
    "cn_id": cn_id,
    "th_tnin": th_tnin,
    "au_abn": au_abn,
    "au_acn": au_acn,
    "au_tfn": au_tfn,
    "au_medicare": au_medicare,
    "nz_ird": nz_ird,
}
