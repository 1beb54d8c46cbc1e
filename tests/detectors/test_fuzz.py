"""Nothing that stands in an event makes the engine raise, hang or keep memory."""

import time
from collections import Counter

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.engine import Scanned, Scanner
from bench.fuzz import BATCH, SLOWEST_SECONDS, FaultError, Judge, make, problems, run
from bench.guided import event
from bench.hostile import LEAF_BYTES, MUTATIONS, UNITS, Hostile, repeated
from detectors.overlap import Found

PATIENCE = 4  # of a machine that does much else; what grows with the square of a leaf is slower
INPUTS = 100_000
HOSTILE = Hostile()
SCANNER = Scanner()
TEXTS = st.text(max_size=60) | st.sampled_from(HOSTILE.texts)
VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | TEXTS
EVENTS = st.dictionaries(
    TEXTS,
    st.recursive(VALUES, lambda some: st.lists(some) | st.dictionaries(TEXTS, some), max_leaves=8),
    max_size=6,
)


class Busy(Scanner):
    """An engine that is slow for so many scans."""

    def __init__(self, scans: int) -> None:
        super().__init__({})
        self.scans = scans

    def __call__(self, values):
        self.scans -= 1
        end = time.process_time() + (2 * SLOWEST_SECONDS if self.scans >= 0 else 0)
        while time.process_time() < end:
            pass
        return super().__call__(values)


class Broken(Scanner):
    """An engine that raises."""

    def __call__(self, values):
        raise RecursionError("too deep")


def scanned(*spans: tuple[int, int]) -> Scanned:
    leaves = SCANNER.walk([])
    leaves.texts.append("0123456789")
    found = [Found(0, start, end, 0, 0, 0.9, 2) for start, end in spans]
    return Scanned(leaves, SCANNER([]).findings._replace(spans=found))


def is_readable(value: bytes) -> bool:
    try:
        orjson.loads(value)
    except orjson.JSONDecodeError:
        return False
    return True


def test_hostile_events_do_no_harm():
    done = run(INPUTS, patience=PATIENCE)

    assert done.inputs == INPUTS
    assert done.findings > INPUTS  # they are near enough to the real thing


@pytest.mark.parametrize("unit", UNITS, ids=range(len(UNITS)))
def test_a_leaf_of_one_text_repeated_takes_no_longer_than_its_length(unit):
    assert not Judge(SCANNER, PATIENCE).is_slow(orjson.dumps({"text": repeated(unit)}))


@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_any_events_do_no_harm(events):
    Judge(SCANNER, PATIENCE)([orjson.dumps(one) for one in events], "here")


@given(st.binary(max_size=200))
def test_any_bytes_do_no_harm(value):
    Judge(SCANNER, PATIENCE)([value, event(value)], "here")


@given(st.sampled_from(MUTATIONS), st.randoms(), TEXTS)
def test_every_mutation_takes_any_text(mutate, dice, text):
    assert isinstance(mutate(dice, text), str)


def test_a_batch_can_be_made_again():
    assert make(HOSTILE, 7, 3) == make(Hostile(), 7, 3)
    assert make(HOSTILE, 7, 3) != make(HOSTILE, 7, 4)


def test_batches_hold_long_leaves_and_what_is_no_event():
    events = [one for number in range(6) for one in make(HOSTILE, 7, number)]
    readable = Counter(is_readable(one) for one in events)

    assert len(events) == 6 * BATCH
    assert any(len(one) > LEAF_BYTES // 2 for one in events)
    assert readable[True] > 0.9 * len(events)
    assert readable[False] > 0


def test_an_engine_that_raises_is_noticed_with_the_batch_that_did_it():
    with pytest.raises(FaultError, match=r"^--seed 7 --from 0: RecursionError: too deep$"):
        Judge(Broken({}))([b"{}"], "--seed 7 --from 0")


def test_an_engine_that_is_slow_each_time_is_noticed():
    with pytest.raises(FaultError, match=r"^here: 7 bytes take too long"):
        Judge(Busy(9))([b'{"a":1}'], "here")


def test_an_engine_that_was_slow_once_is_not():
    judge = Judge(Busy(1))
    judge([b'{"a":1}'], "here")

    assert judge.cpu_seconds > SLOWEST_SECONDS


@pytest.mark.parametrize(
    ("spans", "wrong"),
    [
        ([(0, 10)], []),
        ([(4, 11)], ["a finding at 4:11 of 10 characters, 0.9"]),
        ([(4, 4)], ["a finding at 4:4 of 10 characters, 0.9"]),
        ([(5, 6), (4, 5)], ["findings are out of order"]),
    ],
)
def test_findings_that_cannot_be_are_noticed(spans, wrong):
    assert list(problems(scanned(*spans))) == wrong
