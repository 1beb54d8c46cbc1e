from detectors.database import CASELESS, Database


def test_every_end_of_every_pattern_is_seen_in_order():
    seen, ends = Database([("ab", 0), ("[0-9]+", 0)]).see(b"ab 12 ab")

    assert (seen, ends) == ([0, 1, 1, 0], [2, 4, 5, 8])


def test_case_counts_unless_it_is_said_not_to():
    assert Database([("ab", 0), ("cd", CASELESS)]).see(b"AB CD") == ([1], [5])


def test_nothing_is_seen_in_nothing():
    assert Database([("ab", 0)]).see(b"") == ([], [])


def test_a_database_can_be_asked_again():
    database = Database([("ab", 0)])
    database.see(b"ab ab ab")

    assert database.see(b"xab") == ([0], [3])
