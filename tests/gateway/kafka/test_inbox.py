"""An inbox cuts what it is handed into contiguous batches, bounded by records, bytes and time."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from gateway.config import Transport
from gateway.kafka.inbox import Closed, Inbox
from gateway.kafka.position import Committed


def record(offset: int, size: int = 10) -> ConsumerRecord:
    sizes = {"serialized_key_size": 0, "serialized_value_size": size}
    return ConsumerRecord("crm", 0, offset, 0, 0, None, b"x" * size, None, headers=(), **sizes)


def inbox(position: int = 0, *, records: int = 3, size: int = 1000, ms: int = 1) -> Inbox:
    bounds: dict[str, Any] = {"batch_bytes": size, "batch_milliseconds": ms}
    box = Inbox(Transport(kind="kafka", batch_records=records, **bounds))
    box.reset(position)
    box.start()
    return box


def offsets(records: list[ConsumerRecord]) -> list[int]:
    return [each.offset for each in records]


async def test_a_batch_ends_at_its_bound_and_the_next_goes_on_there():
    box = inbox()
    box.feed([record(offset) for offset in range(5)], 5)
    first, position, records = await box.take()
    assert (first, position, offsets(records)) == (0, 3, [0, 1, 2])
    first, position, records = await box.take()
    assert (first, position, offsets(records)) == (3, 5, [3, 4])


async def test_a_batch_is_bounded_by_bytes_but_takes_at_least_one_record():
    box = inbox(size=25, records=100)
    box.feed([record(0), record(1), record(2), record(3, 90), record(4)], 5)
    found = [offsets((await box.take())[2]) for _ in range(4)]
    assert found == [[0, 1], [2], [3], [4]]


async def test_a_batch_that_is_not_full_comes_when_it_is_old_enough():
    box = inbox(ms=100)
    box.feed([record(0)], 1)
    taking = asyncio.create_task(box.take())
    await asyncio.sleep(0.02)
    assert not taking.done()
    assert offsets((await taking)[2]) == [0]


async def test_positions_step_over_gaps_and_markers():
    box = inbox(4)
    box.feed([record(6), record(9)], 12)
    first, position, records = await box.take()
    assert (first, position, offsets(records)) == (4, 12, [6, 9])
    box.feed([], 13)
    assert await box.take() == (12, 13, [])


async def test_what_was_read_before_the_lane_was_opened_again_is_dropped():
    box = inbox(10)
    box.feed([record(7), record(8)], 9)
    box.feed([record(10)], 11)
    first, position, records = await box.take()
    assert (first, position, offsets(records)) == (10, 11, [10])


async def test_an_inbox_accepts_records_between_start_and_reset_only():
    box = inbox()
    opened = [box.is_open]
    for change in (lambda: box.reset(0), box.start, box.close):
        change()
        opened.append(box.is_open)
    assert (opened, box.is_closed) == ([True, False, True, False], True)


async def test_closing_ends_a_take_that_waits_and_every_one_after_it():
    box = inbox()
    taking = asyncio.create_task(box.take())
    await asyncio.sleep(0)
    box.close()
    with pytest.raises(Closed):
        await taking
    with pytest.raises(Closed):
        await box.take()


async def test_a_failure_is_raised_by_the_take_until_the_lane_is_opened_again():
    box = inbox()
    box.fail(ValueError("gone"))
    with pytest.raises(ValueError, match="gone"):
        await box.take()
    box.reset(0)
    box.start()
    box.feed([record(0)], 1)
    assert offsets((await box.take())[2]) == [0]


async def test_a_rest_ends_with_the_inbox():
    box = inbox()
    resting = asyncio.create_task(box.rest(60))
    await asyncio.sleep(0)
    box.close()
    await asyncio.wait_for(resting, 1)


async def test_it_is_full_with_one_batch():
    box = inbox(records=2)
    box.feed([record(0)], 1)
    assert not box.is_full
    box.feed([record(1)], 2)
    assert box.is_full


@given(
    st.lists(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 60)), max_size=6), max_size=6),
    st.integers(1, 5),
    st.integers(1, 100),
)
async def test_batches_are_contiguous_and_hold_every_record_once(
    fetches: list[list[tuple[int, int]]], records: int, size: int
):
    box, position, fed = inbox(records=records, size=size), 0, []
    for fetch in fetches:
        taken = []
        for step, bytes_of_it in fetch:
            position += step
            taken.append(record(position - 1, bytes_of_it))
        box.feed(taken, position)
        fed += offsets(taken)
    end, found = 0, list[int]()
    while end < position:
        first, after, batch = await box.take()
        assert first == end < after
        assert len(batch) <= records
        assert len(batch) <= 1 or sum(each.serialized_value_size for each in batch) <= size
        end, found = after, found + offsets(batch)
    assert (end, found) == (position, fed)


async def test_what_is_here_goes_before_the_error_behind_it():
    box = inbox(records=2)
    box.feed([record(0), record(1), record(2)], 3)
    box.fail(KafkaError("damaged"))
    assert [offsets((await box.take())[2]) for _ in range(2)] == [[0, 1], [2]]
    with pytest.raises(KafkaError, match="damaged"):
        await box.take()


async def test_where_another_leader_went_on_is_told_once():
    box = inbox(5)
    box.feed([record(5)], 6, 1)
    box.feed([record(6)], 8, 1)
    assert (box.epoch, box.turns()) == (1, [])
    box.feed([record(8)], 9, 3)
    assert (box.epoch, box.turns(), box.turns()) == (3, [Committed(8, 1)], [])
