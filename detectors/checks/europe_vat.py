"""VAT numbers of the members of the European Union, with the prefix of the state in front.

Formats: Council Directive 2006/112/EC article 215 and the Commission's VIES; sums: the states' own
rules as collected by python-stdnum (stdnum.eu.vat), which the tests hold them against.
"""

import re
from collections.abc import Sequence

from detectors.checks.digits import Check, luhn, mod11_10, numeric, weighted
from detectors.checks.europe_east import bg_egn, bg_lnch, cz_birth_number, pl_nip, ro_cnp
from detectors.checks.europe_north import lv_personal_code
from detectors.checks.europe_south import cy_tax_id, es_nie, es_nif, gr_afm, pt_nif
from detectors.checks.europe_west import nl_bsn


def eu_vat(text: str) -> bool:
    """Say whether a text is a VAT number: the prefix of a member state, and a number of its form."""
    state = _STATES.get(text[:2])
    return state is not None and text[2:].strip("0") != "" and state(text[2:])


def _sum(size: int, modulus: int, weights: Sequence[int], first: str = "0123456789") -> Check:
    """Return the check of numbers of one size whose weighted sum is a multiple of ``modulus``."""

    def holds(digits: str) -> bool:
        return (
            numeric(digits, size)
            and digits[0] in first
            and weighted(digits, weights) % modulus == 0
        )

    return holds


def _at(text: str) -> bool:
    if text[:1] != "U" or not numeric(text[1:], 8):
        return False
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in text[2:8:2])
    return (doubled + sum(map(int, text[1:8:2])) + int(text[8])) % 10 == 6


def _be(digits: str) -> bool:
    return (
        numeric(digits, 10) and digits[0] in "01" and (int(digits[:8]) + int(digits[8:])) % 97 == 0
    )


