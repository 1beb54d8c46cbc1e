"""Whose fault a failure is, and how halving finds the one bad record."""

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    MessageSizeTooLargeError,
    ProducerFenced,
    RequestTimedOutError,
    UnknownError,
)
from hypothesis import given
from hypothesis import strategies as st

from gateway.kafka.blame import (
    SUSPICIOUS,
    ProcessingError,
    Suspicion,
    name_of,
    own_fault,
    worth_waiting,
)
from gateway.stream import Batch, Line
from schemas.access import Reason


def batch(first: int, count: int) -> Batch:
    lines = [Line(offset, b"x") for offset in range(first, first + count)]
    return Batch("crm", "crm", 0, first, first + count, lines)


@pytest.mark.parametrize(
    ("error", "own", "waits"),
    [
        (ProcessingError("ValueError"), True, False),
        (MessageSizeTooLargeError(), True, False),
        (UnknownError(), True, True),
        (ProducerFenced(), False, True),
        (RequestTimedOutError(), False, True),
        (KafkaConnectionError(), False, True),
        (TimeoutError(), False, True),
    ],
)
def test_fencing_time_and_network_are_nobodys_fault(error, own, waits):
    assert (own_fault(error), worth_waiting(error)) == (own, waits)


def test_an_error_is_named_without_its_words_but_with_what_a_processor_died_of():
    assert name_of(ValueError("jane@example.com")) == "ValueError"
    assert name_of(ProcessingError("KeyError")) == "ProcessingError:KeyError"


def test_one_failure_is_an_accident():
    suspicion = Suspicion()
    for _ in range(SUSPICIOUS - 1):
        suspicion.failed(batch(0, 8))
    assert suspicion.limit is None


def test_failures_of_different_ranges_do_not_add_up():
    suspicion = Suspicion()
    for first in range(10):
        suspicion.failed(batch(first, 8))
    assert suspicion.limit is None


def test_a_range_that_fails_again_and_again_is_halved():
    suspicion = Suspicion()
    limits = []
    for count in (8, 8, 8, 4, 2):
        suspicion.failed(batch(0, count))
        limits.append(suspicion.limit)
    assert limits == [None, None, 4, 2, 1]
    assert suspicion.verdict(batch(0, 1)) is None


def test_a_record_that_fails_alone_is_condemned_and_one_whose_reject_fails_is_too_large():
    suspicion = Suspicion()
    for _ in range(SUSPICIOUS):
        suspicion.failed(batch(0, 1))
    assert suspicion.verdict(batch(0, 1)) is Reason.POISON
    assert suspicion.verdict(batch(1, 1)) is None
    suspicion.failed(batch(0, 1))
    assert suspicion.verdict(batch(0, 1)) is Reason.TOO_LARGE


def test_past_the_bad_range_nothing_is_suspected_any_more():
    suspicion = Suspicion()
    for _ in range(SUSPICIOUS):
        suspicion.failed(batch(0, 4))
    suspicion.succeeded(batch(0, 2))
    assert suspicion.limit == 4
    suspicion.succeeded(batch(2, 2))
    assert suspicion.limit is None


@given(st.integers(1, 64), st.sets(st.integers(0, 63)))
def test_halving_condemns_exactly_the_bad_records(count: int, bad: set[int]):
    suspicion, position, condemned, steps = Suspicion(), 0, [], 0
    while position < count:
        steps += 1
        tried = batch(position, min(count - position, suspicion.limit or count))
        if suspicion.verdict(tried):
            condemned.append(position)
        elif bad & set(range(tried.first, tried.next)):
            suspicion.failed(tried)
            continue
        suspicion.succeeded(tried)
        position = tried.next
    assert condemned == sorted(each for each in bad if each < count)
    assert steps <= 20 * (len(condemned) + 1)
