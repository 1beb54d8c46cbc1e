"""Private keys in armour: what is inside is a key, and not a remark about one.

Only the first line is decoded, so that a block that breaks off is told as well.
"""

import re

from detectors.checks.digits import Check
from detectors.checks.tokens import decoded

_HEAD = re.compile(r"KEY(?: BLOCK)?----")
_LINE = re.compile(r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{40,64}")
_HEADERS = 400  # characters from a head to the end of the first line: headers may be between them
_SEQUENCE = 0x30  # the tag of a SEQUENCE in DER, which all keys in PEM are
_LENGTHS = range(0x84)  # how a length begins in DER: itself, or in how many bytes it follows
_OPENSSH = b"openssh-key-v1\0"
_TAGS = frozenset((0xC5, 0xC7, *range(0x94, 0x98), *range(0x9C, 0xA0)))  # of OpenPGP, both formats


def _first(text: str) -> bytes:
    """Return what the first line of base 64 behind a head holds."""
    head = _HEAD.search(text)
    line = head and _LINE.search(text, head.end(), head.end() + _HEADERS)
    return (line and decoded(line[0][: len(line[0]) // 4 * 4])) or b""


def pem(text: str) -> bool:
    """PEM (RFC 7468): DER that begins with a SEQUENCE, or anything where its lines are encrypted."""
    raw = _first(text)
    if "DEK-Info" in text[:_HEADERS]:
        return bool(raw)
    return len(raw) > 2 and raw[0] == _SEQUENCE and raw[1] in _LENGTHS


def openssh(text: str) -> bool:
    """OpenSSH's own format: its name is the first that is encoded."""
    return _first(text).startswith(_OPENSSH)


def pgp(text: str) -> bool:
    """OpenPGP (RFC 9580 section 4.2): the first packet is a secret key or subkey."""
    raw = _first(text)
    return bool(raw) and raw[0] in _TAGS


_PUTTY = re.compile(r"Private-Lines: ?[0-9]{1,3}\s{1,2}[0-9A-Za-z+/]{20}")


def putty(text: str) -> bool:
    """PuTTY's format: private lines, and something in them."""
    return _PUTTY.search(text) is not None


CHECKS: dict[str, Check] = {
    "pem": pem,
    "openssh": openssh,
    "pgp": pgp,
    "putty": putty,
}
