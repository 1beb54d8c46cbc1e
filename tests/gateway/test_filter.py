"""The filter as a process in a pipe: one reader's view comes out, and the trail has every line."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from gateway.chain import check_chain
from tests.gateway.house import House, contact

ROOT = Path(__file__).parents[2]
LANE = "crm.filter"
PATIENCE = 60.0


@pytest.fixture
def house(tmp_path):
    return House(tmp_path, {"sales": {"email": "mask"}, "science": {"email": "tokenize"}})


def started(house, reader="sales"):
    command = [sys.executable, "-m", "gateway.cli", "filter", "--settings", str(house.path)]
    return subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--input", "crm", "--subscription", reader],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def filtered(house, data, reader="sales"):
    """Return what comes out of a filter for what goes in."""
    process = started(house, reader)
    out, errors = process.communicate(data, timeout=PATIENCE)
    assert (process.returncode, errors) == (0, b"")
    return [json.loads(line) for line in out.splitlines()]


def lines(*numbers):
    return b"".join(orjson.dumps(contact(n)) + b"\n" for n in numbers)


def places(house):
    """Return the offset and the reader of each row of the trail."""
    return [(row["kafka_offset"], row["subscription"]) for row in house.rows()]


def test_one_readers_view_comes_out_and_the_trail_names_that_reader_alone(house):
    out = filtered(house, lines(0, 1, 2))
    assert [each["id"] for each in out] == ["e0", "e1", "e2"]
    assert [each["contact"]["email"] for each in out] == ["p***@e***.org"] * 3
    assert places(house) == [(0, "sales"), (1, "sales"), (2, "sales")]


def test_the_numbers_of_lines_go_on_from_run_to_run_and_reader_to_reader(house):
    filtered(house, lines(0, 1))
    filtered(house, lines(2), "science")
    filtered(house, lines(3))
    assert places(house) == [(0, "sales"), (1, "sales"), (2, "science"), (3, "sales")]
    assert check_chain(house.hot, LANE)[-1].next_offset == 4


def test_a_filter_and_a_run_over_the_input_have_trails_of_their_own(house):
    house.write([contact(0)])
    house.run()
    filtered(house, lines(1))
    assert [each.next_offset for each in check_chain(house.hot, "crm")] == [1]
    assert [each.next_offset for each in check_chain(house.hot, LANE)] == [1]


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n\n"])
def test_of_nothing_comes_nothing(house, data):
    assert filtered(house, data) == []


def test_the_last_line_needs_no_end(house):
    assert filtered(house, b'{"id": 1}\n\n{"id": 2}') == [{"id": 1}, {"id": 2}]


def test_what_cannot_be_processed_is_held_and_the_rest_goes_on(house):
    out = filtered(house, lines(0) + b"{not json\n" + lines(2))
    assert [each["id"] for each in out] == ["e0", "e2"]
    assert house.restored() == [(f"{LANE}/0/1", "not_json", b"{not json")]


def test_a_line_comes_out_though_no_other_follows(house):
    process = started(house)
    process.stdin.write(lines(0))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == "e0"
    assert places(house) == [(0, "sales")]  # landed before it was shown
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_two_filters_at_once_number_their_lines_apart(house):
    both = [started(house) for _ in range(2)]
    for process in both:
        process.stdin.write(lines(*range(50)))
        process.stdin.flush()
    shown = [len(process.communicate(timeout=PATIENCE)[0].splitlines()) for process in both]
    assert shown == [50, 50]
    assert [process.returncode for process in both] == [0, 0]
    assert places(house) == [(n, "sales") for n in range(100)]
    check_chain(house.hot, LANE)


def test_when_the_reader_goes_away_the_filter_ends_and_what_was_read_is_in_the_trail(house):
    process = started(house)
    process.stdout.close()
    process.stdin.write(lines(*range(10)))
    process.stdin.close()
    assert process.wait(PATIENCE) == 1
    assert process.stderr.read() == b""
    process.stderr.close()
    assert {offset for offset, _ in places(house)} <= set(range(10))
    assert len(places(house)) >= 4  # one batch at least


def test_a_killed_filter_leaves_a_trail_that_goes_on(house):
    process = started(house)
    process.stdin.write(lines(*range(20)))
    process.stdin.flush()
    process.stdout.readline()
    process.kill()
    process.communicate()
    landed = len(places(house))
    assert landed >= 1
    filtered(house, lines(20))
    assert len(places(house)) == landed + 1
    check_chain(house.hot, LANE)


def test_a_long_line_in_small_pieces_is_one_event(house):
    process = started(house)
    line = orjson.dumps(contact(0, filler=["x" * 100] * 2000)) + b"\n"
    for start in range(0, len(line), 50_000):
        os.write(process.stdin.fileno(), line[start : start + 50_000])
        time.sleep(0.01)
    out, _ = process.communicate(timeout=PATIENCE)
    assert [json.loads(each)["id"] for each in out.splitlines()] == ["e0"]
