"""National numbers of Türkiye, Kazakhstan, Israel and the Emirates."""

from detectors.checks.digits import Check, luhn, month_day


def tr_national_id(digits: str) -> bool:
    """Turkish identity number (T.C. Kimlik No): 11 digits, two check digits, no leading 0."""
    if len(digits) != 11 or digits[0] == "0":
        return False
    n = [ord(c) - 48 for c in digits]
    odd = n[0] + n[2] + n[4] + n[6] + n[8]
    even = n[1] + n[3] + n[5] + n[7]
    return (7 * odd - even) % 10 == n[9] and (odd + even + n[9]) % 10 == n[10]


def tr_vkn(digits: str) -> bool:
    """Turkish tax number (Vergi Kimlik No): 10 digits, the last a check digit."""
    if len(digits) != 10:
        return False
    total = 0
    for i, c in enumerate(digits[:9]):
        c1 = (ord(c) - 48 + 9 - i) % 10
        if c1:
            total += (c1 * 2 ** (9 - i)) % 9 or 9
    return (10 - total % 10) % 10 == ord(digits[9]) - 48


def kz_iin(digits: str) -> bool:
    """Kazakh individual number: YYMMDD, a century digit 0-6, and a mod-11 check with two weights."""
    if len(digits) != 12 or digits[6] > "6" or not month_day(digits[2:4], digits[4:6]):
        return False
    n = [ord(c) - 48 for c in digits]
    check = sum((i + 1) * n[i] for i in range(11)) % 11
    if check == 10:
        check = (
            sum(w * d for w, d in zip((3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), n, strict=False)) % 11
        )
    return check == n[11]


def il_id(digits: str) -> bool:
    """Israeli identity number (Teudat Zehut): up to 9 digits padded on the left, Luhn."""
    return len(digits) == 9 and digits != "000000000" and luhn(digits)


def ae_emirates_id(digits: str) -> bool:
    """Emirates ID: 784, a year of birth, 7 digits and a Luhn digit over all 15."""
    return (
        len(digits) == 15
        and digits.startswith("784")
        and "1900" <= digits[3:7] <= "2099"
        and luhn(digits)
    )


CHECKS: dict[str, Check] = {
    "tr_national_id": tr_national_id,
    "tr_vkn": tr_vkn,
    "kz_iin": kz_iin,
    "il_id": il_id,
    "ae_emirates_id": ae_emirates_id,
}
