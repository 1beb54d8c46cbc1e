"""Real processes over files, stopped and killed: nothing is lost, nothing is written twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gateway.chain import check_chain
from tests.gateway.house import House, contact

ROOT = Path(__file__).parents[2]
READERS = {"sales": {"email": "mask"}, "science": {"email": "tokenize"}}
LINES = 1200
PATIENCE = 60.0


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path / "house", READERS, batch_lines=10)
    house.write(contact(n) if n % 50 else b"{not json" for n in range(LINES))
    return house


def started(house):
    command = [sys.executable, "-m", "gateway.cli", "run", "--settings", str(house.path)]
    return subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def landed(house):
    return len(list(house.hot.glob("audit*"))) if house.hot.exists() else 0


def runs_until(process, house, segments):
    """Wait until so many segments are there. The process has to be still at it then."""
    end = time.monotonic() + PATIENCE
    while landed(house) < segments:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.001)


def views(house):
    return {reader: [path.read_bytes() for path in house.view_files(reader)] for reader in READERS}


def told(house):
    columns = ("kafka_offset", "row_ordinal", "subscription", "reason", "cat_masked")
    return [tuple(row[name] for name in columns) for row in house.rows()]


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_after_its_batch(house, kind):
    process = started(house)
    runs_until(process, house, 3)
    process.send_signal(kind)
    out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    done = check_chain(house.hot, "crm")[-1].next_offset
    assert 0 < done < LINES
    assert f"crm: {done} lines, 1 of them to quarantine, {done} in all" in out
    assert len(house.view_files()) == landed(house) == done // 10


def test_killed_again_and_again_a_run_ends_as_if_it_never_was(house, tmp_path):
    unbroken = house.copy(tmp_path / "unbroken")
    unbroken.run()
    for segments in (1, 1 + os.urandom(1)[0] % 30, 40 + os.urandom(1)[0] % 30):
        process = started(house)
        runs_until(process, house, segments)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    process = started(house)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert views(house) == views(unbroken)
    assert told(house) == told(unbroken)
    assert house.restored() == unbroken.restored()
    assert check_chain(house.hot, "crm")[-1].next_offset == LINES


def test_two_runs_at_once_share_nothing_and_harm_nothing(house, tmp_path):
    unbroken = house.copy(tmp_path / "unbroken")
    unbroken.run()
    both = [started(house), started(house)]
    codes = sorted((one.communicate(timeout=PATIENCE), one.returncode)[1] for one in both)
    if codes != [0, 0]:  # the one that came too late says so and may be run again
        assert codes == [0, 7]
    assert views(house) == views(unbroken)
    assert told(house) == told(unbroken)
