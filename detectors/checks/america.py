"""Numbers of the United States, Canada, Brazil, Mexico, Argentina and Chile."""

import re
import string

from detectors.checks.digits import Check, is_day, luhn, numeric, weighted

# Numbers of advertisements and samples that many files hold: they are nobody's.
_SSN_SAMPLES = frozenset(["078051120", "219099999", "457555462"])


def us_ssn(digits: str) -> bool:
    """US Social Security number: never area 000, 666 or 9xx, never group 00 or serial 0000.

    SSA, POMS RM 10201.035. Since 2011 nothing else of it can be checked.
    """
    return (
        numeric(digits, 9)
        and digits[:3] not in ("000", "666")
        and digits[0] != "9"
        and digits[3:5] != "00"
        and digits[5:] != "0000"
        and digits not in _SSN_SAMPLES
    )


def us_itin(digits: str) -> bool:
    """US taxpayer number of who has no SSN: 9, and a group of 50-65, 70-88, 90-92 or 94-99.

    IRS Publication 4757.
    """
    group = digits[3:5]
    return (
        numeric(digits, 9)
        and digits[0] == "9"
        and ("50" <= group <= "65" or ("70" <= group <= "99" and group not in ("89", "93")))
    )


def us_atin(digits: str) -> bool:
    """US taxpayer number of a child in adoption: 9 and the group 93 (IRS Publication 1346)."""
    return numeric(digits, 9) and digits[0] == "9" and digits[3:5] == "93"


# IRS, How EINs are assigned and valid EIN prefixes.
_EIN = re.compile(
    "(?:0[1-6]|1[0-6]|2[0-7]|3[0-9]|4[0-8]|5[0-9]|6[0-8]|7[1-7]|8[0-8]|9[0-5]|9[89])[0-9]{7}"
)


def us_ein(digits: str) -> bool:
    """US employer number: nine digits, the first two the prefix of a campus of the IRS."""
    return bool(_EIN.fullmatch(digits)) and digits[2:] != "0000000"


def aba_routing_number(digits: str) -> bool:
    """US bank routing number: a Federal Reserve prefix, and weights 3, 7, 1 make a sum of tens.

    American Bankers Association, Routing Number Policy.
    """
    prefix = digits[:2]
    return (
        numeric(digits, 9)
        and (
            "01" <= prefix <= "12"
            or "21" <= prefix <= "32"
            or "61" <= prefix <= "72"
            or prefix in ("00", "80")
        )
        and digits[:4] != "0000"
        and weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0
    )


def us_npi(digits: str) -> bool:
    """US provider number: ten digits from 1 or 2, Luhn behind the prefix 80840 (45 CFR 162.406)."""
    return numeric(digits, 10) and digits[0] in "12" and luhn("80840" + digits)


_MBI = re.compile(
    "[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]"
    "[AC-HJKMNP-RT-Y]{2}[0-9]{2}"
)


def us_mbi(text: str) -> bool:
    """US Medicare number: 11 places for digits and letters, never S, L, O, I, B or Z.

    CMS, Understanding the Medicare Beneficiary Identifier Format.
    """
    return bool(_MBI.fullmatch(text))


_DEA = re.compile("[ABCDEFGHJKLMPRSTUX][A-Z9][0-9]{7}")


def medical_license(text: str) -> bool:
    """US certificate of the Drug Enforcement Administration: two letters and seven digits.

    The 1st, 3rd and 5th digit and twice the 2nd, 4th and 6th add up to what ends with the 7th.
    """
    return (
        bool(_DEA.fullmatch(text))
        and weighted(text[2:], (1, 2, 1, 2, 1, 2)) % 10 == ord(text[8]) - 48
    )


def ca_sin(digits: str) -> bool:
    """Canadian Social Insurance number: nine digits, Luhn; none begins with 0 or 8."""
    return numeric(digits, 9) and digits[0] not in "08" and luhn(digits)


