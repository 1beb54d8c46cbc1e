from hypothesis import given
from hypothesis import strategies as st

from detectors.overlap import Found, make, resolve
from schemas.audit import BY_KNOWN_VALUE

SPANS = st.builds(
    lambda leaf, start, size, confidence, rule: Found(
        leaf, start, start + size, rule, rule, confidence / 10, 2
    ),
    st.integers(0, 3),
    st.integers(0, 30),
    st.integers(1, 12),
    st.integers(2, 10),
    st.integers(0, 4),
)


def one(start: int, end: int, confidence: float = 0.9, rule: int = 0, leaf: int = 0) -> Found:
    return Found(leaf, start, end, rule, rule, confidence, 2)


def overlaps(first: Found, second: Found) -> bool:
    return first.leaf == second.leaf and first.start < second.end and second.start < first.end


def test_make_makes_what_the_constructor_makes():
    assert make((1, 2, 3, 4, 5, 0.5, 2)) == Found(1, 2, 3, 4, 5, 0.5, 2)
    assert make((1, 2, 3, 4, 5, 0.5, 2)).confidence == 0.5


def test_the_surer_one_is_kept():
    assert resolve([one(0, 9, 0.5), one(3, 5, 0.9)]) == [one(3, 5, 0.9)]


def test_of_two_as_sure_the_longer_one_is_kept():
    assert resolve([one(3, 5), one(0, 9)]) == [one(0, 9)]


def test_of_two_alike_the_first_one_is_kept():
    assert resolve([one(2, 6), one(0, 4)]) == [one(0, 4)]


def test_of_two_rules_for_one_span_the_earlier_rule_is_kept():
    assert resolve([one(0, 4, rule=3), one(0, 4, rule=1)]) == [one(0, 4, rule=1)]


def test_spans_that_touch_are_both_kept():
    assert resolve([one(4, 8), one(0, 4)]) == [one(0, 4), one(4, 8)]


def test_spans_of_different_leaves_do_not_meet():
    assert resolve([one(0, 4, leaf=1), one(0, 4)]) == [one(0, 4), one(0, 4, leaf=1)]


def test_what_only_a_dropped_one_touched_is_kept():
    assert resolve([one(0, 4, 0.9), one(3, 8, 0.5), one(7, 9, 0.4)]) == [
        one(0, 4, 0.9),
        one(7, 9, 0.4),
    ]


def known(start: int, end: int, bit: int) -> Found:
    return Found(0, start, end, bit, bit, 0.9, BY_KNOWN_VALUE)


def test_a_known_value_that_is_something_else_too_is_both():
    assert resolve([known(0, 9, 4), one(0, 9, 1.0)]) == [one(0, 9, 1.0), known(0, 9, 4)]


def test_a_known_value_stays_beside_what_is_only_a_part_of_it():
    assert resolve([known(0, 9, 4), one(3, 5, 1.0)]) == [known(0, 9, 4), one(3, 5, 1.0)]
    assert resolve([known(0, 4, 4), one(3, 9, 1.0)]) == [known(0, 4, 4), one(3, 9, 1.0)]


def test_a_known_value_that_is_a_part_of_what_is_surer_is_dropped():
    assert resolve([known(3, 5, 4), one(0, 9, 1.0)]) == [one(0, 9, 1.0)]


def test_a_known_value_is_told_once():
    assert resolve([known(0, 9, 0), known(0, 9, 0), one(0, 9, 1.0)]) == [one(0, 9, 1.0)]
    assert resolve([known(0, 9, 4)] * 2 + [one(0, 9, 1.0)]) == [one(0, 9, 1.0), known(0, 9, 4)]


@given(st.lists(SPANS, max_size=25), st.randoms())
def test_none_overlap_none_is_lost_without_a_better_one_and_the_order_does_not_matter(
    spans, random
):
    kept = resolve(list(spans))
    shuffled = list(spans)
    random.shuffle(shuffled)

    assert kept == sorted(kept) == resolve(shuffled)
    assert not [
        (first, second)
        for at, first in enumerate(kept)
        for second in kept[at + 1 :]
        if overlaps(first, second)
    ]
    for span in spans:
        rivals = [other for other in kept if overlaps(other, span)]
        assert span in kept or any(other.confidence >= span.confidence for other in rivals)
