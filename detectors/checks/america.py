"""National numbers of the Americas."""

from detectors.checks.digits import Check


def us_ssn(digits: str) -> bool:
    """US Social Security number: never area 000, 666 or 9xx, never group 00 or serial 0000."""
    return (
        len(digits) == 9
        and digits[:3] not in ("000", "666")
        and digits[0] != "9"
        and digits[3:5] != "00"
        and digits[5:] != "0000"
    )


CHECKS: dict[str, Check] = {"us_ssn": us_ssn}
