"""Tokens and keys whose own structure says what they are."""

import base64
import binascii
import json

from detectors.checks.digits import Check


def jwt(text: str) -> bool:
    """Say whether a text is a JSON Web Token (RFC 7519): a header of JSON that names ``alg``."""
    parts = text.split(".")
    if len(parts) != 3 or not all(parts[:2]):
        return False
    try:
        padded = parts[0] + "=" * (-len(parts[0]) % 4)
        header = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and "alg" in header


CHECKS: dict[str, Check] = {"jwt": jwt}
