"""Days of birth."""

from detectors.checks.digits import Check, month_day


def date_of_birth(digits: str) -> bool:
    """Eight digits that read as a day between 1900 and 2029, year first or last."""
    if len(digits) != 8:
        return False
    if "1900" <= digits[:4] <= "2029" and month_day(digits[4:6], digits[6:]):
        return True
    year = digits[4:]
    return "1900" <= year <= "2029" and (
        month_day(digits[2:4], digits[:2]) or month_day(digits[:2], digits[2:4])
    )


CHECKS: dict[str, Check] = {"date_of_birth": date_of_birth}
