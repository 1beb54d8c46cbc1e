"""Numbers of telephones, network cards, SIM cards and vehicles."""

import re
from itertools import chain

from detectors.checks.digits import Check, luhn, numeric

_MAC = re.compile(r"[0-9A-F]{12}")
_UUID = re.compile(r"[0-9A-F]{32}")


def mac(text: str) -> bool:
    """Hardware address of 48 bits (EUI-48, IEEE 802-2014 section 8), other than none and all."""
    return _MAC.fullmatch(text) is not None and text not in ("0" * 12, "F" * 12)


def mac_dotted(text: str) -> bool:
    """Hardware address in three groups of four, which of digits only could be any number."""
    return not text.isdigit() and mac(text)


def uuid(text: str) -> bool:
    """128 bits in hexadecimal (RFC 9562), other than all of one digit: who opts out sends zeros."""
    return _UUID.fullmatch(text) is not None and len(set(text)) > 1


def imei(digits: str) -> bool:
    """Mobile equipment identity (3GPP TS 23.003 section 6.2): 14 digits and a Luhn digit."""
    return numeric(digits, 15) and digits != "0" * 15 and luhn(digits)


def iccid(digits: str) -> bool:
    """SIM card number (ITU-T E.118): 89 for telecommunication, 19 or 20 digits, Luhn."""
    return numeric(digits, 19, 20) and digits.startswith("89") and luhn(digits)


# Mobile country codes that ITU-T E.212 assigns, with those of tests and of networks at sea.
_COUNTRY_CODES = frozenset(
    chain.from_iterable(
        range(int(first), int(last or first) + 1)
        for first, _, last in (
            part.partition("-")
            for part in (
                *("1", "202", "204", "206", "208", "212-214", "216", "218-222", "226", "228"),
                *("230-232", "234-235", "238", "240", "242", "244", "246-248", "250", "255", "257"),
                *("259-260", "262", "266", "268", "270", "272", "274", "276", "278", "280"),
                *("282-284", "286", "288-290", "292-295", "297", "302", "308", "310-314", "316"),
                *("330", "334", "338", "340", "342", "344", "346", "348", "350", "352", "354"),
                *("356", "358", "360", "362-366", "368", "370", "372", "374", "376", "400-402"),
                *("404-405", "410", "412-422", "424-429", "432", "434", "436-438", "440-441"),
                *("450", "452", "454-457", "460", "466-467", "470", "472", "502", "505", "510"),
                *("514-515", "520", "525", "528", "530", "536-537", "539-555", "602-643"),
                *("645-655", "657-659", "702", "704", "706", "708", "710", "712", "714", "716"),
                *("722", "724", "730", "732", "734", "736", "738", "740", "742", "744", "746"),
                *("748", "750", "901-902", "991", "995", "999"),
            )
        )
    )
)


def imsi(digits: str) -> bool:
    """Mobile subscriber identity (ITU-T E.212): 14 or 15 digits behind a country's code."""
    return numeric(digits, 14, 15) and int(digits[:3]) in _COUNTRY_CODES


_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
# North America writes a check digit, a model year and a number that ends in four digits.
_AMERICAN = re.compile(r"[1-5][A-HJ-NPR-Z0-9]{7}[0-9X][A-HJ-NPR-TV-Y1-9][A-HJ-NPR-Z0-9]{3}[0-9]{4}")
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {
    char: int(value)
    for char, value in zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ", "012345678912345678123457923456789", strict=True
    )
}
_LEAST_LETTERS = 3


def vin(text: str) -> bool:
    """Vehicle number (ISO 3779): 17 letters and digits without I, O and Q, some of each."""
    return _VIN.fullmatch(text) is not None and not text.isdigit() and not text.isalpha()


def vin_america(text: str) -> bool:
    """Vehicle number of North America (49 CFR 565.15): also a sum mod 11 in the ninth place."""
    if _AMERICAN.fullmatch(text) is None or sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        return False
    values = map(_VIN_VALUES.__getitem__, text)
    rest = sum(weight * value for weight, value in zip(_VIN_WEIGHTS, values, strict=True)) % 11
    return text[8] == "0123456789X"[rest]


CHECKS: dict[str, Check] = {
    "mac": mac,
    "mac_dotted": mac_dotted,
    "uuid": uuid,
    "imei": imei,
    "iccid": iccid,
    "imsi": imsi,
    "vin": vin,
    "vin_america": vin_america,
}
