"""The registers of personal-data categories and of jurisdictions, as the policies name them.

A category is one bit. Bits are never reused, so a mask written years ago still means the same.
Sources: fideslang 3.1 and W3C DPV 2.3 keys; legal flags as the register's columns name them.
"""

import csv
from collections.abc import Iterable
from functools import cache
from importlib import resources

import msgspec


class Category(msgspec.Struct, frozen=True):
    """One kind of personal data: its bit in every mask, its names, and what the law says of it."""

    bit: int
    code: str
    fideslang: str
    dpv_pd: str
    special_gdpr: bool
    special_kvkk: bool
    spi_ccpa: bool
    ca_breach_elem: bool
    il_sensitive: bool
    enisa_class: str
    dpc_base: int
    ei: float

    @property
    def mask(self) -> int:
        """The category as a mask of one bit."""
        return 1 << self.bit


def register(name: str) -> str:
    """Return the text of a register that ships with the package: ``taxonomy`` or ``jurisdictions``."""
    return resources.files("schemas").joinpath(f"registers/{name}.csv").read_text("utf-8")


@cache
def categories() -> tuple[Category, ...]:
    """Return every category in the order of its bits: ``categories()[n].bit == n``."""
    rows = csv.DictReader(register("taxonomy").splitlines())
    return tuple(msgspec.convert(row, Category, strict=False) for row in rows)


@cache
def by_code() -> dict[str, Category]:
    """Return the categories by their code, such as ``email``."""
    return {category.code: category for category in categories()}


def mask_of(codes: Iterable[str]) -> int:
    """Return the mask of some category codes. Raises KeyError for a code that is not registered."""
    mask = 0
    for code in codes:
        mask |= by_code()[code].mask
    return mask


def codes_of(mask: int) -> tuple[str, ...]:
    """Return the codes of a mask in the order of their bits."""
    return tuple(category.code for category in categories() if mask >> category.bit & 1)


# Who it is, by itself: what 'anonymised' must remove and 'pseudonymised' must replace.
DIRECT_IDENTIFIERS = mask_of(
    [
        "name",
        "email",
        "phone",
        "postal_address",
        "username",
        "password",
        "access_token",
        "ip_address",
        "device_id",
        "cookie_id",
        "record_id",
        "location_precise",
        "call_audio",
        "payment_card",
        "bank_account",
        "government_id",
        "biometric_template",
        "genetic",
        "licence_number",
    ]
)
# GDPR Art. 9(1).
SPECIAL = sum(category.mask for category in categories() if category.special_gdpr)
EVERYTHING = (1 << len(categories())) - 1
