"""All checks in one table, by the name that a rule gives them."""

from detectors.checks import (
    america,
    asia,
    britain,
    crypto,
    dates,
    devices,
    europe_east,
    europe_germany,
    europe_north,
    europe_south,
    europe_vat,
    europe_west,
    money,
    near_east,
    neighbours,
    places,
    tokens,
    vendors,
)
from detectors.checks.digits import Check

BY_NAME: dict[str, Check] = {
    **money.CHECKS,
    **crypto.CHECKS,
    **devices.CHECKS,
    **places.CHECKS,
    **near_east.CHECKS,
    **america.CHECKS,
    **britain.CHECKS,
    **asia.CHECKS,
    **neighbours.CHECKS,
    **europe_north.CHECKS,
    **europe_west.CHECKS,
    **europe_germany.CHECKS,
    **europe_east.CHECKS,
    **europe_south.CHECKS,
    **europe_vat.CHECKS,
    **dates.CHECKS,
    **tokens.CHECKS,
    **vendors.CHECKS,
}
