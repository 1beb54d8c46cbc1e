"""Held against python-stdnum where it has them, and against the vectors of the standards."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import bitcoin

from detectors.checks.crypto import crypto

THOUSANDS = settings(max_examples=2000)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
XRP_BASE58 = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
HASH = st.binary(min_size=20, max_size=20)


def base58(raw: bytes, letters: str = BASE58) -> str:
    """Return bytes in base 58, each zero byte in front as one letter."""
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = letters[digit] + text
    return letters[0] * (len(raw) - len(raw.lstrip(b"\0"))) + text


def base58check(version: int, body: bytes, letters: str = BASE58) -> str:
    raw = bytes([version]) + body
    return base58(raw + hashlib.sha256(hashlib.sha256(raw).digest()).digest()[:4], letters)


def polymod(values: list[int]) -> int:
    """Return the remainder of BIP 173, as its reference works it out."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if (top >> place) & 1 else 0
    return check


def bech32(head: str, version: int, program: bytes) -> str:
    """Return a segregated witness address: BIP 173 for version 0, else BIP 350."""
    bits = "".join(f"{byte:08b}" for byte in program)
    bits += "0" * (-len(bits) % 5)
    data = [version, *(int(bits[at : at + 5], 2) for at in range(0, len(bits), 5))]
    spread = [ord(c) >> 5 for c in head] + [0] + [ord(c) & 31 for c in head]
    rest = polymod([*spread, *data, 0, 0, 0, 0, 0, 0]) ^ (0x2BC830A3 if version else 1)
    data += [rest >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{head}1" + "".join(BECH32[value] for value in data)


def replaced(text: str, place: int, letters: str) -> str:
    """Return a text with another letter of the same alphabet at one place."""
    at = place % len(text)
    other = letters[(letters.index(text[at]) + 1) % len(letters)]
    return text[:at] + other + text[at + 1 :]


@THOUSANDS
@given(st.sampled_from([0, 5]), HASH, st.integers(0, 40))
def test_bitcoin_agrees_with_stdnum(version, body, place):
    address = base58check(version, body)
    wrong = replaced(address, place, BASE58)

    assert crypto(address)
    assert bitcoin.is_valid(address)
    assert crypto(wrong) == bitcoin.is_valid(wrong)
    assert not crypto(wrong)


@THOUSANDS
@given(st.sampled_from([20, 32]), st.binary(min_size=32, max_size=32), st.integers(0, 60))
def test_bech32_agrees_with_stdnum(size, program, place):
    address = bech32("bc", 0, program[:size])
    wrong = f"bc1{replaced(address[3:], place, BECH32)}"

    assert crypto(address)
    assert crypto(address.upper())
    assert bitcoin.is_valid(address)
    assert not crypto(wrong)
    assert not bitcoin.is_valid(wrong)


@given(st.sampled_from([48, 50, 30, 76, 65]), HASH, st.integers(0, 40))
def test_other_chains_have_the_same_checksum(version, body, place):
    address = base58check(version, body)

    assert crypto(address)
    assert not crypto(replaced(address, place, BASE58))


@given(HASH, st.integers(0, 40))
def test_the_xrp_ledger_has_an_alphabet_of_its_own(body, place):
    address = base58check(0, body, XRP_BASE58)

    assert crypto(address)
    assert not crypto(replaced(address, place, XRP_BASE58))


@given(st.integers(1, 16), st.binary(min_size=32, max_size=32), st.integers(0, 60))
def test_later_witness_versions_end_as_bip_350_says(version, program, place):
    address = bech32("ltc", version, program)

    assert crypto(address)
    assert not crypto(f"ltc1{replaced(address[4:], place, BECH32)}")


@pytest.mark.parametrize(
    "address",
    [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H",
    ],
)
def test_published_addresses_pass(address):
    assert crypto(address)


@pytest.mark.parametrize(
    "text",
    [
        "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",  # version 0 needs 20 or 32 bytes: BIP 173
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",  # ends as BIP 173: BIP 350
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8F3T4",  # two cases
        "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",  # money to try with
        "0x0000000000000000000000000000000000000000",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
        f"4B{'z' * 93}",  # more than its blocks can hold
        f"4{'1' * 94}",  # another first byte
        "",
    ],
)
def test_what_is_no_address(text):
    assert not crypto(text)
