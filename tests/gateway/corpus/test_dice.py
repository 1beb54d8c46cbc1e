import string

import pytest

from gateway.corpus.dice import Dice


def started(seed: int, stream: int = 0, index: int = 0) -> Dice:
    dice = Dice()
    dice.start(seed, stream, index)
    return dice


def test_the_first_rolls_of_a_seed_are_the_same_on_every_platform_and_version() -> None:
    dice = started(1, 0, 2)

    assert [dice.digits(6), dice.hex(8), dice.base32(6), dice.base64(6)] == [
        "112717",
        "0c09f02b",
        "WKZ3Q2",
        "nfhWmc",
    ]


def test_nothing_rolled_before_matters() -> None:
    dice = started(1)
    dice.roll()
    dice.start(1, 0, 7)

    assert dice.digits(12) == started(1, 0, 7).digits(12)


@pytest.mark.parametrize("other", [(2, 0, 7), (1, 1, 7), (1, 0, 8)])
def test_seed_stream_and_index_each_begin_another_sequence(other: tuple[int, int, int]) -> None:
    assert started(*other).digits(12) != started(1, 0, 7).digits(12)


def test_bounds_are_kept() -> None:
    dice = started(3)

    assert {dice.between(2, 4) for _ in range(200)} == {2, 3, 4}
    assert {dice.below(3) for _ in range(200)} == {0, 1, 2}
    assert {dice.pick("ab") for _ in range(200)} == {"a", "b"}
    assert max(dice.rank(50) for _ in range(500)) < 50


def test_low_ranks_come_far_more_often() -> None:
    dice = started(4)
    ranks = [dice.rank(1000) for _ in range(10_000)]

    assert sum(rank < 100 for rank in ranks) > 5 * sum(rank >= 900 for rank in ranks)
    assert len(set(ranks)) > 500


def test_text_has_the_asked_length_and_alphabet() -> None:
    dice = started(5)

    assert (len(dice.digits(9)), len(dice.hex(40)), len(dice.base32(16))) == (9, 40, 16)
    assert set(dice.base64(500)) <= set(string.ascii_letters + string.digits + "-_")
