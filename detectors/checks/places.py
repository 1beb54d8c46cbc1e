"""Places on the earth."""

import re

from detectors.checks.digits import Check

_DIGITS = "23456789CFGHJMPQRVWX"
_PLUS_CODE = re.compile(rf"[{_DIGITS[:9]}][{_DIGITS[:18]}][{_DIGITS}]{{6}}\+[{_DIGITS}]{{2,7}}")


def plus_code(text: str) -> bool:
    """Full Open Location Code: twenty digits, the first two within 180 and 360 degrees."""
    return _PLUS_CODE.fullmatch(text) is not None


CHECKS: dict[str, Check] = {"plus_code": plus_code}
