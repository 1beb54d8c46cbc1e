"""Places on the earth."""

import re

from detectors.checks.digits import Check

_DIGITS = "23456789CFGHJMPQRVWX"
_PLUS_CODE = re.compile(rf"[{_DIGITS[:9]}][{_DIGITS[:18]}][{_DIGITS}]{{6}}\+[{_DIGITS}]{{2,7}}")


def plus_code(text: str) -> bool:
    """Full Open Location Code: twenty digits, the first two within 180 and 360 degrees."""
    return _PLUS_CODE.fullmatch(text) is not None


_COORDINATE = re.compile(r"[+\-]?(?:180\.0{3,15}|(?:1[0-7][0-9]|[1-9]?[0-9])\.[0-9]{3,15})")


def coordinate(text: str) -> bool:
    """Latitude or longitude in degrees, to a hundred metres at least."""
    return _COORDINATE.fullmatch(text) is not None


CHECKS: dict[str, Check] = {"plus_code": plus_code, "coordinate": coordinate}
