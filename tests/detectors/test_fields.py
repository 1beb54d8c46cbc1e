import numpy as np

from detectors.fields import Columns, Fields, columns, only
from detectors.overlap import Found
from schemas.audit import BY_CONTRACT, BY_RULE

FOUND = [
    Found(2, 0, 5, 1, 0, 1.0, BY_CONTRACT),
    Found(4, 0, 7, 0, 2, 0.85, BY_RULE),
    Found(9, 0, 3, 2, 1, 1.0, BY_CONTRACT),
]


def fields(found: list[Found]) -> Fields:
    return Fields(columns(found), np.array([one.end for one in found], np.int64))


def listed(some: Columns) -> list[list[float]]:
    return [column.tolist() for column in some]


def test_columns_are_the_findings_they_were_made_of():
    made = fields(FOUND)

    assert list(made) == FOUND
    assert (len(made), made[1], made[1:], made[-1]) == (3, FOUND[1], FOUND[1:], FOUND[2])
    assert made.columns is columns(made)


def test_findings_one_by_one_become_columns():
    assert listed(columns(FOUND)) == [[2, 4, 9], [1, 0, 2], [0, 2, 1], [1.0, 0.85, 1.0], [1, 2, 1]]


def test_nothing_has_empty_columns():
    assert listed(columns([])) == [[]] * 5
    assert list(fields([])) == []
    assert not fields([])


def test_what_is_not_kept_is_gone_from_columns_and_from_lists_alike():
    kept = np.array([True, False, True])

    assert list(only(fields(FOUND), kept)) == [FOUND[0], FOUND[2]]
    assert only(FOUND, kept) == [FOUND[0], FOUND[2]]


def test_where_all_are_kept_nothing_is_copied():
    made, kept = fields(FOUND), np.array([True] * 3)

    assert only(made, kept) is made
    assert only(FOUND, kept) is FOUND
