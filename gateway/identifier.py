"""The one form of an identifier, however it was written: equal people give equal bytes.

What is not sure to be the same stays apart: two people taken for one is worse than one taken for
two.
"""

import re
import unicodedata

# Country → calling code, national prefix, digits after both (ITU-T E.164). Where a country is not
# here, a number without its calling code stays as it was written.
_PLANS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "TR": ("90", "0", (10,)),
    "KZ": ("7", "8", (10,)),
    "RU": ("7", "8", (10,)),
    "IL": ("972", "0", (8, 9)),
    "AE": ("971", "0", (8, 9)),
    "US": ("1", "1", (10,)),
    "CA": ("1", "1", (10,)),
    "DE": ("49", "0", (7, 8, 9, 10, 11)),
    "GB": ("44", "0", (9, 10)),
}
_ABROAD = {
    "KZ": "810",
    "RU": "810",
    "US": "011",
    "CA": "011",
}  # dialled before a calling code, beside 00
_OPTIONAL_PREFIX = re.compile(r"\(\s*0\s*\)")
_E164 = 15

_ADDRESSES = frozenset(["email"])
_PHONES = frozenset(["phone"])
_NUMBERS = frozenset(
    ["government_id", "national_id", "licence_number", "payment_card", "bank_account"]
)
# Case tells these apart, or may.
_EXACT = frozenset(
    ["account_id", "crm_id", "record_id", "session", "key", "cookie_id", "password", "access_token"]
)


def canonical(kind: str, text: str, country: str = "") -> str:
    """Return the form in which an identifier of a kind or category is compared.

    An e-mail address in lower case; a telephone number as E.164, where its calling code or the
    ``country`` (ISO 3166-1 or -2) says how; numbers of documents, cards and accounts without
    spaces and signs; ids that systems issue as they are; anything else without regard to case and
    spacing.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if kind in _ADDRESSES:
        return text.strip().lower()
    if kind in _PHONES:
        return _phone(text, country[:2].upper()) or _loose(text)
    if kind in _NUMBERS:
        return "".join(filter(str.isalnum, _with_digits(text))).upper() or _loose(text)
    return text.strip() if kind in _EXACT else _loose(text)


def _loose(text: str) -> str:
    return " ".join(text.casefold().split())


def _with_digits(text: str) -> str:
    """Return a text with the digits of every script as ASCII ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def _phone(text: str, country: str) -> str:
    text = _with_digits(text).strip()
    international = text.startswith(("+", "(+", "tel:+"))
    if international:
        text = _OPTIONAL_PREFIX.sub("", text)
    digits = "".join(filter(str.isdigit, text))
    if international:
        return f"+{digits}" if digits else ""
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return _national(digits, country)


def _national(digits: str, country: str) -> str:
    plan = _PLANS.get(country)
    if plan is None:
        return digits
    code, prefix, sizes = plan
    abroad = _ABROAD.get(country)
    if abroad and digits.startswith(abroad) and len(digits) > len(abroad) + min(sizes):
        return f"+{digits[len(abroad) :]}"
    for lead in (prefix, code, ""):  # a national prefix, or the calling code without its plus
        rest = digits[len(lead) :]
        if digits.startswith(lead) and len(rest) in sizes:
            return f"+{code}{rest}"
    return digits
