"""Tokens and secrets of no one issuer: by their structure, or by how little they look like words."""

import base64
import json
import math
import re
from collections import Counter
from functools import lru_cache

from detectors.checks.digits import Check

# What stands where a secret would, in examples and in what somebody has masked already. Apart, and
# with the first characters ahead, they are looked for at twice the speed.
_REPEATED = re.compile(r"(.)\1{5}", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"(?=[1acdeprsy*•.…])(?:1234567|abcdefg|example|placeholder|redacted|change_?me|sample|dummy"
    r"|your[_\-](?:own|api|app|access|auth|client|key|pass|secret|token)|[*•]{3}|\.{3}|…)",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"[$%]\{|%\(|\{\{|^\{.*\}$|<[^>]*>|^[$%@][A-Za-z_]|://|^\.{0,2}/[a-z_.\-]{2,32}(?:/|$)"
    r"|^[^@]+@[^@]+\.[a-z]{2,}$"
)
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
# A part of an ordinary name: a word, words and acronyms in camel case, a number, a word with one.
_ORDINARY = re.compile(
    r".{0,5}|[0-9]+|[A-Z]{1,20}[0-9]{0,4}|[A-Z]{0,6}[a-z]{2,20}(?:[A-Z]{1,4}[a-z]{2,20}){0,4}[0-9]{0,4}"
)
_BETWEEN = re.compile(r"[\-_.:/+ ]+")
_HEX = re.compile(r"[0-9A-Fa-f]+")
# Bits of entropy for each character that chance does not stay under: 12 characters of base 16 have
# 2.9 of them, 32 have 3.7.
_CHANCE, _ROUNDING = 2.3, 1e-9


def entropy(text: str) -> float:
    """Return Shannon's entropy of a text, in bits for each character."""
    return -sum(
        count / len(text) * math.log2(count / len(text)) for count in Counter(text).values()
    )


@lru_cache(4096)
def _least_entropy(size: int, distinct: int) -> float:
    """Return the least entropy of a text of a size with so many distinct characters."""
    most = (size - distinct + 1) / size  # all others stand there once
    return (distinct - 1) / size * math.log2(size) - most * math.log2(most)


def dense(text: str) -> bool:
    """Say whether a text can be of chance: no placeholder, and its characters differ enough."""
    differs = bool(text) and _least_entropy(len(text), len(set(text))) > _CHANCE + _ROUNDING
    return (differs or entropy(text) >= _CHANCE) and not _is_placeholder(text)


def _is_placeholder(text: str) -> bool:
    return bool(_REPEATED.search(text) or _PLACEHOLDER.search(text))


def opaque(text: str) -> bool:
    """Say whether a text is no placeholder, no template, no address and no ordinary name."""
    if not dense(text) or _TEMPLATE.search(text):
        return False
    return not all(map(_ORDINARY.fullmatch, _BETWEEN.split(text)))


def filled(text: str) -> bool:
    """Say whether a value, however short, is no placeholder and no template."""
    return not (_is_placeholder(text) or _TEMPLATE.search(text))


def secret(text: str) -> bool:
    """Say whether a value behind a word such as ``token`` is a secret: opaque, and no mere UUID."""
    return opaque(text) and _UUID.fullmatch(text) is None


def mixed(text: str) -> bool:
    """Say whether a text is opaque and uses more than the digits of base 16, as a digest does."""
    return _HEX.fullmatch(text) is None and opaque(text)


def decoded(text: str) -> bytes | None:
    """Return what a text in base 64 holds, in either alphabet, padded or not; None: it holds none."""
    bare = text.rstrip("=").translate(_STANDARD)
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:
        return None


_STANDARD = {ord("-"): "+", ord("_"): "/"}


def decoded_json(text: str) -> object:
    """Return what a text in base 64 holds as JSON; None: it is none."""
    raw = decoded(text)
    try:
        content: object = json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        return None
    return content


def jwt(text: str) -> bool:
    """Say whether a text is a JSON Web Token (RFC 7519), signed, unsigned or encrypted.

    The header is a JSON object that names ``alg``, and the claims of a token of three parts are a
    JSON object too. One of five parts is encrypted (RFC 7516), and its header names ``enc`` as well.
    """
    parts = text.split(".")
    if "=" in text or len(parts) not in (3, 5):
        return False
    header = decoded_json(parts[0])
    if not isinstance(header, dict) or not isinstance(header.get("alg"), str):
        return False
    if len(parts) == 3:
        return isinstance(decoded_json(parts[1]), dict)
    return isinstance(header.get("enc"), str)


_USER_PASSWORD = re.compile(r"[^:\x00-\x1f\x7f]{1,256}:[^\x00-\x1f\x7f]{1,256}")


def basic(text: str) -> bool:
    """Say whether a text is a user and a password in base 64 (RFC 7617 section 2)."""
    raw = decoded(text)
    try:
        return bool(raw and _USER_PASSWORD.fullmatch(raw.decode()))
    except UnicodeDecodeError:
        return False


_MASKED = re.compile(
    r"[*x•.]*|password|passwd|pass|redacted|<.*>|\{.*\}|\$\{?[A-Z_]+\}?", re.IGNORECASE
)


_DIGEST = re.compile(
    r"(?:md|sha|base|b|rot|utf|aes|rsa|oauth|argon|pbkdf|id|v)[\-_ ]?[0-9]{1,3}[a-z]{0,4}"
    r"(?:[\-_](?:encoded|encrypted|hash|hashed))?|[0-9]fa|[0-9]+[a-z]{0,10}|[0-9./:\-]+",
    re.IGNORECASE,
)


_JOINS = "-_'/.\u2019"  # of two words


def chosen(text: str) -> bool:
    """Say whether a word beside one such as *password* can be one that somebody chose: no mere word.

    It has letters, and digits or marks within; what names a digest, a date or a size is none.
    """
    bare = text.rstrip(".,:;!?)")
    mixed = any(map(str.isalpha, bare)) and not all(
        char.isalpha() or char in _JOINS for char in bare
    )
    return mixed and filled(bare) and _DIGEST.fullmatch(bare) is None


def login(text: str) -> bool:
    """Say whether a text is a user's name and a password that is no mere word, a colon between."""
    user, colon, password = text.partition(":")
    return bool(user and colon) and chosen(password)


def userinfo(text: str) -> bool:
    """Say whether the password behind a user's name (RFC 3986 section 3.2.1) is there, not masked."""
    return _MASKED.fullmatch(text.partition(":")[2]) is None


CHECKS: dict[str, Check] = {
    "jwt": jwt,
    "basic": basic,
    "dense": dense,
    "opaque": opaque,
    "secret": secret,
    "mixed": mixed,
    "filled": filled,
    "userinfo": userinfo,
    "chosen": chosen,
    "login": login,
}
