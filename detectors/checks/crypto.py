"""Addresses of crypto currencies, which hold a checksum of their own.

Hashes are taken only of what has an address's letters and length.
"""

import hashlib
import re

from detectors.checks.digits import Check, bech32_sum

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_XRP_BASE58 = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_VALUES = {char: value for value, char in enumerate(_BASE58)}
_XRP_VALUES = {char: value for value, char in enumerate(_XRP_BASE58)}
# The first byte of an address of 25: Bitcoin 0 and 5, Litecoin 48 and 50 (and 5), Dogecoin 30,
# Dash 76, Tron 65. On the XRP Ledger it is 0, in another order of letters.
_VERSIONS = frozenset((0, 5, 30, 48, 50, 65, 76))

_SHAPE = re.compile(
    r"(?P<base58>[13LMDXT][1-9A-HJ-NP-Za-km-z]{25,34})"
    r"|(?P<xrp>r[1-9A-HJ-NP-Za-km-z]{24,34})"
    r"|(?P<bech32>(?:bc1|BC1|ltc1|LTC1)(?:[02-9ac-hj-np-z]{39,87}|[02-9AC-HJ-NP-Z]{39,87}))"
    r"|(?P<monero>[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93})"
    r"|(?P<ethereum>0x[0-9A-Fa-f]{40})"
)


def crypto(text: str) -> bool:
    """Address on Bitcoin, Litecoin, Dogecoin, Dash, Tron, XRP Ledger, Monero or Ethereum.

    An Ethereum address is known by its head and its exact length: the letter case in which wallets
    show a checksum (EIP-55) is not read, for a Keccak hash would cost more than the whole scan.
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return False
    kind = shape.lastgroup
    if kind == "base58":
        return _base58check(text, _VALUES, _VERSIONS)
    if kind == "xrp":
        return _base58check(text, _XRP_VALUES, frozenset((0,)))
    if kind == "bech32":
        return _bech32(text.lower())
    return _monero(text) if kind == "monero" else len(set(text[2:].lower())) > 1


def _base58check(text: str, values: dict[str, int], versions: frozenset[int]) -> bool:
    """25 bytes in base 58: a version, a hash of 20, and the head of the SHA-256 of their SHA-256."""
    number = 0
    for char in text:
        number = number * 58 + values[char]
    if number.bit_length() > 200 or number >> 192 not in versions:
        return False
    raw = number.to_bytes(25, "big")
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    if zeros != len(text) - len(text.lstrip(next(iter(values)))):
        return False  # each zero byte in front is one letter of value 0
    return hashlib.sha256(hashlib.sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


_BECH32 = {char: value for value, char in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32_ENDS, _BECH32M_ENDS = 1, 0x2BC830A3


def _bech32(text: str) -> bool:
    """Segregated witness address: BIP 173 for version 0, BIP 350 for versions 1 to 16."""
    head, _, data = text.partition("1")
    symbols = [_BECH32[char] for char in data]
    version, bits = symbols[0], 5 * (len(symbols) - 7)  # without the version and the checksum
    size, padding = divmod(bits, 8)
    if version > 16 or padding > 4 or not 2 <= size <= 40 or (not version and size not in (20, 32)):
        return False
    if symbols[-7] & ((1 << padding) - 1):
        return False
    return bech32_sum(head.encode(), symbols) == (_BECH32M_ENDS if version else _BECH32_ENDS)


# Bytes of a block of 11 letters and of the last one of 7; the first byte of a main address.
_MONERO_BLOCKS = (*((at, at + 11, 8) for at in range(0, 88, 11)), (88, 95, 5))
_MONERO_VERSIONS = (18, 42)  # a standard address, a subaddress


def _monero(text: str) -> bool:
    """Monero main address: blocks of base 58 that hold 8 bytes each, and a known first byte."""
    for first, last, size in _MONERO_BLOCKS:
        number = 0
        for char in text[first:last]:
            number = number * 58 + _VALUES[char]
        if number >> 8 * size or (not first and number >> 56 not in _MONERO_VERSIONS):
            return False
    return True


CHECKS: dict[str, Check] = {"crypto": crypto}
