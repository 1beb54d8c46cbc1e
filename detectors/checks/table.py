"""All checks in one table, by the name that a rule gives them."""

from detectors.checks import america, dates, money, near_east, tokens
from detectors.checks.digits import Check

BY_NAME: dict[str, Check] = {
    **money.CHECKS,
    **near_east.CHECKS,
    **america.CHECKS,
    **dates.CHECKS,
    **tokens.CHECKS,
}