def br_cpf(digits: str) -> bool:
    """Brazilian person's number: eleven digits, the last two modulo 11 (Receita Federal).

    Eleven times the same digit passes the sums and is refused by the register.
    """
    if not numeric(digits, 11) or digits == digits[0] * 11:
        return False
    first = -weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11 % 10
    if digits[9] != str(first):
        return False
    return digits[10] == str(-weighted(digits, (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11 % 10)


_CNPJ = re.compile("[0-9A-Z]{12}[0-9]{2}")


def br_cnpj(text: str) -> bool:
    """Brazilian company number: twelve digits, since 2026 letters too, and two modulo 11.

    Instrução Normativa RFB 2229/2024: a letter counts as its place in ASCII behind 0.
    """
    if not _CNPJ.fullmatch(text) or text.startswith("000000000000"):
        return False
    first = -weighted(text, (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11 % 10
    second = -weighted(text, (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) % 11 % 10
    return text[12:] == f"{first}{second}"


_CURP = re.compile(
    "[A-Z]{4}[0-9]{6}[HMX]"
    "(?:AS|B[CS]|C[CHLMS]|D[FG]|G[RT]|HG|JC|M[CNS]|N[ELT]|OC|PL|Q[RT]|S[LPR]|T[CLS]|VZ|YN|ZS)"
    "[A-Z]{3}[0-9A-Z][0-9]"
)
# Between N and O stands Ñ, which takes a value and never occurs.
_CURP_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ")}


def mx_curp(text: str) -> bool:
    """Mexican population key (CURP): 18 places with a day of birth, a state and a check digit.

    Instructivo Normativo para la asignación de la CURP, Diario Oficial of 18 October 2021.
    """
    if not _CURP.fullmatch(text):
        return False
    year = (1900 if text[16].isdigit() else 2000) + int(text[4:6])
    total = sum(_CURP_VALUES[char] * (18 - place) for place, char in enumerate(text[:17]))
    return is_day(year, int(text[6:8]), int(text[8:10])) and -total % 10 == ord(text[17]) - 48


_CUIT = re.compile("(?:2[03-7]|3[034]|5[015])[0-9]{9}")


def ar_cuit(digits: str) -> bool:
    """Argentine tax number (CUIT, CUIL): a kind of holder, eight digits, modulo 11."""
    if not _CUIT.fullmatch(digits):
        return False
    rest = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return "09987654321"[rest] == digits[10]


_RUT = re.compile("[0-9]{7,8}[0-9K]")


def cl_rut(text: str) -> bool:
    """Chilean number (RUT, RUN): seven or eight digits, then modulo 11 with K for ten."""
    if not _RUT.fullmatch(text):
        return False
    total = weighted(text[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3))
    return "0123456789K"[-total % 11] == text[-1]


_LETTERS_TO_A = str.maketrans(string.ascii_uppercase + string.digits, "A" * 26 + "9" * 10)
_LICENSES = re.compile(
    "A9{6,14}|A{2}9{5,7}|A{3}9{6}|9{7,10}|9{12}|9{14}|9{7,9}A|9{3}A{2}9{4}|9{2}A{3}9{5}|A9A9A"
)


def us_driver_license(text: str) -> bool:
    """US driver's licence: letters and digits in one of the shapes of the fifty states.

    AAMVA, D20 data dictionary. No state's number can be checked from outside.
    """
    return bool(_LICENSES.fullmatch(text.translate(_LETTERS_TO_A))) and not _reads_as_day(text)


def us_bank_number(digits: str) -> bool:
    """US account number: up to 17 digits, as banks like; a day is written beside it more often."""
    return numeric(digits, *range(6, 18)) and digits.strip("0") != "" and not _reads_as_day(digits)


_PARCEL = re.compile("[0-9]{8,20}[A-Z]?")


def us_parcel_number(text: str) -> bool:
    """US assessor's parcel number: eight digits or more, as each county likes, but no day."""
    return bool(_PARCEL.fullmatch(text)) and not _reads_as_day(text)


def _reads_as_day(text: str) -> bool:
    if not numeric(text, 8):
        return False
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return 1900 <= year <= 2099 and is_day(year, month, day)


CHECKS: dict[str, Check] = {
    "us_ssn": us_ssn,
    "us_itin": us_itin,
    "us_atin": us_atin,
    "us_ein": us_ein,
    "aba_routing_number": aba_routing_number,
    "us_npi": us_npi,
    "us_mbi": us_mbi,
    "medical_license": medical_license,
    "us_driver_license": us_driver_license,
    "us_bank_number": us_bank_number,
    "us_parcel_number": us_parcel_number,
    "ca_sin": ca_sin,
    "br_cpf": br_cpf,
    "br_cnpj": br_cnpj,
    "mx_curp": mx_curp,
    "ar_cuit": ar_cuit,
    "cl_rut": cl_rut,
}