def _bg(digits: str) -> bool:
    if numeric(digits, 9):
        check = weighted(digits[:8], range(1, 9)) % 11
        if check == 10:
            check = weighted(digits[:8], range(3, 11)) % 11 % 10
        return check == int(digits[8])
    other = numeric(digits, 10) and weighted(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    return other or bg_egn(digits) or bg_lnch(digits)


def _cz(digits: str) -> bool:
    if numeric(digits, 8):
        check = -weighted(digits[:7], (8, 7, 6, 5, 4, 3, 2)) % 11
        return digits[0] != "9" and (check or 1) % 10 == int(digits[7])
    if numeric(digits, 9) and digits[0] == "6":
        check = weighted(digits[1:8], (8, 7, 6, 5, 4, 3, 2)) % 11
        return (8 - (10 - check) % 11) % 10 == int(digits[8])
    return cz_birth_number(digits)


def _de(digits: str) -> bool:
    return numeric(digits, 9) and digits[0] != "0" and mod11_10(digits)


_COMPANY = re.compile(r"[ABCDEFGHJNPQRSUVW]([0-9]{7})([0-9A-J])")


def _es(text: str) -> bool:
    company = _COMPANY.fullmatch(text)
    if company is None:
        return es_nif(text) or es_nie(text)
    check = company[2] if company[2].isdigit() else str("JABCDEFGHI".index(company[2]))
    return luhn(company[1] + check)


_FR_KEY = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def _fr(text: str) -> bool:
    key, siren = text[:2], text[2:]
    if not numeric(siren, 9) or any(char not in _FR_KEY for char in key):
        return False
    if not (siren.startswith("000") or luhn(siren)):  # 000: Monaco
        return False
    if key.isdigit():
        return int(key) == int(siren + "12") % 97
    first, second = map(_FR_KEY.index, key)
    check = first * 24 + second - 10 if first < 10 else first * 34 + second - 100
    return (int(siren) + 1 + check // 11) % 11 == check % 11


def _hr(digits: str) -> bool:
    return numeric(digits, 11) and mod11_10(digits)


_IE = re.compile(r"([0-9])([0-9A-Z])([0-9]{5})([A-W])([A-W]?)")
_IE_CHECK = "WABCDEFGHIJKLMNOPQRSTUV"


def _ie(text: str) -> bool:
    match = _IE.fullmatch(text)
    if match is None:
        return False
    first, second, five, check, last = match.groups()
    if second.isdigit():
        total = weighted(first + second + five, (8, 7, 6, 5, 4, 3, 2))
        total += 9 * _IE_CHECK.index(last or "W")
    else:
        total = weighted(five + first, (7, 6, 5, 4, 3, 2))
    return check == _IE_CHECK[total % 23]


def it_vat(digits: str) -> bool:
    """Italian partita IVA: seven digits, the office of the province, a Luhn digit."""
    return (
        numeric(digits, 11)
        and digits[:7] != "0000000"
        and ("001" <= digits[7:10] <= "100" or digits[7:10] in ("120", "121", "888", "999"))
        and luhn(digits)
    )


def _lt(digits: str) -> bool:
    if not numeric(digits, 9, 12) or digits[-2] != "1":
        return False
    check = weighted(digits[:-1], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2)) % 11
    if check == 10:
        check = weighted(digits[:-1], (3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4)) % 11 % 10
    return check == int(digits[-1])


def _lu(digits: str) -> bool:
    return numeric(digits, 8) and (int(digits[:6]) % 89 == int(digits[6:]))


def _lv(digits: str) -> bool:
    if numeric(digits, 11) and digits[0] > "3":
        return weighted(digits, (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)) % 11 == 3
    return lv_personal_code(digits)


def _nl(text: str) -> bool:
    number, letter, place = text[:9], text[9:10], text[10:]
    if letter != "B" or not numeric(number, 9) or not numeric(place, 2) or place == "00":
        return False
    # Since 2020 sole traders have a number of its own, which is no burgerservicenummer.
    return nl_bsn(number) or (number != "000000000" and int(f"2321{number}11{place}") % 97 == 1)


def _ro(digits: str) -> bool:
    if numeric(digits, 13):
        return ro_cnp(digits)
    if not numeric(digits, *range(2, 11)) or digits[0] == "0":
        return False
    total = 10 * weighted(digits[:-1].zfill(9), (7, 5, 3, 2, 1, 7, 5, 3, 2))
    return total % 11 % 10 == int(digits[-1])


def _se(digits: str) -> bool:
    return numeric(digits, 12) and digits.endswith("01") and luhn(digits[:10])


def si_tax_number(digits: str) -> bool:
    """Slovenian davčna številka, of persons too: eight digits, mod 11 (Zakon o finančni upravi)."""
    if not numeric(digits, 8) or digits[0] == "0":
        return False
    check = 11 - weighted(digits[:7], (8, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if check == 10 else check) == int(digits[7])


def _sk(digits: str) -> bool:
    own = numeric(digits, 10) and digits[0] != "0" and digits[2] in "234789"
    return (own and int(digits) % 11 == 0) or (len(digits) == 10 and cz_birth_number(digits))


_STATES: dict[str, Check] = {
    "AT": _at,
    "BE": _be,
    "BG": _bg,
    "CY": cy_tax_id,
    "CZ": _cz,
    "DE": _de,
    "DK": _sum(8, 11, (2, 7, 6, 5, 4, 3, 2, 1), "123456789"),
    "EE": _sum(9, 10, (3, 7, 1, 3, 7, 1, 3, 7, 1)),
    "EL": gr_afm,
    "ES": _es,
    "FI": _sum(8, 11, (7, 9, 10, 5, 8, 4, 2, 1)),
    "FR": _fr,
    "GR": gr_afm,
    "HR": _hr,
    "HU": _sum(8, 10, (9, 7, 3, 1, 9, 7, 3, 1)),
    "IE": _ie,
    "IT": it_vat,
    "LT": _lt,
    "LU": _lu,
    "LV": _lv,
    "MT": _sum(8, 37, (3, 4, 6, 7, 8, 9, 10, 1), "123456789"),
    "NL": _nl,
    "PL": pl_nip,
    "PT": pt_nif,
    "RO": _ro,
    "SE": _se,
    "SI": si_tax_number,
    "SK": _sk,
}


CHECKS: dict[str, Check] = {
    "eu_vat": eu_vat,
    "it_vat": it_vat,
    "si_tax_number": si_tax_number,
}
