"""Processes that race for a range, or are killed in one: each range once, whole or not at all."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gateway.chain import check_chain
from gateway.errors import FencedError
from gateway.trail import publish, sweep
from tests.gateway.build_trail import batch, chain, tail_of


@pytest.fixture
def hot(tmp_path):
    return tmp_path / "lake" / "hot"


RACER = """
import sys
from pathlib import Path

from gateway.errors import FencedError
from gateway.trail import publish, read_tail
from tests.builders import Row, wire

folder, name, size, end = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
won = lost = 0
print("ready", flush=True)
sys.stdin.readline()
while True:
    tail = read_tail(folder, "0")
    first = 0 if tail is None else tail.next_offset
    if first >= end:
        break
    last = min(first + size, end)
    stream = wire([Row(offset=n) for n in range(first, last)], policy_version=name)
    try:
        publish(folder, "0", first, last, [stream])
        won += 1
    except FencedError:
        lost += 1
print(won, lost)
"""


def start(script, *arguments):
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_processes_that_race_for_every_range_leave_each_row_once(hot):
    racers = [start(RACER, hot, name, size, 400) for name, size in (("a", 5), ("b", 3))]
    for racer in racers:
        racer.stdout.readline()
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    counts = [[int(word) for word in racer.communicate(timeout=60)[0].split()] for racer in racers]
    footers = check_chain(hot, "0")
    assert sum(won for won, _ in counts) == len(footers)
    assert sum(lost for _, lost in counts) > 0, "they never met, the race was none"
    offsets = pq.ParquetDataset(hot).read(["kafka_offset"])["kafka_offset"].to_pylist()
    assert sorted(offsets) == list(range(400))


DOOMED = """
import os
import signal
import sys
from pathlib import Path

from gateway.trail import publish
from tests.builders import Row, wire

def die(*arguments):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(os, sys.argv[2], die)
publish(Path(sys.argv[1]), "0", 5, 7, [wire([Row(offset=5), Row(offset=6)])])
"""


@pytest.mark.parametrize("moment", ["fchmod", "link"])
def test_a_kill_before_the_link_leaves_the_trail_as_it_was(hot, moment):
    chain(hot, 5)
    doomed = start(DOOMED, hot, moment)
    doomed.communicate(timeout=60)
    assert doomed.returncode == -signal.SIGKILL
    assert len(list(hot.glob(".tmp-*"))) == 1
    assert tail_of(hot).next_offset == 5
    publish(hot, "0", 5, 7, [batch(5, 7)])
    assert [footer.rows for footer in check_chain(hot, "0")] == [5, 2]
    assert sweep(hot, 0, time.time() + 1) == 1


def test_a_kill_after_the_link_leaves_the_whole_segment(hot):
    chain(hot, 5)
    script = DOOMED.replace("setattr(os, sys.argv[2], die)", "Path.unlink = die")
    doomed = start(script, hot, "")
    doomed.communicate(timeout=60)
    assert doomed.returncode == -signal.SIGKILL
    assert [footer.rows for footer in check_chain(hot, "0")] == [5, 2]
    with pytest.raises(FencedError):
        publish(hot, "0", 5, 7, [batch(5, 7)])
