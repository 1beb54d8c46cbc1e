"""Numbers of the United Kingdom."""

import re

from detectors.checks.digits import Check, numeric, weighted


def uk_nhs(digits: str) -> bool:
    """NHS number: ten digits whose sum with the weights 10 to 1 divides by 11.

    NHS Data Dictionary, NHS NUMBER.
    """
    return (
        numeric(digits, 10)
        and digits != "0000000000"
        and weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    )


def uk_utr(digits: str) -> bool:
    """Unique Taxpayer Reference: ten digits, the first modulo 11 over the other nine.

    OECD, tax identification numbers of the United Kingdom.
    """
    if not numeric(digits, 10):
        return False
    total = weighted(digits[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2))
    return "21987654321"[total % 11] == digits[0]


_NINO = re.compile("[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z][0-9]{6}[A-D]")
_NINO_NEVER = frozenset(["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"])


def uk_nino(text: str) -> bool:
    """National Insurance number: two letters that are given out, six digits, A to D.

    HMRC, National Insurance Manual NIM39110.
    """
    return bool(_NINO.fullmatch(text)) and text[:2] not in _NINO_NEVER


# The areas of Royal Mail's Postcode Address File, those of the Crown dependencies among them.
_POSTCODE = re.compile(
    "(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]"
    "|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?"
    "|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)"
    "[0-9][0-9A-HJKMNPR-Y]?[0-9][ABD-HJLNP-UW-Z]{2}"
    "|GIR0AA"
)


def uk_postcode(text: str) -> bool:
    """Postcode: an area that exists, a district, a sector, and a unit without C, I, K, M, O or V.

    BS 7666, and Royal Mail's list of areas.
    """
    return bool(_POSTCODE.fullmatch(text))


_LICENCE = re.compile(
    "[A-Z]{1,5}9{0,4}[0-9](?:[05][1-9]|[16][0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]"
    "[A-Z][A-Z9][0-9A-Z][A-Z]{2}"
)


def uk_driving_licence(text: str) -> bool:
    """Driving licence of Great Britain: five of the surname, the day of birth, initials, a check.

    DVLA: a name is filled up with 9, women's months are 50 more. How the last three places come
    about is not published.
    """
    return len(text) == 16 and bool(_LICENCE.fullmatch(text))


CHECKS: dict[str, Check] = {
    "uk_nhs": uk_nhs,
    "uk_utr": uk_utr,
    "uk_nino": uk_nino,
    "uk_postcode": uk_postcode,
    "uk_driving_licence": uk_driving_licence,
}
