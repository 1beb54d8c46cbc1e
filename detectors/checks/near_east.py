"""National numbers of Türkiye, Kazakhstan, Israel and the Emirates."""

import re

from detectors.checks.digits import Check, luhn, month_day, numeric, weighted


def tr_national_id(digits: str) -> bool:
    """Turkish identity number (T.C. Kimlik No): 11 digits, two check digits, no leading 0."""
    if not numeric(digits, 11) or digits[0] == "0":
        return False
    number = digits.encode()
    odd, even = sum(number[:9:2]) - 5 * 48, sum(number[1:8:2]) - 4 * 48
    tenth, last = number[9] - 48, number[10] - 48
    return (7 * odd - even) % 10 == tenth and (odd + even + tenth) % 10 == last


def tr_vkn(digits: str) -> bool:
    """Turkish tax number (Vergi Kimlik No): 10 digits, the last a check digit."""
    if not numeric(digits, 10):
        return False
    total = 0
    for i, c in enumerate(digits[:9]):
        c1 = (ord(c) - 48 + 9 - i) % 10
        if c1:
            total += (c1 * 2 ** (9 - i)) % 9 or 9
    return (10 - total % 10) % 10 == ord(digits[9]) - 48


def tr_mersis(digits: str) -> bool:
    """Number in the Turkish trade register (MERSİS): 16 digits, the first 11 say whose.

    Those are 0 and the tax number of a company, or the identity number of a merchant; five more
    count the establishments. Trade Registry Regulation of 2013, article 16.
    """
    return numeric(digits, 16) and (
        (digits[0] == "0" and tr_vkn(digits[1:11])) or tr_national_id(digits[:11])
    )


def tr_sgk(digits: str) -> bool:
    """Turkish social security number of a workplace: 26 digits with the province among them.

    Sector, line of business (4), two units of the institution (2 each), serial number (7), province
    (3, 001 to 081), district (2), check (2), subcontractor (3): Social Insurance Transactions
    Regulation, article 28. How the two check digits come about is not published.
    """
    return numeric(digits, 26) and digits[0] != "0" and "001" <= digits[16:19] <= "081"


_PLATE = re.compile(
    "(?:0[1-9]|[1-7][0-9]|8[01])"
    "(?:[A-PR-VYZ][0-9]{4,5}|[A-PR-VYZ]{2}[0-9]{3,4}|[A-PR-VYZ]{3}[0-9]{2,3})"
)


def tr_license_plate(text: str) -> bool:
    """Turkish number plate: a province of 01 to 81, one to three letters, two to five digits.

    Highway Traffic Regulation, annex on plates: Q, W and X are not used, and the more letters the
    fewer digits. They are not all 0.
    """
    return bool(_PLATE.fullmatch(text)) and text[2:].strip("ABCDEFGHIJKLMNOPRSTUVYZ0") != ""


def kz_iin(digits: str) -> bool:
    """Kazakh individual number: YYMMDD, a century digit 0-6, and a mod-11 check with two weights."""
    return (
        numeric(digits, 12)
        and digits[6] <= "6"
        and month_day(digits[2:4], digits[4:6])
        and _kz_check(digits)
    )


def kz_bin(digits: str) -> bool:
    """Kazakh business number: year and month of registration, a kind of body 4-6, a mark 0-3.

    Same register and same check as the individual number: Government Decree 406 of 22 May 2007.
    """
    return (
        numeric(digits, 12)
        and "01" <= digits[2:4] <= "12"
        and "4" <= digits[4] <= "6"
        and digits[5] <= "3"
        and _kz_check(digits)
    )


def _kz_check(digits: str) -> bool:
    check = weighted(digits, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)) % 11
    if check == 10:
        check = weighted(digits, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return check == ord(digits[11]) - 48


def il_id(digits: str) -> bool:
    """Israeli identity number (Teudat Zehut): up to 9 digits padded on the left, Luhn."""
    return numeric(digits, 9) and digits != "000000000" and luhn(digits)


def il_company_id(digits: str) -> bool:
    """Israeli company number (Het Pei): 9 digits that begin with 5, Luhn."""
    return numeric(digits, 9) and digits[0] == "5" and luhn(digits)


# Bank of Israel: codes of the banks that hold accounts, those merged since among them.
_IL_BANK = re.compile("(?:0[349]|1[0-4]|1[78]|2[0236]|3[149]|46|5[24]|68)[0-9]{9,12}")


def il_bank_account(digits: str) -> bool:
    """Israeli account: a bank's code, a branch of three digits, an account of six to nine.

    The banks' own check digits differ from bank to bank and over the years, and are left out.
    """
    return bool(_IL_BANK.fullmatch(digits)) and digits[2:5] != "000" and digits[5:].strip("0") != ""


def ae_emirates_id(digits: str) -> bool:
    """Emirates ID: 784, a year of birth, 7 digits and a Luhn digit over all 15."""
    return (
        numeric(digits, 15)
        and digits.startswith("784")
        and "1900" <= digits[3:7] <= "2099"
        and luhn(digits)
    )


def ae_trn(digits: str) -> bool:
    """Emirates tax registration number: 15 digits that begin with 100.

    The Federal Tax Authority publishes no check digit.
    """
    return numeric(digits, 15) and digits.startswith("100") and digits[3:].strip("0") != ""


CHECKS: dict[str, Check] = {
    "tr_national_id": tr_national_id,
    "tr_vkn": tr_vkn,
    "tr_mersis": tr_mersis,
    "tr_sgk": tr_sgk,
    "tr_license_plate": tr_license_plate,
    "kz_iin": kz_iin,
    "kz_bin": kz_bin,
    "il_id": il_id,
    "il_company_id": il_company_id,
    "il_bank_account": il_bank_account,
    "ae_emirates_id": ae_emirates_id,
    "ae_trn": ae_trn,
}
